from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from beanjar.base.limits import OPERATIONS_PER_ADDRESS
from beanjar.main.demo.process import NodeProcess
from tests.journeys.browser import open_chromium
from tests.journeys.traveller import Setting, Traveller

SETTINGS = {
    "phone-fr": Setting(390, 844, "fr"),
    "phone-en": Setting(390, 844, "en"),
    "desk-en": Setting(1280, 800, "en"),
    "desk-fr": Setting(1280, 800, "fr"),
}
FEW = ("phone-fr", "desk-en")
"""In these settings every journey is made; the first is made in all."""


@pytest.fixture
def browser() -> Iterator[Browser]:
    """A browser for one journey: while it is there, this thread runs its event loop."""
    with open_chromium() as browser:
        yield browser


@pytest.fixture(params=FEW)
def setting(request: pytest.FixtureRequest) -> Setting:
    return SETTINGS[request.param]


@pytest.fixture
def start_node(tmp_path: Path) -> Iterator[Callable[[str], NodeProcess]]:
    """Start a node, as `beanjar up` does, on a folder of this name."""
    with ExitStack() as stack:
        yield lambda name: stack.enter_context(NodeProcess(tmp_path / name, OPERATIONS_PER_ADDRESS))


@pytest.fixture
def travel(browser: Browser, setting: Setting) -> Iterator[Callable[[str], Traveller]]:
    """Let somebody with a browser of their own set out; at the end, nothing went wrong unseen."""
    with ExitStack() as stack:
        yield lambda name: stack.enter_context(Traveller(browser, name, setting))
