"""How much of a network still hangs together as its nodes are lost, over many trials or all."""

from collections.abc import MutableSequence, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import permutations
from math import isqrt
from typing import Any

from beanjar.wisdom.errors import NoFigure
from beanjar.wisdom.resilience.loss import Chance, Order, largest_after
from beanjar.wisdom.resilience.network import N, Network

FEWEST_TRIALS = 2
"""Fewer tell nothing of how far their mean may be off."""
GIANT = Fraction(1, 200)
"""A part is giant that has at least this share of all nodes there were, and two nodes at least.

It is measured. Figures that others publish often follow from degrees alone (Molloy and Reed 1995),
which holds only where links make few small rings; there, both come to the same within 0.01.
"""
EXACT_UP_TO = 6
"""Of so many nodes, or fewer, chance can choose among at most 720 orders: all are tried."""
PRECISION = 10**6
"""A standard error is rounded up to whole parts of this."""


@dataclass(frozen=True, slots=True)
class Sampled:
    """A mean over trials, exactly, and its standard error, rounded up to a millionth."""

    mean: Fraction
    error: Fraction


@dataclass(frozen=True, slots=True)
class Survival:
    """How large the largest part of a network is after 0, 1, 2, … losses, trial by trial."""

    size: int
    trials: tuple[Sequence[int], ...]
    exact: bool = False
    """Whether the trials are all that chance can bring, so that no mean is off."""

    @classmethod
    def of(cls, network: Network[N], order: Order, chance: Chance, trials: int) -> "Survival":
        """Lose all nodes several times. Raises `NoFigure` for no node, or under two trials."""
        if not len(network):
            raise NoFigure("A network needs at least one node.")
        if trials < FEWEST_TRIALS:
            raise NoFigure(f"It takes {FEWEST_TRIALS} trials or more to know how far they are off.")
        runs = (largest_after(network, order(network, chance)) for _ in range(trials))
        return cls(len(network), tuple(runs))

    @classmethod
    def of_all(cls, network: Network[N], order: Order) -> "Survival":
        """Lose all nodes once in each way that chance can choose: n! trials of n nodes.

        So each mean is what it must be, and its error is 0. Raises `NoFigure` for no node.
        """
        if not len(network):
            raise NoFigure("A network needs at least one node.")
        choices = permutations(range(len(network)))
        runs = (largest_after(network, order(network, _Chosen(each))) for each in choices)
        return cls(len(network), tuple(runs), exact=True)

    def share_of_all(self, lost: int) -> Sampled:
        """Return which share of all nodes still hangs together after so many losses.

        This is Baran's measure: with all survivors together it is the share of survivors.
        """
        return self._sample([run[lost] for run in self.trials], self.size)

    def share_of_survivors(self, lost: int) -> Sampled:
        """Return which share of those that are left still hangs together; of nobody, all."""
        if lost == self.size:
            return Sampled(Fraction(1), Fraction(0))
        return self._sample([run[lost] for run in self.trials], self.size - lost)

    @property
    def giant_until(self) -> Sampled:
        """Which share of the nodes it takes until no giant part is left, see `GIANT`."""
        giant = max(2, -(-self.size * GIANT.numerator // GIANT.denominator))
        needed = [next(at for at, most in enumerate(run) if most < giant) for run in self.trials]
        return self._sample(needed, self.size)

    def _sample(self, counts: Sequence[int], whole: int) -> Sampled:
        many, total = len(counts), sum(counts)
        if self.exact:
            return Sampled(Fraction(total, many * whole), Fraction(0))
        spread = many * sum(each * each for each in counts) - total * total
        square = Fraction(spread, many * many * (many - 1) * whole * whole)
        return Sampled(Fraction(total, many * whole), _root_up(square))


class _Chosen:
    """A chance that has chosen."""

    def __init__(self, order: Sequence[int]) -> None:
        self._order = order

    def shuffle(self, x: MutableSequence[Any], /) -> None:
        x[:] = [x[place] for place in self._order]


def _root_up(square: Fraction) -> Fraction:
    """Return the root of a fraction, rounded up to a millionth."""
    parts = -(-square.numerator * PRECISION**2 // square.denominator)
    root = isqrt(parts)
    return Fraction(root if root * root == parts else root + 1, PRECISION)
