"""A crowd of two around one jar, each at a browser of their own."""

from collections.abc import Callable

import pytest

from beanjar.main.demo.process import NodeProcess
from tests.conftest import SCALE
from tests.journeys.conftest import FEW, SETTINGS
from tests.journeys.neighbours import carry
from tests.journeys.person import Person
from tests.journeys.stranger import Kind
from tests.journeys.traveller import Traveller

Travel = Callable[[str], Traveller]
Start = Callable[[str], NodeProcess]


@pytest.mark.parametrize("setting", SETTINGS if SCALE > 1 else FEW, indirect=True)
def test_newcomers_make_a_space_guess_and_both_see_what_the_crowd_says(
    start_node: Start, travel: Travel
) -> None:
    guess_together(start_node, travel("Ada"), travel("Ben"))


def test_they_do_so_too_with_firefox_and_webkit(
    start_node: Start, meet: Callable[[Kind, str], Person]
) -> None:
    guess_together(start_node, meet("firefox", "Ada"), meet("webkit", "Ben"))


def guess_together(start_node: Start, ada: Person, ben: Person) -> None:
    """Let Ada make a space and ask, and Ben come in at another node."""
    home, other = start_node("home"), start_node("other")
    space = ada.found(home.url, "The market")
    carry(other, home, space.rsplit("/", 1)[-1])
    ben.join(space.replace(home.url, other.url))
    question = ada.ask("How many beans are in the jar?")
    ada.answer("700")
    ben.go(question.replace(home.url, other.url))
    ben.answer("900")
    for each in (ada, ben):
        each.be_sure_to_count()
    assert "900" not in ada.read()
    ada.close()
    for each in (ada, ben):
        each.see("#result", "800 beans")
        each.look()
