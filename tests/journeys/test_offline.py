"""A machine that is on no network."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error

from beanjar.main.demo.process import NodeProcess
from beanjar.web.language import LANGUAGES
from tests.journeys.browser import find_chromium, open_chromium
from tests.journeys.networks import Host, open_lonely_host
from tests.journeys.person import Setting
from tests.journeys.traveller import Traveller

NOBODY = "http://198.18.0.1"


@pytest.fixture
def host() -> Iterator[Host]:
    """A machine that reaches nobody but itself."""
    with open_lonely_host() as host:
        yield host


@pytest.fixture
def browser(host: Host, tmp_path: Path) -> Iterator[Browser]:
    """A browser on that machine."""
    with open_chromium(host.wrap(find_chromium(), tmp_path)) as browser:
        yield browser


@pytest.mark.parametrize("setting", ["desk-fr"], indirect=True)
def test_without_internet_a_newcomer_makes_a_space_asks_answers_and_closes(
    start_node: Callable[[str], NodeProcess], travel: Callable[[str], Traveller]
) -> None:
    ada = travel("Ada")
    with pytest.raises(Error, match=r"ERR_INTERNET_DISCONNECTED|ERR_ADDRESS_UNREACHABLE"):
        ada.go(NOBODY)
    assert ada.asked == {NOBODY}
    ada.asked.clear()
    node = start_node("home")
    space = ada.found(node.url, "The market")
    question = ada.ask("How many beans?")
    ada.answer("700")
    ada.be_sure_to_count()
    ada.close()
    ada.see("#result", "700 beans")
    for page in (
        node.url,
        space,
        f"{space}/people",
        f"{space}/estimate",
        question,
        f"{node.url}/me",
    ):
        for language in LANGUAGES:
            ada.go(f"{page}?language={language}")
            assert ada.evaluate("document.documentElement.lang") == language


@pytest.mark.parametrize("setting", ["desk-en"], indirect=True)
def test_a_page_cannot_ask_another_host_and_a_journey_on_which_it_tries_fails(
    start_node: Callable[[str], NodeProcess], browser: Browser, setting: Setting
) -> None:
    node = start_node("home")
    ada = Traveller(browser, "Ada", setting)
    ada.go(node.url)
    assert ada.evaluate(f"fetch('{NOBODY}').catch(() => 'refused')") == "refused"
    assert ada.asked == {node.url}
    with pytest.raises(AssertionError, match=NOBODY):
        ada.__exit__(None, None, None)
