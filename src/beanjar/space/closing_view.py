"""What is known of a question's closing, as plain data."""

from typing import Literal

from msgspec import Struct

from beanjar.base.ids import Hex
from beanjar.space.answers import Answers
from beanjar.space.question import Ask

State = Literal["asked", "open", "closing", "settled", "opened", "void"]
"""asked: witnesses have not accepted. open: answers are taken. closing: more witnesses have closed
than can be lying. settled: what counts is agreed. opened: and it can be read. void: there is no
result."""
Stage = State | Literal["never opened"]
"""A state, or what becomes of asked in time; that only a clock tells."""


class WitnessView(Struct, frozen=True):
    """How far one witness has come: `person` and the id `accept` are known once it has accepted.

    `key` is what answers are sealed to (X25519), known once the question is open. `closed` says
    whether it has closed; once the question is settled, whether a close of its own counts.
    """

    device: Hex
    person: str | None = None
    accept: Hex | None = None
    key: Hex | None = None
    closed: bool = False


class ClosingFacts(Struct, frozen=True):
    """The facts, the same wherever the same statements are.

    `asked` and `closes` are in ms. `open` is the id that answers name. `roll` is how many may
    answer, `None` for any member. `answers` are the persons who have answered; once it is settled
    only those whose answer counts, and `void` those whose answer cannot be read or does not fit.

    With `sure_at` receipts an answer is sure to count: then more witnesses have logged it than may
    lie and may be left out together. `waiting_for` are the devices of the witnesses whose next
    word is still needed: accepts, closes, votes or keys. `proof` are the ids of certificates that
    contradict one another.

    Once it is opened, all of it follows from the certificate and what that reaches, so that nodes
    show the same whatever else they hold; only a second certificate can change it, to void.
    """

    state: State
    reason: str
    asker: str
    asked: int
    closes: int
    sealed: bool
    open: Hex | None
    roll: int | None
    witnesses: list[WitnessView]
    quorum: int
    answers: int
    void: int
    sure_at: int = 1
    waiting_for: list[str] = []
    proof: list[str] = []

    def is_given_up(self, now: int) -> bool:
        """Say whether at `now` (ms) its time is over, and nothing here says that it was opened.

        What says so may still come from another node.
        """
        return self.state == "asked" and self.closes <= now

    def stage(self, now: int) -> Stage:
        """Return how far it has come, as whoever has a clock sees it at `now` (ms)."""
        return "never opened" if self.is_given_up(now) else self.state


class ClosingView(Struct, frozen=True):
    """What a tool is handed of its question.

    `answers` can be read one by one; they are `None` while nobody may see them.
    """

    facts: ClosingFacts
    ask: Ask
    answers: Answers | None


class Contradiction(Struct, frozen=True):
    """Two certificates for different closes: more witnesses lied than the promise allows."""

    settled: tuple[str, ...]
