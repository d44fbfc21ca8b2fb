"""A crowd of two around one jar, each at a browser of their own."""

from collections.abc import Callable
from typing import Literal

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


def test_every_page_can_be_read_by_everyone(start_node: Start, travel: Travel) -> None:
    node, ada = start_node("home"), travel("Ada")
    ada.go(node.url)
    ada.look()
    space = ada.found(node.url, "The market")
    question = ada.ask("How many beans?")
    ada.look()
    ada.answer("700")
    pages = (node.url, space, f"{space}/people", f"{space}/estimate", f"{space}/estimate/ask")
    themes: tuple[Literal["light", "dark"], ...] = ("light", "dark")
    for theme in themes:
        for page in (*pages, question, f"{node.url}/me", f"{node.url}/nothing"):
            ada.go(page)
            expect(ada.page.locator("button[disabled]")).to_have_count(0)
            ada.look(theme=theme)
