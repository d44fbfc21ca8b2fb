"""This node's device as a witness: it says what `beanjar.space.witness` finds is due."""

import secrets
from collections.abc import Awaitable, Callable

from beanjar.base.ids import SIZE
from beanjar.fold.statement import Statement
from beanjar.node.carried import Carried
from beanjar.ops.body import Body
from beanjar.ops.operation import Operation
from beanjar.space.closing import Closing
from beanjar.space.question import QUORUMS, Seen
from beanjar.space.witness import Duty
from beanjar.store import Store

_KEY = "one-time key "
_ABSTAINS = "abstains from "
"""What begins the names under which a node keeps something about an ask, whose id follows."""

Say = Callable[[Body], Awaitable[object]]
"""Signs a body as the next in this node's log, and returns once it is on disk."""


class Witness:
    """What this node witnesses in one space."""

    def __init__(
        self,
        carried: Carried,
        device: str,
        store: Store,
        say: Say,
        vouching: Callable[[], int],
    ) -> None:
        """Witness with the node's `device` (hex), which is a member's.

        `vouching` says how many other nodes know of nothing in its log that is not here.
        """
        self._carried = carried
        self._device = device
        self._store = store
        self._say = say
        self._vouching = vouching
        self._since = store.head(carried.space.id, bytes.fromhex(device)).seq
        """The last place of this node's log that was written before it was started."""
        self._duties: dict[str, Duty] = {}
        self._done: dict[str, Closing] = {}
        """The questions in which nothing is left to say, unless their folds are rebuilt."""
        self._abstains: dict[str, bool] = {}

    async def attend(self, now: int) -> None:
        """Say all that is due at `now` (ms), in all questions that name this node."""
        for name in self._questions():
            closing = self._carried.space.closing(name)
            if self._done.get(name) is not closing and not self._is_unsure(closing):
                await self._attend_to(name, now)

    def abstain(self) -> None:
        """Say nothing more, for ever, in all questions that this device has accepted so far.

        For a node that was restored from a copy: it may have said more than it knows, and must not
        contradict that. It is on disk when this returns. A question whose one-time key is gone
        needs no mark, see `beanjar.space.witness.Duty`.
        """
        space = self._carried.space
        accepted = [
            each for each in self._questions() if self._device in space.closing(each).accepts()
        ]
        with self._store.writing() as writer:
            for name in accepted:
                writer.keep_private(_mark(name), b"")
        self._abstains.clear()

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
        if duty.is_done() or self.abstains(name):
            self._done[name] = duty.closing
            del self._duties[name]

    def _is_unsure(self, closing: Closing) -> bool:
        """Say whether this node may have said more than it knows, before it was started.

        So it is if its folder was restored from a copy. It goes on with what it had accepted once
        so many other nodes that, with it, they make a quorum have nothing of its log that it lacks.
        """
        accept = closing.accepts().get(self._device)
        if accept is None or accept.seq > self._since:
            return False
        return self._vouching() < QUORUMS[len(closing.ask.terms.witnesses)] - 1

    def _questions(self) -> list[str]:
        space = self._carried.space
        return [name for tool in space.tools for name in space.subjects(tool)]

    def _duty(self, name: str) -> Duty:
        """Return the duty towards a question, brought up to date if its folds were rebuilt."""
        closing = self._carried.space.closing(name)
        duty = self._duties.get(name)
        if duty is None:
            self._duties[name] = Duty(closing, self._device)
        elif duty.closing is not closing:
            self._duties[name] = duty.rebuilt(closing)
        return self._duties[name]

    def admits(self, answer: Statement) -> bool:
        """See `beanjar.space.witness.Keeping`."""
        return self._carried.admits(answer)

    def abstains(self, asked: str) -> bool:
        """See `beanjar.space.witness.Keeping`."""
        if asked not in self._abstains:
            self._abstains[asked] = self._store.private(_mark(asked)) is not None
        return self._abstains[asked]

    def find_signed(self, name: str) -> Operation | None:
        """See `beanjar.space.witness.Keeping`."""
        return self._carried.find_signed(name)

    def secret_for(self, ask: str) -> bytes:
        """See `beanjar.space.witness.Keeping`."""
        name = _KEY + ask
        kept = self._store.private(name)
        if kept is None:
            kept = secrets.token_bytes(32)
            with self._store.writing() as writer:
                writer.keep_private(name, kept)
        return kept


def secrets_of(store: Store, space: bytes) -> list[str]:
    """Return under which names something is kept that belongs to questions of a space."""
    names = [each for each in store.private_names() if each.startswith((_KEY, _ABSTAINS))]
    return [each for each in names if store.find(space, bytes.fromhex(each[-2 * SIZE :]))]


def _mark(asked: str) -> str:
    return _ABSTAINS + asked
