"""One's own bean, which the browser finds in the jar that the node has drawn."""

import re
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from beanjar.web.jar import Caption, draw_jar
from beanjar.web.pile import Beans
from tests.browser.modules import ask, ask_all

CAPTION = Caption("A jar", "What is in it")
EDGES, COUNTS = [0, 10, 20, 30], [2, 0, 3]
BEANS = Beans(EDGES, COUNTS, below=1, above=2)


def piles() -> list[dict[str, Any]]:
    """Return what each pile says of itself: from where to where it goes, and its dots."""
    root = ET.fromstring(draw_jar(BEANS, CAPTION))  # noqa: S314 - our own picture
    found = [each for each in root.iter() if each.get("class") == "beans"]
    return [
        {"from": each.get("data-from"), "to": each.get("data-to"), "d": each.get("d")}
        for each in found
    ]


@pytest.mark.parametrize(
    ("value", "pile"),
    [(-5, ("", "0")), (0, ("0", "10")), (9, ("0", "10")), (20, ("20", "30")), (99, ("30", ""))],
)
def test_a_guess_is_found_in_the_one_pile_in_which_it_lies(
    value: int, pile: tuple[str, str]
) -> None:
    found = piles()
    answers = ask_all("lies", [{"value": value, "pile": each} for each in found])
    here = [each for each, lies in zip(found, answers, strict=True) if lies]
    assert [(each["from"], each["to"]) for each in here] == [pile]


def test_the_uppermost_bean_of_a_pile_is_taken_as_ones_own() -> None:
    picture = draw_jar(BEANS, CAPTION, own=25)
    own = ET.fromstring(picture).find("./*[@class='own']")  # noqa: S314 - our own picture
    assert own is not None
    full = next(each["d"] for each in piles() if each["from"] == "20")
    rest, x, y = ask("last", full)
    assert own.get("d") == f"M{x:.1f} {y:.1f}h0"
    assert f"{rest}{own.get('d')}" == full
    assert len(re.findall("M", rest)) == 2


def test_who_is_as_far_off_is_not_beaten() -> None:
    asked = [{"distances": [0, 3, 3, 8], "distance": each} for each in (0, 3, 8)]
    assert ask_all("beaten", asked) == [3, 1, 0]
