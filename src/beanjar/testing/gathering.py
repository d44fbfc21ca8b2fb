"""A space in memory, with people around it and witnesses at hand: no node, no network, no disk."""

from collections import defaultdict
from collections.abc import Sequence

from msgspec import Struct

from beanjar.base.clock import MINUTE
from beanjar.fold.statement import Statement
from beanjar.ops.body import Body
from beanjar.ops.fork import ForkProof, prove_fork
from beanjar.ops.log import check_signature, is_signed
from beanjar.ops.operation import Operation
from beanjar.space.admission import admit
from beanjar.space.ballot import make_answer
from beanjar.space.charter import Charter, Founding
from beanjar.space.export import export_space
from beanjar.space.question import Answer, Ask, Open, Terms
from beanjar.space.space import Space
from beanjar.space.tool import Tool
from beanjar.space.witness import Duty
from beanjar.testing.clock import HandClock
from beanjar.testing.people import Device, Person, make_key

PATIENCE = 2 * MINUTE
"""How long witnesses are waited for in the end."""


class Witness:
    """A person's node, as far as witnessing goes. Its one-time keys come from its name."""

    def __init__(self, keeper: Person, gathering: "Gathering") -> None:
        """Give the keeper a node that witnesses in the gathering."""
        self.device = keeper.new_device("node")
        self.restored = False
        """Whether it was restored from a copy, and takes no further part in what it accepted."""
        self._gathering = gathering
        self._duties: dict[str, Duty] = {}

    def admits(self, answer: Statement) -> bool:
        """Admit every answer that is a member's and signed."""
        signed = self.find_signed(answer.id)
        return signed is not None and self._gathering.space.members.has(answer.person)

    def find_signed(self, name: str) -> Operation | None:
        """Return an operation of the gathering by its id, if its own signature is good."""
        operation = self._gathering.find_operation(name)
        return operation if is_signed(operation) else None

    def secret_for(self, ask: str) -> bytes:
        """Return the one-time key for an ask."""
        return make_key(f"{self.device.name} {ask}").seed

    def abstains(self, asked: str) -> bool:
        """Abstain from everything once it was restored."""
        del asked
        return self.restored

    def attend(self, question: str) -> bool:
        """Say all that this witness has to say now; return whether it had anything to say."""
        spoke = False
        while (word := self._duty(question).next_word(self._gathering.now, self)) is not None:
            self._gathering.say(self.device, word)
            spoke = True
        return spoke

    def is_done(self, question: str) -> bool:
        """Say whether this witness will never have to say anything more."""
        return self._duty(question).is_done()

    def _duty(self, question: str) -> Duty:
        closing = self._gathering.space.closing(question)
        name = self._gathering.space.find(question)[0]
        duty = self._duties.get(name) or Duty(closing, self.device.name)
        self._duties[name] = duty if duty.closing is closing else duty.rebuilt(closing)
        return self._duties[name]


