"""Nodes behind real doors on this machine, in a thread beside the test; time passes by hand."""

import asyncio
import socket
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from pathlib import Path
from threading import Event, Thread
from typing import Any, TypeVar

import uvicorn

from beanjar.main.example.finding import Examples
from beanjar.main.serving import Server
from beanjar.main.tools import TOOLS
from beanjar.net.memory import Switchboard
from beanjar.node.folder import Folder
from beanjar.node.node import Node
from beanjar.node.peers import Peers
from beanjar.testing.clock import HandClock
from beanjar.web.app import make_app
from tests.seeded import seeded

T = TypeVar("T")
PATIENCE = 20


class Room:
    """An event loop in a thread of its own, and a switchboard for the nodes that run in it."""

    def __init__(self) -> None:
        self.board = Switchboard()
        ready = Event()
        self._thread = Thread(target=lambda: asyncio.run(self._wait(ready)))
        self._thread.start()
        assert ready.wait(PATIENCE)

    def begin(self, work: Coroutine[Any, Any, T]) -> "Future[T]":
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.begin(work).result(PATIENCE)

    def call(self, work: Callable[[], None]) -> None:
        """Do something in between what the nodes do."""

        async def do() -> None:
            work()

        self.run(do())

    def stop(self) -> None:
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._over.set)
            self._thread.join(PATIENCE)

    async def _wait(self, ready: Event) -> None:
        self._loop, self._over = asyncio.get_running_loop(), asyncio.Event()
        ready.set()
        await self._over.wait()


class RunningNode:
    """A node that runs until it is stopped, and may be started again where it was.

    In a room that it shares it meets other nodes; by itself it is alone.
    """

    def __init__(self, folder: Path, clock: HandClock, room: Room | None = None) -> None:
        self.folder = folder
        self.clock = clock
        self.peers: Peers | None = None
        self._shared = room
        self._port = 0
        self.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def start(self) -> None:
        self._room = self._shared or Room()
        self._ready = Event()
        self._serving = self._room.begin(self._serve())
        assert self._ready.wait(PATIENCE)

    def stop(self) -> None:
        self._server.should_exit = True
        self._serving.result(PATIENCE)
        if self._shared is None:
            self._room.stop()

    def tick(self) -> None:
        """Let the node do what is due, and what is due then."""
        for _ in range(2):
            self._room.run(self._tick())

    def pass_time(self, milliseconds: int) -> None:
        self.tick()
        self.clock.pass_time(milliseconds)
        self.tick()

    async def _tick(self) -> None:
        await self.node.tick()
        if self.peers is not None:
            self.peers.tick()

    async def _serve(self) -> None:
        self.node = Node(Folder(self.folder), TOOLS, self.clock)
        await self.node.start()
        meeting = self._meet() if self._shared is not None else None
        # Only a socket that says it is TCP is set by asyncio to send at once what is small.
        listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(("127.0.0.1", self._port))
        listening.listen()
        self._port = listening.getsockname()[1]
        app = make_app(self.node, self.peers, find_example=Examples(self.node).find)
        config = uvicorn.Config(app, log_level="critical", ws="none")
        self._server = Server(config, app.state.door, self._ready.set)
        await self._server.serve(sockets=[listening])
        if meeting is not None and self.peers is not None:
            meeting.cancel()
            await self.peers.stop()
        await self.node.stop()

    def _meet(self) -> "asyncio.Task[None]":
        key = self.node.folder.network
        endpoint = self._room.board.endpoint(key.public)
        self.peers = Peers(self.node, endpoint, key, seeded(self.folder.name))
        return asyncio.create_task(self.peers.serve_forever())
