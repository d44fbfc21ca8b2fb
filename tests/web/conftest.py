import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from beanjar.node.folder import Folder
from beanjar.node.node import Node
from beanjar.testing.clock import HandClock
from beanjar.testing.people import Person
from beanjar.web.app import make_app
from tests.web.hands import TOOL
from tests.web.meeting import Play, Story, meet
from tests.web.places import place
from tests.web.table import Table


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def node(tmp_path: Path, clock: HandClock) -> Iterator[Node]:
    """A node on a disk of its own, with one tool."""
    node = Node(Folder(tmp_path / "node"), [TOOL], clock)
    yield node
    asyncio.run(node.stop())


@pytest.fixture
def app(node: Node) -> Litestar:
    return make_app(node)


@pytest.fixture
def client(app: Litestar) -> Iterator[TestClient[Litestar]]:
    """A browser on the machine that the node runs on."""
    with TestClient(place(app, "127.0.0.1"), base_url="http://127.0.0.1:8000") as client:
        yield client


@pytest.fixture
def table(client: TestClient[Litestar], node: Node, clock: HandClock, ada: Person) -> Table:
    """A space that Ada has founded at the door."""
    table = Table(client, node, clock, ada)
    assert table.found().status_code == 201
    return table


@pytest.fixture
def play(tmp_path: Path) -> Play:
    """Play a story of two nodes, at the door of one of them, to its end."""

    async def play_it(story: Story) -> None:
        async with meet(tmp_path) as meeting:
            await story(meeting)

    return lambda story: asyncio.run(play_it(story))
