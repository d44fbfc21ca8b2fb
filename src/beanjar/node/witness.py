"""This node's device as a witness: it says what `beanjar.space.witness` finds is due."""

import secrets
from collections.abc import Awaitable, Callable

from beanjar.base.errors import BeanjarError
from beanjar.fold.statement import Statement
from beanjar.node.carried import Carried
from beanjar.ops.body import Body
from beanjar.ops.operation import Operation
from beanjar.space.question import Seen
from beanjar.space.witness import Duty
from beanjar.store import Store

Say = Callable[[Body], Awaitable[object]]
"""Signs a body as the next in this node's log, and returns once it is on disk."""


class Witness:
    """What this node witnesses in one space."""

    def __init__(self, carried: Carried, device: str, store: Store, say: Say) -> None:
        """Witness with the node's `device` (hex), which is a member's."""
        self._carried = carried
        self._device = device
        self._store = store
        self._say = say
        self._duties: dict[str, Duty] = {}
        self._done: set[str] = set()

    async def attend(self, now: int) -> None:
        """Say all that is due at `now` (ms), in all questions that name this node."""
        space = self._carried.space
        for name in [name for tool in space.tools for name in space.subjects(tool)]:
            if name not in self._done:
                await self._attend_to(name, now)

    def is_due(self, now: int) -> bool:
        """Say whether a question is to be closed before anything more is taken in."""
        return any(duty.is_overdue(now) for duty in self._duties.values())

    async def _attend_to(self, name: str, now: int) -> None:
        duty = self._duty(name)
        while (word := duty.next_word(now, self)) is not None:
            await self._say(word)
            if isinstance(word, Seen) and duty.may_wait(word, now):
                return
            duty = self._duty(name)
        if duty.is_done():
            self._done.add(name)
            del self._duties[name]

    def _duty(self, name: str) -> Duty:
        """Return the duty towards a question; a new one when the engine has rebuilt its folds."""
        closing = self._carried.space.closing(name)
        if name not in self._duties or self._duties[name].closing is not closing:
            self._duties[name] = Duty(closing, self._device)
        return self._duties[name]

    def admits(self, answer: Statement) -> bool:
        """See `beanjar.space.witness.Keeping`."""
        return self._carried.admits(answer)

    def find_operation(self, name: str) -> Operation:
        """See `beanjar.space.witness.Keeping`."""
        operation = self._carried.find_operation(name)
        if operation is None:
            raise BeanjarError(f"The entry {name[:8]}… of this node's own log is gone.")
        return operation

    def secret_for(self, ask: str) -> bytes:
        """See `beanjar.space.witness.Keeping`."""
        name = f"one-time key {ask}"
        kept = self._store.private(name)
        if kept is None:
            kept = secrets.token_bytes(32)
            with self._store.writing() as writer:
                writer.keep_private(name, kept)
        return kept
