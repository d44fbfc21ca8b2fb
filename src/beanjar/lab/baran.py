"""Baran's measure: how much of a lattice of stations still hangs together as they are destroyed.

Paul Baran, On Distributed Communications I: Introduction to Distributed Communications Networks,
RM-3420 (RAND, 1964): 18 by 18 stations, and the share of all of them that survive and are in the
largest group of survivors. Redundancy is the number of links for each station of a lattice without
end. Each station is linked with the 4, 6, 8 or 12 nearest to it; a lattice with an end, as here and
there, has fewer.
"""

from collections.abc import Iterator
from random import Random

from msgspec import Struct

from beanjar.wisdom.resilience.loss import at_random
from beanjar.wisdom.resilience.network import Network
from beanjar.wisdom.resilience.survival import Survival

SIDE = 18
TRIALS = 200
DESTROYED = range(10, 100, 10)
"""In percent of the stations."""
DIGITS = 4

Station = tuple[int, int]

SQUARE = ((0, 1), (1, 0))
ONE_DIAGONAL = (*SQUARE, (1, 1))
BOTH_DIAGONALS = (*ONE_DIAGONAL, (1, -1))
NEXT_BUT_ONE = (*BOTH_DIAGONALS, (0, 2), (2, 0))
WAYS = {len(ways): ways for ways in (SQUARE, ONE_DIAGONAL, BOTH_DIAGONALS, NEXT_BUT_ONE)}
"""By redundancy: where the links of a station lead; those that come to it are others'."""


class Row(Struct, frozen=True):
    """At a redundancy, with so many percent destroyed, which share of all stations hangs together.

    `error` is the standard error of that share over the trials.
    """

    redundancy: int
    destroyed: int
    largest_share: float
    error: float


def lattice(redundancy: int, side: int = SIDE) -> Network[Station]:
    """Return a square lattice of stations."""
    stations = [(row, column) for row in range(side) for column in range(side)]
    there = set(stations)
    ends = (
        ((row, column), (row + down, column + right))
        for row, column in stations
        for down, right in WAYS[redundancy]
    )
    return Network.of(stations, (link for link in ends if link[1] in there))


def measure(redundancy: int, trials: int = TRIALS) -> Iterator[Row]:
    """Yield a row for each share of stations that is destroyed; the same in every run."""
    network = lattice(redundancy)
    chance = Random(f"Baran {redundancy}")  # noqa: S311 - for a measure, not for secrets
    survived = Survival.of(network, at_random, chance, trials)
    for percent in DESTROYED:
        share = survived.share_of_all(round(len(network) * percent / 100))
        figures = (round(float(each), DIGITS) for each in (share.mean, share.error))
        yield Row(redundancy, percent, *figures)
