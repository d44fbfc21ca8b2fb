"""What a witness has to say next: a function of what it holds and of the time.

A witness's own log is its memory. Its first batch says which opening it serves, and its close says
that it admits nothing more, so a witness that was killed goes on where it stopped.
"""

from typing import Protocol

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from beanjar.base.limits import BATCH_PAIRS
from beanjar.fold.statement import Statement
from beanjar.ops.body import Body
from beanjar.ops.operation import Operation
from beanjar.space.agreement import deciding_votes, next_vote
from beanjar.space.certificate import write_certificate
from beanjar.space.closing import Closing
from beanjar.space.opening import Opening
from beanjar.space.question import Accept, Close, End, Key, Precommit, Seen, Settled
from beanjar.space.sightings import Sightings


class Keeping(Protocol):
    """What a witness's node does for it."""

    def admits(self, answer: Statement) -> bool:
        """Say whether the answer came in time, is a member's, and its own signature is good."""
        ...

    def find_operation(self, name: str) -> Operation:
        """Return an operation by its id in hex."""
        ...

    def secret_for(self, ask: str) -> bytes:
        """Return the one-time X25519 key for this ask, made and safely on disk before it returns.

        Raises `BeanjarError` when this node must take no part, as after it was restored.
        """
        ...


class Duty:
    """What one witness owes one question. It remembers only what `closing` says, to be quick."""

    def __init__(self, closing: Closing, device: str) -> None:
        """Witness the question with this device (its key in hex)."""
        self.closing = closing
        self._device = device
        self._sightings: Sightings | None = None

    def next_word(self, now: int, keeping: Keeping) -> Body | None:
        """Return what the witness says next, or `None` if it has to wait.

        Each word must be in its log, and fed to the closing, before the next is asked for.
        """
        asked = self.closing.asked
        if asked is None or self._device not in self.closing.ask.terms.witnesses:
            return None
        if self._device not in self.closing.accepts():
            return self._accept(asked, now, keeping)
        opening = self.served()
        if opening is None:
            return None
        if not self._mine(Seen, opening):
            return Seen(opening.said.id, ())
        if not self._mine(Close, opening):
            return self._see_or_close(opening, now, keeping)
        return self._word_after_close(asked, opening, keeping)

    def is_done(self) -> bool:
        """Say whether the witness will never have to say anything more."""
        if self.closing.asked is None or self._device not in self.closing.ask.terms.witnesses:
            return True
        opening = self.served()
        if opening is None or not self.closing.settled(opening):
            return False
        return not self.closing.ask.terms.sealed or bool(self._mine(Key, opening))

    def is_overdue(self, now: int) -> bool:
        """Say whether the deadline of what this witness serves has passed before it closed."""
        if self.closing.asked is None or now < self.closing.ask.terms.closes:
            return False
        opening = self.served()
        return opening is not None and not self._mine(Close, opening) and not self._is_void(opening)

    def may_wait(self, batch: Seen, now: int) -> bool:
        """Say whether a batch took all there was, so that the next one has time to fill."""
        opening = self.served()
        ended = opening is not None and has_ended(self.closing, opening, now)
        return 0 < len(batch.pairs) < BATCH_PAIRS and not ended

    def served(self) -> Opening | None:
        """Return the opening that this witness serves: the first that it saw, for ever."""
        openings = self.closing.openings()
        mine = [opening for opening in openings if self._mine(Seen, opening)]
        return next(iter(mine or [each for each in openings if not each.said.cut]), None)

    def _accept(self, asked: Statement, now: int, keeping: Keeping) -> Accept | None:
        if asked.cut or now >= self.closing.ask.terms.closes:
            return None
        secret = X25519PrivateKey.from_private_bytes(keeping.secret_for(asked.id))
        return Accept(asked.id, secret.public_key().public_bytes_raw().hex())

    def _see_or_close(self, opening: Opening, now: int, keeping: Keeping) -> Body | None:
        if self._is_void(opening):
            return None
        if self._sightings is None:
            self._sightings = Sightings(self.closing, opening, self._device)
        pairs = self._sightings.due(keeping.admits)
        last = self._mine(Seen, opening)[-1].id
        if pairs:
            return Seen(opening.said.id, tuple(pairs), last)
        return Close(opening.said.id, last) if self._ends(opening, now) else None

    def _ends(self, opening: Opening, now: int) -> bool:
        if has_ended(self.closing, opening, now):
            return True
        if opening.roll is None or not self.closing.ask.terms.ends_when_all_answered:
            return False
        return self._sightings is not None and opening.roll <= self._sightings.persons

    def _word_after_close(
        self, asked: Statement, opening: Opening, keeping: Keeping
    ) -> Body | None:
        if not self._mine(Precommit, opening):
            return next_vote(self.closing, opening, self._device)
        settled = self.closing.settled(opening)
        if settled is None and not self._mine(Settled, opening):
            votes = deciding_votes(self.closing, opening)
            whole = [keeping.find_operation(vote.id) for vote in votes]
            return write_certificate(opening.said.id, whole) if votes else None
        sealed = isinstance(settled, tuple) and self.closing.ask.terms.sealed
        if sealed and not self._mine(Key, opening):
            return Key(opening.said.id, keeping.secret_for(asked.id).hex())
        return None

    def _is_void(self, opening: Opening) -> bool:
        """Say whether the asker's device was lost or copied, so that there is nothing to close."""
        return opening.said.cut or (self.closing.asked is not None and self.closing.asked.cut)

    def _mine(self, kind: type[Body], opening: Opening) -> list[Statement]:
        said = [each for each in self.closing.about(opening, kind) if each.device == self._device]
        return sorted(said, key=lambda each: each.seq)


def has_ended(closing: Closing, opening: Opening, now: int) -> bool:
    """Say whether the deadline has passed at `now`, or the asker has ended it as the ask allows."""
    ends = (
        said.person == opening.said.person and not said.cut for said in closing.about(opening, End)
    )
    terms = closing.ask.terms
    return now >= terms.closes or (terms.asker_may_end and any(ends))
