"""Values, figures and questions as their pages say them, in the language of a speaker."""

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
from beanjar.web.language import Speaker

EPOCH = date(1970, 1, 1)
DIGITS = 6
"""A figure with so many digits, or more before its point, is shown without those after them."""
MANY = 2
"""From so many on the plural is said in every language here."""


def name_figure(name: FigureName, speaker: Speaker) -> str:
    """Return what a figure is called."""
    names: dict[FigureName, str] = {
        "mean": speaker.say("mean"),
        "median": speaker.say("median"),
        "trimmed_mean": speaker.say("mean without the lowest and the highest tenth"),
        "geometric_mean": speaker.say("geometric mean"),
        "knowledge_weighted": speaker.say("knowledge-weighted estimate"),
        "most_chosen": speaker.say("most chosen"),
        "surprisingly_popular": speaker.say("surprisingly popular"),
    }
    return names[name]


def read_value(kind: AnyKind, value: int, speaker: Speaker) -> str:
    """Return a guess, given in the smallest unit: "1,287.5 lb", "15 January 2027", a label."""
    if isinstance(kind, Date):
        return _read_day(value, speaker)
    if isinstance(kind, Choice):
        return kind.options[value]
    places = decimals(kind)
    number = shorten(write_decimal(value, places, places), places, speaker)
    return _with_unit(kind, number, speaker)


def read_truth(kind: AnyKind, truth: int, speaker: Speaker) -> str:
    """Return what came true; of a probability it is yes or no."""
    if isinstance(kind, Probability):
        return speaker.say("yes") if truth else speaker.say("no")
    return read_value(kind, truth, speaker)


def read_figure(kind: AnyKind, figure: str, speaker: Speaker) -> str:
    """Return a figure, given as a decimal string, as precisely as an eye can take in.

    Of a date it is the nearest day; that of a choice is its label already.
    """
    if isinstance(kind, Choice):
        return figure
    if isinstance(kind, Date):
        return _read_day(round(Fraction(figure)), speaker)
    return _with_unit(kind, _round_for_the_eye(kind, figure, speaker), speaker)


def read_distance(kind: AnyKind, figure: str, speaker: Speaker) -> str:
    """Return a distance between two values, given as a decimal string."""
    number, count = _round_for_the_eye(kind, figure, speaker), _count(Fraction(figure))
    if isinstance(kind, Number):
        return _with_unit(kind, number, speaker)
    if isinstance(kind, Date):
        return speaker.count("%(number)s day", "%(number)s days", count, number=number)
    return speaker.count("%(number)s point", "%(number)s points", count, number=number)


def shape_distance(kind: Number | Date | Probability, speaker: Speaker) -> tuple[str, str]:
    """Return how one and how many of what lies between two values are said of a `{number}`."""
    number = "{number}"
    if isinstance(kind, Number):
        return (_with_unit(kind, number, speaker),) * 2
    name = ("%(number)s day", "%(number)s days")
    if isinstance(kind, Probability):
        name = ("%(number)s point", "%(number)s points")
    return speaker.count(*name, 1, number=number), speaker.count(*name, MANY, number=number)


def read_kind(kind: AnyKind, speaker: Speaker) -> str:
    """Return what is asked for: a number from here to there, a day, a chance, an answer."""
    match kind:
        case Probability():
            return speaker.say("How likely it is, in percent.")
        case Choice():
            return speaker.say("One of %(count)s answers.", count=len(kind.options))
        case Number() if kind.unit:
            asked = speaker.say("A number in %(unit)s", unit=kind.unit)
        case _:
            number = isinstance(kind, Number)
            asked = speaker.say("A number") if number else speaker.say("A day")
    low, high = (read_value(kind, bound, speaker) for bound in bounds(kind))
    lowest = speaker.say(", at least %(low)s", low=low) if kind.low is not None else ""
    highest = speaker.say(", at most %(high)s", high=high) if kind.high is not None else ""
    return f"{asked}{lowest}{highest}."


def read_percent(figure: str, places: int, speaker: Speaker) -> str:
    """Return a percentage, given as a decimal string, with at most so many places."""
    return speaker.say("%(number)s %%", number=shorten(figure, places, speaker))


def shorten(figure: str, places: int, speaker: Speaker) -> str:
    """Return a decimal string rounded for the eye, without zeros at its end."""
    rounded = write_decimal(Fraction(figure), 0, places)
    return speaker.number(rounded.rstrip("0").rstrip(".") if places else rounded)


def _round_for_the_eye(kind: AnyKind, figure: str, speaker: Speaker) -> str:
    """Keep one place more than guesses have, and of the digits before the point all."""
    useful = DIGITS - 1 - Decimal(figure).adjusted()
    return shorten(figure, max(0, min(decimals(kind) + 1, useful)), speaker)


def _count(exact: Fraction) -> int:
    """Return a whole number that takes the same plural: English says 1.5 days, French 1,5 jour."""
    return 1 if exact == 1 else int(exact) if exact >= MANY else 0


def _with_unit(kind: Number | Probability, number: str, speaker: Speaker) -> str:
    if isinstance(kind, Probability):
        return speaker.say("%(number)s %%", number=number)
    if not kind.unit:
        return number
    return speaker.say("%(number)s %(unit)s", number=number, unit=kind.unit)


def _read_day(days: int, speaker: Speaker) -> str:
    # A knowledge-weighted estimate can lie beyond all guesses, and so beyond the calendar.
    return speaker.day(EPOCH + timedelta(days=min(max(days, FIRST_DAY), LAST_DAY)))
