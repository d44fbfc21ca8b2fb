import re
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beanjar.web.jar import WIDTH, Caption, Mark, draw_jar, draw_sealed_jar
from beanjar.web.pile import FLOOR, LEFT, RIGHT, TOP, Beans, answers_per_bean

CAPTION = Caption("A jar", "What is in it")
DOT = re.compile(r"M(-?[\d.]+) (-?[\d.]+)h0")

bins = st.lists(st.integers(0, 60), min_size=1, max_size=20).filter(any)


def parts(picture: str, name: str) -> list[ET.Element]:
    """Return the parts of a picture that have this among their classes."""
    root = ET.fromstring(picture)  # noqa: S314 - our own picture
    return [each for each in root.iter() if name in each.get("class", "").split()]


def dots(picture: str, name: str = "beans") -> list[tuple[float, float]]:
    """Return where beans lie."""
    found = [DOT.findall(part.get("d", "")) for part in parts(picture, name)]
    return [(float(x), float(y)) for each in found for x, y in each]


def words(picture: str) -> list[str]:
    root = ET.fromstring(picture)  # noqa: S314 - our own picture
    return [each.text or "" for each in root.iter() if each.tag.endswith("text")]


def jar(*counts: int, own: float | None = None, below: int = 0, above: int = 0) -> str:
    return draw_jar(Beans(range(len(counts) + 1), counts, below, above), CAPTION, (), own)


@given(bins, st.integers(0, 30), st.integers(0, 30))
def test_every_answer_is_a_bean_that_lies_within_the_jar(
    counts: list[int], below: int, above: int
) -> None:
    total = sum(counts) + below + above
    lying = dots(jar(*counts, below=below, above=above))
    if total <= 400:
        assert len(lying) == total
    assert len(set(lying)) == len(lying), "no bean lies in another"
    assert all(LEFT <= x <= RIGHT and TOP <= y <= FLOOR for x, y in lying)


def test_a_pile_is_as_high_as_its_share() -> None:
    lying = dots(jar(8, 4))
    left, right = ([y for x, y in lying if (x < WIDTH / 2) is side] for side in (True, False))
    assert (len(left), len(right)) == (8, 4)
    assert FLOOR - min(left) > FLOOR - min(right)


@pytest.mark.parametrize(
    ("answers", "each"), [(0, 1), (400, 1), (401, 2), (800, 2), (801, 5), (17_184, 50)]
)
def test_beyond_four_hundred_a_bean_stands_for_a_round_number_of_answers(
    answers: int, each: int
) -> None:
    assert answers_per_bean(answers) == each


def test_of_very_many_answers_even_a_single_one_is_a_bean() -> None:
    assert len(dots(jar(99_999, 1))) == 200 + 1


def test_the_readers_own_bean_lies_on_top_of_its_pile_and_is_no_bean_more() -> None:
    picture = jar(3, 2, own=1.5)
    (mine,) = dots(picture, "own")
    others = dots(picture)
    assert len(others) == 4
    assert mine[1] < min(y for x, y in others if x > WIDTH / 2)


@pytest.mark.parametrize(("own", "place"), [(-5, 0), (0, 1), (1.9, 2), (2, 3), (99, 3)])
def test_an_own_answer_outside_lies_along_the_wall(own: float, place: int) -> None:
    (mine,) = dots(jar(1, 1, own=own, below=1, above=1), "own")
    assert int((mine[0] - LEFT) / (RIGHT - LEFT) * 4) == place


def test_marks_are_lines_where_they_belong_with_their_words_below() -> None:
    marks = [Mark("mean", 5, "mean 5"), Mark("truth", 7.5, "truth 7.5"), Mark("median", 99, "m")]
    picture = draw_jar(Beans([0, 5, 10], [1, 1]), CAPTION, marks)
    lines = [float((part.get("d") or "")[1:].split()[0]) for part in parts(picture, "mark")]
    middle = (LEFT + RIGHT) / 2
    assert lines == [middle, LEFT, (middle + RIGHT) / 2, LEFT, RIGHT, LEFT]
    assert words(picture) == ["mean 5", "truth 7.5", "m"]
    dashes = {part.get("stroke-dasharray") for part in parts(picture, "mark")}
    assert len(dashes) == 3, "lines differ without colour too"


def test_ticks_and_the_note_say_what_the_caller_says() -> None:
    beans = Beans([0, 1], [1], ticks=[(0, "0 <lb>"), (0.5, "B"), (1, "1")], note="one is & 50")
    picture = draw_jar(beans, CAPTION)
    assert words(picture) == ["0 <lb>", "B", "1", "one is & 50"]


def test_a_sealed_jar_tells_nothing_but_the_number() -> None:
    one, other = (draw_sealed_jar("1,234", Caption("A jar", "1,234"), "answers") for _ in range(2))
    assert one == other
    assert words(one) == ["1,234", "answers"]
    assert not dots(one)
    assert parts(one, "cloud")


def test_the_lid_turns_while_witnesses_close() -> None:
    closed = draw_sealed_jar("5", CAPTION, "answers")
    turning = draw_sealed_jar("5", CAPTION, "answers", "turning")
    assert parts(closed, "lid")[0].get("transform") is None
    assert parts(turning, "lid")[0].get("transform") is not None


@given(st.text("<>&\"'é ab"), st.text("<>&\"'é ab"))
def test_words_are_escaped_and_a_picture_has_a_name_for_those_who_do_not_see_it(
    title: str, word: str
) -> None:
    caption = Caption(title, word, "the-jar")
    picture = draw_jar(Beans([0, 1], [2], ticks=[(0.5, word)]), caption, [Mark("x", 1, word)])
    root = ET.fromstring(picture)  # noqa: S314 - our own picture
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == "the-jar-title the-jar-description"
    assert [each.text or "" for each in root[:2]] == [title, word]
    assert not any("style" in each.attrib for each in root.iter())
    assert "currentColor" in picture
