"""What a witness has to say next: a function of what it holds and of the time.

A witness's own log is its memory. Its first batch says which opening it serves, and its close says
that it admits nothing more, so a witness that was killed goes on where it stopped.
"""

from typing import Protocol

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from beanjar.base.limits import BATCH_PAIRS
from beanjar.fold.statement import Statement
from beanjar.ops.alone import write_alone
from beanjar.ops.body import Body
from beanjar.ops.operation import Operation
from beanjar.space.agreement import Agreement, Pace
from beanjar.space.closing import Closing
from beanjar.space.closing_view import Contradiction
from beanjar.space.opening import Opening
from beanjar.space.question import Accept, Close, End, Key, Seen, Settled
from beanjar.space.sightings import Sightings


class Keeping(Protocol):
    """What a witness's node does for it."""

    def admits(self, answer: Statement) -> bool:
        """Say whether the answer came in time, is a member's, and its own signature is good."""
        ...

    def find_signed(self, name: str) -> Operation | None:
        """Return an operation by its id in hex, or `None` while its own signature is bad here.

        Who passed it on may have spoilt it, so it is asked for again, and may be mended.
        """
        ...

    def secret_for(self, ask: str) -> bytes:
        """Return the one-time X25519 key for this ask, made and on disk before it returns."""
        ...

    def abstains(self, asked: str) -> bool:
        """Say whether this node must say nothing more on an ask that it had accepted.

        So it is after the node was restored from a copy: it no longer knows all that it has said.
        """
        ...


class Duty:
    """What one witness owes one question. It remembers only what `closing` says, to be quick."""

    def __init__(self, closing: Closing, device: str) -> None:
        """Witness the question with this device (its key in hex)."""
        self.closing = closing
        self._device = device
        self._sightings: Sightings | None = None
        self._agreement: Agreement | None = None
        self._pace = Pace()
        self._key = ""

    def rebuilt(self, closing: Closing) -> "Duty":
        """Return the duty towards the same question whose fold was rebuilt; time-outs run on."""
        duty = Duty(closing, self._device)
        duty._pace = self._pace
        return duty

    def next_word(self, now: int, keeping: Keeping) -> Body | None:
        """Return what the witness says next, or `None` if it has to wait.

        Each word must be in its log, and fed to the closing, before the next is asked for.
        """
        asked = self.closing.asked
        if asked is None or self._device not in self.closing.ask.terms.witnesses:
            return None
        if self._device not in self.closing.accepts():
            return self._accept(asked, now, keeping)
        if keeping.abstains(asked.id) or not self._has_key(asked, keeping):
            return None
        settled, opening = self._settled(), self.served()
        if settled is not None:
            return self._word_once_settled(asked, settled, keeping)
        return None if opening is None else self._word_before(opening, now, keeping)

    def is_done(self) -> bool:
        """Say whether the witness will never have to say anything more."""
        if self.closing.asked is None or self._device not in self.closing.ask.terms.witnesses:
            return True
        settled = self._settled()
        if settled is None:
            return False
        return not self._is_to_certify(settled) and not self._is_to_publish(settled)

    def is_overdue(self, now: int) -> bool:
        """Say whether the deadline of what this witness serves has passed before it closed."""
        if self.closing.asked is None or now < self.closing.ask.terms.closes:
            return False
        opening = self.served()
        if opening is None or self._settled() is not None:
            return False
        return not self._mine(Close, opening) and not self._is_void(opening)

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
        return Accept(asked.id, public_half(keeping.secret_for(asked.id)))

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

    def _settled(self) -> Opening | None:
        """Return the opening that is settled; a witness that served another one gives it up."""
        opening = self.closing.opening()
        settled = opening is not None and self.closing.settled(opening) is not None
        return opening if settled else None

    def _word_before(self, opening: Opening, now: int, keeping: Keeping) -> Body | None:
        """Return the next word on an opening that this witness serves and that is not settled."""
        if not self._mine(Seen, opening):
            return Seen(opening.said.id, ())
        if not self._mine(Close, opening):
            return self._see_or_close(opening, now, keeping)
        return self._agree(opening, now, keeping)

    def _word_once_settled(
        self, asked: Statement, opening: Opening, keeping: Keeping
    ) -> Body | None:
        certificate = self.closing.certificate(opening)
        if certificate is not None and self._is_to_certify(opening):
            return certificate.body
        if self._is_to_publish(opening):
            return Key(opening.said.id, keeping.secret_for(asked.id).hex())
        return None

    def _agree(self, opening: Opening, now: int, keeping: Keeping) -> Body | None:
        if self._agreement is None:
            self._agreement = Agreement(self.closing, opening, self._device, self._pace)
        return self._agreement.next_word(now, lambda said: write_whole(said, keeping))

    def _is_to_certify(self, opening: Opening) -> bool:
        """Say whether what settles this is only in logs of which peers may hold another branch."""
        certificate = self.closing.certificate(opening)
        contradicts = isinstance(self.closing.settled(opening), Contradiction)
        cut = certificate is not None and certificate.cut and not contradicts
        return cut and not self._mine(Settled, opening)

    def _is_to_publish(self, opening: Opening) -> bool:
        """Say whether the answers wait for this witness's key."""
        sealed = self.closing.ask.terms.sealed
        agreed = isinstance(self.closing.settled(opening), tuple)
        return sealed and agreed and not self._mine(Key, opening)

    def _has_key(self, asked: Statement, keeping: Keeping) -> bool:
        """Say whether the key that this device accepted with is here: a restored node lost it."""
        if not self._key:
            self._key = public_half(keeping.secret_for(asked.id))
        accept = self.closing.accepts()[self._device].body
        return isinstance(accept, Accept) and accept.key == self._key

    def _is_void(self, opening: Opening) -> bool:
        """Say whether the asker's device was lost or copied, so that there is nothing to close."""
        return opening.said.cut or (self.closing.asked is not None and self.closing.asked.cut)

    def _mine(self, kind: type[Body], opening: Opening) -> list[Statement]:
        said = self.closing.words(self._device, kind, opening)
        return sorted(said, key=lambda each: each.seq)


def public_half(secret: bytes) -> str:
    """Return the public half, in hex, of an X25519 key."""
    key = X25519PrivateKey.from_private_bytes(secret)
    return key.public_key().public_bytes_raw().hex()


def write_whole(said: Statement, keeping: Keeping) -> bytes | None:
    """Return a statement's operation by itself, or `None` if its own signature is bad here."""
    operation = keeping.find_signed(said.id)
    return None if operation is None else write_alone(operation)


def has_ended(closing: Closing, opening: Opening, now: int) -> bool:
    """Say whether the deadline has passed at `now`, or the asker has ended it as the ask allows."""
    ends = (
        said.person == opening.said.person and not said.cut for said in closing.about(opening, End)
    )
    terms = closing.ask.terms
    return now >= terms.closes or (terms.asker_may_end and any(ends))
