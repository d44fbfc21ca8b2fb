"""One space on this node: its view kept warm, and what this node knows of how things came in."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from itertools import islice

from beanjar.base.limits import MISSING
from beanjar.fold.statement import Statement
from beanjar.node.unsealing import unseal
from beanjar.ops.log import is_signed
from beanjar.ops.operation import Operation
from beanjar.space.closing import Closing
from beanjar.space.files import wanted_chunks
from beanjar.space.question import LOOSE, Answer
from beanjar.space.space import Space
from beanjar.space.tool import Tool
from beanjar.space.witness import has_ended
from beanjar.store import Store


class Carried:
    """A space that this node carries."""

    def __init__(self, name: bytes, tools: Sequence[Tool], store: Store) -> None:
        """Read the space (its id, 32 bytes) from the store."""
        self.space = Space(name, tools)
        self._store = store
        self._early: defaultdict[bytes, list[Operation]] = defaultdict(list)
        self._finished: set[str] = set()
        self._late: set[str] = set()
        self._signed: set[str] = set()
        self._spoilt: set[str] = set()
        """Answers and votes whose own signature is bad here. Who passed them on may be to blame."""
        self._unsealing: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self.with_files: list[Statement] = []
        """What named files when the space was read."""
        for _, operation in store.scan(name):
            said = self.space.add(operation)
            if said is not None and wanted_chunks(said):
                self.with_files.append(said)
        for operation in store.alone(name):
            self.feed_apart(operation)
        for proof in store.forks(name):
            self.space.cut(proof)

    def feed(self, new: Sequence[Operation], now: int) -> list[Statement]:
        """Add up what has been stored at `now` (ms); return what it says."""
        heard = [said for operation in new if (said := self.space.add(operation)) is not None]
        early = self._early.pop(new[0].key, ()) if new and new[0].seq == 0 else ()
        apart = [said for operation in early if (said := self.feed_apart(operation)) is not None]
        answers = [said for said in heard if isinstance(said.body, Answer)]
        self._late.update(said.id for said in answers if self._is_late(said, now))
        # A run is taken in by its last signature, so that one need not be checked again.
        self._signed.update(said.id for said in answers if said.id == new[-1].id.hex())
        return heard + apart

    def feed_apart(self, operation: Operation) -> Statement | None:
        """Add up an operation that came without its log, or whose body came after its header."""
        self._spoilt.discard(operation.id.hex())
        if self.space.knows(operation.key) and operation.seq > 0:
            return self.space.add(operation)
        self._early[operation.key].append(operation)
        return None

    def welcomes(self, operation: Operation) -> bool:
        """Say whether an operation that came by itself is one that a question needs."""
        return operation.id in self.missing() or self._is_loose(operation)

    def missing(self) -> list[bytes]:
        """Return the ids of what unsettled questions need and what is not here."""
        missing = [each for closing in self._unfinished() for each in closing.missing()]
        return [bytes.fromhex(each) for each in (*missing, *islice(self._spoilt, MISSING))]

    def loose(self) -> list[bytes]:
        """Return the ids of what is here past forks and what an unsettled question may need."""
        return [
            bytes.fromhex(each.id) for closing in self._unfinished() for each in closing.loose()
        ]

    def admits(self, answer: Statement) -> bool:
        """Say whether this node's witness may admit an answer: in time, a member's, and signed."""
        if answer.id in self._late or not self.space.members.has(answer.person):
            return False
        if answer.id in self._signed:
            self._signed.remove(answer.id)  # once admitted, nobody asks again
            return True
        return self.find_signed(answer.id) is not None

    async def unseal(self, name: str) -> None:
        """Open the sealed answers of a question, if they can be opened."""
        root, _ = self.space.find(name)
        async with self._unsealing[root]:
            await unseal(self.space.closing(root))

    def find_operation(self, name: str) -> Operation | None:
        """Return an operation of the space by its id in hex."""
        return self._store.find(self.space.id, bytes.fromhex(name))

    def find_signed(self, name: str) -> Operation | None:
        """Return an operation by its id in hex, if its own signature is good.

        If it is bad, others are asked for the operation until it is mended.
        """
        operation = self.find_operation(name)
        if operation is not None and not is_signed(operation):
            self._spoilt.add(name)
            return None
        self._spoilt.discard(name)
        return operation

    def _is_loose(self, operation: Operation) -> bool:
        """Say whether it is what a forked device said about a question that is not settled."""
        said = self.space.read(operation)
        if said is None or not isinstance(said.body, LOOSE) or not self.space.is_cut(said):
            return False
        return self.space.subject_of(said) is not None

    def _unfinished(self) -> list[Closing]:
        """Return the closings of which something may still be missing."""
        for tool in self.space.tools:
            for name in self.space.subjects(tool):
                if name not in self._finished and self.space.closing(name).is_finished():
                    self._finished.add(name)
        names = [name for tool in self.space.tools for name in self.space.subjects(tool)]
        return [self.space.closing(name) for name in names if name not in self._finished]

    def _is_late(self, answer: Statement, now: int) -> bool:
        question = self.space.subject_of(answer)
        if question is None:
            return False
        closing, named = self.space.closing(question), getattr(answer.body, "on", None)
        openings = [each for each in closing.openings() if each.said.id == named]
        return any(has_ended(closing, opening, now) for opening in openings)
