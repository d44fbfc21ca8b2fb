"""A node as a process of its own."""

import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import ExitStack, closing
from functools import cached_property
from pathlib import Path
from typing import Self

import msgspec
from msgspec import Struct

from beanjar.base.errors import BeanjarError
from beanjar.client.client import Client
from beanjar.node.folder import read_token
from beanjar.space.ticket import NodeAddress

LOOPBACK = "127.0.0.1"
PATIENCE = 20
"""Seconds that a node has to stop by itself."""


class NodeFailed(BeanjarError):
    """A node that did not come up, or not as it should."""


class _Ready(Struct, frozen=True):
    """What a node says once it is up. One without `key` speaks with no other nodes."""

    url: str
    key: str | None
    addresses: tuple[str, ...] | None


class NodeProcess:
    """A node that runs as long as the `with` block, at free ports, and for its own machine only."""

    def __init__(
        self, data: Path, per_address: int, *more: str, within: Sequence[str] = ()
    ) -> None:
        """Start the node on the folder. It answers once the `with` block has begun.

        It takes `more` options, and is run by the command `within` if one is given.
        """
        self.data = data
        options = ["--data", str(data), "--port", "0", "--per-address", str(per_address), "--json"]
        options += ["--listen", f"{LOOPBACK}:0"]
        command = [*within, sys.executable, "-m", "beanjar", "up", *options, *more]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)  # noqa: S603 - this very program
        self._closing = ExitStack()
        self._peak: float | None = None

    def __enter__(self) -> Self:
        """Return the node, which answers now. Raises `NodeFailed`."""
        self.wait()
        return self

    def __exit__(self, *problem: object) -> None:
        """Stop the node, if it still runs."""
        with self._process, self._closing:
            if self._process.poll() is None:
                self._stop()

    def wait(self) -> None:
        """Return once the node answers. Raises `NodeFailed`."""
        assert self._ready.url

    @property
    def url(self) -> str:
        """Where the node's pages are."""
        return self._ready.url

    @property
    def is_connected(self) -> bool:
        """Whether other nodes can reach it."""
        return self._ready.key is not None

    @property
    def address(self) -> NodeAddress:
        """Where other nodes reach it. Raises `NodeFailed` if they cannot."""
        ready = self._ready
        if ready.key is None:
            raise NodeFailed(
                "On this machine nodes cannot connect; the node says why above. What goes is: "
                "--nodes 1 --witnesses 1 --threshold 1 --kill 0."
            )
        return NodeAddress(ready.key, ready.addresses or ())

    @cached_property
    def door(self) -> Client:
        """The node, to be spoken to by one thread."""
        return self._closing.enter_context(closing(Client(self.url)))

    @cached_property
    def token(self) -> str:
        """What its keeper shows."""
        return read_token(self.data) or ""

    @property
    def pid(self) -> int:
        """The number of its process."""
        return self._process.pid

    @property
    def stored(self) -> int:
        """How many bytes its database takes on the disk."""
        return sum(file.stat().st_size for file in self.data.glob("beanjar.db*"))

    def kill(self) -> None:
        """End the node at once, in the middle of whatever it does (SIGKILL)."""
        self._peak = self.peak_memory()
        self._process.kill()
        self._process.wait()

    def peak_memory(self) -> float | None:
        """Return the most memory that the node has held, in MB, where the system tells (Linux)."""
        status = Path(f"/proc/{self.pid}/status")
        if self._process.poll() is not None or not status.exists():
            return self._peak
        lines = status.read_text(encoding="ascii").splitlines()
        peak = next(line for line in lines if line.startswith("VmHWM"))
        return int(peak.split()[1]) / 1024

    @cached_property
    def _ready(self) -> _Ready:
        assert self._process.stdout is not None
        said = self._process.stdout.readline()
        if not said:
            raise NodeFailed(f"The node on {self.data} did not start; it says why above.")
        return msgspec.json.decode(said, type=_Ready)

    def _stop(self) -> None:
        self._process.send_signal(signal.SIGINT)
        try:
            self._process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.kill()
