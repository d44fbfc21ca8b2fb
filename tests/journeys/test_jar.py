"""A crowd of two around one jar, each at a browser of their own."""

from collections.abc import Callable

from playwright.sync_api import expect

from beanjar.main.demo.process import NodeProcess
from tests.journeys.traveller import Traveller

Travel = Callable[[str], Traveller]
Start = Callable[[str], NodeProcess]


def test_newcomers_make_a_space_guess_and_both_see_what_the_crowd_says(
    start_node: Start, travel: Travel
) -> None:
    node = start_node("home")
    ada, ben = travel("Ada"), travel("Ben")
    space = ada.found(node.url, "The market")
    ben.join(space)
    question = ada.ask("How many beans are in the jar?")
    ada.answer("700")
    ben.go(question)
    ben.answer("900")
    for each in (ada, ben):
        expect(each.page.locator("[data-receipt]")).to_contain_text("it is sure to count")
        assert "900" not in ada.page.locator("main").inner_text()
    ada.page.get_by_text("Close it now").click()
    ada.form("say").get_by_role("button", name="Close the question").click()
    ada.page.get_by_role("dialog").get_by_role("button", name="Close it").click()
    for each in (ada, ben):
        expect(each.page.locator("#result")).to_contain_text("800 beans")
