"""The single transferable vote as Scottish councils count it: weighted inclusive Gregory.

Scottish Local Government Elections Order 2007 (SSI 2007/42), schedule 1, rules 45 to 52: the Droop
quota; the largest surplus is handed on first, every paper of its pile at a smaller worth, which is
cut at five decimals; ties are broken by the latest earlier stage that tells, else by lot.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from beanjar.wisdom.counting.lots import Lot
from beanjar.wisdom.counting.papers import Papers
from beanjar.wisdom.counting.rankings import Rankings
from beanjar.wisdom.counting.stages import Stage, Standings
from beanjar.wisdom.errors import NoFigure
from beanjar.wisdom.integers import check_someone

VOTE = 10**5
"""A whole vote, in the unit of a count: worths are cut at five decimals."""


@dataclass(frozen=True, slots=True)
class TransferableCount:
    """A count for several seats."""

    seats: int
    quota: int
    """Votes that elect, in whole votes."""
    elected: tuple[int, ...]
    """In the order of their election."""
    stages: tuple[Stage, ...]
    """Votes are in units of 1 / `VOTE`."""


def single_transferable_vote(ballots: Rankings, seats: int, lot: Lot) -> TransferableCount:
    """Count ranked ballots for so many seats.

    Raises `NoFigure` where nobody voted, or where there are fewer options than seats.
    """
    check_someone(ballots.voters)
    if not 1 <= seats <= ballots.options:
        raise NoFigure(f"{seats} seats cannot be filled from {ballots.options} options.")
    return _Count(ballots, seats, lot).run()


class _Count:
    """A count under way."""

    def __init__(self, ballots: Rankings, seats: int, lot: Lot) -> None:
        self._papers = Papers(ballots, VOTE)
        self._seats = seats
        valid = ballots.voters - self._papers.votes().tolist()[-1] // VOTE
        self._quota = (valid // (seats + 1) + 1) * VOTE
        self._left = set(range(ballots.options))
        self._elected: list[int] = []
        self._spent: set[int] = set()
        """Elected options that keep just the quota: their surplus was handed on."""
        self._standings = Standings(ballots.options, lot)

    def run(self) -> TransferableCount:
        stages = []
        while len(self._elected) < self._seats:
            stages.append(self._take_stage())
        return TransferableCount(
            self._seats, self._quota // VOTE, tuple(self._elected), tuple(stages)
        )

    def _take_stage(self) -> Stage:
        votes, exhausted = self._count()
        self._standings.take(votes)
        elected = self._elect(votes)
        stage = Stage(tuple(votes), exhausted, tuple(elected))
        if len(self._elected) == self._seats:
            return stage
        if waiting := [each for each in self._elected if votes[each] > self._quota]:
            option, *tied = self._standings.most(waiting)
            self._hand_on_surplus(option, votes[option])
            stage = replace(stage, surplus=option)
        else:
            option, *tied = self._standings.fewest(self._left)
            self._left.remove(option)
            self._papers.hand_on(option)
            stage = replace(stage, excluded=option)
        return replace(stage, by_lot=(option, *tied)) if tied else stage

    def _count(self) -> tuple[list[int], int]:
        *votes, exhausted = self._papers.votes().tolist()
        for option in self._spent:
            votes[option] = self._quota
        return votes, exhausted

    def _elect(self, votes: Sequence[int]) -> list[int]:
        """Elect who reached the quota, or all that are left where no more than the seats are."""
        reached = {option for option in self._left if votes[option] >= self._quota}
        if len(self._elected) + len(self._left) <= self._seats:
            reached = set(self._left)
        elected = []
        while reached:
            best = self._standings.most(reached)[0]
            reached.remove(best)
            elected.append(best)
            self._left.remove(best)
            self._papers.close(best)
        self._elected += elected
        return elected

    def _hand_on_surplus(self, option: int, votes: int) -> None:
        papers = self._papers.on(option)
        worth = self._papers.worth
        worth[papers] = (votes - self._quota) * worth[papers] // votes
        self._papers.hand_on(option)
        self._spent.add(option)
