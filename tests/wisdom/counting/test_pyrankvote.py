"""Run-offs beside PyPI's pyrankvote, which leaves every tie to chance."""

import pyrankvote  # type: ignore[import-untyped]
from pyrankvote import Ballot, Candidate

from beanjar.wisdom.counting.rankings import Rankings
from beanjar.wisdom.counting.runoff import instant_runoff
from beanjar.wisdom.counting.stages import Stage
from tests.seeded import seeded
from tests.wisdom.counting.ballots import FEW

CANDIDATES = [Candidate(f"candidate {place}") for place in range(FEW)]


def test_run_offs_without_ties_elect_who_they_elect(scale: int) -> None:
    chance, compared = seeded("pyrankvote"), 0
    for _ in range(40 * scale):
        orders = [chance.sample(range(FEW), chance.randint(1, FEW)) for _ in range(1_000)]
        stages = instant_runoff(
            Rankings.of_tiers(((1, [[each] for each in order]) for order in orders), FEW),
            range(FEW),
        )
        if _has_ties(stages):
            continue
        cast = [Ballot(ranked_candidates=[CANDIDATES[each] for each in order]) for order in orders]
        [winner] = pyrankvote.instant_runoff_voting(CANDIDATES, cast).get_winners()
        assert CANDIDATES.index(winner) == stages[-1].elected[0]
        compared += 1
    assert compared > 20 * scale


def _has_ties(stages: tuple[Stage, ...]) -> bool:
    left = set(range(FEW))
    for stage in stages:
        votes = [stage.votes[option] for option in left]
        if len(set(votes)) < len(votes):
            return True
        left.discard(-1 if stage.excluded is None else stage.excluded)
    return False
