"""Logarithms that come out the same on every machine, and the geometric mean made of them.

The logarithms of system libraries differ in their last bit from one machine to the next. These
are made of +, -, * and / on doubles, which IEEE 754 fixes to the last bit, and are then rounded to
whole units, so that their sum is exact and does not depend on the order.
"""

from decimal import Context, Decimal, localcontext

import numpy as np

from beanjar.wisdom.integers import IntArray

UNITS = 10**12
"""A logarithm is counted in whole units of 1e-12."""

DIGITS = 10
"""Significant digits of a geometric mean: two fewer than its logarithm is good for."""

LN_2 = 0.6931471805599453
ROOT_HALF = 0.7071067811865476
HIGHEST_POWER = 23  # the next term of the series below is under 1e-20


def log_units(values: IntArray) -> IntArray:
    """Return ln x for each x > 0 of an array, rounded to a whole number of 1e-12.

    With x = f * 2**e and f in [sqrt(1/2), sqrt(2)), ln x = e ln 2 + 2 artanh((f - 1) / (f + 1)).
    """
    fraction, exponent = np.frexp(values.astype(np.float64))
    small = fraction < ROOT_HALF
    fraction = np.where(small, 2 * fraction, fraction)
    exponent = exponent - small
    ratio = (fraction - 1) / (fraction + 1)
    square = ratio * ratio
    series = np.zeros_like(ratio)
    for power in range(HIGHEST_POWER, 0, -2):
        series = series * square + 1 / power
    logs = exponent * LN_2 + 2 * ratio * series
    units: IntArray = np.rint(logs * UNITS).astype(np.int64)
    return units


def geometric_mean_from_logs(total: int, count: int) -> float:
    """Return exp(total / count) for a sum of `log_units`, rounded to 10 significant digits."""
    with localcontext(Context(prec=40)):
        exact = (Decimal(total) / count / UNITS).exp()
    return float(Context(prec=DIGITS).plus(exact))
