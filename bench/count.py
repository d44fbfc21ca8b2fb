"""How fast a million ranked ballots of ten options are counted, beside PyPI's `pyrankvote`.

Voters follow one order of all options, each with many swaps, and rank some of them: most ballots
differ. Theirs counts a hundredth of them, since a million take it minutes, and the same ones are
counted here for the comparison. What is measured begins with decoded ballots on both sides.
"""

import time
from collections.abc import Callable

import numpy as np
import pyrankvote  # type: ignore[import-untyped]
from pyrankvote import Ballot, Candidate

from beanjar.wisdom.counting.rankings import Rankings
from beanjar.wisdom.counting.runoff import instant_runoff
from beanjar.wisdom.counting.schulze import pairwise, schulze
from beanjar.wisdom.counting.transferable import single_transferable_vote

VOTERS = 1_000_000
FEWER = VOTERS // 100
OPTIONS = 10
SEATS = 4
NOISE = 3.0
"""How far voters stray from the order that all have in mind, in places."""
SEED = 850

Progress = Callable[[str], None]


def measure(progress: Progress) -> dict[str, float]:
    """Return seconds for Schulze and STV, and how much longer theirs takes for the same ballots."""
    progress(f"making {VOTERS:,} ballots")
    ballots = make_ballots(VOTERS)
    lot = range(OPTIONS)
    progress("counting them")
    schulze_seconds = _time(lambda: schulze(pairwise(ballots), lot))
    stv_seconds = _time(lambda: single_transferable_vote(ballots, SEATS, lot))
    fewer = Rankings(ballots.ranks[:FEWER], ballots.counts[:FEWER])
    ours = _time(lambda: instant_runoff(fewer, lot))
    progress(f"letting pyrankvote count {FEWER:,}")
    theirs, winner = _time_pyrankvote(fewer)
    assert winner == instant_runoff(fewer, lot)[-1].elected[0]
    return {
        "ballots": VOTERS,
        "options": OPTIONS,
        "schulze_seconds": schulze_seconds,
        "stv_seconds": stv_seconds,
        "fewer_ballots": FEWER,
        "run_off_seconds": ours,
        "pyrankvote_seconds": theirs,
        "times_as_fast": theirs / ours,
    }


def make_ballots(voters: int) -> Rankings:
    """Return so many ballots, the same in every run."""
    chance = np.random.default_rng(SEED)
    places = np.arange(OPTIONS) + chance.normal(0, NOISE, (voters, OPTIONS))
    ranks = places.argsort(axis=1).argsort(axis=1) + 1
    longest = chance.integers(1, OPTIONS + 1, (voters, 1))
    return Rankings.of(np.where(ranks <= longest, ranks, 0))


def _time(count: Callable[[], object]) -> float:
    start = time.perf_counter()
    count()
    return time.perf_counter() - start


def _time_pyrankvote(ballots: Rankings) -> tuple[float, int]:
    candidates = [Candidate(f"option {place}") for place in range(OPTIONS)]
    cast = [
        Ballot(ranked_candidates=[candidates[option] for [option] in tiers])
        for _, tiers in ballots.tiers()
    ]
    start = time.perf_counter()
    [winner] = pyrankvote.instant_runoff_voting(candidates, cast).get_winners()
    return time.perf_counter() - start, candidates.index(winner)
