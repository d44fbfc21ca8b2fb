from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from beanjar.base.limits import OPERATIONS_PER_ADDRESS
from beanjar.main.demo.process import NodeProcess
from tests.journeys.browser import open_chromium
from tests.journeys.traveller import Traveller

SIZES = {"phone": (390, 844), "desk": (1280, 800)}


@pytest.fixture
def browser() -> Iterator[Browser]:
    """A browser for one journey: while it is there, this thread runs its event loop."""
    with open_chromium() as browser:
        yield browser


@pytest.fixture(params=SIZES)
def size(request: pytest.FixtureRequest) -> tuple[int, int]:
    return SIZES[request.param]


@pytest.fixture
def start_node(tmp_path: Path) -> Iterator[Callable[[str], NodeProcess]]:
    """Start a node, as `beanjar up` does, on a folder of this name."""
    with ExitStack() as stack:
        yield lambda name: stack.enter_context(NodeProcess(tmp_path / name, OPERATIONS_PER_ADDRESS))


@pytest.fixture
def travel(browser: Browser, size: tuple[int, int]) -> Iterator[Callable[[str], Traveller]]:
    """Let somebody with a browser of their own set out; at the end, nothing went wrong unseen."""
    with ExitStack() as stack:
        yield lambda name: stack.enter_context(Traveller(browser, name, size))
