"""Averages of a crowd's guesses: whole numbers in, in any order.

What is exact is returned as a `Fraction`; `float()` of it is one correctly rounded division. Only
the geometric mean is rounded, at a stated place.
"""

from fractions import Fraction

import numpy as np

from beanjar.wisdom.errors import NoFigure
from beanjar.wisdom.integers import IntArray, Integers, exact_dot, exact_sum, read_crowd
from beanjar.wisdom.logarithms import geometric_mean_from_logs, log_units

Share = Fraction | float
"""A share of a crowd. A float is read as the decimal number that it prints as: 0.1 is 1/10."""

TENTH = Fraction(1, 10)
TWENTIETH = Fraction(1, 20)
HALF = Fraction(1, 2)


def mean(values: Integers) -> Fraction:
    """Return the arithmetic mean, exactly. Raises `NoFigure` for an empty crowd."""
    crowd = read_crowd(values)
    return Fraction(exact_sum(crowd), crowd.size)


def median(values: Integers) -> Fraction:
    """Return the middle value, or the mean of the middle two, exactly.

    Raises `NoFigure` for an empty crowd.
    """
    return median_of_ordered(np.sort(read_crowd(values)))


def trimmed_mean(values: Integers, share: Share = TENTH) -> Fraction:
    """Return the mean without the lowest and the highest, exactly.

    From each end floor(n * share) of the n values are left out. Raises `NoFigure` for an empty
    crowd, and for a share that is not at least 0 and under 1/2.
    """
    ordered = np.sort(read_crowd(values))
    cut = cut_from_each_end(ordered.size, share)
    return mean_without_ends(ordered, exact_sum(ordered), cut)


def geometric_mean(values: Integers) -> float:
    """Return the geometric mean, rounded to 10 significant digits, the same on every machine.

    Raises `NoFigure` for an empty crowd, and where a value is not above zero.
    """
    crowd = read_crowd(values)
    check_positive(int(crowd.min()))
    return geometric_mean_from_logs(exact_sum(log_units(crowd)), crowd.size)


def variance(values: Integers) -> Fraction:
    """Return the mean squared distance from the mean, exactly (divided by n, not by n - 1)."""
    crowd = read_crowd(values)
    return variance_from_sums(crowd.size, exact_sum(crowd), exact_dot(crowd, crowd))


def shift_without_extremes(values: Integers, share: Share = TWENTIETH) -> Fraction:
    """Return how far the mean moves when the most extreme `share` is left out, exactly.

    Half of the share goes from each end: floor(n * share / 2) values each. Positive means that
    the extremes pull the mean down. Raises `NoFigure` as `trimmed_mean` does.
    """
    crowd = read_crowd(values)
    return trimmed_mean(crowd, exact_share(share) / 2) - mean(crowd)


def exact_share(share: Share) -> Fraction:
    """Return a share as the exact number that it is written as."""
    return Fraction(str(share))


def cut_from_each_end(count: int, share: Share) -> int:
    """Return floor(count * share): how many of `count` ordered values go from each end.

    Raises `NoFigure` for a share under 0, or one that would leave nobody.
    """
    exact = exact_share(share)
    if not 0 <= exact < HALF:
        raise NoFigure("The share to leave out at each end must be at least 0 and under one half.")
    return int(count * exact)


def mean_without_ends(ordered: IntArray, total: int, cut: int) -> Fraction:
    """Return the mean of ordered values, whose sum is `total`, without `cut` at each end."""
    kept = ordered.size - 2 * cut
    ends = exact_sum(ordered[:cut]) + exact_sum(ordered[cut + kept :])
    return Fraction(total - ends, kept)


def median_of_ordered(ordered: IntArray) -> Fraction:
    """Return the median of values in ascending order, of which there is at least one."""
    count = ordered.size
    return Fraction(int(ordered[(count - 1) // 2]) + int(ordered[count // 2]), 2)


def variance_from_sums(count: int, total: int, squares: int) -> Fraction:
    """Return the variance of `count` values from their sum and the sum of their squares."""
    return Fraction(count * squares - total * total, count * count)


def check_positive(lowest: int) -> None:
    """Raise `NoFigure` where the lowest value rules out a geometric mean."""
    if lowest <= 0:
        raise NoFigure(
            f"A geometric mean needs values above zero, and the lowest here is {lowest}. "
            "Use the mean or the median."
        )
