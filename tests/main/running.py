"""A node behind a real door on this machine, in a thread of its own; its time passes by hand."""

import asyncio
import socket
from pathlib import Path
from threading import Event, Thread

import uvicorn

from beanjar.main.tools import TOOLS
from beanjar.node.folder import Folder
from beanjar.node.node import Node
from beanjar.testing.clock import HandClock
from beanjar.web.app import make_app

PATIENCE = 20


class RunningNode:
    """A node that runs until it is stopped, and may be started again where it was."""

    def __init__(self, folder: Path, clock: HandClock) -> None:
        self.folder = folder
        self.clock = clock
        self._port = 0
        self.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def start(self) -> None:
        self._ready = Event()
        self._thread = Thread(target=lambda: asyncio.run(self._serve()))
        self._thread.start()
        assert self._ready.wait(PATIENCE)

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join(PATIENCE)

    def tick(self) -> None:
        """Let the node do what is due, and what is due then."""
        for _ in range(2):
            asyncio.run_coroutine_threadsafe(self.node.tick(), self._loop).result(PATIENCE)

    def pass_time(self, milliseconds: int) -> None:
        self.tick()
        self.clock.pass_time(milliseconds)
        self.tick()

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self.node = Node(Folder(self.folder), TOOLS, self.clock)
        await self.node.start()
        # Only a socket that says it is TCP is set by asyncio to send at once what is small.
        listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(("127.0.0.1", self._port))
        listening.listen()
        self._port = listening.getsockname()[1]
        config = uvicorn.Config(make_app(self.node), log_level="critical", ws="none")
        self._server = uvicorn.Server(config)
        self._ready.set()
        await self._server.serve(sockets=[listening])
        await self.node.stop()
