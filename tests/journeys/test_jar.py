"""A crowd of two around one jar, each at a browser of their own."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from beanjar.main.demo.process import NodeProcess
from tests.journeys.conftest import SETTINGS
from tests.journeys.neighbours import carry
from tests.journeys.traveller import Traveller

Travel = Callable[[str], Traveller]
Start = Callable[[str], NodeProcess]


@pytest.mark.parametrize("setting", SETTINGS, indirect=True)
def test_newcomers_make_a_space_guess_and_both_see_what_the_crowd_says(
    start_node: Start, travel: Travel
) -> None:
    home, other = start_node("home"), start_node("other")
    ada, ben = travel("Ada"), travel("Ben")
    space = ada.found(home.url, "The market")
    carry(other, home, space.rsplit("/", 1)[-1])
    ben.join(space.replace(home.url, other.url))
    question = ada.ask("How many beans are in the jar?")
    ada.answer("700")
    ben.go(question.replace(home.url, other.url))
    expect(ben.form("answer")).to_be_visible()
    ben.answer("900")
    for each in (ada, ben):
        each.be_sure_to_count()
    assert "900" not in ada.page.locator("main").inner_text()
    ada.close()
    for each in (ada, ben):
        expect(each.page.locator("#result")).to_contain_text("800 beans")
        each.look()
