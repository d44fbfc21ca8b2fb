"""What the crowd and its groups think of each statement: what all share, and what tells them apart.

The figures are those of Polis. Each is worked out number by number from whole numbers with
operations that round alike everywhere (+, -, *, / and roots), so all machines order them alike.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from beanjar.wisdom.integers import IntArray
from beanjar.wisdom.opinions.votes import AGREE, DISAGREE, Votes

SURE = 1.2816
"""A z-score that chance reaches in one of ten cases."""
HALF = 0.5
SHOWN = 5

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Sides:
    """How many agreed, disagreed and voted at all, each of shape (statements,)."""

    agreed: IntArray
    disagreed: IntArray
    answered: IntArray

    @classmethod
    def of(cls, votes: Votes) -> "Sides":
        """Count votes."""
        return cls(votes.agreed, votes.disagreed, votes.answered)

    def __sub__(self, other: "Sides") -> "Sides":
        """Return those of everybody else."""
        return Sides(
            self.agreed - other.agreed,
            self.disagreed - other.disagreed,
            self.answered - other.answered,
        )

    def count(self, side: int) -> IntArray:
        """Return how many took a side: `AGREE` or `DISAGREE`."""
        return self.agreed if side == AGREE else self.disagreed

    def chance(self, side: int, place: int) -> Fraction:
        """Return the chance that the next who votes on a statement takes a side (Laplace)."""
        return Fraction(int(self.count(side)[place]) + 1, int(self.answered[place]) + 2)


@dataclass(frozen=True, slots=True)
class Told:
    """One statement and the side that many take."""

    statement: int
    side: int
    """`AGREE` or `DISAGREE`."""
    taken: int
    """How many of those who voted on it took this side."""
    answered: int
    chance: Fraction
    """How likely the next one takes it."""
    sure: bool = True
    """Whether that is hardly chance."""


def find_consensus(sides: Sides, shown: IntArray) -> tuple[Told, ...]:
    """Return what the whole crowd agrees on, then what it disagrees with, the surest first.

    `shown` are the statements that are not hidden. At most five of each side, where more than half
    take it and that is hardly chance.
    """
    return tuple(each for side in (AGREE, DISAGREE) for each in _take_side(sides, shown, side))


def _take_side(sides: Sides, shown: IntArray, side: int) -> list[Told]:
    chances, scores = _chances(sides, side), _score(sides, side)
    likely = [int(each) for each in shown if chances[each] > HALF and scores[each] > SURE]
    likely.sort(key=lambda each: (-chances[each] * scores[each], each))
    return [_tell(sides, each, side) for each in likely[:SHOWN]]


def find_typical(group: Sides, crowd: Sides, shown: IntArray) -> tuple[Told, ...]:
    """Return what a group thinks and others think less: first what it agrees on.

    At most five, where that the group takes a side, and that it does so more than others, are both
    hardly chance. Where there are none, the one that comes closest, which then is not `sure`.
    """
    compared = [
        each for side in (AGREE, DISAGREE) for each in _compare(group, crowd - group, shown, side)
    ]
    sure = sorted((each for each in compared if each.margin > SURE), key=lambda each: each.order)
    typical = sure[:SHOWN] or sorted(compared, key=lambda each: -each.margin)[:1]
    typical.sort(key=lambda each: -each.side)
    return tuple(
        replace(_tell(group, each.statement, each.side), sure=each.margin > SURE)
        for each in typical
    )


@dataclass(frozen=True, slots=True)
class _Compared:
    """How strongly a group, and no other, takes a side."""

    statement: int
    side: int
    strength: float
    margin: float
    """The smaller of two z-scores: of the group against chance, and against the rest."""

    @property
    def order(self) -> tuple[float, int]:
        return (-self.strength, self.statement)


def _compare(group: Sides, rest: Sides, shown: IntArray, side: int) -> list[_Compared]:
    chances, scores = _chances(group, side), _score(group, side)
    gaps = _score_gap(group, rest, side)
    strengths = chances / _chances(rest, side) * gaps * chances * scores
    margins = np.minimum(gaps, scores)
    return [
        _Compared(int(each), side, float(strengths[each]), float(margins[each]))
        for each in shown
        if group.answered[each]
    ]


def measure_sharing(groups: Sequence[Sides], side: int, place: int) -> Fraction:
    """Return how likely one of each group, chosen by chance, would all take a side together.

    This is Polis's group-informed consensus: a large group cannot make up for a small one.
    """
    product = Fraction(1)
    for group in groups:
        product *= group.chance(side, place)
    return product


def rank_sharing(groups: Sequence[Sides], side: int) -> Floats:
    """Return `measure_sharing` of all statements, to order them by: shape (statements,)."""
    product = np.ones(len(groups[0].answered))
    for group in groups:
        product = product * _chances(group, side)
    return product


def rank_division(groups: Sequence[Sides]) -> Floats:
    """Return `measure_division` of all statements, to order them by: shape (statements,)."""
    chances = np.stack([_chances(group, AGREE) for group in groups])
    result: Floats = chances.max(axis=0) - chances.min(axis=0)
    return result


def measure_division(groups: Sequence[Sides], place: int) -> Fraction:
    """Return by how much the chance to agree differs between the two groups furthest apart."""
    chances = [group.chance(AGREE, place) for group in groups]
    return max(chances) - min(chances)


def _tell(sides: Sides, place: int, side: int) -> Told:
    taken, answered = int(sides.count(side)[place]), int(sides.answered[place])
    return Told(place, side, taken, answered, sides.chance(side, place))


def _chances(sides: Sides, side: int) -> Floats:
    result: Floats = (sides.count(side) + 1) / (sides.answered + 2)
    return result


def _score(sides: Sides, side: int) -> Floats:
    """Return z-scores of a share against a half, with one more who takes the side."""
    voted = sides.answered + 1
    result: Floats = 2 * np.sqrt(voted) * ((sides.count(side) + 1) / voted - HALF)
    return result


def _score_gap(group: Sides, rest: Sides, side: int) -> Floats:
    """Return z-scores of the shares of two crowds, with one more in each who takes the side."""
    one, other = group.count(side) + 1, rest.count(side) + 1
    ones, others = group.answered + 1, rest.answered + 1
    pooled = (one + other) / (ones + others)
    spread = np.sqrt(pooled * (1 - pooled) * (1 / ones + 1 / others))
    gap = one / ones - other / others
    result: Floats = np.divide(gap, spread, out=np.zeros_like(gap), where=spread > 0)
    return result
