"""Dozens of nodes, each a process of its own as `beanjar up` starts it, that carry one space."""

import time
from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple, Self

from beanjar.base.errors import BeanjarError
from beanjar.base.ids import ZERO
from beanjar.base.limits import ACTIVE
from beanjar.client.line import NodeAway
from beanjar.main.demo.process import NodeProcess
from beanjar.main.demo.voice import Voice
from beanjar.node.clock import MachineClock
from beanjar.space.charter import Founding, Join, Profile

ROOM = 1_000_000
"""Entries an hour that a node takes from this machine."""
PATIENCE = 180
"""Seconds that the nodes have for anything."""
LOOK = 0.5
"""Seconds from one look at all nodes to the next: to look costs them time too."""
ENOUGH = ACTIVE // 2
"""Neighbours of a node in a network that is whole: below that it looks for others in haste."""
BAR = 30
"""Letters of a bar of progress."""

Progress = Callable[[str], object]
Links = dict[tuple[int, int], int]
"""Bytes that a node, by its place, has sent to a neighbour."""


class TooSlow(BeanjarError):
    """Nodes that do not do what is due."""


class Place(NamedTuple):
    """Where a node runs: further options of it, and the command `within` which it is started."""

    options: tuple[str, ...] = ()
    within: tuple[str, ...] = ()


HERE = Place()


class Network:
    """Nodes by their places, from 0. They end with the `with` block."""

    def __init__(self, folder: Path, places: Sequence[Place], tell: Progress) -> None:
        """Make a node for each of these places; its folder, which stays, is in this folder."""
        self.places = range(len(places))
        self.nodes: dict[int, NodeProcess] = {}
        """Those that run."""
        self.space = b""
        self.founder = Voice(MachineClock())
        """Who founded the space."""
        self._folder = folder
        self._tell = tell
        self._where = places
        self._keys: dict[str, int] = {}
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        """Start all of them, found a space, and wait until they are one network."""
        with ExitStack() as starting:
            starting.push(self)  # so that none goes on if one fails
            self.start(self.places)
            self._found()
            starting.pop_all()
        return self

    def __exit__(self, *problem: object) -> None:
        """End all nodes, and at once: nobody looks at their folders any more."""
        self.kill(list(self.nodes))
        self._stack.close()

    def start(self, places: Iterable[int]) -> None:
        """Start nodes, all at once; return once they answer. Raises `NodeFailed`."""
        starting = {place: self._start(place) for place in places}
        for done, (place, node) in enumerate(starting.items(), 1):
            node.wait()
            self._tell(f"{_draw_bar(done, len(starting))} nodes are up")
            self.nodes[place] = node
            self._keys[node.address.key] = place

    def kill(self, places: Iterable[int]) -> None:
        """Kill nodes (SIGKILL), as nearly at once as can be."""
        for place in places:
            self.nodes.pop(place).kill()

    def links(self) -> Links:
        """Return what each node has sent to each neighbour in the space, as both now stand."""
        return {
            (place, self._keys[each.key]): each.sent
            for place, node in self.nodes.items()
            for each in node.door.neighbours(node.token).neighbours
            if each.key in self._keys and self.space.hex() in each.spaces
        }

    def is_whole(self) -> bool:
        """Say whether all living nodes hang together and have enough neighbours, none of them dead.

        A link counts that both its ends tell of.
        """
        links = self.links().keys()
        both = {(one, other) for one, other in links if (other, one) in links}
        enough = min(ENOUGH, len(self.nodes) - 1)
        return (
            both == set(links)
            and all(sum(one == place for one, _ in both) >= enough for place in self.nodes)
            and is_connected(self.nodes, both)
        )

    def roots(self) -> dict[int, str]:
        """Return the root of what each node holds."""
        return {place: node.door.standing(self.space).root for place, node in self.nodes.items()}

    def agrees(self) -> bool:
        """Say whether all nodes hold the same."""
        return len(set(self.roots().values())) == 1

    def wait(self, is_so: Callable[[], bool], what: str, seconds: float = PATIENCE) -> float:
        """Return after how many seconds something is so. Raises `TooSlow`."""
        began = time.monotonic()
        while not _is_told(is_so):
            if time.monotonic() - began > seconds:
                raise TooSlow(f"{len(self.nodes)} nodes had {seconds:g} s until {what}.")
            time.sleep(LOOK)
        return time.monotonic() - began

    def say(self, place: int, voice: Voice, text: str) -> str:
        """Let somebody say something at a node; return its id (hex)."""
        said = voice.sign(self.space, Profile("Ada", text))
        self.nodes[place].door.submit(self.space, said.run)
        return said.id

    def join(self, place: int) -> Voice:
        """Let somebody new join at a node, and return them."""
        voice = Voice(MachineClock())
        said = voice.sign(self.space, Join(voice.certificate(self.space)))
        self.nodes[place].door.submit(self.space, said.run)
        return voice

    def _start(self, place: int) -> NodeProcess:
        options, within = self._where[place]
        data = self._folder / f"node-{place}"
        node = NodeProcess(data, ROOM, "--no-local", *options, within=within)
        self._stack.push(node)
        return node

    def _found(self) -> None:
        first, *others = self.nodes.values()
        said = self.founder.sign(ZERO, Founding("A bench", self.founder.certificate(ZERO)))
        first.door.found(said.run)
        self.space = said.space
        for done, node in enumerate(others, 1):
            node.door.carry(node.token, self.space, [first.address])
            self._tell(f"{_draw_bar(done, len(others))} nodes have joined")
        self._tell("waiting until the network is whole")
        self.wait(lambda: self._carry() and self.is_whole() and self.agrees(), "all were joined")

    def _carry(self) -> bool:
        return all(node.door.about().spaces for node in self.nodes.values())


def sum_sent(before: Links, after: Links) -> int:
    """Return how many bytes were sent between two looks; a link that was made since began at 0."""
    return sum(
        sent - before.get(link, 0) if sent >= before.get(link, 0) else sent
        for link, sent in after.items()
    )


def is_connected(nodes: Collection[int], links: Collection[tuple[int, int]]) -> bool:
    """Say whether one can go from each node to each other along links."""
    near: dict[int, set[int]] = {place: set() for place in nodes}
    for one, other in links:
        if one in near and other in near:
            near[one].add(other)
    seen: set[int] = set()
    ahead = list(nodes)[:1]
    while ahead:
        place = ahead.pop()
        if place not in seen:
            seen.add(place)
            ahead += near[place]
    return len(seen) == len(near)


def _is_told(is_so: Callable[[], bool]) -> bool:
    """Say whether nodes tell that something is so; a busy one may not answer for seconds."""
    try:
        return is_so()
    except NodeAway:
        return False


def _draw_bar(done: int, whole: int) -> str:
    filled = BAR * done // whole
    return f"{'━' * filled}{'╌' * (BAR - filled)} {done} of {whole}"
