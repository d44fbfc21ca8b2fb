"""Who stands where: people and the crowd, over all questions whose truth is known."""

from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction
from heapq import nsmallest
from math import lcm
from operator import itemgetter

from beanjar.tools.estimate.figures import write_decimal, write_percent
from beanjar.tools.estimate.records import Record
from beanjar.tools.estimate.schema import Probability
from beanjar.tools.estimate.views import BRIER_PLACES, LOSS_PARTS, CalibrationBin, Standing
from beanjar.wisdom.calibration import CalibrationRow, calibration_table

PLACES = 20
"""How many people a board names."""

CHANCE_PARTS = 10**6
"""In how many parts a crowd's chance is read into its bin, rounded half to even."""

RANK_PLACES = 1

Totals = Mapping[str, tuple[int, int]]
"""Of each person the sum of the scores, and over how many questions it is."""


def rank_forecasters(records: Sequence[Record]) -> list[Standing]:
    """Rank by the mean Brier score over questions on probabilities and choices."""
    people = _add_up([each.scores.losses for each in records])
    losses = [each.scores.crowd_loss for each in records if each.scores.crowd_loss is not None]
    return _rank(people, LOSS_PARTS, losses, BRIER_PLACES)


def rank_guessers(records: Sequence[Record]) -> list[Standing]:
    """Rank by the mean of the ranks over questions on numbers and dates."""
    people = _add_up([each.scores.ranks for each in records])
    ranks = [each.scores.crowd_rank for each in records if each.scores.crowd_rank is not None]
    return _rank(people, 1, ranks, RANK_PLACES)


def calibrate(records: Sequence[Record]) -> list[CalibrationBin]:
    """Compare the chances that the crowd gave in questions on probabilities with what came true."""
    given = [
        (round(each.scores.crowd_chance * CHANCE_PARTS), int(each.truth > 0))
        for each in records
        if isinstance(each.kind, Probability) and each.scores.crowd_chance is not None
    ]
    if not given:
        return []
    chances, outcomes = zip(*given, strict=True)
    return [_bin(row) for row in calibration_table(chances, outcomes, whole=CHANCE_PARTS)]


def _bin(row: CalibrationRow) -> CalibrationBin:
    return CalibrationBin(
        low=write_percent(row.low),
        high=write_percent(row.high),
        count=row.count,
        forecast=write_percent(row.forecast),
        came_true=write_percent(row.came_true),
    )


def _add_up(scores: Sequence[Mapping[str, int]]) -> Totals:
    """Return the sums of everybody who answered at least half of the questions."""
    totals: Counter[str] = Counter()
    counts: Counter[str] = Counter()
    for each in scores:
        totals.update(each)
        counts.update(each.keys())
    return {
        person: (totals[person], count)
        for person, count in counts.items()
        if 2 * count >= len(scores)
    }


def _rank(
    people: Totals, parts: int, crowd: Sequence[Fraction | int], places: int
) -> list[Standing]:
    """Return the first people, and the crowd wherever it stands; of equals the crowd is last.

    People's scores are in whole `parts`. Means are compared over a common denominator.
    """
    common = lcm(*{count for _, count in people.values()})
    rows = (
        (total * (common // count), -count, person) for person, (total, count) in people.items()
    )
    first = [
        _stand(person, Fraction(scaled, common * parts), -count, places)
        for scaled, count, person in nsmallest(PLACES, rows)
    ]
    if crowd:
        first.append(_stand(None, Fraction(sum(crowd), len(crowd)), len(crowd), places))
    return [standing for _, standing in sorted(first, key=itemgetter(0))]


def _stand(
    person: str | None, mean: Fraction, questions: int, places: int
) -> tuple[Fraction, Standing]:
    return mean, Standing(person, questions, write_decimal(mean, 0, places))