class Gathering:
    """A space with its founder and the witnesses that the founder's friends keep."""

    def __init__(
        self, founder: Person, tools: Sequence[Tool], charter: Charter | None = None
    ) -> None:
        """Found the space; the clock is at the start of the story."""
        self.clock = HandClock()
        self.founder = founder
        device = founder.device
        founding = Founding("The table", device.certificate(bytes(32)), "", charter or Charter())
        self.operations: list[Operation] = []
        self.forks: list[ForkProof] = []
        self._named: dict[str, Operation] = {}
        founded = device.found(founding, self.clock.now())
        self.space = Space(founded.id, tools)
        self._keep(founded)
        self.witnesses: list[Witness] = []

    @property
    def now(self) -> int:
        """The time at the table, in ms."""
        return self.clock.now()

    def say(self, device: Device, body: Body, until: int = 0) -> str:
        """Let a device say something, joining first if it has not; return the statement's id."""
        if not self.space.knows(device.key.public):
            self.take(device.join(self.space.id, self.now))
        return self.take(device.write(self.space.id, body, self.clock.pass_time(), until))

    def answer(self, device: Device, question: str, choice: Struct | None) -> str:
        """Let a device answer as a person's client does; return the answer's id."""
        return self.say(device, self.prepare(device, question, choice))

    def prepare(self, device: Device, question: str, choice: Struct | None) -> Answer:
        """Return the answer that a person's client would have this device sign; `None` withdraws.

        Raises `NotOpen` or `CannotSeal` as the client would.
        """
        _, tool = self.space.find(question)
        view = self.space.closing(question).view(None)
        assert view is not None
        return make_answer(
            tool.answer,
            choice,
            view.facts,
            space=self.space.id,
            device=device.key.public,
            secret=make_key(f"{device.name} {len(self.operations)}").seed,
        )

    def take(self, *run: Operation) -> str:
        """Take operations of one log as a node would, by the last one's signature.

        Return the last one's id in hex. What contradicts is not noticed here, see `fork`.
        """
        check_signature(run[-1])
        if run[0].seq == 0:
            admit(run[0], self.operations[0])
        return [self._keep(operation) for operation in run][-1]

    def fork(self, one: Operation, other: Operation) -> ForkProof:
        """Let it be known that two signed operations of one log contradict."""
        proof = prove_fork([one], [other])
        self.forks.append(proof)
        self.space.cut(proof)
        return proof

    def logs(self) -> list[list[Operation]]:
        """Return all logs, the founder's first, then in the order of their keys."""
        logs: defaultdict[bytes, list[Operation]] = defaultdict(list)
        for operation in self.operations:
            logs[operation.key].append(operation)
        founders = logs.pop(self.operations[0].key)
        return [founders, *(logs[key] for key in sorted(logs))]

    def export(self) -> bytes:
        """Return the export of the space, as a node would write it."""
        return b"".join(export_space(self.space.id, self.logs(), self.forks))

    def find_operation(self, name: str) -> Operation:
        """Return an operation by its id in hex."""
        return self._named[name]

    def add_witness(self, keeper: Person) -> Witness:
        """Let a person's node stand ready to witness."""
        witness = Witness(keeper, self)
        self.take(witness.device.join(self.space.id, self.now))
        self.witnesses.append(witness)
        return witness

    def terms(self, minutes: int = 60, **more: bool) -> Terms:
        """Return terms with all witnesses of the table, closing so many minutes from now."""
        devices = tuple(witness.device.name for witness in self.witnesses)
        return Terms(self.now + minutes * MINUTE, devices, **more)

    def ask(self, asker: Person, ask: Ask, roll: Sequence[Person] = ()) -> str:
        """Ask, let the witnesses accept, and open; return the id that answers name."""
        asked = self.say(asker.device, ask)
        self.attend(asked)
        accepts = self.space.closing(asked).accepts()
        named = tuple(accepts[device].id for device in ask.terms.witnesses if device in accepts)
        opened = self.say(asker.device, Open(asked, named, tuple(person.id for person in roll)))
        self.attend(opened)
        return opened

    def attend(self, question: str) -> None:
        """Let all witnesses say what they have to say about the question, until none has a word."""
        while sum(witness.attend(question) for witness in self.witnesses):
            continue  # each may answer what another has just said

    def close(self, question: str) -> None:
        """Let the deadline pass and the witnesses do what they then do, whatever time it takes.

        They may wait for one another: this goes on until none has anything left to say, or for as
        long as `PATIENCE`.
        """
        closes = self.space.closing(question).ask.terms.closes
        self.attend(question)
        self.clock.pass_time(max(0, closes - self.now))
        self.attend(question)
        until = self.now + PATIENCE
        while self.now < until and not all(each.is_done(question) for each in self.witnesses):
            self.clock.pass_time()
            self.attend(question)

    def _keep(self, operation: Operation) -> str:
        name = operation.id.hex()
        self.operations.append(operation)
        self._named[name] = operation
        self.space.add(operation)
        return name
