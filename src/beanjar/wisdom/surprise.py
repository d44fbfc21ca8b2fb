"""The surprisingly popular answer: the one that more people give than people expect."""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from beanjar.wisdom.integers import IntArray, Integers, exact_sum
from beanjar.wisdom.parts import PERCENT, Parts, read_choices, read_parts


@dataclass(frozen=True, slots=True)
class Surprise:
    """For each option, the share that chose it and the share people predicted, exactly."""

    actual: tuple[Fraction, ...]
    predicted: tuple[Fraction, ...]

    @property
    def margins(self) -> tuple[Fraction, ...]:
        """By how much each option is more popular than predicted. They add up to 0."""
        pairs = zip(self.actual, self.predicted, strict=True)
        return tuple(actual - predicted for actual, predicted in pairs)

    @property
    def winners(self) -> tuple[int, ...]:
        """The surprisingly popular option, or all of them where several tie."""
        return highest(self.margins)

    @property
    def majority(self) -> tuple[int, ...]:
        """The option that most people chose, or all of them where several tie."""
        return highest(self.actual)


def surprisingly_popular(votes: Integers, predictions: Parts, whole: int = PERCENT) -> Surprise:
    """Compare how people vote with how they expect others to vote.

    `votes`, shape (n,), are options numbered from 0. `predictions` are whole parts of `whole`:
    shape (k, m), one row per person with the share of each option, or with two options shape (k,),
    the share of option 1. Not everyone who votes need predict, so k may differ from n.

    For two options this is the rule of Prelec, Seung and McCoy, "A solution to the single-question
    crowd wisdom problem", Nature 541:532-535 (2017). For more options it is the same comparison;
    their general rule needs each vote beside its own prediction. Raises `NoFigure` on data that do
    not fit.
    """
    table = as_table(read_parts(predictions, whole), whole)
    people, options = table.shape
    chosen = read_choices(votes, options)
    counts = np.bincount(chosen, minlength=options).tolist()
    return Surprise(
        actual=tuple(Fraction(count, chosen.size) for count in counts),
        predicted=tuple(Fraction(exact_sum(column), people * whole) for column in table.T),
    )


def as_table(parts: IntArray, whole: int) -> IntArray:
    """Return parts of shape (n, m); a single row of "yes" becomes the two options no and yes."""
    return np.column_stack((whole - parts, parts)) if parts.ndim == 1 else parts


def highest(figures: tuple[Fraction, ...]) -> tuple[int, ...]:
    """Return the places of the highest figure, all of them where several tie."""
    top = max(figures)
    return tuple(place for place, figure in enumerate(figures) if figure == top)
