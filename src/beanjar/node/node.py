"""A node: takes operations in, keeps them, and shows what they add up to."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Iterator, Sequence

from msgspec import Struct

from beanjar.base.clock import SECOND, Clock
from beanjar.base.ids import ZERO
from beanjar.fold.engine import UnknownSubject
from beanjar.fold.statement import Statement
from beanjar.node.carried import Carried
from beanjar.node.changes import Change
from beanjar.node.exporting import export_stored
from beanjar.node.files import Files
from beanjar.node.folder import Folder
from beanjar.node.intake import Taken
from beanjar.node.ownlog import OwnLog
from beanjar.node.quotas import Quotas, name_quota
from beanjar.node.receipt import Receipt
from beanjar.node.removal import Removal
from beanjar.node.spaces import Spaces
from beanjar.node.witness import secrets_of
from beanjar.node.witnesses import Witnesses
from beanjar.node.writing import Source, Writing
from beanjar.ops.body import Body
from beanjar.ops.device import Certificate, is_certified
from beanjar.ops.errors import Forked, Refused
from beanjar.ops.fork import ForkProof
from beanjar.ops.log import Head
from beanjar.ops.operation import Operation
from beanjar.ops.run import read_run
from beanjar.space.charter import Hop, Join
from beanjar.space.doors import Door
from beanjar.space.offers import Offer, Stop
from beanjar.space.question import Answer
from beanjar.space.space import Space
from beanjar.space.tool import Tool
from beanjar.store import Writer

log = logging.getLogger("beanjar.node")


class Node:
    """One node on its own folder, for one event loop. Space ids and keys have 32 bytes."""

    def __init__(
        self, folder: Folder, tools: Sequence[Tool], clock: Clock, quotas: Quotas | None = None
    ) -> None:
        """Carry the spaces that are in the folder, as far as the quotas allow."""
        self.folder = folder
        self.tools = tuple(tools)
        self.clock = clock
        self._store = folder.store
        self.quotas = quotas or Quotas(folder.store)
        self._left: set[bytes] = set()
        """Spaces that were carried until a moment ago: neighbours may not know yet."""
        self.carried = Spaces(folder.store, self.tools, clock)
        self.writing = Writing(folder.store, clock.now, self._feed)
        self._own_log = OwnLog(folder.device, folder.store, clock, self._take)
        self.witnesses = Witnesses(self.device, folder.store, self._own_log.say)
        self._ticking = asyncio.Lock()
        self._call = asyncio.Event()
        self.files = Files(folder.store, self.writing)
        self._removal = Removal(self.writing, self.carried.warm)
        self.carried.notice(self._notice)
        self.door = ""
        """Where others can open this node's pages; the spaces that it witnesses in are told."""

    @property
    def device(self) -> bytes:
        """This node's own device key."""
        return self.folder.device.public

    @property
    def token(self) -> str:
        """What the keeper's own programs show to be let at this node's device."""
        return self.folder.token

    async def start(self) -> None:
        """Go on with what this node witnesses, before anything new is taken in."""
        self.quotas.look()
        for space in self._store.spaces():
            if self._store.head(space, self.device).seq >= 0:
                self._carry(space)
        await self.tick()

    async def stop(self) -> None:
        """Finish what is being written and let go of the folder."""
        self.carried.changes.end()
        await self.writing.stop()
        self.folder.close()

    def spaces(self) -> list[bytes]:
        """Return the ids of the spaces that this node carries."""
        return self._store.spaces()

    def space(self, name: bytes) -> Space:
        """Return a space, its views kept warm, or raise `UnknownSpace`."""
        return self._carry(name).space

    def head(self, space: bytes, key: bytes) -> Head:
        """Return where the log of a device stands; `EMPTY` if it has none."""
        return self._store.head(space, key)

    def find_operation(self, space: bytes, name: bytes) -> Operation | None:
        """Return an operation by its id, if it is here."""
        return self._store.find(space, name)

    def find_statement(self, space: bytes, name: bytes) -> Statement | None:
        """Return what an operation says, if its body is here and means something."""
        operation = self.find_operation(space, name)
        return self._carry(space).space.read(operation) if operation is not None else None

    async def found(self, data: bytes) -> Receipt:
        """Take the run that founds a space, or raise `Refused`."""
        run = read_run(data)
        if run[0].space != ZERO:
            raise Refused("This does not found a space: it names one already.")
        return await self._take(run[0].effective_space, run)

    async def submit(self, space: bytes, data: bytes) -> Receipt:
        """Take a run of a space that is carried here; returns once it is on disk.

        Raises `UnknownSpace`, `Refused`, `Forked`, or a `StoreError`.
        """
        self._carry(space)
        if self.witnesses.is_due(self.clock.now()):
            await self.tick()  # what comes after a deadline finds the jar closed
        return await self._take(space, read_run(data))

    async def keep(
        self, space: bytes, certificate: Certificate, invitation: tuple[Hop, ...] = ()
    ) -> Receipt:
        """Let this node's device witness in a space for its keeper, and nothing else.

        Raises `Refused` if the certificate is not for this device and space.
        """
        carried = self._carry(space)
        if not is_certified(certificate, space, self.device, node=True):
            raise Refused("This certificate is not for this node in this space.")
        if carried.space.knows(self.device):
            head = self.head(space, self.device)
            return Receipt(space.hex(), head.id.hex(), head.seq)
        joined = await self._own_log.say(space, Join(certificate, invitation, node=True))
        await self._tell_door(space)
        return joined

    async def _tell_door(self, space: bytes) -> None:
        here, device = self._carry(space).space, self.device.hex()
        if here.knows(self.device) and here.doors.of(device) != self.door:
            await self._own_log.say(space, Door(self.door))

    async def offer(self, space: bytes) -> Receipt:
        """Let this node's device stand ready to witness, or raise `Refused`; see `keep`."""
        return await self._say_as_kept(space, Offer())

    async def stop_offering(self, space: bytes) -> Receipt:
        """Let this node's device take back its person's offer, or raise `Refused`; see `keep`."""
        return await self._say_as_kept(space, Stop())

    async def _say_as_kept(self, space: bytes, body: Body) -> Receipt:
        if not self._carry(space).space.knows(self.device):
            raise Refused("This node is no member's. Lend it to the space: beanjar space lend.")
        return await self._own_log.say(space, body)

    async def carry(self, space: bytes) -> None:
        """Carry a space of which perhaps nothing is here yet; neighbours will bring it."""
        self.quotas.check(space)
        self._left.discard(space)
        await self.writing.do(lambda writer: writer.add_space(space))

    async def leave(self, space: bytes) -> None:
        """Carry a space no further, and erase all of it.

        If this node spoke in it, it keeps in mind how far, in case it comes back. `Peers.leave`
        is to follow, where there are neighbours.
        """
        async with self._ticking:
            self._carry(space)
            self._left.add(space)
            await self.writing.do(lambda writer: self._forget(writer, space))
            self.witnesses.leave(space)
            self._removal.forget(space)
            self.files.forget(space)
            self.quotas.forget(space)
            self.carried.leave(space)

    def _forget(self, writer: Writer, space: bytes) -> None:
        self._own_log.mark_left(writer, space)
        writer.forget_private([*secrets_of(self._store, space), name_quota(space)])
        writer.forget_space(space)

    def takes_in(self, space: bytes) -> bool:
        """Say whether anything that neighbours say about a space is taken in."""
        return space not in self._left and not self.quotas.is_full(space)

    def _may_speak(self, space: bytes) -> bool:
        return not (self.quotas.is_full(space) or self._own_log.is_behind(space))

    async def view(self, space: bytes, name: str) -> Struct:
        """Return the view of the subject that an id (hex) belongs to, or raise `UnknownSubject`."""
        carried = self._carry(space)
        await carried.unseal(name)
        view = carried.space.view(name, self.clock.now())
        if view is None:
            raise UnknownSubject("What this belongs to has not arrived yet. Try again later.")
        return view

    async def board(self, space: bytes, tool: Tool) -> Struct:
        """Return the view of all subjects of one tool in the space."""
        carried = self._carry(space)
        for name in carried.space.subjects(tool):
            await carried.unseal(name)
        return carried.space.board(tool, self.clock.now())

    def export(self, space: bytes) -> Iterator[bytes]:
        """Yield the export of a space, piece by piece, or raise `NotFounded`."""
        self._carry(space)
        return export_stored(self._store, space)

    def changes(self) -> AsyncIterator[Change]:
        """Yield every change from now on."""
        return self.carried.changes.listen()

    async def tick_forever(self) -> None:
        """Do what time brings, once a second and whenever something calls for it."""
        while True:
            self._call.clear()
            try:
                await self.tick()
            except Exception:  # whatever it is, what is due next must not wait for ever
                log.exception("This node could not do what was due; it tries again.")
            # Not `wait_for`: on Python 3.11 it swallows a cancellation that comes with the call.
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(SECOND / 1000):
                    await self._call.wait()

    async def tick(self) -> None:
        """Do what is due now: held runs, erasures, expiry, and what this node witnesses."""
        async with self._ticking:  # two at once would say everything twice
            now = self.clock.now()
            await self.writing.release(now)
            await self.files.run()
            await self._removal.run(now)
            self.quotas.look_now_and_then(now)
            await self.witnesses.attend(now, self._may_speak)
            # A node restored from a copy says nothing before it knows what it has said since.
            for space in filter(self._may_speak, self.witnesses.vouched):
                await self._tell_door(space)

    async def _take(self, space: bytes, run: Sequence[Operation]) -> Receipt:
        self.quotas.check(space)
        taken = await self.writing.take(space, run)
        if taken.forked_at is not None:
            raise Forked(taken.forked_at)
        return Receipt(space.hex(), taken.last.id.hex(), taken.last.seq, taken.held_until)

    def _carry(self, space: bytes) -> Carried:
        """Return the space, read from the store if this is the first look at it."""
        if space not in self.carried.warm:
            self.carried.carry(space)
            self._removal.look_over(space)
            for said in self.carried.warm[space].with_files:
                self.files.notice(space, said)
        carried = self.carried.warm[space]
        self.witnesses.serve(space, carried)
        return carried

    def feed_fork(self, proof: ForkProof, source: Source) -> None:
        """Let nothing of a log count from the fork on: a neighbour has proved it."""
        self.carried.feed_fork(proof, source)
        self._removal.look_over(proof.space)
        if proof.key == self.device:
            self.witnesses.learn_restored(proof.space)

    def _feed(self, space: bytes, taken: Taken, source: Source | None) -> None:
        if taken.new and taken.new[0].id == space:
            self._left.discard(space)  # founded again
        self._carry(space)
        self.carried.feed(space, taken, source)
        self.quotas.note(space, taken)
        self._carry(space)  # this node's own device may just have joined
        if taken.fork is not None:
            self._removal.look_over(space)
        if source is not None and taken.last.key == self.device and (taken.new or taken.fork):
            self.witnesses.learn_restored(space)

    def _notice(self, space: bytes, said: Statement) -> None:
        subject = self.carried.carry(space).space.subject_of(said)
        about_question = subject is not None and said.device != self.device.hex()
        calls = about_question and not isinstance(said.body, Answer)
        calls |= self._removal.notice(space, said)
        calls |= self.files.notice(space, said)
        if calls:
            self._call.set()  # answers wait: they are seen in batches, once a second
