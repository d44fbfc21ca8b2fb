"""The simulated network: links that stand or fail, and what is on its way on them.

A link is as a QUIC connection: what is said arrives, in order, while it stands. Loss shows as
delay, since what is lost is sent again. Nobody is told that the other end died or was cut off.
"""

from collections import defaultdict, deque
from collections.abc import Iterable
from random import Random
from typing import Protocol

from beanjar.base.clock import SECOND
from beanjar.base.limits import DIAL_SECONDS, LINKS, SEND_SECONDS
from beanjar.lab.scenario import Conditions
from beanjar.lab.timeline import Timeline
from beanjar.sync.codec import read_message, write_message
from beanjar.sync.messages import Hello, Message, Spaces

WINDOW = 256 * 1024
"""Bytes that may be on their way on one link in one direction, as in `beanjar.net`."""
FRAME = 4
"""Bytes of a frame besides its message."""
RESEND = 50
"""How long, in ms, a sender waits at least until it sends again what was lost."""


class End(Protocol):
    """A node, as the network sees it."""

    key: bytes
    is_up: bool

    def come(self, peer: bytes, nonce: bytes, *, dialled: bool) -> None:
        """Learn that a link with a peer stands, which one may have `dialled` oneself."""

    def go(self, peer: bytes) -> None:
        """Learn that the link with a peer has ended."""

    def miss(self, peer: bytes) -> None:
        """Learn that a peer could not be reached."""

    def hear(self, peer: bytes, message: Message) -> None:
        """Be told something."""

    def reads(self, peer: bytes) -> bool:
        """Say whether what a peer sends is taken from its link now."""
        ...

    def has_message(self, peer: bytes) -> bool:
        """Say whether something waits to be sent to a peer."""
        ...

    def next_message(self, peer: bytes) -> Message | None:
        """Return what is to be sent to a peer next, if anything."""
        ...


Sent = tuple[Message, int]
"""A message on its way, and its bytes."""


class Pipe:
    """One direction of a link."""

    __slots__ = ("free", "full", "held", "last", "latency", "link", "room", "source", "target")

    def __init__(self, link: "Link", source: End, target: End, latency: int) -> None:
        """Begin with nothing on its way; `latency` is ms."""
        self.link, self.source, self.target = link, source, target
        self.latency = latency
        self.room = WINDOW
        self.free = 0
        """When the line is free for the next message (ms)."""
        self.last = 0
        """When the last one arrives that keeps its place (ms)."""
        self.full = 0
        """Since when nothing was taken of what fills it (ms); 0 while there is room."""
        self.held: deque[Sent] = deque()
        """What has come as far as it can: its reader is cut off, or takes nothing."""


class Link:
    """A connection of two nodes."""

    __slots__ = ("pipes",)

    def __init__(self, one: End, other: End, latency: int) -> None:
        """Connect two nodes."""
        self.pipes = {
            one.key: Pipe(self, one, other, latency),
            other.key: Pipe(self, other, one, latency),
        }


