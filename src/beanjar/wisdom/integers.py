"""Whole numbers in arrays, and sums of them that are exact whatever their size.

Everything a crowd says reaches this room as whole numbers in the smallest unit of the question,
so that every node finds the same figures to the last digit.
"""

from collections.abc import Iterable
from operator import mul
from typing import Any

import numpy as np
import numpy.typing as npt

from beanjar.wisdom.errors import NoFigure

LIMIT = 2**62
"""Every value lies strictly between -LIMIT and LIMIT, so that a difference of two fits an int64."""

IntArray = npt.NDArray[np.int64]
Integers = Iterable[int] | npt.NDArray[np.integer[Any]]
"""Whole numbers as callers have them: any iterable, or an array of any integer type."""

LOW_BITS = 2**32 - 1


def read_integers(values: Integers) -> IntArray:
    """Return `values` as a one-dimensional int64 array; no values give an empty one.

    Raises `NoFigure` where they are not one row of whole numbers within the limit.
    """
    array = np.asarray(values if isinstance(values, np.ndarray | list) else list(values))
    if array.size == 0:
        return np.empty(0, np.int64)
    if array.ndim != 1:
        raise NoFigure("Give the values as one row of whole numbers, not as a table.")
    return check_integers(array)


def check_integers(array: npt.NDArray[Any]) -> IntArray:
    """Return a non-empty array of any shape as int64, or raise `NoFigure`."""
    whole = array.dtype.kind in "iu"
    if not whole or int(array.min()) <= -LIMIT or int(array.max()) >= LIMIT:
        raise NoFigure(
            "Values must be whole numbers between -2**62 and 2**62. "
            "Give them in the smallest unit of the question, or choose a larger unit."
        )
    return array.astype(np.int64, copy=False)


def read_crowd(values: Integers) -> IntArray:
    """Return `values` as `read_integers` does, and raise `NoFigure` where there are none."""
    crowd = read_integers(values)
    check_someone(crowd.size)
    return crowd


def check_someone(count: int) -> None:
    """Raise `NoFigure` for a crowd of nobody."""
    if count == 0:
        raise NoFigure("Nobody has answered, so there is no figure. Wait for a first answer.")


def check_paired(first: IntArray, second: IntArray) -> None:
    """Raise `NoFigure` unless both arrays speak of the same number of things."""
    if len(first) != len(second):
        raise NoFigure(
            f"There are {len(first)} values on one side and {len(second)} on the other. "
            "Give one for each on both sides."
        )


def exact_sum(values: IntArray) -> int:
    """Return the sum of a one-dimensional array, beyond int64 where need be.

    High and low halves are summed apart: neither sum can overflow below 2**31 values.
    """
    high = int((values >> 32).sum())
    low = int((values & LOW_BITS).sum())
    return (high << 32) + low


def exact_dot(first: IntArray, second: IntArray) -> int:
    """Return the sum of the products of two one-dimensional arrays, beyond int64 where need be."""
    return sum(map(mul, first.tolist(), second.tolist()))
