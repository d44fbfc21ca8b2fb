"""Takes in what neighbours send: each thing is checked, written and added up, or dropped."""

import asyncio

from beanjar.node.intake import NotNow, Taken, make_whole
from beanjar.node.node import Node
from beanjar.node.spaces import UnknownSpace
from beanjar.node.writing import Source
from beanjar.ops.alone import read_alone
from beanjar.ops.errors import BrokenChain, Refused
from beanjar.ops.fork import read_fork
from beanjar.ops.run import read_run
from beanjar.store import Unknown
from beanjar.sync.events import (
    Event,
    TakeAlone,
    TakeBody,
    TakeChunk,
    TakeFork,
    TakeRuns,
    TookPush,
    Unlinked,
)

Arriving = TakeRuns | TakeFork | TakeAlone | TakeBody | TakeChunk


class Arrivals:
    """What comes from neighbours to one node."""

    def __init__(self, node: Node) -> None:
        """Take in for this node."""
        self._node = node

    async def take(self, said: Arriving) -> list[Event]:
        """Take in what a neighbour sent; return what the exchange is to be told of it.

        Raises `Refused` for what no honest node sends, and a `StoreError`. What has begun is done
        to its end though the neighbour goes: what is on the disk has to be in the view.
        """
        taking = asyncio.create_task(self._take(said))
        try:
            return await asyncio.shield(taking)
        except asyncio.CancelledError:
            await asyncio.gather(taking, return_exceptions=True)
            raise

    async def _take(self, said: Arriving) -> list[Event]:
        if not self._node.takes_in(said.space):
            return []
        try:
            return await self._take_carried(said)
        except (UnknownSpace, Unknown, NotNow):
            if self._node.takes_in(said.space):
                raise
            return []  # the space was left while this was on its way

    async def _take_carried(self, said: Arriving) -> list[Event]:
        match said:
            case TakeRuns():
                return await self._take_runs(said)
            case TakeFork():
                await self._take_fork(said)
            case TakeAlone():
                await self._take_alone(said)
            case TakeBody():
                await self._take_body(said)
            case TakeChunk():
                await self._take_chunk(said)
        return []

    async def _take_runs(self, said: TakeRuns) -> list[Event]:
        """Take runs in, in their order, all that they can in one transaction."""
        runs = [read_run(run) for run in said.runs]
        source = Source(said.peer, said.push)
        outcomes = await asyncio.gather(
            *(self._node.writing.take(said.space, run, source) for run in runs),
            return_exceptions=True,
        )
        events: list[Event] = []
        is_held = True
        for run, outcome in zip(runs, outcomes, strict=True):
            if isinstance(outcome, BrokenChain):
                events.append(Unlinked(said.peer, said.space, run[0].key, run[0].seq))
            elif isinstance(outcome, BaseException) and not isinstance(outcome, NotNow):
                raise outcome
            is_held = is_held and isinstance(outcome, Taken) and outcome.is_kept
        if said.push is not None and is_held:  # or its sender would call safe what is not
            events.append(TookPush(said.peer, said.push.number))
        return events

    async def _take_fork(self, said: TakeFork) -> None:
        """Take in a proof that a log is forked whose beginning is here."""
        proof = read_fork(said.proof)
        if proof.space != said.space:
            raise Refused("This proof belongs to another space.")
        if self._node.head(said.space, proof.key).seq >= 0:
            new = await self._node.writing.do(lambda writer: writer.add_fork(proof))
            if new:
                self._node.feed_fork(proof, Source(said.peer))

    async def _take_alone(self, said: TakeAlone) -> None:
        """Take in an operation that was asked for by its id."""
        operation = read_alone(said.operation)
        if operation.effective_space != said.space:
            raise Refused("This was said in another space.")
        if operation.id == said.space:
            await self._node.writing.take(said.space, [operation], Source(said.peer))
        elif self._node.carried.carry(said.space).welcomes(operation):
            kept = await self._node.writing.do(lambda writer: writer.keep_alone(operation))
            if kept:
                self._node.carried.feed_apart(said.space, operation)

    async def _take_body(self, said: TakeBody) -> None:
        """Take in a body that is missing."""
        held, came = self._node.find_operation(said.space, said.held.id), said.held
        whole = make_whole(held, came.salt, came.body, self._node.clock.now())
        if whole is None:
            return
        if await self._node.writing.do(lambda writer: writer.restore_body(whole)):
            self._node.carried.feed_apart(said.space, whole)

    async def _take_chunk(self, said: TakeChunk) -> None:
        """Take in a chunk of a file, if it is wanted."""
        await self._node.writing.do(lambda writer: writer.keep_chunk(said.space, said.content))
