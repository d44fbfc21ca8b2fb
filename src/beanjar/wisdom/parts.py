"""Probabilities and shares as whole parts of a whole, such as percent, so that sums are exact."""

from typing import Any

import numpy as np
import numpy.typing as npt

from beanjar.wisdom.errors import NoFigure
from beanjar.wisdom.integers import IntArray, Integers, check_integers, check_someone, read_crowd

PERCENT = 100
LARGEST_WHOLE = 10**9
"""With no more parts than this, the square of any number of parts fits an int64."""

Parts = npt.ArrayLike
"""Whole numbers of parts: shape (n,) for the chance of "yes", (n, m) for m options a row."""

TABLE = 2  # dimensions


def read_parts(parts: Parts, whole: int) -> IntArray:
    """Return `parts` as an array of shape (n,) or (n, m), checked.

    Raises `NoFigure` where there are none, where they are not whole numbers from 0 to `whole`, or
    where a row of several options does not add up to `whole`.
    """
    if not 1 <= whole <= LARGEST_WHOLE:
        raise NoFigure(f"A whole must have between 1 and {LARGEST_WHOLE} parts; use 100 for %.")
    array = as_array(parts)
    check_someone(array.size)
    checked = check_integers(array)
    if checked.min() < 0 or checked.max() > whole:
        raise NoFigure(f"A share or chance must lie between 0 and {whole} parts of {whole}.")
    if checked.ndim == TABLE and np.any(checked.sum(axis=1) != whole):
        raise NoFigure(f"The shares of all options must add up to {whole} for each person.")
    if checked.ndim > TABLE:
        raise NoFigure("Give one row of chances for each person, not a deeper table.")
    return checked


def as_array(parts: Parts) -> npt.NDArray[Any]:
    """Return `parts` as an array, or raise `NoFigure` where rows differ in length."""
    try:
        return np.asarray(parts)
    except ValueError as error:
        raise NoFigure("Every person must give a share for every option.") from error


def read_choices(choices: Integers, options: int) -> IntArray:
    """Return choices among options 0 to `options` - 1, shape (n,), or raise `NoFigure`."""
    chosen = read_crowd(choices)
    if chosen.min() < 0 or chosen.max() >= options:
        raise NoFigure(f"A choice must be one of the {options} options, numbered from 0.")
    return chosen
