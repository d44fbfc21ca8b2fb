"""Instant run-off: the last leaves, and their voters' next choices count, until one has a majority.

Also called the alternative vote or ranked-choice voting.
"""

from beanjar.wisdom.counting.lots import Lot
from beanjar.wisdom.counting.papers import Papers
from beanjar.wisdom.counting.rankings import Rankings
from beanjar.wisdom.counting.stages import Stage, Standings
from beanjar.wisdom.integers import check_someone


def instant_runoff(ballots: Rankings, lot: Lot) -> tuple[Stage, ...]:
    """Count ranked ballots in stages; the last one elects. Votes are people.

    Who has more than half of the votes that still count is elected. Else who has fewest leaves; of
    several, who had fewest at the latest earlier stage that tells them apart, else by lot. Raises
    `NoFigure` where nobody voted.
    """
    check_someone(ballots.voters)
    papers, standings = Papers(ballots), Standings(ballots.options, lot)
    left = set(range(ballots.options))
    stages: list[Stage] = []
    while True:
        *votes, exhausted = papers.votes().tolist()
        standings.take(votes)
        best = standings.most(left)[0]
        if 2 * votes[best] > sum(votes) or len(left) == 1:
            return (*stages, Stage(tuple(votes), exhausted, (best,)))
        last, *tied = standings.fewest(left)
        by_lot = (last, *tied) if tied else ()
        stages.append(Stage(tuple(votes), exhausted, (), excluded=last, by_lot=by_lot))
        papers.hand_on(last)
        left.remove(last)
