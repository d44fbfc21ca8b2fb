"""One connection with a neighbour: what it says is heard, taken in, and answered."""

import asyncio
import logging
from collections.abc import Callable
from time import process_time

from beanjar.base.errors import BeanjarError
from beanjar.base.limits import ARRIVALS_WAITING
from beanjar.net.link import Link, LinkLost
from beanjar.node.arrivals import Arrivals, Arriving
from beanjar.ops.errors import Refused
from beanjar.store import StoreError
from beanjar.sync.codec import BadMessage, read_message, write_message
from beanjar.sync.events import Event, Heard
from beanjar.sync.exchange import Exchange

log = logging.getLogger("beanjar.peers")

HEAVY_TO_HEAR, HEAVY_TO_TAKE = 0.01, 0.1
"""Seconds of work on one message from which on its peer has to wait: no honest one is so much."""

Handle = Callable[[Event], list[Arriving]]
"""Tells the exchange of an event; returns what is to be taken in."""


class Neighbour:
    """A connection that stands. `dialled` says whether it was this node that made it."""

    def __init__(self, link: Link, exchange: Exchange, since: int, *, dialled: bool) -> None:
        """Speak on a link, `since` now (in ms of time elapsed)."""
        self.link = link
        self.since = since
        self.dialled = dialled
        self.call = asyncio.Event()
        """Set when there is something to send."""
        self.over = asyncio.Event()
        """Set once nothing is said on it any more."""
        self._exchange = exchange
        self._received = 0
        """Bytes that had come when there was last reason to look."""
        self._arriving: asyncio.Queue[Arriving] = asyncio.Queue(ARRIVALS_WAITING)

    def is_sending(self) -> bool:
        """Say whether bytes have come since the last call and the last whole message."""
        before, self._received = self._received, self.link.received
        return self._received > before

    async def talk(self, arrivals: Arrivals, handle: Handle) -> str:
        """Speak until the link is over; return why it is."""
        tasks = [
            asyncio.create_task(work)
            for work in (self._send(), self._hear(handle), self._take(arrivals, handle))
        ]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        return self._explain(next(iter(done)).exception())

    async def _send(self) -> None:
        while True:
            await self.call.wait()
            self.call.clear()
            while (message := self._exchange.next_message(self.link.peer)) is not None:
                await self.link.send(write_message(message))

    async def _hear(self, handle: Handle) -> None:
        clock = asyncio.get_running_loop().time
        while True:
            data = await self.link.receive()
            self._received = self.link.received
            began = clock()
            outputs = handle(Heard(self.link.peer, read_message(data)))
            spent = clock() - began
            for arriving in outputs:
                await self._arriving.put(arriving)  # a peer that is too fast waits here
            await _let_others_speak(
                spent, HEAVY_TO_HEAR
            )  # one piece may hold thousands of messages

    async def _take(self, arrivals: Arrivals, handle: Handle) -> None:
        while True:
            arriving = await self._arriving.get()
            # Work on all threads, since proofs are found where is written; the disk's time is none.
            began = process_time()
            for event in await arrivals.take(arriving):
                handle(event)
            await _let_others_speak(process_time() - began, HEAVY_TO_TAKE)

    def _explain(self, error: BaseException | None) -> str:
        """Return in a sentence why the talk has ended, and log what is no peer's everyday."""
        match error:
            case LinkLost():
                return str(error)
            case BadMessage() | Refused():
                log.warning("A neighbour was let go. %s", error)
                return f"You sent what no node of this protocol sends. {error}"
            case StoreError() | BeanjarError():
                log.error("What a neighbour sent could not be kept. %s", error)
                return "This node cannot keep any more for now."
            case _:
                log.error("The talk with a neighbour broke off.", exc_info=error)
                return "This node has failed."


async def _let_others_speak(spent: float, heavy: float) -> None:
    """Let who made this node work for so many seconds wait as long, so that others have time."""
    await asyncio.sleep(spent if spent > heavy else 0)
