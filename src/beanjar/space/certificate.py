"""What settles a question: the precommits of k witnesses for one set of closes in one round.

A certificate convinces by itself: it carries the precommits whole, each with the prevotes that it
rests on, all with their signatures, and needs nothing but the open and its accepts to be checked.
"""

from collections.abc import Iterable, Sequence

from beanjar.fold.statement import Statement
from beanjar.space.opening import Opening
from beanjar.space.question import Closes, Settled
from beanjar.space.reach import Reach
from beanjar.space.words import Voters, Words, voters_of


class Certificates:
    """The certificates of one question, each read once."""

    def __init__(self, space: str, reach: Reach) -> None:
        """Begin with none; the question is of this space (hex)."""
        self._space = space
        self._reach = reach
        self._read: dict[str, Closes | None] = {}

    def sets(self, opening: Opening, settled: Iterable[Statement]) -> dict[Closes, Statement]:
        """Return the sets that `settled`, which names the opening, settles, each with its proof.

        That is a certificate that is not cut if there is one, and the one with the lowest id. A
        set settles nothing once one of its closes is here that is not a witness's on this opening,
        or the second of one witness.
        """
        sets: dict[Closes, Statement] = {}
        for said in sorted(settled, key=lambda each: (each.cut, each.id), reverse=True):
            closes = self._closes(said, opening)
            if closes and self._reach.may_be_proper(opening, closes):
                sets[closes] = said
        return sets

    def _closes(self, said: Statement, opening: Opening) -> Closes | None:
        if said.id not in self._read:
            assert isinstance(said.body, Settled)
            self._read[said.id] = read_certificate(said.body, voters_of(self._space, opening))
        return self._read[said.id]


def write_certificate(opened: str, precommits: Sequence[bytes]) -> Settled:
    """Return the body that settles the question `opened` by these precommits, each whole."""
    return Settled(opened, tuple(precommits))


def read_certificate(settled: Settled, voters: Voters) -> Closes | None:
    """Return the ids of the closes that are settled, or `None` if this settles nothing.

    Each precommit must be sound by itself: a witness's on this opening, with the prevotes of a
    quorum for just its set in just its round. A quorum of different witnesses must have given
    them for one set in one round, and none may be there that says anything else.
    """
    words = Words(voters)
    votes = [words.read_precommit(data) for data in settled.precommits]
    devices = {vote.device for vote in votes if vote is not None}
    sets = {(vote.round, vote.closes) for vote in votes if vote is not None}
    if None in votes or len(sets) != 1 or len(devices) < max(voters.quorum, len(votes)):
        return None
    return sets.pop()[1] or None
