"""One space on this node: its view kept warm, and what this node knows of how things came in."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence

from beanjar.fold.statement import Statement
from beanjar.node.unsealing import unseal
from beanjar.ops.errors import BadSignature
from beanjar.ops.log import check_signature
from beanjar.ops.operation import Operation
from beanjar.space.question import Answer
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
        self._late: set[str] = set()
        self._signed: set[str] = set()
        self._unsealing: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        for _, operation in store.scan(name):
            self.space.add(operation)
        for proof in store.forks(name):
            self.space.cut(proof)

    def feed(self, new: Sequence[Operation], now: int) -> list[Statement]:
        """Add up what has been stored at `now` (ms); return what it says."""
        heard = [said for operation in new if (said := self.space.add(operation)) is not None]
        answers = [said for said in heard if isinstance(said.body, Answer)]
        self._late.update(said.id for said in answers if self._is_late(said, now))
        # A run is taken in by its last signature, so that one need not be checked again.
        self._signed.update(said.id for said in answers if said.id == new[-1].id.hex())
        return heard

    def admits(self, answer: Statement) -> bool:
        """Say whether this node's witness may admit an answer: in time, a member's, and signed."""
        if answer.id in self._late or not self.space.members.has(answer.person):
            return False
        if answer.id in self._signed:
            self._signed.remove(answer.id)  # once admitted, nobody asks again
            return True
        return self._is_signed(answer.id)

    async def unseal(self, name: str) -> None:
        """Open the sealed answers of a question, if they can be opened."""
        root, _ = self.space.find(name)
        async with self._unsealing[root]:
            await unseal(self.space.closing(root))

    def find_operation(self, name: str) -> Operation | None:
        """Return an operation of the space by its id in hex."""
        return self._store.find(self.space.id, bytes.fromhex(name))

    def _is_late(self, answer: Statement, now: int) -> bool:
        question = self.space.subject_of(answer)
        if question is None:
            return False
        closing, named = self.space.closing(question), getattr(answer.body, "on", None)
        openings = [each for each in closing.openings() if each.said.id == named]
        return any(has_ended(closing, opening, now) for opening in openings)

    def _is_signed(self, name: str) -> bool:
        operation = self.find_operation(name)
        try:
            if operation is not None:
                check_signature(operation)
        except BadSignature:
            return False
        return operation is not None
