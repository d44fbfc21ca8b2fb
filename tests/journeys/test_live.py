"""Pages that follow what happens: nothing jumps, one stream serves all tabs, and it comes back."""

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Request, expect

from beanjar.main.demo.process import NodeProcess
from tests.journeys.person import Person
from tests.journeys.stranger import Kind
from tests.journeys.traveller import Traveller

Start = Callable[..., NodeProcess]
Travel = Callable[[str], Traveller]

HEADING = "document.getElementById('asked')"
TOP = f"{HEADING}.getBoundingClientRect().top"
PLACE = "element => element.getBoundingClientRect().top"
TALL = "document.body.scrollHeight"
LOST = "No longer connected: what you see may be old. You can go on; it is sent later."
BROKEN = "This page did not come whole, so nothing can be done on it yet. Load it again."


@pytest.mark.parametrize("setting", ["phone-fr"], indirect=True)
def test_what_one_reads_stays_where_it_is_as_things_happen_above(
    start_node: Start, travel: Travel
) -> None:
    node, ada, ben = start_node("home"), travel("Ada"), travel("Ben")
    ben.page.set_viewport_size({"width": 390, "height": 400})
    ben.join(ada.found(node.url, "The market"))
    ben.go(ada.ask("How many beans?"))
    ben.answer("900")
    ben.be_sure_to_count()
    ben.evaluate(f"{HEADING}.scrollIntoView({{ block: 'center' }})")
    top, tall = ben.evaluate(TOP), ben.evaluate(TALL)
    ada.answer("700")
    expect(ben.page.locator(".jar .number")).to_have_text("2")
    assert ben.evaluate(TOP) == pytest.approx(top, abs=1)
    ada.close()
    expect(ben.page.locator("#result")).to_be_attached()
    assert ben.evaluate(TALL) > tall + 100
    assert ben.evaluate(TOP) == pytest.approx(top, abs=1)


@pytest.mark.parametrize("setting", ["desk-en"], indirect=True)
def test_nothing_moves_while_a_button_is_down(start_node: Start, travel: Travel) -> None:
    node, ada, ben = start_node("home"), travel("Ada"), travel("Ben")
    ben.join(ada.found(node.url, "The market"))
    ben.go(ada.ask("How many beans?"))
    ben.answer("900")
    ben.be_sure_to_count()
    ben.page.mouse.down()
    with ben.page.expect_response(lambda answer: answer.url == ben.address):
        ada.answer("700")
    expect(ada.page.locator(".jar .number")).to_have_text("2")
    assert ben.page.locator(".jar .number").text_content() == "1"
    ben.page.mouse.up()
    expect(ben.page.locator(".jar .number")).to_have_text("2")


@pytest.mark.parametrize("setting", ["phone-en"], indirect=True)
def test_what_one_has_opened_stays_open(start_node: Start, travel: Travel) -> None:
    node, ada, ben = start_node("home"), travel("Ada"), travel("Ben")
    ben.join(ada.found(node.url, "The market"))
    ben.go(ada.ask("How many beans?"))
    ada.click("main", ada.say("Close it now"))
    ada.see("form[data-act=say] button")
    ben.answer("900")
    expect(ada.page.locator(".jar .number")).to_have_text("1")
    ben.be_sure_to_count()
    ada.click("form[data-act=say]:visible")
    expect(ada.page.get_by_role("dialog")).to_be_visible()


@pytest.mark.parametrize("setting", ["phone-en"], indirect=True)
def test_the_log_and_the_people_follow_what_happens_but_an_older_page_stays(
    start_node: Start, travel: Travel
) -> None:
    node, ada, ben = start_node("home"), travel("Ada"), travel("Ben")
    space = ada.found(node.url, "The market")
    log, older, people = (ben.open_tab() for _ in range(3))
    log.set_viewport_size({"width": 390, "height": 300})
    log.goto(f"{space}/log")
    lines = log.locator("#entries li")
    latest = str(lines.first.get_by_role("link").get_attribute("href")).rpartition("/")[2]
    older.goto(f"{space}/log?before={latest}")
    known = older.locator("#entries li").all_inner_texts()
    people.goto(f"{space}/people")
    lines.last.evaluate("element => element.scrollIntoView({ block: 'center' })")
    top = lines.last.evaluate(PLACE)
    ben.join(space)
    expect(lines.filter(has_text="Ben")).to_have_count(2)
    assert lines.last.evaluate(PLACE) == pytest.approx(top, abs=1)
    expect(people.locator("#members li")).to_have_count(2)
    assert older.locator("#entries li").all_inner_texts() == known


