"""How witnesses agree on the closes that count, one word at a time.

Single-shot Tendermint (Buchman, Kwon, Milosevic, arXiv 1807.04938, Algorithm 1): the value is a
set of closes. In each round the witness whose turn it is proposes one; each prevotes for it or for
nothing; whoever sees a quorum's prevotes for one set precommits to it, is locked on it from then
on, and lets go only for a set that a quorum has prevoted for in a later round. A quorum of
precommits in one round settles the question. With up to n - k liars no two sets can be settled,
and once messages arrive in time one is.

A witness's own log is its memory: its lock, its votes and its round are read from it, so one that
was killed goes on without contradicting itself. Only the time-outs begin anew.
"""

from collections.abc import Callable, Iterator

from beanjar.base.limits import (
    ALL_CLOSES,
    PATIENCE,
    PATIENCE_GROWTH,
    PATIENCE_MOST,
    ROUNDS,
)
from beanjar.fold.statement import Statement
from beanjar.ops.body import Body
from beanjar.space.certificate import write_certificate
from beanjar.space.closing import Closing
from beanjar.space.opening import Opening
from beanjar.space.question import Close, Closes, Precommit, Prevote, Propose
from beanjar.space.votes import Votes
from beanjar.space.words import NIL, voters_of

Whole = Callable[[Statement], bytes | None]
"""Returns a statement's operation by itself, or `None` if its own signature is bad."""

_KINDS = (Propose, Prevote, Precommit)


class Pace:
    """In which round a witness is and how long it has waited there, by its own clock in ms."""

    def __init__(self) -> None:
        """Begin before the first round."""
        self.round = -1
        self._since: dict[type[Body], int] = {}

    def enter(self, turn: int, now: int) -> None:
        """Go on to a round, if it is later than this one."""
        if turn > self.round:
            self.round = turn
            self._since = {Propose: now}

    def has_waited(self, step: type[Body], now: int, patience: int) -> bool:
        """Say whether it has waited so long for words of a kind, since it first asked."""
        since = min(now, self._since.get(step, now))  # a clock that is put back starts anew
        self._since[step] = since
        return now - since >= patience


def patience(turn: int) -> int:
    """Return how long a witness waits at one step of a round, in ms."""
    return min(PATIENCE + turn * PATIENCE_GROWTH, PATIENCE_MOST)


class Agreement:
    """One witness's part in the agreement on one opening. It has closed already."""

    def __init__(self, closing: Closing, opening: Opening, device: str, pace: Pace) -> None:
        """Take part with this device (hex), from where its log and `pace` stand."""
        self._closing = closing
        self._opening = opening
        self._device = device
        self._pace = pace
        self._voters = voters_of(closing.space, opening)
        self._votes = Votes(self._voters)
        self._heard = dict.fromkeys(_KINDS, 0)
        self._spoilt: list[Statement] = []
        """Words whose own signature is bad here; they may be mended."""
        self._said: set[tuple[type[Body], int]] = set()
        self._locked: tuple[int, Closes] = (-1, NIL)
        """The latest round in which this witness precommitted to a set, and that set."""

    def next_word(self, now: int, whole: Whole) -> Body | None:
        """Return what the witness says next at `now` (ms), or `None` if it has to wait."""
        self._listen(whole)
        if self._votes.decision:
            return write_certificate(self._opening.said.id, self._votes.decision)
        if not self._voters.spare:
            return self._settle_alone()
        if len(self._closing.closers(self._opening)) < self._voters.quorum:
            return None
        self._move_on(now)
        if (Prevote, self._pace.round) not in self._said:
            return self._propose(now) or self._prevote(now)
        if (Precommit, self._pace.round) not in self._said:
            return self._precommit(now)
        return None

    def _listen(self, whole: Whole) -> None:
        spoilt, self._spoilt = self._spoilt, []
        for said in (*spoilt, *self._take_new()):
            if (data := whole(said)) is not None:
                self._votes.hear(said, data)
            else:
                self._spoilt.append(said)

    def _take_new(self) -> Iterator[Statement]:
        for kind in _KINDS:
            words = self._closing.about(self._opening, kind)
            for said in words[self._heard[kind] :]:
                if said.device == self._device:
                    self._remember(said)
                yield said
            self._heard[kind] = len(words)

    def _remember(self, said: Statement) -> None:
        assert isinstance(said.body, _KINDS)
        self._said.add((type(said.body), said.body.round))
        if isinstance(said.body, Precommit) and said.body.closes:
            self._locked = max(self._locked, (said.body.round, said.body.closes))

    def _settle_alone(self) -> Precommit | None:
        """Return a lone witness's only vote: for its own close, with nothing to agree on."""
        mine = self._closing.words(self._device, Close, self._opening)
        closes = tuple(said.id for said in mine[:1])
        return None if (Precommit, 0) in self._said else Precommit(self._on, 0, closes)

    def _move_on(self, now: int) -> None:
        """Enter the round that one's own log or others are in, or the next when it is time."""
        own = max((turn for _, turn in self._said), default=0)
        self._pace.enter(max(own, self._votes.round), now)
        turn = self._pace.round
        voted = turn < ROUNDS and self._votes.are_in(Precommit, turn)
        if voted and self._pace.has_waited(Precommit, now, patience(turn)):
            self._pace.enter(turn + 1, now)

    def _propose(self, now: int) -> Propose | None:
        """Return a proposal if it is this witness's turn: what was backed last, or a set anew.

        In the first round it waits some time for all closes, so that nobody is left out for being
        a little slow.
        """
        turn = self._pace.round
        if self._device != self._voters.proposer(turn) or (Propose, turn) in self._said:
            return None
        backing = self._votes.backing_before(turn)
        if backing is not None:
            return Propose(self._on, turn, backing.closes, backing.round, backing.prevotes)
        closes = self._closing.candidate(self._opening)
        waits = turn == 0 and not self._pace.has_waited(Propose, now, ALL_CLOSES)
        enough = len(self._voters.devices) if waits else self._voters.quorum
        if len(closes) < enough or not self._closing.holds(self._opening, closes):
            return None
        return Propose(self._on, turn, closes)

    def _prevote(self, now: int) -> Prevote | None:
        turn = self._pace.round
        for proposal in self._votes.proposals(turn):
            if self._may_back(proposal) and self._closing.holds(self._opening, proposal.closes):
                return Prevote(self._on, turn, proposal.closes)
        most = patience(turn) + (0 if turn else ALL_CLOSES)
        return Prevote(self._on, turn, NIL) if self._pace.has_waited(Propose, now, most) else None

    def _may_back(self, proposal: Propose) -> bool:
        """Say whether this witness's lock allows a prevote for what is proposed."""
        turn, closes = self._locked
        return closes == proposal.closes or turn <= (
            -1 if proposal.valid is None else proposal.valid
        )

    def _precommit(self, now: int) -> Precommit | None:
        turn = self._pace.round
        backing = self._votes.backing(turn)
        if backing is not None and self._closing.holds(self._opening, backing.closes):
            return Precommit(self._on, turn, backing.closes, backing.prevotes)
        voted = self._votes.are_in(Prevote, turn)
        if voted and self._pace.has_waited(Prevote, now, patience(turn)):
            return Precommit(self._on, turn, NIL)
        return Precommit(self._on, turn, NIL) if self._votes.back_nothing(turn) else None

    @property
    def _on(self) -> str:
        return self._opening.said.id
