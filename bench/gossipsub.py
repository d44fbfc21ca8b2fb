"""The peer of spreading: gossipsub of PyPI's `libp2p`, one process a node, on links that are given.

`libp2p` wants an older zeroconf than nodes do, so it gets an environment of its own, made for each
run of what is pinned in `gossipsub.txt`. Its nodes check a signature of each message and keep
nothing: there is no disk, no log and no view in its times, as there is in those of Beanjar.
"""

import json
import subprocess
import time
from collections.abc import Callable, Collection
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from queue import Empty, Queue
from threading import Thread
from typing import Any, NamedTuple

from beanjar.base.errors import BeanjarError
from bench.environment import install_apart

PINNED = Path(__file__).with_name("gossipsub.txt")
PROGRAM = Path(__file__).with_name("gossiper.py")
PATIENCE = 120
"""Seconds that nodes have for anything."""
SETTLING = 20
"""Seconds in which they choose whom of their peers to have in their meshes."""
PAUSE = 1
"""Seconds from one message's arrival at all to the next message."""


class GossipFailed(BeanjarError):
    """Nodes of gossipsub that cannot be installed, or that do not pass on what is said."""


class Gossip(NamedTuple):
    """Times in seconds, one list for each message; bytes for each node and message."""

    times: list[list[float]]
    bytes: float
    idle: float
    """Bytes for each node and second when nothing is said."""
    mesh: float
    """Peers in the mesh of a node."""


def install() -> AbstractContextManager[Path]:
    """Make an environment that has `libp2p`; return its Python. Raises `NotInstalled`."""
    return install_apart("libp2p", PINNED)


class Crowd:
    """Nodes by their places, that tell what happens to them."""

    def __init__(self, python: Path, count: int, stack: ExitStack) -> None:
        """Start so many; they end with the stack."""
        self._told: Queue[tuple[int, dict[str, Any]]] = Queue()
        self._nodes = [self._start(python, stack) for _ in range(count)]
        for place, node in enumerate(self._nodes):
            Thread(target=self._listen, args=(place, node), daemon=True).start()
        self.addresses = self.gather("address", range(count))

    def tell(self, place: int, line: str) -> None:
        """Let a node read a line."""
        pipe = self._nodes[place].stdin
        assert pipe is not None
        pipe.write(f"{line}\n")
        pipe.flush()

    def gather(self, key: str, places: Collection[int]) -> dict[int, Any]:
        """Return what each of these nodes says next of something. Raises `GossipFailed`."""
        found: dict[int, Any] = {}
        while len(found) < len(places):
            try:
                place, said = self._told.get(timeout=PATIENCE)
            except Empty:
                raise GossipFailed(
                    f"{len(found)} of {len(places)} nodes of gossipsub told their “{key}”."
                ) from None
            if key in said and place in places:
                found[place] = said[key]
        return found

    def count(self, key: str = "bytes") -> int:
        """Return how many bytes all have written, or how many peers their meshes have."""
        for place in range(len(self._nodes)):
            self.tell(place, "count")
        return sum(self.gather(key, range(len(self._nodes))).values())

    def _start(self, python: Path, stack: ExitStack) -> subprocess.Popen[str]:
        node = subprocess.Popen(  # noqa: S603 - our own program
            [python, PROGRAM],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        stack.callback(node.wait)
        stack.callback(node.kill)
        return node

    def _listen(self, place: int, node: subprocess.Popen[str]) -> None:
        assert node.stdout is not None
        for line in node.stdout:
            self._told.put((place, json.loads(line)))


def gossip(
    python: Path,
    links: Collection[tuple[int, int]],
    texts: list[tuple[int, str]],
    say: Callable[[str], object],
) -> Gossip:
    """Let nodes with these links, each named once, pass on texts, said in turn at some of them."""
    places = range(max(max(link) for link in links) + 1)
    with ExitStack() as stack:
        say(f"starting {len(places)} nodes of gossipsub")
        crowd = Crowd(python, len(places), stack)
        for one, other in links:
            crowd.tell(one, f"connect {crowd.addresses[other]}")
            crowd.gather("connected", [one])
        say("waiting until nodes of gossipsub have their meshes")
        time.sleep(SETTLING)
        began, before = time.monotonic(), crowd.count()
        time.sleep(SETTLING)
        idle = (crowd.count() - before) / (time.monotonic() - began)
        say(f"{len(texts)} messages of gossipsub")
        began, before, times = time.monotonic(), crowd.count(), []
        for origin, text in texts:
            times.append(_time_one(crowd, origin, text, set(places) - {origin}))
            time.sleep(PAUSE)
        sent = crowd.count() - before - idle * (time.monotonic() - began)
        mesh = crowd.count("mesh") / len(places)
    return Gossip(times, sent / len(texts) / len(places), idle / len(places), mesh)


def _time_one(crowd: Crowd, origin: int, text: str, others: set[int]) -> list[float]:
    """Return the seconds until a text, said at one node, is at each of the others."""
    began = time.monotonic()
    crowd.tell(origin, f"say {text}")
    return sorted(came - began for came in crowd.gather("came", others).values())
