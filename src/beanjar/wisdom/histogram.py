"""A histogram with round edges, in whole numbers only."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

import numpy as np

from beanjar.wisdom.errors import NoFigure
from beanjar.wisdom.integers import Integers, read_crowd

FEWEST_BINS = 2  # zero is always an edge, so values on both sides of it need two bins


@dataclass(frozen=True, slots=True)
class Histogram:
    """How many values lie in each bin.

    Bin i holds the values from edges[i] up to, but without, edges[i + 1], so there is one edge
    more than there are counts. Edges are multiples of one step of 1, 2 or 5 times a power of ten.
    """

    edges: tuple[int, ...]
    counts: tuple[int, ...]


def histogram(values_sorted: Integers, bins: int) -> Histogram:
    """Count values, given in ascending order, in the narrowest round bins: at most `bins` of them.

    Raises `NoFigure` for an empty crowd, values out of order, or fewer than two bins.
    """
    ordered = read_crowd(values_sorted)
    if bins < FEWEST_BINS:
        raise NoFigure("A histogram needs at least two bins.")
    if np.any(ordered[1:] < ordered[:-1]):
        raise NoFigure("A histogram needs its values in ascending order. Sort them first.")
    edges = round_edges(int(ordered[0]), int(ordered[-1]), bins)
    places = np.searchsorted(ordered, edges)
    return Histogram(edges, tuple(np.diff(places).tolist()))


def round_edges(low: int, high: int, bins: int) -> tuple[int, ...]:
    """Return the edges of the narrowest round bins, at most `bins`, that hold `low` to `high`."""
    step = next(step for step in round_steps() if high // step - low // step < bins)
    return tuple(range(low // step * step, (high // step + 1) * step + 1, step))


def round_steps() -> Iterator[int]:
    """Yield 1, 2, 5, 10, 20, 50, 100 and so on, without end."""
    return (lead * 10**power for power in count() for lead in (1, 2, 5))
