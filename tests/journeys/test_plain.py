"""Plain http at an address of the network: what browsers allow on secure pages alone is missing."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser

from beanjar.main.demo.process import NodeProcess
from tests.installing import find
from tests.journeys.browser import find_chromium, open_chromium
from tests.journeys.networks import Host, open_near_host
from tests.journeys.person import Person
from tests.journeys.stranger import Kind
from tests.journeys.traveller import Traveller
from tests.journeys.webdriver import FIREFOX, SCREEN, WEBKIT

Start = Callable[[str], NodeProcess]
MISSING = "[crypto.subtle, navigator.serviceWorker, navigator.clipboard, navigator.locks]"


@pytest.fixture
def host() -> Iterator[Host]:
    """Another machine on a network with this one."""
    find_chromium()  # now, because no browser can be fetched from that network
    for each in (FIREFOX, WEBKIT, SCREEN):
        find(*each)
    with open_near_host() as host:
        yield host


@pytest.fixture
def browser(host: Host) -> Iterator[Browser]:
    """A browser on that network."""
    assert host
    with open_chromium(find_chromium()) as browser:
        yield browser


@pytest.mark.parametrize("setting", ["phone-fr"], indirect=True)
def test_two_decide_on_pages_that_come_over_plain_http(
    start_node: Start, travel: Callable[[str], Traveller]
) -> None:
    guess_over_plain_http(start_node("home").url, travel("Ada"), travel("Ben"))


@pytest.mark.long
def test_so_do_firefox_and_webkit(start_node: Start, meet: Callable[[Kind, str], Person]) -> None:
    guess_over_plain_http(start_node("home").url, meet("webkit", "Ada"), meet("firefox", "Ben"))


def guess_over_plain_http(url: str, ada: Person, ben: Person) -> None:
    """Let Ada make a space and ask, and Ben come in by her link."""
    space = ada.found(url, "The market")
    assert ada.evaluate("isSecureContext") is False
    assert not any(ada.evaluate(MISSING)), "This page is not as poor as it should be."
    ben.join(space)
    question = ada.ask("How many beans are in the jar?")
    ben.go(question)
    for each, guess in ((ada, "700"), (ben, "900")):
        each.answer(guess)
        each.be_sure_to_count()
    ada.close()
    for each in (ada, ben):
        each.see("#result", "800 beans")
