"""Which statement to show next: those that matter more often, and new ones first of all.

As in Polis: a statement matters the more people agree, the fewer pass, and the further it moves
who agrees with it from the middle of the map; whatever few have seen yet counts for far more.
"""

from fractions import Fraction
from hashlib import sha256

import numpy as np

from beanjar.wisdom.integers import IntArray
from beanjar.wisdom.logarithms import log_units
from beanjar.wisdom.opinions.axes import PLACE, Axes
from beanjar.wisdom.opinions.statements import Sides
from beanjar.wisdom.opinions.votes import Votes

NEW = 8
MOST_HALVINGS = 1_000
HALVED_AFTER = 5
"""What newness adds is halved with each so many votes,"""
FIFTHS = (1.0, 0.8705505632961241, 0.757858283255199, 0.6597539553864471, 0.5743491774985175)
"""by these parts in between: roots are rounded alike on every machine, powers are not."""
PARTS = 1_000
"""Priorities are told in thousandths."""
FARTHEST = int(log_units(np.array([2**48]))[0])


def find_priorities(votes: Votes, axes: Axes) -> IntArray:
    """Return how often each statement should be shown, shape (statements,), in thousandths."""
    sides = Sides.of(votes)
    alone = Votes(np.eye(len(axes.means), dtype=np.int8), np.eye(len(axes.means), dtype=bool))
    places = axes.place(alone)
    moves = np.sqrt((places * places).sum(axis=1)) / PLACE
    seen = sides.answered
    passed = seen - sides.agreed - sides.disagreed
    agreed = (sides.agreed + 1) / (seen + 2)
    matters = (1 - (passed + 1) / (seen + 2)) * (moves + 1) * agreed
    halvings = np.minimum(seen // HALVED_AFTER, MOST_HALVINGS).astype(np.int32)
    fade = np.ldexp(np.array(FIFTHS)[seen % HALVED_AFTER], -halvings)
    weight = matters * (1 + NEW * fade)
    result: IntArray = np.rint(weight * weight * PARTS).astype(np.int64)
    return result


def order_statements(priorities: IntArray, seed: bytes) -> tuple[int, ...]:
    """Return statements in an order drawn by priority, the same each time for the same seed.

    P. S. Efraimidis, P. G. Spirakis, Weighted random sampling with a reservoir, Information
    Processing Letters 97:181-185 (2006), as a race: how far each statement has to run is
    drawn from the seed and its place, and one of twice the priority runs twice as fast.
    """
    draws = [sha256(seed + place.to_bytes(4)).digest() for place in range(len(priorities))]
    lengths = FARTHEST - log_units(np.array([1 + int.from_bytes(each[:6]) for each in draws]))
    race = [
        (Fraction(int(length), max(int(speed), 1)), place)
        for place, (length, speed) in enumerate(zip(lengths, priorities, strict=True))
    ]
    return tuple(place for _, place in sorted(race))
