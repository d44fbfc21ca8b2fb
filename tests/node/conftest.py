"""Stories of nodes, each run to its end within one event loop."""

import asyncio
import shutil
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from beanjar.store import Store
from tests.node import street
from tests.node.house import House, open_house
from tests.node.street import open_street

Story = Callable[[House], Awaitable[None]]


@pytest.fixture(scope="session")
def empty_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with its tables and nothing in them: to copy one is quicker than to make one."""
    path = tmp_path_factory.mktemp("empty") / "beanjar.db"
    Store.open(path).close()
    return path


@pytest.fixture
def play(tmp_path: Path, empty_store: Path) -> Callable[[Story], None]:
    """Play a story on a node in which a space was founded."""
    folder = tmp_path / "node"
    folder.mkdir()
    shutil.copy(empty_store, folder)

    async def play_it(story: Story) -> None:
        async with open_house(folder) as house:
            await house.found()
            await house.keep()
            await story(house)

    return lambda story: asyncio.run(play_it(story))


@pytest.fixture
def live(tmp_path: Path, empty_store: Path) -> street.Live:
    """Tell a story on a street of its own."""

    async def tell(story: street.Story) -> None:
        async with open_street(tmp_path, empty_store) as opened:
            await story(opened)

    return lambda story: asyncio.run(tell(story))
