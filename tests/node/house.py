"""A node on a folder of its own, a clock held in the hand, and the space that Ada founded there."""

import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from hashlib import sha256
from pathlib import Path

from msgspec import Struct

from beanjar.base.clock import HOUR
from beanjar.node.folder import Folder
from beanjar.node.node import Node
from beanjar.node.receipt import Receipt
from beanjar.ops.body import Body, write_body
from beanjar.ops.device import certify_device
from beanjar.ops.log import Head, head_of, write_operation
from beanjar.ops.operation import Operation
from beanjar.ops.run import write_run
from beanjar.space.ballot import make_answer
from beanjar.space.charter import Charter, Founding, Join
from beanjar.space.closing_view import ClosingFacts
from beanjar.space.export import Export
from beanjar.space.question import Open, Terms
from beanjar.space.space import Space
from beanjar.space.verification import Report, Verification
from beanjar.space.view import encode_view
from beanjar.testing.clock import HandClock
from beanjar.testing.people import Device, Person
from tests.space.tiny import TINY, Count, TinyAnswer, TinyAsk, TinyView


class House:
    """A node that is running. What people say follows what it has of their logs."""

    def __init__(self, node: Node, clock: HandClock, ada: Person) -> None:
        self.node = node
        self.clock = clock
        self.ada = ada
        self.id = next(iter(node.spaces()), bytes(32))

    @property
    def space(self) -> Space:
        return self.node.space(self.id)

    async def found(self, charter: Charter | None = None) -> None:
        """Found a space."""
        certificate = self.ada.device.certificate(bytes(32))
        founding = Founding("The table", certificate, "", charter or Charter())
        founded = self.ada.device.copied().found(founding, self.clock.now())
        self.id = founded.id
        await self.node.found(write_run([founded]))

    async def keep(self) -> Receipt:
        """Let the node take part in the space as Ada's."""
        device = self.node.device
        return await self.node.keep(
            self.id, certify_device(self.ada.key, self.id, device, node=True)
        )

    def write(
        self,
        device: Device,
        *bodies: Body,
        ahead: int = 0,
        until: int = 0,
        head: Head | None = None,
    ) -> list[Operation]:
        """Sign what follows `head`, else what the node has of the device's log."""
        head = head or self.node.head(self.id, device.key.public)
        operations = []
        for body in bodies:
            data, time = write_body(body), self.clock.now() + ahead
            salt = sha256(head.id + data).digest()[:16]
            operations.append(
                write_operation(device.key, self.id, head, data, salt=salt, time=time, until=until)
            )
            head = head_of(operations[-1])
        return operations

    def join(self, device: Device) -> Join:
        return Join(device.certificate(self.id))

    async def take(self, *run: Operation) -> Receipt:
        """Hand a run to the node."""
        return await self.node.submit(self.id, write_run(run))

    async def say(self, device: Device, body: Body, *, ahead: int = 0, until: int = 0) -> str:
        """Let a device say something, joining first if it has not; return the entry's id."""
        if not self.space.knows(device.key.public):
            await self.take(*self.write(device, self.join(device)))
        return (await self.take(*self.write(device, body, ahead=ahead, until=until))).id

    async def ask(self, *, witness: bytes | None = None, **terms: bool) -> str:
        """Ask, let the node accept, and open; return the id that answers name."""
        node = (witness or self.node.device).hex()
        ask = TinyAsk(Terms(self.clock.now() + HOUR, (node,), **terms))
        asked = await self.say(self.ada.device, ask)
        await self.node.tick()
        return await self.open(asked)

    async def open(self, asked: str) -> str:
        """Open what was asked, with what accepts there are."""
        accepts = self.space.closing(asked).accepts().values()
        opened = await self.say(self.ada.device, Open(asked, tuple(each.id for each in accepts)))
        await self.node.tick()
        return opened

    def prepare(self, device: Device, question: str, choice: Struct | None) -> TinyAnswer:
        """Return what a device signs to answer."""
        view = self.space.closing(question).view(None)
        assert view is not None
        secret = sha256(device.key.seed + question.encode()).digest()
        key = device.key.public
        answer = make_answer(
            TinyAnswer, choice, view.facts, space=self.id, device=key, secret=secret
        )
        assert isinstance(answer, TinyAnswer)
        return answer

    async def answer(self, person: Person, question: str, n: int) -> str:
        """Let a person answer."""
        return await self.say(person.device, self.prepare(person.device, question, Count(n)))

    async def close(self, question: str) -> None:
        """Let the deadline pass, and the node do what is then due."""
        closes = self.space.closing(question).ask.terms.closes
        await self.node.tick()
        self.clock.pass_time(max(0, closes - self.clock.now()))
        await self.node.tick()

    async def look(self, question: str) -> TinyView:
        """Return what the node shows of a question."""
        view = await self.node.view(self.id, question)
        assert isinstance(view, TinyView)
        return view

    async def facts(self, question: str) -> ClosingFacts:
        facts = (await self.look(question)).facts
        assert facts is not None
        return facts

    async def digest(self, question: str) -> str:
        """Return the SHA-256 of the view, as a verification finds it."""
        return sha256(encode_view(await self.look(question))).hexdigest()

    def export(self) -> bytes:
        return b"".join(self.node.export(self.id))

    def verify(self) -> Report:
        """Return what somebody makes of the space who has nothing but its export."""
        return Verification(io.BytesIO(self.export()), [TINY]).run()

    def recompute(self) -> Space:
        """Return the space added up anew from what is on the disk: the cold view."""
        export, space = Export(io.BytesIO(self.export())), Space(self.id, [TINY])
        for log in export.logs():
            for operation in log:
                space.add(operation)
        for fork in export.forks():
            space.cut(fork)
        return space


@asynccontextmanager
async def open_house(path: Path, clock: HandClock | None = None) -> AsyncIterator[House]:
    """Start a node on a folder, and stop it in the end."""
    hand = clock or HandClock()
    node = Node(Folder(path), [TINY], hand)
    try:
        await node.start()
        yield House(node, hand, Person("Ada"))
    finally:
        await node.stop()
