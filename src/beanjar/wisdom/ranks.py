"""Who came closest to the truth, and how many the crowd as a whole beats. All exact."""

from fractions import Fraction

import numpy as np

from beanjar.wisdom.averages import mean
from beanjar.wisdom.integers import IntArray, Integers, read_crowd, read_integers


def rank_by_distance(values: Integers, truth: int) -> IntArray:
    """Return each person's rank by distance from `truth`, shape (n,); 1 is the closest.

    A rank is one more than the number of people strictly closer, so people who tie share the
    better rank. Raises `NoFigure` for an empty crowd.
    """
    distances = distances_from(truth, read_crowd(values))
    return np.searchsorted(np.sort(distances), distances) + 1


def beats_share(values: Integers, truth: int) -> Fraction:
    """Return the share of people strictly farther from `truth` than the crowd's mean is.

    Raises `NoFigure` for an empty crowd.
    """
    crowd = read_crowd(values)
    # A whole number exceeds a fraction exactly when it exceeds the fraction rounded down.
    error = int(abs(mean(crowd) - truth))
    farther = np.count_nonzero(distances_from(truth, crowd) > error)
    return Fraction(int(farther), crowd.size)


def distances_from(truth: int, crowd: IntArray) -> IntArray:
    """Return how far each value is from `truth`, shape (n,)."""
    distances: IntArray = np.abs(crowd - read_integers([truth]))
    return distances
