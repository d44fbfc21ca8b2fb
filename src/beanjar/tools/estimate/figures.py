"""Figures of a crowd: exact inside, decimal strings outside, the same on every machine."""

from collections.abc import Callable
from fractions import Fraction

from beanjar.tools.estimate.schema import AnyKind, FigureName, Number, Probability
from beanjar.wisdom.errors import NoFigure

MORE_PLACES = 3
"""A figure has so many places more than the answers."""

Found = Fraction | str
"""A figure in the smallest unit, or the sentence that says why there is none."""

Figures = dict[FigureName, Found]


def decimals(kind: AnyKind) -> int:
    """Return how many decimals the answers to such a question have."""
    return kind.decimals if isinstance(kind, Number | Probability) else 0


def write_decimal(exact: Fraction | int, decimals: int, places: int) -> str:
    """Return `exact` / 10**`decimals` with `places` places, rounded half to even."""
    units = round(Fraction(exact) * Fraction(10) ** (places - decimals))
    digits = str(abs(units)).rjust(places + 1, "0")
    sign = "-" if units < 0 else ""
    whole, parts = digits[: len(digits) - places], digits[len(digits) - places :]
    return f"{sign}{whole}.{parts}" if places else sign + whole


def write_figure(exact: Fraction | int, decimals: int) -> str:
    """Return a figure, given in the smallest unit, in the unit of the question."""
    return write_decimal(exact, decimals, decimals + MORE_PLACES)


def write_percent(share: Fraction) -> str:
    """Return a share of 1 in percent."""
    return write_figure(100 * share, 0)


def find(work_out: Callable[[], Fraction | float]) -> Found:
    """Return the figure, or why there is none. A float is taken as the decimal that it prints."""
    try:
        return Fraction(str(work_out()))
    except NoFigure as why:
        return str(why)
