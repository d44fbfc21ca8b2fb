"""Why a crowd is closer than its members: the diversity prediction theorem."""

from dataclasses import dataclass
from fractions import Fraction

from beanjar.wisdom.averages import mean, variance
from beanjar.wisdom.integers import Integers, exact_dot, read_crowd, read_integers


@dataclass(frozen=True, slots=True)
class ErrorSplit:
    """Three figures in squared units of the question, exact: crowd = individual - diversity.

    Source: Scott E. Page, The Difference (Princeton University Press, 2007).
    """

    crowd: Fraction
    """The squared distance of the crowd's mean from the truth."""
    individual: Fraction
    """The mean squared distance of each person's guess from the truth."""
    diversity: Fraction
    """The mean squared distance of each person's guess from the crowd's mean: the variance."""


def split_error(values: Integers, truth: int) -> ErrorSplit:
    """Return how a crowd's error comes from its members' errors and their diversity.

    `values` and `truth` are whole numbers in the same unit. Raises `NoFigure` for an empty crowd.
    """
    crowd = read_crowd(values)
    distances = crowd - read_integers([truth])
    return ErrorSplit(
        crowd=(mean(crowd) - truth) ** 2,
        individual=Fraction(exact_dot(distances, distances), crowd.size),
        diversity=variance(crowd),
    )
