from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from beanjar.testing.clock import HandClock
from tests.main.running import RunningNode
from tests.main.terminal import Terminal


@pytest.fixture(scope="session")
def shared_node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningNode]:
    """A node that all stories share, each in a space of its own."""
    node = RunningNode(tmp_path_factory.mktemp("node"), HandClock())
    yield node
    node.stop()


@pytest.fixture
def own_node(tmp_path: Path) -> Iterator[RunningNode]:
    """A node for a story in which it goes down."""
    node = RunningNode(tmp_path / "node", HandClock())
    yield node
    node.stop()


@pytest.fixture
def sit_down(tmp_path: Path, shared_node: RunningNode) -> Callable[[str], Terminal]:
    """Give somebody a terminal with a home of their own."""

    def sit(name: str) -> Terminal:
        terminal = Terminal(tmp_path / name, shared_node)
        terminal("me", "new", name)
        return terminal

    return sit


@pytest.fixture
def ada(sit_down: Callable[[str], Terminal]) -> Terminal:
    """Ada's terminal; she has founded a space."""
    terminal = sit_down("Ada")
    terminal.found()
    return terminal


@pytest.fixture
def ben(sit_down: Callable[[str], Terminal], ada: Terminal) -> Terminal:
    """Ben's terminal; he has joined Ada's space."""
    terminal = sit_down("Ben")
    terminal("space", "join", ada.ticket())
    return terminal


@pytest.fixture
def keeper(tmp_path: Path, own_node: RunningNode) -> Terminal:
    """Ada, who keeps a node of her own and has founded a space."""
    terminal = Terminal(tmp_path / "Ada", own_node)
    terminal("me", "new", "Ada")
    terminal.found()
    return terminal
