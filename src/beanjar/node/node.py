"""A node: takes operations in, keeps them, and shows what they add up to."""

import asyncio
import logging
import secrets
from collections.abc import AsyncIterator, Iterator, Sequence

from msgspec import Struct

from beanjar.base.clock import SECOND, Clock
from beanjar.base.errors import BeanjarError
from beanjar.base.ids import ZERO
from beanjar.base.limits import INTEGER
from beanjar.fold.engine import UnknownSubject
from beanjar.fold.statement import Statement
from beanjar.node.carried import Carried
from beanjar.node.changes import Change, Changes
from beanjar.node.folder import Folder
from beanjar.node.intake import Taken
from beanjar.node.removal import Removal
from beanjar.node.witness import Witness
from beanjar.node.writing import Writing
from beanjar.ops.body import Body, write_body
from beanjar.ops.device import Certificate, is_certified
from beanjar.ops.errors import Forked, Refused
from beanjar.ops.log import Head, write_operation
from beanjar.ops.operation import Operation
from beanjar.ops.run import SALT, read_run
from beanjar.space.charter import Hop, Join
from beanjar.space.export import export_space
from beanjar.space.members import NotFounded
from beanjar.space.question import Answer
from beanjar.space.space import Space
from beanjar.space.tool import Tool

log = logging.getLogger("beanjar.node")


class UnknownSpace(BeanjarError):
    """A space that this node does not carry."""


class Receipt(Struct, frozen=True):
    """What a node says once an operation is on its disk: its space, id (hex) and seq.

    `held_until` is ms, when the operation lies in the future and waits for its time.
    """

    space: str
    id: str
    seq: int
    held_until: int | None = None


class Node:
    """One node on its own folder, for one event loop. Space ids and keys have 32 bytes."""

    def __init__(self, folder: Folder, tools: Sequence[Tool], clock: Clock) -> None:
        """Carry the spaces that are in the folder."""
        self.folder = folder
        self.tools = tuple(tools)
        self.clock = clock
        self._store = folder.store
        self._writing = Writing(folder.store, clock.now, self._feed)
        self._changes = Changes()
        self._carried: dict[bytes, Carried] = {}
        self._witnesses: dict[bytes, Witness] = {}
        self._own_log = asyncio.Lock()
        self._ticking = asyncio.Lock()
        self._call = asyncio.Event()
        self._removal = Removal(self._writing, self._carried)

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
        for space in self._store.spaces():
            if self._store.head(space, self.device).seq >= 0:
                self._carry(space)
        await self.tick()

    async def stop(self) -> None:
        """Finish what is being written and let go of the folder."""
        self._changes.end()
        await self._writing.stop()
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
        if any(witness.is_due(self.clock.now()) for witness in self._witnesses.values()):
            await self.tick()  # what comes after a deadline finds the jar closed
        return await self._take(space, read_run(data))

    async def keep(
        self, space: bytes, certificate: Certificate, invitation: tuple[Hop, ...] = ()
    ) -> Receipt:
        """Let this node's device take part in a space as one of its keeper's.

        Raises `Refused` if the certificate is not for this device and space.
        """
        carried = self._carry(space)
        if not is_certified(certificate, space, self.device):
            raise Refused("This certificate is not for this node in this space.")
        if carried.space.knows(self.device):
            head = self.head(space, self.device)
            return Receipt(space.hex(), head.id.hex(), head.seq)
        return await self._say(space, Join(certificate, invitation))

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
        founding = self._store.find(space, space)
        if founding is None:
            raise NotFounded
        return export_space(space, self._logs(space, founding.key), self._store.forks(space))

    def changes(self) -> AsyncIterator[Change]:
        """Yield every change from now on."""
        return self._changes.listen()

    async def tick_forever(self) -> None:
        """Do what time brings, once a second and whenever something calls for it."""
        while True:
            self._call.clear()
            try:
                await self.tick()
            except BeanjarError:
                log.exception("This node could not do what was due; it tries again.")
            try:
                await asyncio.wait_for(self._call.wait(), SECOND / 1000)
            except TimeoutError:
                continue

    async def tick(self) -> None:
        """Do what is due now: held runs, erasures, expiry, and what this node witnesses."""
        async with self._ticking:  # two at once would say everything twice
            now = self.clock.now()
            await self._writing.release(now)
            await self._removal.run(now)
            for witness in list(self._witnesses.values()):
                await witness.attend(now)

    def _logs(self, space: bytes, founder: bytes) -> Iterator[list[Operation]]:
        """Yield all logs of a space, that of the founder's device first."""
        yield self._store.read_log(space, founder, 0, INTEGER)
        yield from (log for log in self._store.logs(space) if log[0].key != founder)

    async def _take(self, space: bytes, run: Sequence[Operation]) -> Receipt:
        taken = await self._writing.take(space, run)
        if taken.forked_at is not None:
            raise Forked(taken.forked_at)
        return Receipt(space.hex(), taken.last.id.hex(), taken.last.seq, taken.held_until)

    async def _say(self, space: bytes, body: Body) -> Receipt:
        """Let this node's own device say something, to the end even if whoever asked goes away."""
        return await asyncio.shield(self._say_next(space, body))

    async def _say_next(self, space: bytes, body: Body) -> Receipt:
        async with self._own_log:  # one after the other, or its log would fork
            operation = write_operation(
                self.folder.device,
                space,
                self._store.head(space, self.device),
                write_body(body),
                salt=secrets.token_bytes(SALT),
                time=self.clock.now(),
            )
            return await self._take(space, [operation])

    def _carry(self, space: bytes) -> Carried:
        """Return the space, read from the store if this is the first look at it."""
        if space not in self._carried:
            if space not in self._store.spaces():
                raise UnknownSpace("This node does not carry that space.")
            self._carried[space] = Carried(space, self.tools, self._store)
            self._removal.look_over(space)
        carried = self._carried[space]
        if space not in self._witnesses and carried.space.knows(self.device):
            self._witnesses[space] = self._make_witness(space, carried)
        return carried

    def _make_witness(self, space: bytes, carried: Carried) -> Witness:
        return Witness(carried, self.device.hex(), self._store, lambda body: self._say(space, body))

    def _feed(self, space: bytes, taken: Taken) -> None:
        """Add up what has been written, and tell of it."""
        carried = self._carry(space)
        if taken.fork is not None:
            carried.space.cut(taken.fork)
        for said in carried.feed(taken.new, self.clock.now()):
            self._notice(space, carried, said)
        self._carry(space)  # this node's own device may just have joined

    def _notice(self, space: bytes, carried: Carried, said: Statement) -> None:
        subject = carried.space.subject_of(said)
        about_question = subject is not None and said.device != self.device.hex()
        calls = about_question and not isinstance(said.body, Answer)
        if self._removal.notice(space, said) or calls:
            self._call.set()  # answers wait: they are seen in batches, once a second
        self._changes.tell(Change(space.hex(), subject))
