from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from beanjar.base.limits import OPERATIONS_PER_ADDRESS
from beanjar.main.demo.process import NodeProcess
from tests.conftest import SCALE
from tests.journeys.browser import find_chromium, open_chromium
from tests.journeys.networks import Host
from tests.journeys.person import Person, Setting
from tests.journeys.stranger import Kind, open_browser
from tests.journeys.traveller import Traveller

SETTINGS = {
    "phone-fr": Setting(390, 844, "fr"),
    "phone-en": Setting(390, 844, "en"),
    "desk-en": Setting(1280, 800, "en"),
    "desk-fr": Setting(1280, 800, "fr"),
}
FEW = ("phone-fr", "desk-en")
"""In one of these settings every journey is made, the first in both; in the long form every
journey in both, and the first in all."""
STRANGE = {"firefox": Setting(500, 844, "fr"), "webkit": Setting(1280, 800, "en")}
"""Firefox gets no narrower, and WebKit speaks no language that the machine does not."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser for the journeys of one file: while it is there, this thread runs its loop."""
    with open_chromium(find_chromium()) as browser:
        yield browser


@pytest.fixture
def setting(request: pytest.FixtureRequest) -> Setting:
    return SETTINGS[request.param]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Take the two settings in turn, by the journey's name; a journey may name its own."""
    named = [mark.args[0] for mark in metafunc.definition.iter_markers("parametrize")]
    if "setting" in metafunc.fixturenames and "setting" not in named:
        turn = sum(metafunc.function.__name__.encode()) % len(FEW)
        metafunc.parametrize("setting", FEW if SCALE > 1 else [FEW[turn]], indirect=True)


@pytest.fixture
def host() -> Host | None:
    """Where nodes run; here, unless a journey says otherwise."""
    return None


@pytest.fixture
def doors() -> set[str]:
    """The addresses of the journey's nodes."""
    return set()


@pytest.fixture
def start_node(
    tmp_path: Path, doors: set[str], host: Host | None
) -> Iterator[Callable[..., NodeProcess]]:
    """Start a node, as `beanjar up` does, on a folder of this name, with these options."""
    there = ["--host", host.address] if host else []
    within = host.within if host else []
    with ExitStack() as stack:

        def start(name: str, *more: str) -> NodeProcess:
            folder = tmp_path / name
            node = NodeProcess(folder, OPERATIONS_PER_ADDRESS, *there, *more, within=within)
            stack.enter_context(node)
            stack.callback(node.kill)  # nobody waits for it to stop by itself
            doors.add(node.url)
            return node

        yield start


@pytest.fixture
def everyone(doors: set[str]) -> Iterator[list[Person]]:
    """All who travel; at the end, their pages have asked nobody but the doors for anything."""
    everyone: list[Person] = []
    yield everyone
    for each in everyone:
        assert each.asked <= doors, each.name


@pytest.fixture
def travel(
    browser: Browser, setting: Setting, everyone: list[Person]
) -> Iterator[Callable[[str], Traveller]]:
    """Let somebody with a browser of their own set out; at the end, nothing went wrong unseen.

    In the long form all pages that they saw are looked at again by axe.
    """
    with ExitStack() as stack:

        def set_out(name: str) -> Traveller:
            everyone.append(traveller := Traveller(browser, name, setting))
            stack.enter_context(traveller)
            if SCALE > 1:
                stack.callback(traveller.look_back)
            return traveller

        yield set_out


@pytest.fixture
def meet(tmp_path: Path, everyone: list[Person]) -> Iterator[Callable[[Kind, str], Person]]:
    """Let somebody set out with a browser of another kind."""
    with ExitStack() as stack:

        def set_out(kind: Kind, name: str) -> Person:
            opened = open_browser(kind, name, STRANGE[kind], tmp_path)
            everyone.append(stranger := stack.enter_context(opened))
            return stranger

        yield set_out