class Network:
    """All links, and what is on its way."""

    def __init__(self, timeline: Timeline, conditions: Conditions, chance: Random) -> None:
        """Begin without links."""
        self.ends: dict[bytes, End] = {}
        self.conditions = conditions
        self.messages = self.bytes = 0
        self.cost: defaultdict[bytes, int] = defaultdict(int)
        """By node: how many bytes others have sent to it."""
        self._timeline = timeline
        self._chance = chance
        self._links: defaultdict[bytes, dict[bytes, Link]] = defaultdict(dict)
        """By node and peer: the link that the node believes to stand."""
        self._sides: dict[bytes, int] = {}

    def peers(self, end: End) -> Iterable[bytes]:
        """Return the peers with which a node believes to have a link."""
        return self._links[end.key].keys()

    def dial(self, source: End, peer: bytes) -> None:
        """Make a link: when it stands both ends `come`; if it cannot, the dialler `miss`es."""
        if self._can_meet(source, peer):
            self._timeline.after(3 * self._latency(), self._meet, source, peer)
        else:
            self._timeline.after(DIAL_SECONDS * SECOND, self._miss, source, peer)

    def close(self, end: End, peer: bytes) -> None:
        """End a link. The other end learns it at once, if it can be told."""
        link = self._links[end.key].pop(peer, None)
        if link is not None:
            self._timeline.after(link.pipes[end.key].latency, self._learn_end, link, peer, end.key)
            end.go(peer)

    def cut(self, end: End) -> None:
        """Let a node be gone from one moment to the next. Nobody is told."""
        self._links.pop(end.key, None)

    def part(self, sides: dict[bytes, int]) -> None:
        """Let only nodes of the same side reach one another; without sides, all again."""
        self._sides = sides
        for links in list(self._links.values()):
            for peer, link in list(links.items()):
                self._release(link.pipes[peer])

    def flush(self, end: End) -> None:
        """Send what a node has to say, as far as its links have room."""
        links = self._links[end.key]
        for peer in [each for each in links if end.has_message(each)]:
            if peer in links and not (pipe := links[peer].pipes[end.key]).full:
                self._pull(pipe)

    def resume(self, end: End) -> None:
        """Let a node take what waits for it, now that it reads again."""
        for peer, link in list(self._links[end.key].items()):
            if link.pipes[peer].held:
                self._release(link.pipes[peer])

    def check(self, end: End) -> None:
        """End the links of a node on which nothing has been taken for too long."""
        limit = self._timeline.now - SEND_SECONDS * SECOND
        for peer, link in list(self._links[end.key].items()):
            if 0 < link.pipes[end.key].full <= limit:
                self.close(end, peer)

    def _can_meet(self, source: End, peer: bytes) -> bool:
        target = self.ends.get(peer)
        if (
            target is None
            or not (target.is_up and source.is_up)
            or self._are_parted(source, target)
        ):
            return False
        return len(self._links[peer]) < LINKS

    def _meet(self, source: End, peer: bytes) -> None:
        if not self._can_meet(source, peer):
            self._miss(source, peer)
            return
        target = self.ends[peer]
        link = self._links[source.key].get(peer)
        if link is not None and self._links[peer].get(source.key) is link:
            return  # both have dialled
        for near, far in ((source, target), (target, source)):
            if self._links[near.key].pop(far.key, None) is not None:
                near.go(far.key)
        link = Link(source, target, self._latency())
        self._links[source.key][peer] = self._links[peer][source.key] = link
        source.come(peer, self._chance.randbytes(32), dialled=True)
        target.come(source.key, self._chance.randbytes(32), dialled=False)

    def _miss(self, source: End, peer: bytes) -> None:
        if source.is_up:
            source.miss(peer)

    def _learn_end(self, link: Link, key: bytes, peer: bytes) -> None:
        end = self.ends[key]
        if self._links[key].get(peer) is link and not self._are_parted(end, self.ends[peer]):
            del self._links[key][peer]
            end.go(peer)

    def _are_parted(self, one: End, other: End) -> bool:
        return bool(self._sides) and self._sides.get(one.key) != self._sides.get(other.key)

    def _latency(self) -> int:
        return self._chance.randint(*self.conditions.latency)

    def _pull(self, pipe: Pipe) -> None:
        key, peer = pipe.source.key, pipe.target.key
        while self._links[key].get(peer) is pipe.link and pipe.source.has_message(peer):
            if pipe.room <= 0:
                pipe.full = pipe.full or self._timeline.now
                return
            message = pipe.source.next_message(peer)
            if message is None:
                return
            data = write_message(message)
            self._send(pipe, read_message(data), len(data) + FRAME)  # as it comes to a neighbour

    def _send(self, pipe: Pipe, message: Message, size: int) -> None:
        self.messages += 1
        self.bytes += size
        self.cost[pipe.target.key] += size
        pipe.room -= size
        now, given, chance = self._timeline.now, self.conditions, self._chance
        arrival = now + pipe.latency
        if given.bandwidth:
            pipe.free = max(now, pipe.free) + size * SECOND // (given.bandwidth * 1024)
            arrival = pipe.free + pipe.latency
        if given.jitter:
            arrival += chance.randrange(given.jitter)
        wait = 2 * pipe.latency + RESEND
        while given.loss and chance.random() < given.loss:
            arrival, wait = arrival + wait, 2 * wait
        greets = isinstance(message, Hello | Spaces)
        if not greets and given.doubled and chance.random() < given.doubled:
            later = max(arrival, pipe.last) + chance.randint(1, wait)
            self._timeline.after(later - now, self._arrive, pipe, message, 0)
        if not greets and given.reordered and chance.random() < given.reordered:
            arrival = max(arrival, pipe.last) + chance.randint(1, wait)
        else:
            arrival = pipe.last = max(arrival, pipe.last)
        self._timeline.after(arrival - now, self._arrive, pipe, message, size)

    def _arrive(self, pipe: Pipe, message: Message, size: int) -> None:
        pipe.held.append((message, size))
        if len(pipe.held) == 1:
            self._release(pipe)

    def _release(self, pipe: Pipe) -> None:
        """Let the reader take what has arrived, as far as it can."""
        source, target, held = pipe.source, pipe.target, pipe.held
        while held and target.is_up and not self._are_parted(source, target):
            if self._links[target.key].get(source.key) is not pipe.link:
                held.clear()
                return
            if not target.reads(source.key):
                return
            message, size = held.popleft()
            was_full, pipe.full = pipe.full, 0
            pipe.room += size
            target.hear(source.key, message)
            if was_full:
                self._pull(pipe)
