"""Live news of what changes: one subscription to the node, passed on to every open page.

A crowd may change a question hundreds of times a second. A page is told twice a second at most.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import contextmanager

import msgspec

from beanjar.base.clock import MINUTE
from beanjar.base.limits import STREAMS_PER_ADDRESS
from beanjar.node.changes import Change
from beanjar.node.node import Node
from beanjar.web.bounds import TooMany, network_of

GATHER = 0.5
"""How long changes are gathered before they are told together, in seconds."""
HEARTBEAT = 20.0
"""After how many quiet seconds a line is sent, so that what lies between keeps the line open."""
PENDING = 256
"""Beyond so many changes, a slow page is told only which spaces have changed."""


class Stream:
    """One page that is being told of changes in the spaces (hex) that it wants."""

    def __init__(self, is_wanted: Callable[[str], bool]) -> None:
        """Begin with nothing to tell."""
        self._is_wanted = is_wanted
        self._pending: dict[Change, None] = {}
        self._news = asyncio.Event()
        self._over = False

    def offer(self, changes: Iterable[Change]) -> None:
        """Keep these changes until the page has been told."""
        wanted = (each for each in changes if self._is_wanted(each.space))
        self._pending.update(dict.fromkeys(wanted))
        if len(self._pending) > PENDING:
            self._pending = {Change(each.space, None): None for each in self._pending}
        if self._pending:
            self._news.set()

    def end(self) -> None:
        """Tell what has changed so far, and no more."""
        self._over = True
        self._news.set()

    async def tell(self, heartbeat: float = HEARTBEAT) -> AsyncIterator[bytes]:
        """Yield server-sent events, each one change as JSON, until it ends or nobody listens."""
        yield b": what changes from now on\n\n"
        while self._pending or not self._over:
            try:
                async with asyncio.timeout(heartbeat):
                    await self._news.wait()
            except TimeoutError:
                yield b": nothing new\n\n"
                continue
            self._news.clear()
            pending, self._pending = self._pending, {}
            if pending:
                yield b"".join(b"data: " + msgspec.json.encode(each) + b"\n\n" for each in pending)


class Streams:
    """All open pages of a door."""

    def __init__(self, node: Node) -> None:
        """Pass on what the node tells, once `follow` runs."""
        self._node = node
        self._open: set[Stream] = set()
        self._held: Counter[str] = Counter()
        self._fresh: dict[Change, None] = {}
        self._over = False

    @contextmanager
    def open(self, address: str, is_wanted: Callable[[str], bool]) -> Iterator[Stream]:
        """Tell one more page, or raise `TooMany` if its network address has as many as it may."""
        network, stream = network_of(address), Stream(is_wanted)
        if self._held[network] >= STREAMS_PER_ADDRESS:
            raise TooMany(
                f"Your network address follows {self._held[network]} live pages, as many as one "
                "may. Close one, or look again by hand.",
                MINUTE,
            )
        if self._over:
            stream.end()
        self._held[network] += 1
        self._open.add(stream)
        try:
            yield stream
        finally:
            self._open.discard(stream)
            self._held[network] -= 1
            if not self._held[network]:
                del self._held[network]

    def close(self) -> None:
        """Let all pages go, and any that still comes: the door closes."""
        self._over = True
        for stream in self._open:
            stream.end()

    async def follow(self) -> None:
        """Listen to the node, for ever."""
        while True:
            async for change in self._node.changes():
                self._gather(change)
            # The node lets go of whoever lags; anything may have changed meanwhile.
            for space in self._node.spaces():
                self._gather(Change(space.hex(), None))

    def _gather(self, change: Change) -> None:
        if not self._fresh:
            asyncio.get_running_loop().call_later(GATHER, self._spread)
        self._fresh[change] = None

    def _spread(self) -> None:
        fresh, self._fresh = self._fresh, {}
        for stream in self._open:
            stream.offer(fresh)
