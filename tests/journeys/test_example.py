"""Somebody who has seen nothing yet looks at an example, and takes part in it."""

from collections.abc import Callable

from playwright.sync_api import expect

from beanjar.main.demo.process import NodeProcess
from tests.journeys.traveller import Traveller

Travel = Callable[[str], Traveller]
Start = Callable[[str], NodeProcess]
BEANS = "How many beans are in the jar at the gate?"


def test_a_newcomer_looks_at_the_example_and_guesses_in_it(
    start_node: Start, travel: Travel
) -> None:
    node, ada = start_node("home"), travel("Ada")
    ada.go(node.url)
    ada.form("example").get_by_role("button").click()
    ada.page.wait_for_url("**/s/*")
    space = ada.page.url
    banner = ada.say("An example: the people in it are made up.")
    for theme in ("light", "dark"):
        expect(ada.page.locator(".example")).to_have_text(banner)
        ada.look(theme=theme)
    ada.page.get_by_role("link", name=ada.say("Which stall will be sold out first?")).click()
    expect(ada.page.locator("#result")).to_contain_text(ada.say("Cakes"))
    ada.look()
    ada.join(space)
    ada.page.get_by_role("link", name=ada.say(BEANS), exact=True).click()
    expect(ada.page.locator("svg .number")).to_have_text("20")
    ada.answer("1500")
    ada.be_sure_to_count()
    expect(ada.page.locator("svg .number")).to_have_text("21")
    expect(ada.page.locator(".example")).to_have_text(banner)
    ada.look()
