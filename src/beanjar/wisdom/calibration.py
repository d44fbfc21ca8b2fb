"""How good forecasts were: the Brier score, its course over time, and the calibration table.

Chances are whole parts of a whole (percent unless said otherwise), so every figure is exact.
"""

from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate

import numpy as np

from beanjar.wisdom.errors import NoFigure
from beanjar.wisdom.integers import IntArray, Integers, check_paired, exact_sum
from beanjar.wisdom.parts import PERCENT, Parts, read_choices, read_parts

YES_OR_NO = 2


@dataclass(frozen=True, slots=True)
class CalibrationRow:
    """The forecasts of one bin: chances from `low` up to, but without, `high` (1 with it)."""

    low: Fraction
    high: Fraction
    count: int
    forecast: Fraction
    """The mean chance that was given."""
    came_true: Fraction
    """The share that came true. Well calibrated is where it is close to `forecast`."""


def brier_score(forecasts: Parts, outcomes: Integers, whole: int = PERCENT) -> Fraction:
    """Return the mean squared distance between forecasts and what came true; 0 is perfect.

    Either `forecasts` has shape (n,), the chance of "yes", and `outcomes` are 0 or 1: the score
    lies between 0 and 1. Or `forecasts` has shape (n, m), a chance for each option, and `outcomes`
    are the numbers of the options that came true, from 0: squares are added up over the options,
    so the score lies between 0 and 2, as in Brier, Monthly Weather Review 78:1-3 (1950).
    Raises `NoFigure` on data that do not fit.
    """
    losses = squared_losses(forecasts, outcomes, whole)
    return Fraction(exact_sum(losses), losses.size * whole**2)


def brier_over_time(
    forecasts: Parts, outcomes: Integers, whole: int = PERCENT
) -> tuple[Fraction, ...]:
    """Return the Brier score of the first, the first two, and so on up to all forecasts."""
    losses = squared_losses(forecasts, outcomes, whole).tolist()
    sums = enumerate(accumulate(losses), start=1)
    return tuple(Fraction(total, count * whole**2) for count, total in sums)


def calibration_table(
    forecasts: Parts, outcomes: Integers, bins: int = 10, whole: int = PERCENT
) -> tuple[CalibrationRow, ...]:
    """Compare chances with what came true, in `bins` bins of equal width; empty ones are left out.

    `forecasts`, shape (n,), are chances of "yes"; `outcomes`, shape (n,), are 0 or 1. Raises
    `NoFigure` on data that do not fit.
    """
    chances, came_true = read_forecasts(forecasts, outcomes, whole)
    if chances.ndim != 1:
        raise NoFigure("A calibration table needs the chance of one outcome for each question.")
    if not 1 <= bins <= whole:
        raise NoFigure(f"Choose between 1 and {whole} bins.")
    places = np.minimum(chances * bins // whole, bins - 1)

    def row(place: int) -> CalibrationRow:
        here = places == place
        count = int(np.count_nonzero(here))
        return CalibrationRow(
            low=Fraction(place, bins),
            high=Fraction(place + 1, bins),
            count=count,
            forecast=Fraction(exact_sum(chances[here]), count * whole),
            came_true=Fraction(exact_sum(came_true[here]), count),
        )

    return tuple(row(place) for place in np.unique(places).tolist())


def squared_losses(forecasts: Parts, outcomes: Integers, whole: int) -> IntArray:
    """Return each forecast's squared distance from what came true, shape (n,), in whole**-2."""
    chances, came_true = read_forecasts(forecasts, outcomes, whole)
    if chances.ndim == 1:
        return (chances - whole * came_true) ** 2
    truths = whole * np.eye(chances.shape[1], dtype=np.int64)[came_true]
    losses: IntArray = ((chances - truths) ** 2).sum(axis=1)
    return losses


def read_forecasts(forecasts: Parts, outcomes: Integers, whole: int) -> tuple[IntArray, IntArray]:
    """Return forecasts, shape (n,) or (n, m), and outcomes, shape (n,), checked to fit."""
    chances = read_parts(forecasts, whole)
    options = YES_OR_NO if chances.ndim == 1 else chances.shape[1]
    came_true = read_choices(outcomes, options)
    check_paired(chances, came_true)
    return chances, came_true