@pytest.mark.parametrize("setting", ["desk-en"], indirect=True)
def test_one_stream_of_events_serves_all_tabs_of_a_browser(
    start_node: Start, travel: Travel
) -> None:
    node, ada, ben = start_node("home"), travel("Ada"), travel("Ben")
    streams = follow_streams(ben.context)
    space = ada.found(node.url, "The market")
    with ben.context.expect_event("request", is_stream):
        ben.go(space)
    tabs = [ben.page, ben.open_tab(), ben.open_tab()]
    for tab in tabs[1:]:
        tab.goto(space)
    ada.ask("How many beans?")
    for tab in tabs:
        expect(tab.locator("#questions li")).to_have_count(1)
    assert len(streams) == 1
    tabs.pop(0).goto("about:blank")
    ada.go(space)
    ada.ask("How many peas?")
    for tab in tabs:
        expect(tab.locator("#questions li")).to_have_count(2)
    assert len(streams) == 1


def is_stream(request: Request) -> bool:
    """Whether a page asks to be told of what happens."""
    return "/api/events" in request.url


def follow_streams(context: BrowserContext) -> set[Request]:
    """Return the streams that a browser has open, now and from now on."""
    streams: set[Request] = set()

    def begin(request: Request) -> None:
        if is_stream(request):
            streams.add(request)

    def end(request: Request) -> None:
        streams.discard(request)

    context.on("request", begin)
    context.on("requestfailed", end)
    context.on("requestfinished", end)
    return streams


@pytest.mark.parametrize("setting", ["desk-fr"], indirect=True)
def test_a_lost_connection_says_so_and_comes_back(start_node: Start, travel: Travel) -> None:
    lose_and_find(start_node, travel("Ada"), travel("Ben"))


@pytest.mark.long
def test_it_does_so_too_in_firefox_and_webkit(
    start_node: Start, meet: Callable[[Kind, str], Person]
) -> None:
    lose_and_find(start_node, meet("webkit", "Ada"), meet("firefox", "Ben"))


@pytest.mark.parametrize("setting", ["phone-en"], indirect=True)
def test_a_page_whose_stream_was_refused_asks_for_it_again(
    start_node: Start, travel: Travel
) -> None:
    node, ada = start_node("home"), travel("Ada")
    ada.context.route("**/api/events*", lambda route: route.fulfill(status=503), times=1)
    ada.go(node.url)
    ada.see("#connection", ada.say(LOST))
    ada.see("main:has(#connection:empty)")
    assert [each for each in ada.problems if "503" not in each] == []
    ada.problems.clear()


def lose_and_find(start_node: Start, ada: Person, ben: Person) -> None:
    """Kill the node while Ben reads, and start it again; then let Ada answer."""
    node = start_node("home")
    space = ada.found(node.url, "The market")
    question = ada.ask("How many beans?")
    for each in (ada, ben):
        each.go(question)
    ben.see(".jar .number", "0")
    node.kill()
    for each in (ada, ben):
        each.see("#connection", each.say(LOST))
    start_node("home", "--port", str(urlsplit(space).port))
    for each in (ada, ben):
        each.see("main:has(#connection:empty)")
    ada.answer("700")
    ben.see(".jar .number", "1")


@pytest.mark.parametrize("setting", ["phone-fr"], indirect=True)
def test_a_page_of_which_a_part_did_not_come_loads_itself_again_once_and_then_says_so(
    start_node: Start, travel: Travel
) -> None:
    node, ada = start_node("home"), travel("Ada")
    ada.context.route("**/page/live.js", lambda route: route.abort(), times=2)
    ada.page.goto(node.url, wait_until="commit")  # it goes on by itself before all is loaded
    ada.see("main", ada.say(BROKEN))
    with ada.page.expect_event("load"):
        ada.evaluate("dispatchEvent(new Event('online'))")
    ada.found(node.url, "The market")
