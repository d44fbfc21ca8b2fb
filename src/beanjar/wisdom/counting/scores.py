"""Counts that add up: approval, scores, and scores followed by a run-off (STAR)."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
import numpy.typing as npt

from beanjar.wisdom.counting.lots import Lot, find_turns
from beanjar.wisdom.counting.rankings import check_options, read_counts, read_table
from beanjar.wisdom.errors import NoFigure
from beanjar.wisdom.integers import IntArray, Integers, exact_sum

MOST_POINTS = 10**6
FINALISTS = 2


@dataclass(frozen=True, slots=True, eq=False)
class Points:
    """Ballots that give every option points, each perhaps cast by several people."""

    points: IntArray
    """Shape (ballots, options). Who approves gives 1, who does not 0."""
    counts: IntArray
    """Shape (ballots,): how many people cast this ballot."""

    @classmethod
    def of(cls, points: npt.ArrayLike, counts: Integers | None = None) -> "Points":
        """Return checked ballots; without `counts`, each was cast by one person.

        Raises `NoFigure` for tables that do not fit together and for numbers out of bounds.
        """
        table = read_table(points)
        check_options(table.shape[1])
        if table.size and (table.min() < -MOST_POINTS or table.max() > MOST_POINTS):
            raise NoFigure(f"An option may have from -{MOST_POINTS:,} to {MOST_POINTS:,} points.")
        return cls(table.astype(np.int64), read_counts(counts, len(table)))

    @property
    def options(self) -> int:
        """How many options there are."""
        return int(self.points.shape[1])

    @property
    def voters(self) -> int:
        """How many people cast these ballots."""
        return exact_sum(self.counts)


@dataclass(frozen=True, slots=True)
class Totals:
    """What every option was given in all, and the options from the best on."""

    totals: tuple[int, ...]
    order: tuple[int, ...]
    ties: tuple[tuple[int, ...], ...]
    """Options with equal totals, in the order that the lot gave them."""


@dataclass(frozen=True, slots=True)
class Runoff:
    """A run-off between the two options with most points."""

    finalists: tuple[int, int]
    preferred: tuple[int, int]
    """How many people gave the one finalist more than the other."""
    winner: int
    ties: tuple[tuple[int, ...], ...]
    """Options with equal totals of which the lot chose a finalist, or the winner."""


def score(ballots: Points, lot: Lot) -> Totals:
    """Add up what the ballots give each option; of approvals this counts who approves."""
    return order_totals((ballots.counts @ ballots.points).tolist(), lot)


def order_totals(totals: Sequence[int], lot: Lot) -> Totals:
    """Order options by their totals, the greatest first, and those with equal ones by lot."""
    turns = find_turns(lot)
    order = sorted(range(len(totals)), key=lambda option: (-totals[option], turns[option]))
    groups = [tuple(group) for _, group in groupby(order, key=totals.__getitem__)]
    return Totals(tuple(totals), tuple(order), tuple(each for each in groups if len(each) > 1))


def star(ballots: Points, lot: Lot) -> Runoff:
    """Score, then automatic run-off: of the two with most points, whom more people prefer.

    Where as many prefer either, the one with more points wins, else the lot says who. Raises
    `NoFigure` for fewer than two options.
    """
    if ballots.options < FINALISTS:
        raise NoFigure("A run-off needs two options.")
    found = score(ballots, lot)
    one, other = found.order[:FINALISTS]
    difference = ballots.points[:, one] - ballots.points[:, other]
    above = int(np.sum(ballots.counts, where=difference > 0))
    below = int(np.sum(ballots.counts, where=difference < 0))
    ties = tuple(
        tied
        for tied in found.ties
        if {one, other} & {*tied} and ({one, other} != {*tied} or above == below)
    )
    return Runoff((one, other), (above, below), other if below > above else one, ties)
