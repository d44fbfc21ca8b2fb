"""Nodes without doors, in this process, that speak by iroh over loopback; and what one holds."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NamedTuple

from beanjar.base.limits import INTEGER
from beanjar.net.iroh import bind
from beanjar.node.clock import MachineClock
from beanjar.node.folder import Folder
from beanjar.node.intake import take_run
from beanjar.node.node import Node
from beanjar.node.peers import Peers
from beanjar.ops.operation import Operation
from beanjar.space.ticket import NodeAddress
from beanjar.tools.estimate import TOOL

HERE = "127.0.0.1:0"
LOOK = 0.01
"""Seconds between two looks at whether something has happened."""


async def until(happened: Callable[[], bool]) -> None:
    """Return once something has happened; for what is not timed."""
    while not happened():  # noqa: ASYNC110 - what happens calls nobody
        await asyncio.sleep(LOOK)


def fill(path: Path, space: bytes, runs: Iterable[Sequence[Operation]]) -> None:
    """Put runs of a space on the disk of a node that is down; its folder is made if need be."""
    folder = Folder(path)
    with folder.store.writing() as writer:
        for run in runs:
            take_run(writer, space, run, INTEGER)
    folder.close()


class Running(NamedTuple):
    """A node and its neighbours."""

    node: Node
    peers: Peers

    @property
    def address(self) -> NodeAddress:
        """Where other nodes reach it."""
        endpoint = self.peers.endpoint
        return NodeAddress(endpoint.key.hex(), endpoint.addresses())


@asynccontextmanager
async def run_node(path: Path) -> AsyncIterator[Running]:
    """Run a node on a folder, which it makes."""
    node = Node(Folder(path), [TOOL], MachineClock())
    await node.start()
    network = node.folder.network
    peers = Peers(node, await bind(network.seed, HERE), network)
    working = [asyncio.create_task(work) for work in (peers.serve_forever(), node.tick_forever())]
    try:
        yield Running(node, peers)
    finally:
        for task in working:
            task.cancel()
        await asyncio.gather(*working, return_exceptions=True)
        await peers.stop()
        await node.stop()
