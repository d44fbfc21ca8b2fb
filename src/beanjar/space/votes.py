"""The votes of one opening's witnesses, counted.

A liar may say several things at once. All of it is in its log for everyone to see, and a set has a
witness's vote if any of its words says so: what holds rests on the honest, who say one thing.
"""

from collections import defaultdict
from collections.abc import Sequence

from msgspec import Struct

from beanjar.base.limits import OPINIONS, PRECOMMIT_BYTES, PREVOTE_BYTES
from beanjar.fold.statement import Statement
from beanjar.space.question import Closes, Precommit, Prevote, Propose
from beanjar.space.words import NIL, Voters, Words

Kind = type[Prevote] | type[Precommit]


class Backing(Struct, frozen=True):
    """A set of closes with the prevotes of a quorum for it in one round, each whole."""

    round: int
    closes: Closes
    prevotes: tuple[bytes, ...]


class Votes:
    """What is known of the votes on one opening.

    Of each witness, round and kind of word the first `OPINIONS` different ones that arrive are
    kept, so a liar makes this hold no more than is in its own log, and cannot choose what is
    looked at for ever. Nothing rests on which they are: a liar's votes are needed for nothing, and
    words that matter carry the prevotes that they rest on.
    """

    def __init__(self, voters: Voters) -> None:
        """Begin with none."""
        self._voters = voters
        self._words = Words(voters)
        self._cast: defaultdict[tuple[Kind, int], dict[Closes, dict[str, bytes]]]
        self._cast = defaultdict(dict)
        self._proposals: defaultdict[int, list[Propose]] = defaultdict(list)
        self._backings: dict[int, Backing] = {}
        self._latest: dict[str, int] = {}
        self.decision: Sequence[bytes] = ()
        """The precommits of a quorum for one set in one round, whole, once they are here."""

    def hear(self, said: Statement, whole: bytes) -> None:
        """Take one more word, whose own signature is good; `whole` is its operation."""
        body = said.body
        if said.device not in self._voters.devices or not self._words.is_sound(body):
            return
        match body:
            case Propose():
                self._hear_proposal(said.device, body)
            case Prevote() if len(whole) <= PREVOTE_BYTES:
                self._hear_prevote(said.device, body, whole)
            case Precommit() if len(whole) <= PRECOMMIT_BYTES:
                self._hear_precommit(said.device, body, whole)

    @property
    def round(self) -> int:
        """The latest round that one more witness has reached than may lie, so an honest one has."""
        reached = sorted(self._latest.values(), reverse=True)
        return reached[self._voters.spare] if len(reached) > self._voters.spare else 0

    def proposals(self, turn: int) -> Sequence[Propose]:
        """Return what the witness whose turn it is has proposed in a round, if it is sound."""
        return self._proposals[turn]

    def backing(self, turn: int) -> Backing | None:
        """Return the set that a quorum has backed in a round, if one has."""
        return self._backings.get(turn)

    def backing_before(self, turn: int) -> Backing | None:
        """Return what was backed in the latest round before this one."""
        rounds = [each for each in self._backings if each < turn]
        return self._backings[max(rounds)] if rounds else None

    def are_in(self, kind: Kind, turn: int) -> bool:
        """Say whether a quorum has voted in a round, for whatever it may be."""
        cast = self._cast[kind, turn].values()
        return len({device for votes in cast for device in votes}) >= self._voters.quorum

    def back_nothing(self, turn: int) -> bool:
        """Say whether a quorum has prevoted for no set in a round."""
        return len(self._cast[Prevote, turn].get(NIL, ())) >= self._voters.quorum

    def _hear_proposal(self, device: str, body: Propose) -> None:
        self._reach(device, body.round)
        if body.valid is not None:
            self._back(Backing(body.valid, body.closes, body.prevotes))
        proposals = self._proposals[body.round]
        if device == self._voters.proposer(body.round) and len(proposals) < OPINIONS:
            proposals.append(body)

    def _hear_prevote(self, device: str, body: Prevote, whole: bytes) -> None:
        votes = self._count(device, body, whole)
        if body.closes and len(votes) >= self._voters.quorum:
            prevotes = [votes[each] for each in self._voters.devices if each in votes]
            self._back(Backing(body.round, body.closes, tuple(prevotes[: self._voters.quorum])))

    def _hear_precommit(self, device: str, body: Precommit, whole: bytes) -> None:
        votes = self._count(device, body, whole)
        if body.closes:
            self._back(Backing(body.round, body.closes, body.prevotes))
            if len(votes) >= self._voters.quorum and not self.decision:
                self.decision = tuple(votes.values())

    def _count(self, device: str, body: Prevote | Precommit, whole: bytes) -> dict[str, bytes]:
        """Count a vote, and return the votes that its set now has, by device."""
        self._reach(device, body.round)
        cast = self._cast[type(body), body.round]
        if sum(device in votes for votes in cast.values()) < OPINIONS:
            cast.setdefault(body.closes, {}).setdefault(device, whole)
        return cast.get(body.closes, {})

    def _reach(self, device: str, turn: int) -> None:
        self._latest[device] = max(turn, self._latest.get(device, 0))

    def _back(self, backing: Backing) -> None:
        self._backings.setdefault(backing.round, backing)
