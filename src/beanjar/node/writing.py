"""Writes what comes in to the store, all that is waiting in one transaction.

A commit waits for the disk. Meanwhile more comes in; it goes into the next transaction together,
so a node takes in many small runs about as fast as a few large ones.
"""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from msgspec import Struct

from beanjar.base.errors import BeanjarError
from beanjar.node.intake import NotNow, Taken, take_run
from beanjar.ops.operation import Operation
from beanjar.ops.run import read_run
from beanjar.store import Store, StoreError, Writer
from beanjar.sync.messages import Push

T = TypeVar("T")


class Source(Struct, frozen=True):
    """The neighbour (its node key) that a run came from, and the push that brought it, if any."""

    peer: bytes
    push: Push | None = None


Feed = Callable[[bytes, Taken, Source | None], None]
"""Is told of each run that was taken in a space, and where it came from, if not from the door."""


class Waiting(Struct):
    """A run that waits to be written, and the promise to whoever handed it in."""

    space: bytes
    run: Sequence[Operation]
    source: Source | None
    taken: asyncio.Future[Taken]


class Writing:
    """The one thread that writes.

    `feed` is called with each run that was taken, in the order of their logs, on the event loop
    and before whoever handed it in hears of it.
    """

    def __init__(self, store: Store, now: Callable[[], int], feed: Feed) -> None:
        """Write to the store; `now` tells the time in ms."""
        self._store = store
        self._now = now
        self._feed = feed
        self._waiting: list[Waiting] = []
        self._thread = ThreadPoolExecutor(1, "beanjar-writing")
        self._busy: asyncio.Task[None] | None = None

    async def take(
        self, space: bytes, run: Sequence[Operation], source: Source | None = None
    ) -> Taken:
        """Return once the run is on disk. Raises what `take_run` raises, or a `StoreError`."""
        loop = asyncio.get_running_loop()
        waiting = Waiting(space, run, source, loop.create_future())
        self._waiting.append(waiting)
        if self._busy is None or self._busy.done():
            self._busy = loop.create_task(self._write_all())
        return await waiting.taken

    async def do(self, work: Callable[[Writer], T]) -> T:
        """Do other work on the writing thread, in a transaction of its own."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._work, work)

    async def release(self, now: int) -> None:
        """Take the runs that were held until `now` (ms), in one transaction with letting go."""
        for space, outcome in await self.do(lambda writer: self._take_due(writer, now)):
            if isinstance(outcome, Taken):
                self._feed(space, outcome, None)

    async def stop(self) -> None:
        """Finish what is waiting, then let the thread go."""
        if self._busy is not None:
            await self._busy
        self._thread.shutdown()

    async def _write_all(self) -> None:
        loop = asyncio.get_running_loop()
        while self._waiting:
            batch, self._waiting = self._waiting, []
            outcomes = await loop.run_in_executor(self._thread, self._write, batch)
            for waiting, outcome in zip(batch, outcomes, strict=True):
                self._tell(waiting, outcome)

    def _tell(self, waiting: Waiting, outcome: Taken | Exception) -> None:
        # Fed also when nobody waits any more: it is on disk, so the view has to have it.
        if isinstance(outcome, Taken):
            try:
                self._feed(waiting.space, outcome, waiting.source)
            except Exception as error:  # noqa: BLE001 - one bad look must not stop the others
                outcome = error
        if waiting.taken.done():
            return
        if isinstance(outcome, Exception):
            waiting.taken.set_exception(outcome)
        else:
            waiting.taken.set_result(outcome)

    def _write(self, batch: list[Waiting]) -> Sequence[Taken | Exception]:
        try:
            with self._store.writing() as writer:
                return [self._take(writer, each.space, each.run, each.source) for each in batch]
        except Exception as error:  # noqa: BLE001 - nothing was written; whoever waits is told why
            return [error] * len(batch)

    def _take(
        self,
        writer: Writer,
        space: bytes,
        run: Sequence[Operation],
        source: Source | None = None,
    ) -> Taken | BeanjarError:
        try:
            if source is not None and not writer.carries(space):
                raise NotNow("This node has left that space.")  # a neighbour founds none here
            return take_run(writer, space, run, self._now())
        except StoreError:
            raise
        except BeanjarError as refusal:
            return refusal

    def _take_due(self, writer: Writer, now: int) -> list[tuple[bytes, Taken | BeanjarError]]:
        due = writer.take_due(now)
        return [(space, self._take(writer, space, read_run(run))) for space, run in due]

    def _work(self, work: Callable[[Writer], T]) -> T:
        with self._store.writing() as writer:
            return work(writer)
