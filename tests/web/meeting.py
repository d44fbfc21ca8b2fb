"""Two nodes that are connected, and a door at the first of them, all in one event loop."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import httpx

from beanjar.net.memory import Switchboard
from beanjar.node.folder import Folder
from beanjar.node.node import Node
from beanjar.ops.device import certify_device
from beanjar.ops.run import write_run
from beanjar.space.charter import Charter, Founding
from beanjar.space.ticket import NodeAddress
from beanjar.testing.clock import HandClock
from beanjar.testing.people import Person
from beanjar.web.app import make_app
from tests.node.street import PATIENCE, WatchedPeers
from tests.web.hands import TOOL

Story = Callable[["Meeting"], Awaitable[None]]
Play = Callable[[Story], None]


class Meeting:
    """Ada's node has the door; Ben's node is its neighbour once they carry one space."""

    def __init__(self, folder: Path) -> None:
        self.clock = HandClock()
        self.board = Switchboard()
        self.ada = Person("Ada")
        self.nodes = [Node(Folder(folder / name), [TOOL], self.clock) for name in ("ada", "ben")]
        self._news = asyncio.Event()
        self.peers = [self._meet(node) for node in self.nodes]
        self._app = make_app(self.nodes[0], self.peers[0])
        self.door = self.come("127.0.0.1")
        self.keeper = {"authorization": f"Bearer {self.nodes[0].token}"}

    def come(self, address: str) -> httpx.AsyncClient:
        """Come to the door from a network address."""
        transport = httpx.ASGITransport(self._app, client=(address, 1))  # type: ignore[arg-type]
        return httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1")

    def address(self, place: int) -> NodeAddress:
        endpoint = self.peers[place].endpoint
        return NodeAddress(endpoint.key.hex(), endpoint.addresses())

    async def found(self, place: int) -> bytes:
        """Found a space at a node; return its id."""
        certificate = self.ada.device.certificate(bytes(32))
        founding = Founding("The table", certificate, "", Charter())
        operation = self.ada.device.copied().found(founding, self.clock.now())
        await self.nodes[place].found(write_run([operation]))
        return operation.id

    async def lend(self, place: int, space: bytes) -> None:
        """Let a node take part as Ada's."""
        node = self.nodes[place]
        await node.keep(space, certify_device(self.ada.key, space, node.device, node=True))

    async def read(self, path: str) -> httpx.Response:
        return await self.door.get(path, headers=self.keeper)

    async def until(self, is_so: Callable[[], bool]) -> None:
        """Return once something is so; meanwhile the threads that write have the processor."""
        async with asyncio.timeout(PATIENCE):
            while not is_so():
                self._news.clear()
                await self._news.wait()

    def _meet(self, node: Node) -> WatchedPeers:
        key = node.folder.network
        return WatchedPeers(node, self.board.endpoint(key.public), key, self._news.set)


@asynccontextmanager
async def meet(folder: Path) -> AsyncIterator[Meeting]:
    meeting = Meeting(folder)
    serving = [asyncio.create_task(each.accept_forever()) for each in meeting.peers]
    try:
        yield meeting
    finally:
        for task in serving:
            task.cancel()
        await meeting.door.aclose()
        for peers, node in zip(meeting.peers, meeting.nodes, strict=True):
            await peers.stop()
            await node.stop()
