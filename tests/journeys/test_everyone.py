"""Pages for everyone: by keyboard alone, at 200 %, from right to left, in light and dark."""

from collections.abc import Callable
from typing import Literal

from playwright.sync_api import ViewportSize, expect

from beanjar.main.demo.process import NodeProcess
from tests.journeys.traveller import Traveller

Travel = Callable[[str], Traveller]
Start = Callable[[str], NodeProcess]

NARROW = ViewportSize(width=320, height=640)
"""What is left of a small window, in CSS pixels, at 200 %."""
PLACES = ("people", "log", "rules", "network", "estimate", "estimate/ask")
"""Pages of a space, beside its first."""
ADA, MARKET = "\u05e2\u05d3\u05d4", "\u05d4\u05e9\u05d5\u05e7 \u05e9\u05dc\u05e0\u05d5"
BEANS = "\u05db\u05de\u05d4 \u05e9\u05e2\u05d5\u05e2\u05d9\u05ea?"
"""A name, “our market” and “how many beans?”, which run from right to left."""


def places(ada: Traveller, space: str) -> list[str]:
    """The pages of a space, among them that of a person and that of an entry in the log."""
    found = [f"{space}/{place}" for place in PLACES]
    for page in found[:2]:
        ada.go(page)
        link = ada.page.locator(".lines a").first
        found.append(link.evaluate("each => each.href"))
    return found


def test_every_page_can_be_read_by_everyone(start_node: Start, travel: Travel) -> None:
    node, ada = start_node("home"), travel("Ada")
    ada.go(node.url)
    ada.look()
    space = ada.found(node.url, "The market")
    question = ada.ask("How many beans?")
    ada.look()
    ada.answer("700")
    pages = (node.url, space, *places(ada, space))
    themes: tuple[Literal["light", "dark"], ...] = ("light", "dark")
    for page in (*pages, question, f"{node.url}/me", f"{node.url}/nothing"):
        ada.go(page)
        expect(ada.page.locator("button[disabled]")).to_have_count(0)
        ada.unfold_all()
        for theme in themes:
            ada.look(theme=theme)


def test_every_part_of_the_pages_in_every_state_can_be_read_by_everyone(
    start_node: Start, travel: Travel
) -> None:
    node, ada = start_node("home"), travel("Ada")
    for path in ("/kit/arriving", "/kit/not-found", "/kit/refused", "/kit"):
        ada.go(node.url + path)
        ada.look()
        ada.look(theme="dark")
    ada.page.emulate_media(media="print")
    ada.look()
    ada.page.emulate_media(media="screen")
    for width in (ada.page.viewport_size or NARROW, NARROW):
        ada.page.set_viewport_size(width)
        for direction in ("ltr", "rtl"):
            ada.page.evaluate("way => { document.documentElement.dir = way }", direction)
            wide = ada.page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width["width"], direction
            ada.look()


def test_a_space_is_made_and_a_question_answered_by_keyboard_alone(
    start_node: Start, travel: Travel
) -> None:
    node, ada = start_node("home"), travel("Ada")
    ada.go(node.url)
    expect(ada.page.locator("button[disabled]")).to_have_count(0)
    ada.tab_to("input[name=called]")
    ada.type("Ada")
    ada.tab_to("input[name=name]")
    ada.type("The market")
    ada.press("Enter")
    expect(ada.page.get_by_role("heading", level=1)).to_have_text("The market")
    ada.ask("How many beans?")
    ada.tab_to("form[data-act=answer] input")
    ada.type("700")
    ada.press("Enter")
    expect(ada.page.locator("dialog[open]")).to_be_visible()
    ada.tab_to("dialog[open] button[value=yes]")
    ada.press("Enter")
    expect(ada.page.locator("[data-own] [data-words]")).to_contain_text("700")


def test_nothing_runs_over_the_edge_of_a_narrow_page_nor_moves(
    start_node: Start, travel: Travel
) -> None:
    node, ada = start_node("home"), travel(ADA)
    ada.page.set_viewport_size(NARROW)
    ada.page.emulate_media(reduced_motion="reduce")
    space = ada.found(node.url, MARKET)
    question = ada.ask(BEANS)
    ada.answer("700")
    pages = (node.url, space, *places(ada, space))
    for page in (*pages, question, f"{node.url}/me"):
        ada.go(page)
        expect(ada.page.locator("button[disabled]")).to_have_count(0)
        ada.unfold_all()
        wide = ada.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= NARROW["width"], page
        assert not ada.page.evaluate("document.getAnimations().length")
        ada.look()
