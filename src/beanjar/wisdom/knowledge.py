"""The knowledge-weighted estimate: a mean corrected by what people expect of one another."""

from dataclasses import dataclass
from fractions import Fraction

from beanjar.wisdom.errors import NoFigure
from beanjar.wisdom.integers import (
    Integers,
    check_paired,
    check_someone,
    exact_dot,
    exact_sum,
    read_integers,
)

FEWEST_PEOPLE = 5  # the knowledge gap divides by n - 4


@dataclass(frozen=True, slots=True)
class PairSums:
    """What n pairs of an own guess x and a prediction y of the others' mean add up to."""

    count: int = 0
    own: int = 0
    others: int = 0
    own_squares: int = 0
    others_squares: int = 0
    products: int = 0

    def plus(self, own: int, others: int, times: int = 1) -> "PairSums":
        """Return the sums with one more pair, or without it where `times` is -1."""
        return PairSums(
            self.count + times,
            self.own + times * own,
            self.others + times * others,
            self.own_squares + times * own * own,
            self.others_squares + times * others * others,
            self.products + times * own * others,
        )


def sum_pairs(estimates: Integers, predictions: Integers) -> PairSums:
    """Return the sums over pairs, both shape (n,), exactly; of no pairs, zeros.

    Raises `NoFigure` for lists of different lengths.
    """
    own, others = read_integers(estimates), read_integers(predictions)
    check_paired(own, others)
    return PairSums(
        own.size,
        exact_sum(own),
        exact_sum(others),
        exact_dot(own, own),
        exact_dot(others, others),
        exact_dot(own, others),
    )


def knowledge_weighted_estimate(estimates: Integers, predictions: Integers) -> Fraction:
    """Return the estimate with the smallest knowledge gap, exactly.

    `estimates` and `predictions`, both shape (n,) in the same order and unit: each person's own
    guess, and what they expect the others' mean guess to be.

    Source: Palley and Satopää, "Boosting the wisdom of crowds within a single judgment problem:
    weighted averaging based on peer predictions", Management Science (2023). They
    choose weights, adding up to 1, that minimize the gap. But the gap replaces each prediction by
    its regression on the estimate, and so depends on the weights only through the weighted mean x:

        gap(x) = (slope * (x - mean) + shortfall)**2 + noise * (x - mean)**2 + a constant

    which has its minimum at a rational number. So no weights are computed, and nothing is rounded.
    Raises `NoFigure` for fewer than five people, or lists of different lengths.
    """
    return estimate_from_sums(sum_pairs(estimates, predictions))


def estimate_from_sums(sums: PairSums) -> Fraction:
    """Return the same from the sums alone. Raises `NoFigure` for fewer than five people."""
    n, total, others_total = sums.count, sums.own, sums.others
    check_someone(n)
    if n < FEWEST_PEOPLE:
        raise NoFigure(f"A knowledge-weighted estimate needs five people, and there are {n}.")
    spread = n * sums.own_squares - total**2
    mean = Fraction(total, n)
    if spread == 0:
        return mean
    together = n * sums.products - total * others_total
    others_spread = n * sums.others_squares - others_total**2

    weight = Fraction(n - 1, n)  # of the others in what a person thinks all will say
    slope = Fraction(1, n) + weight * Fraction(together, spread)
    shortfall = weight * Fraction(others_total - total, n)
    unexplained = (others_spread - Fraction(together**2, spread)) / (n * (n - 2))
    noise = weight**2 * Fraction(n - 2, n * (n - 4)) * unexplained / Fraction(spread, n**2)
    if slope**2 + noise == 0:
        return mean
    return mean - slope * shortfall / (slope**2 + noise)
