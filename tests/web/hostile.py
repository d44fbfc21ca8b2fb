"""A door for people, pages and programs that mean harm, all of them at the same one."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from litestar.testing import TestClient

from beanjar.node.folder import Folder
from beanjar.node.node import Node
from beanjar.testing.clock import HandClock
from beanjar.testing.people import Person
from beanjar.tools.estimate import TOOL as ESTIMATE
from beanjar.web.app import make_app
from tests.web.hands import TOOL
from tests.web.table import Table


@contextmanager
def open_door(folder: Path) -> Iterator[Table]:
    """Open a door with a space; the tools have the questions with the most that people write."""
    clock = HandClock()
    node = Node(Folder(folder / "node"), [TOOL, ESTIMATE], clock)
    with TestClient(make_app(node), base_url="http://127.0.0.1:8000") as client:
        table = Table(client, node, clock, Person("Ada"))
        assert table.found().status_code == 201
        yield table
    asyncio.run(node.stop())
