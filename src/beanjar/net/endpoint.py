"""Dialling and being dialled: how a connection becomes a link, and who is let in.

Who dials opens the one stream and begins with an empty frame, since a stream is seen only once
something was written on it; who was dialled answers with an empty frame once it has taken the link.
So both know of it, or neither does.
"""

import asyncio
import logging
from collections.abc import Coroutine, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import NamedTuple

from beanjar.base.limits import (
    DIAL_SECONDS,
    GREETING_SECONDS,
    NODE_ADDRESSES,
    SEND_SECONDS,
    STOP_SECONDS,
)
from beanjar.net.addresses import is_loopback
from beanjar.net.bounds import Handshakes, Links
from beanjar.net.carrier import Caller, Carrier, Connection
from beanjar.net.link import CannotReach, LinkLost
from beanjar.net.stream import StreamLink

log = logging.getLogger("beanjar.net")

STOPPED = "This node has ended its connections."


class Patience(NamedTuple):
    """How long one waits, in seconds."""

    dial: float = DIAL_SECONDS
    greeting: float = GREETING_SECONDS
    send: float = SEND_SECONDS


class CarrierEndpoint:
    """A node's end of all the links on one carrier."""

    def __init__(self, carrier: Carrier, patience: Patience, *, only_loopback: bool) -> None:
        """Listen on the carrier; take nobody from other machines if `only_loopback`."""
        self._carrier = carrier
        self._patience = patience
        self._only_loopback = only_loopback
        self._links = Links()
        self._handshakes = Handshakes()
        self._ready: asyncio.Queue[StreamLink | None] = asyncio.Queue()
        self._tasks: set[asyncio.Task[None]] = set()
        self._stopped = False
        self._start(self._listen())

    @property
    def key(self) -> bytes:
        """The key by which others dial this node, 32 bytes."""
        return self._carrier.key

    @property
    def relays(self) -> tuple[str, ...]:
        """The relays that this node may use."""
        return self._carrier.relays

    def addresses(self) -> tuple[str, ...]:
        """Return where this node can be dialled; see `Endpoint.addresses`."""
        known = () if self._stopped else self._carrier.addresses()
        if not self._only_loopback:
            return known
        return tuple(each for each in known if is_loopback(each.rpartition(":")[0]))

    async def dial(self, key: bytes, addresses: Sequence[str]) -> StreamLink:
        """Return a link with the node of this key; see `Endpoint.dial`."""
        try:
            async with asyncio.timeout(self._patience.dial):
                return await self._dial(key, addresses[:NODE_ADDRESSES])
        except TimeoutError as error:
            why = f"Nobody answered within {self._patience.dial:g} seconds."
            raise _cannot_reach(key, addresses, why) from error
        except LinkLost as error:
            raise _cannot_reach(key, addresses, str(error)) from error

    async def _dial(self, key: bytes, addresses: Sequence[str]) -> StreamLink:
        self._check()
        self._links.check_room()
        connection = await self._carrier.connect(key, addresses)
        return await self._greet(connection, dialled=False)

    async def accept(self) -> StreamLink:
        """Return the next link that another node has made; raise `LinkLost` once stopped."""
        while (link := await self._ready.get()) is not None:
            if not link.is_lost:
                return link
        self._ready.put_nowait(None)
        raise LinkLost(STOPPED)

    async def stop(self) -> None:
        """End all links and take no more. To stop twice is to stop once."""
        if self._stopped:
            return
        self._stopped = True
        self._links.lose_all("The node is going away.")
        with suppress(TimeoutError):
            async with asyncio.timeout(STOP_SECONDS):
                await self._carrier.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._ready.put_nowait(None)

    async def _listen(self) -> None:
        try:
            while (caller := await self._carrier.next_caller()) is not None:
                self._start(self._meet(caller))
        finally:
            self._ready.put_nowait(None)  # nobody shall wait for others on a node that is deaf

    async def _meet(self, caller: Caller) -> None:
        """Let in one who dials, unless too many do."""
        host = await caller.host()
        if self._only_loopback and not is_loopback(host):
            await caller.ignore()
        elif not self._handshakes.is_room(host, proven=await caller.is_proven()):
            await caller.put_off()
        else:
            with self._handshakes.begin(host), suppress(TimeoutError, LinkLost):
                async with asyncio.timeout(self._patience.greeting):
                    link = await self._greet(await caller.accept(), dialled=True)
                self._ready.put_nowait(link)

    async def _greet(self, connection: Connection, *, dialled: bool) -> StreamLink:
        """Make a connection a link, as the one who was dialled or the one who dialled."""
        with _cut_on_error(connection):
            await (connection.take_stream() if dialled else connection.open_stream())
            link = StreamLink(connection.peer, connection, self._patience.send)
            self._start(_watch(link, connection))
            if not dialled:
                await link.send(b"")
            if await link.receive():
                raise LinkLost("The peer does not begin as a node does.")
            self._check()
            self._links.add(link, is_own=not dialled)
            if dialled:
                await link.send(b"")
        return link

    def _check(self) -> None:
        if self._stopped:
            raise LinkLost(STOPPED)

    def _start(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._note_end)

    def _note_end(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("A connection failed in a way that nobody foresaw.", exc_info=error)


def _cannot_reach(key: bytes, addresses: Sequence[str], why: str) -> CannotReach:
    places = " or ".join(addresses) or "an unknown address"
    return CannotReach(f"There is no connection with node {key.hex()[:8]}… at {places}. {why}")


async def _watch(link: StreamLink, connection: Connection) -> None:
    """End the link when its connection ends, or when the peer opens a second stream.

    A peer could open many, and each would keep more than a megabyte that nobody reads.
    """
    try:
        await connection.meet_another()
    except LinkLost as error:
        link.lose(str(error))
    else:
        link.lose("The peer opened a second stream.")


@contextmanager
def _cut_on_error(connection: Connection) -> Iterator[None]:
    try:
        yield
    except BaseException as error:
        connection.cut(str(error) or "It took too long.")
        raise
