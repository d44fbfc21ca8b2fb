"""Values, figures and questions as their pages say them."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from beanjar.tools.estimate.figures import decimals, write_decimal
from beanjar.tools.estimate.guessing import bounds
from beanjar.tools.estimate.schema import (
    FIRST_DAY,
    LAST_DAY,
    AnyKind,
    Choice,
    Date,
    FigureName,
    Number,
    Probability,
)
from beanjar.web.filters import format_number

EPOCH = date(1970, 1, 1)
DIGITS = 6
"""A figure with so many digits, or more before its point, is shown without those after them."""

FIGURES: dict[FigureName, str] = {
    "mean": "mean",
    "median": "median",
    "trimmed_mean": "mean without the lowest and the highest tenth",
    "geometric_mean": "geometric mean",
    "knowledge_weighted": "knowledge-weighted estimate",
    "most_chosen": "most chosen",
    "surprisingly_popular": "surprisingly popular",
}
"""What each figure is called."""


def read_value(kind: AnyKind, value: int) -> str:
    """Return a guess, given in the smallest unit: "1,287.5 lb", "15 January 2027", a label."""
    if isinstance(kind, Date):
        return _read_day(value)
    if isinstance(kind, Choice):
        return kind.options[value]
    places = decimals(kind)
    return _with_unit(kind, shorten(write_decimal(value, places, places), places))


def read_truth(kind: AnyKind, truth: int) -> str:
    """Return what came true; of a probability it is yes or no."""
    if isinstance(kind, Probability):
        return "yes" if truth else "no"
    return read_value(kind, truth)


def read_figure(kind: AnyKind, figure: str) -> str:
    """Return a figure, given as a decimal string, as precisely as an eye can take in.

    Of a date it is the nearest day; that of a choice is its label already.
    """
    if isinstance(kind, Choice):
        return figure
    if isinstance(kind, Date):
        return _read_day(round(Fraction(figure)))
    return _with_unit(kind, _round_for_the_eye(kind, figure))


def read_distance(kind: AnyKind, figure: str) -> str:
    """Return a distance between two values, given as a decimal string."""
    number = _round_for_the_eye(kind, figure)
    if isinstance(kind, Number):
        return _with_unit(kind, number)
    return f"{number} days" if isinstance(kind, Date) else f"{number} points"


def read_kind(kind: AnyKind) -> str:
    """Return what is asked for: a number from here to there, a day, a chance, an answer."""
    match kind:
        case Probability():
            return "How likely it is, in percent."
        case Choice():
            return f"One of {len(kind.options)} answers."
        case Number() if kind.unit:
            asked = f"A number in {kind.unit}"
        case _:
            asked = "A number" if isinstance(kind, Number) else "A day"
    low, high = (read_value(kind, bound) for bound in bounds(kind))
    lowest = f", at least {low}" if kind.low is not None else ""
    highest = f", at most {high}" if kind.high is not None else ""
    return f"{asked}{lowest}{highest}."


def shorten(figure: str, places: int) -> str:
    """Return a decimal string rounded for the eye, without zeros at its end."""
    rounded = write_decimal(Fraction(figure), 0, places)
    return format_number(rounded.rstrip("0").rstrip(".") if places else rounded)


def _round_for_the_eye(kind: AnyKind, figure: str) -> str:
    """Keep one place more than guesses have, and of the digits before the point all."""
    useful = DIGITS - 1 - Decimal(figure).adjusted()
    return shorten(figure, max(0, min(decimals(kind) + 1, useful)))


def _with_unit(kind: Number | Probability, number: str) -> str:
    return f"{number} {kind.unit if isinstance(kind, Number) else '%'}".rstrip()


def _read_day(days: int) -> str:
    # A knowledge-weighted estimate can lie beyond all guesses, and so beyond the calendar.
    day = EPOCH + timedelta(days=min(max(days, FIRST_DAY), LAST_DAY))
    return f"{day.day} {day:%B} {day.year}"
