"""One space, as far as it has arrived: its operations read, attributed and added up."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from msgspec import Struct

from beanjar.fold.engine import Engine, UnknownSubject
from beanjar.fold.statement import Statement
from beanjar.ops.body import Body, Vocabulary
from beanjar.ops.device import LastWord, is_revoked
from beanjar.ops.fork import ForkProof
from beanjar.ops.operation import Operation
from beanjar.space.charter import BODIES, Founding, Join, Revoke
from beanjar.space.closing import Closing
from beanjar.space.doors import DOORS_FOLD, Door, Doors
from beanjar.space.erasure import ERASURES, Erasures
from beanjar.space.members import MEMBERS, Members
from beanjar.space.offers import BODIES as OFFER_BODIES
from beanjar.space.offers import NODE_OFFERS, OFFERS, Offered, Offers
from beanjar.space.question import BODIES as QUESTION_BODIES
from beanjar.space.question import WITNESSED
from beanjar.space.tool import Given, Tool

OF_NODES = (Join, Door, *NODE_OFFERS, *WITNESSED)
"""What means something when the device of a node says it."""


Why = Literal["forked", "revoked"]
"""Why what a device says counts no more from some place of its log on."""


def know(tools: Iterable[Tool]) -> Vocabulary:
    """Return the vocabulary of a program that has these tools."""
    own = (body for tool in tools for body in (tool.ask, tool.answer, *tool.bodies))
    return Vocabulary([*BODIES, Door, *OFFER_BODIES, *QUESTION_BODIES, *own])


class Space:
    """All that one space's operations add up to, kept warm."""

    def __init__(self, name: bytes, tools: Sequence[Tool]) -> None:
        """Begin without operations; `name` is the space's id, 32 bytes."""
        self.id = name
        self.tools = tuple(tools)
        self.vocabulary = know(tools)
        kinds = [kind for tool in tools for kind in tool.kinds(name.hex())]
        self._engine = Engine([MEMBERS, ERASURES, OFFERS, DOORS_FOLD, *kinds], first=name.hex())
        self._authors: dict[bytes, tuple[str, str]] = {}
        """By device key: the device, as all its statements call it, and its person."""
        self._nodes: set[bytes] = set()
        """Devices that only witness."""
        self._revocations: defaultdict[bytes, list[Revoke]] = defaultdict(list)
        self._ends: defaultdict[str, dict[Why, int]] = defaultdict(dict)
        """By device (hex) that was forked or revoked: from which seq on nothing counts."""
        self.changes = 0
        """How often anything may have changed: while it is the same, so is every view."""

    def add(self, operation: Operation) -> Statement | None:
        """Take an operation that was verified and admitted; return what it says, if anything.

        Operations of one log come in their order, beginning with its first.
        """
        self.changes += 1
        body = self._read_body(operation)
        if body is None:
            return None
        if operation.seq == 0 and isinstance(body, Founding | Join):
            self._authors[operation.key] = (operation.key.hex(), body.certificate.person)
            if isinstance(body, Join) and body.node:
                self._nodes.add(operation.key)
            self._revoke(operation.key)
        if isinstance(body, Revoke):
            self._revocations[bytes.fromhex(body.device)].append(body)
            self._revoke(bytes.fromhex(body.device))
        said = self._attribute(operation, body)
        self._engine.add(said)
        return said

    def subject_of(self, said: Statement) -> str | None:
        """Return the id of the subject that a statement belongs to, once that has arrived."""
        return self._engine.subject_of(said)

    def read(self, operation: Operation) -> Statement | None:
        """Return what an operation says, or `None` if it means nothing here, or its log is unknown.

        What stands alone may come before the log that says whose it is, or without it.
        """
        body = self._read_body(operation) if self.knows(operation.key) else None
        return None if body is None else self._attribute(operation, body)

    def _read_body(self, operation: Operation) -> Body | None:
        body = self.vocabulary.read(operation.body) if operation.body is not None else None
        if body is None or (body.lasting and operation.until):
            return None
        return None if operation.key in self._nodes and not isinstance(body, OF_NODES) else body

    def _attribute(self, operation: Operation, body: Body) -> Statement:
        device, person = self._authors[operation.key]
        return Statement(operation.id.hex(), device, person, operation.seq, operation.time, body)

    def cut(self, proof: ForkProof) -> None:
        """Let nothing of a forked log count from the fork on, but what stands alone.

        The operation that founded the space counts whatever its author does.
        """
        self._cut_log(proof.key.hex(), proof.seq, "forked")

    def drop(self, ids: Iterable[bytes]) -> None:
        """Forget what these operations said: their bodies were erased or have expired."""
        self.changes += 1
        self._engine.drop(each.hex() for each in ids)

    @property
    def erasures(self) -> Erasures:
        """The fold of who asked to erase what."""
        fold = self._engine.whole.folds[ERASURES.name]
        assert isinstance(fold, Erasures)
        return fold

    def erases(self, operation: Operation) -> bool:
        """Say whether a valid erasure covers this operation, whose body is here."""
        said = self.read(operation)
        return said is not None and self.erasures.covers(said, self.members.has)

    def is_cut(self, said: Statement) -> bool:
        """Say whether a statement is past a fork of its log, or of a device that was revoked."""
        return self._engine.is_cut(said)

    def knows(self, device: bytes) -> bool:
        """Say whether the log of this device has begun."""
        return device in self._authors

    def ends_of(self, device: str) -> Mapping[Why, int]:
        """Return from which seq on nothing counts that the device (hex) says, and why."""
        return self._ends.get(device, {})

    def person_of(self, device: bytes) -> str | None:
        """Return the person (hex) whose device this is, once its log has begun."""
        return self._authors[device][1] if device in self._authors else None

    def devices_of(self, person: str) -> list[bytes]:
        """Return the keys of all devices that a person (hex) ever had here."""
        return [key for key, (_, owner) in self._authors.items() if owner == person]

    def is_node(self, device: bytes) -> bool:
        """Say whether the device only witnesses for its person."""
        return device in self._nodes

    @property
    def members(self) -> Members:
        """The fold of who is here."""
        fold = self._engine.whole.folds[MEMBERS.name]
        assert isinstance(fold, Members)
        return fold

    def offers(self) -> list[Offered]:
        """Return who offers to witness now; a device that was forked or revoked no longer does."""
        offered = self._offers.view(self.members.has)
        return [each for each in offered if each.device not in self._ends]

    def vouchers_of(self, person: str) -> list[str]:
        """Return the members (hex) who vouch for a person now."""
        return self._offers.vouchers_of(person, self.members.has)

    @property
    def _offers(self) -> Offers:
        fold = self._engine.whole.folds[OFFERS.name]
        assert isinstance(fold, Offers)
        return fold

    @property
    def doors(self) -> Doors:
        """The fold of where nodes serve the space's pages."""
        fold = self._engine.whole.folds[DOORS_FOLD.name]
        assert isinstance(fold, Doors)
        return fold

    def subjects(self, tool: Tool) -> list[str]:
        """Return the ids of the tool's subjects whose first statement counts, the newest first."""
        found = []
        for name in self._engine.subjects:
            asked = self.closing(name).asked
            if asked is not None and type(asked.body) is tool.ask:
                found.append((asked.stamp, name))
        return [name for _, name in sorted(found, reverse=True)]

    def closing(self, name: str) -> Closing:
        """Return the closing of the question that the id belongs to, or raise `UnknownSubject`."""
        fold = self._engine.find(name)[1].folds["closing"]
        assert isinstance(fold, Closing)
        return fold

    def find(self, name: str) -> tuple[str, Tool]:
        """Return the id and the tool of the subject that `name` belongs to.

        Raises `UnknownSubject` if nothing here has that id, or if it cannot be answered.
        """
        root, _ = self._engine.find(name)
        asked = self.closing(root).asked
        if asked is None:
            raise UnknownSubject("This question names witnesses in a way that can never agree.")
        return root, next(tool for tool in self.tools if type(asked.body) is tool.ask)

    def view(self, name: str, now: int) -> Struct | None:
        """Return the view of the subject that `name` belongs to, at `now` (ms)."""
        _, subject = self._engine.find(name)
        closing = self.closing(name).view(None)
        view: Struct | None = subject.folds["own"].view(Given(self.id.hex(), now, closing))
        return view

    def board(self, tool: Tool, now: int) -> Struct:
        """Return the view of all subjects of one tool, at `now` (ms)."""
        return tool.board({name: self.view(name, now) for name in self.subjects(tool)})

    def _revoke(self, device: bytes) -> None:
        """Cut the device where its person's own signature says so, whoever passed that on."""
        for body in self._revocations.get(device, ()):
            _, person = self._authors.get(device, ("", ""))
            word = LastWord(self.id, device, body.seq, bytes.fromhex(body.last))
            if is_revoked(bytes.fromhex(person), body.signature, word):
                self._cut_log(device.hex(), body.seq + 1, "revoked")

    def _cut_log(self, device: str, seq: int, why: Why) -> None:
        self.changes += 1
        ends = self._ends[device]
        ends[why] = min(seq, ends.get(why, seq))
        self._engine.cut(device, seq)
