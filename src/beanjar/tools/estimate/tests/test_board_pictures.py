"""The pictures of a board."""

from xml.etree import ElementTree as ET

from beanjar.tools.estimate.board_pictures import draw_calibration, draw_course
from beanjar.tools.estimate.views import CalibrationBin, CoursePoint
from beanjar.web.chart import BOTTOM, LEFT, RIGHT, TOP
from beanjar.web.language import ENGLISH

SVG = "{http://www.w3.org/2000/svg}"


def dots(picture: str) -> list[tuple[float, float, float]]:
    """Return where each dot lies, and how large it is."""
    root = ET.fromstring(picture)  # noqa: S314 - our own picture
    found = root.iter(f"{SVG}circle")
    return [tuple(float(each.get(name, "")) for name in ("cx", "cy", "r")) for each in found]  # type: ignore[misc]


def lines(picture: str) -> list[list[tuple[float, ...]]]:
    root = ET.fromstring(picture)  # noqa: S314 - our own picture
    found = (each.get("points", "").split() for each in root.iter(f"{SVG}polyline"))
    return [[tuple(map(float, place.split(","))) for place in line] for line in found]


def make_bin(forecast: str, came_true: str, count: int = 1) -> CalibrationBin:
    return CalibrationBin("0.000", "10.000", count, forecast, came_true)


def make_course(*scores: str) -> list[CoursePoint]:
    return [CoursePoint("5b" * 32, place, score) for place, score in enumerate(scores)]


def test_a_chance_that_came_true_as_often_lies_on_the_line() -> None:
    bins = [
        make_bin("0.000", "0.000"),
        make_bin("50.000", "50.000"),
        make_bin("100.000", "100.000"),
    ]
    lying = [(x, y) for x, y, _ in dots(draw_calibration(bins, ENGLISH))]
    middle = ((LEFT + RIGHT) / 2, (TOP + BOTTOM) / 2)
    assert lying == [(LEFT, BOTTOM), middle, (RIGHT, TOP)]


def test_a_dot_is_larger_for_more_questions_and_never_covers_the_others() -> None:
    sizes = [
        dots(draw_calibration([make_bin("5.000", "5.000", n)], ENGLISH))[0][2]
        for n in (1, 9, 9_999)
    ]
    assert sizes == sorted(set(sizes))
    assert sizes[-1] < (RIGHT - LEFT) / 10


def test_a_picture_says_all_it_shows_to_those_who_do_not_see_it() -> None:
    picture = draw_calibration([make_bin("12.300", "0.000", 2)], ENGLISH)
    assert "of 2 questions with a chance of 12.3 %, 0 % came true" in picture
    course = draw_course(make_course("0.2500", "0.1000"), ENGLISH)
    assert "From 0.2500 after the first question to 0.1000 after 2." in course


def test_a_better_score_lies_lower() -> None:
    *_, line = lines(draw_course(make_course("0.2500", "0.1250", "0.0000"), ENGLISH))
    assert line == [(LEFT, TOP), ((LEFT + RIGHT) / 2, (TOP + BOTTOM) / 2), (RIGHT, BOTTOM)]


def test_the_worst_score_there_can_be_is_within_the_picture() -> None:
    *_, line = lines(draw_course(make_course("1.0000", "0.9999"), ENGLISH))
    assert all(TOP <= y <= BOTTOM for _, y in line)


def test_what_cannot_be_drawn_is_no_picture() -> None:
    assert draw_calibration([], ENGLISH) == ""
    assert draw_course(make_course("0.5000"), ENGLISH) == ""
