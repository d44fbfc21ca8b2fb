"""Several nodes on this machine, joined by connections between them; some are killed."""

import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Self

from beanjar.base.errors import BeanjarError
from beanjar.client.client import Client
from beanjar.client.line import NOT_FOUND, NodeRefuses
from beanjar.main.demo.process import NodeProcess
from beanjar.main.demo.traffic import Traffic

ROOM = 1_000_000
"""Entries an hour that a node takes from this machine: the whole crowd speaks from here."""
PATIENCE = 300
"""Seconds that a node has for each step."""
LOOK = 0.1
"""Seconds between two looks at whether a step is done."""


class TooSlow(BeanjarError):
    """A node that does not do what is due."""


class Fleet:
    """The nodes of one demonstration, each in a folder of its own; they end with the block."""

    def __init__(self, folder: Path, count: int) -> None:
        """Start so many nodes. They answer once the `with` block has begun."""
        self._folder = folder
        self._stack = ExitStack()
        self.nodes = [self._start(f"node-{number}") for number in range(1, count + 1)]
        self.living = list(self.nodes)
        self.killed: list[int] = []
        """Which nodes were killed, counted from 1."""
        self.traffic = Traffic()

    def __enter__(self) -> Self:
        """Return the nodes, which answer now. Raises `NodeFailed`."""
        with ExitStack() as starting:
            starting.push(self)  # so that none goes on if one fails
            for node in self.nodes:
                node.wait()
            starting.pop_all()
        return self

    def __exit__(self, *problem: object) -> None:
        """Stop all nodes that still run."""
        self._stack.close()

    @property
    def is_connected(self) -> bool:
        """Whether nodes can connect on this machine."""
        return self.nodes[0].is_connected

    @property
    def urls(self) -> list[str]:
        """Where the pages of all the nodes are, or were."""
        return [node.url for node in self.nodes]

    @property
    def peak_memory(self) -> float | None:
        """The most memory that a node has held, in MB, where the system tells (Linux)."""
        peaks = [node.peak_memory() for node in self.nodes]
        return max((peak for peak in peaks if peak is not None), default=None)

    def join_up(self, space: bytes) -> None:
        """Let all carry a space that the first node has; wait until each knows all others."""
        first, *others = self.nodes
        for node in others:
            node.door.carry(node.token, space, [first.address])
        if others:
            self.wait(lambda door: door.standing(space).neighbours == len(others))

    def kill(self, count: int, space: bytes) -> None:
        """Kill so many nodes, those first that were there first."""
        doomed = self.living[:count]
        if not doomed:
            return
        self.traffic.note_before(self.living, doomed, space)
        for node in doomed:
            node.kill()
        self.living = self.living[count:]
        self.killed = [self.nodes.index(node) + 1 for node in doomed]

    def add(self) -> NodeProcess:
        """Start one more node, which knows nothing, and return it."""
        node = self._start(f"node-{len(self.nodes) + 1}")
        node.wait()
        self.nodes.append(node)
        self.living.append(node)
        return node

    def wait(
        self, is_done: Callable[[Client], bool], nodes: Sequence[NodeProcess] | None = None
    ) -> None:
        """Return once it is so on all these nodes, or on every one that lives.

        Where something has not arrived yet, it is not so. Raises `TooSlow`.
        """
        for node in self.living if nodes is None else nodes:
            end = time.monotonic() + PATIENCE
            while not _is_done(node.door, is_done):
                if time.monotonic() > end:
                    raise TooSlow(
                        f"The node at {node.url} does not do what is due: it is overloaded."
                    )
                time.sleep(LOOK)

    def _start(self, name: str) -> NodeProcess:
        node = NodeProcess(self._folder / name, ROOM)
        self._stack.push(node)
        return node


def _is_done(door: Client, is_done: Callable[[Client], bool]) -> bool:
    try:
        return is_done(door)
    except NodeRefuses as refusal:
        if refusal.status != NOT_FOUND:
            raise
        return False
