"""How a value is typed or chosen on a page."""

from datetime import timedelta

from msgspec import Struct

from beanjar.tools.estimate.figures import decimals
from beanjar.tools.estimate.guessing import bounds
from beanjar.tools.estimate.readable import EPOCH, read_kind, read_truth
from beanjar.tools.estimate.schema import AnyKind, Choice, Date, Number, Probability
from beanjar.web.language import Speaker


class Input(Struct, frozen=True):
    """What a control needs: `way` is how it is answered, by "amount", "day" or "options".

    Values are in the smallest unit: `low` and `high`, and those of `options`, each with its label.
    `why` says what fits. `first` and `last` are the days allowed, as calendars write them, if only
    some are.
    """

    way: str
    why: str
    unit: str = ""
    decimals: int = 0
    low: int = 0
    high: int = 0
    options: list[tuple[int, str]] = []
    first: str = ""
    last: str = ""


def input_of(kind: AnyKind, speaker: Speaker) -> Input:
    """Return how a guess is given."""
    why = read_kind(kind, speaker)
    match kind:
        case Date():
            return Input("day", why, first=_write_day(kind.low), last=_write_day(kind.high))
        case Choice():
            return Input("options", why, options=list(enumerate(kind.options)))
        case Number() | Probability():
            low, high = bounds(kind)
            unit = kind.unit if isinstance(kind, Number) else "%"
            return Input("amount", why, unit, decimals(kind), low, high)


def truth_of(kind: AnyKind, speaker: Speaker) -> Input:
    """Return how the truth is given: of a chance it is yes or no, and a number may be any."""
    if isinstance(kind, Probability):
        options = [(truth, read_truth(kind, truth, speaker)) for truth in (kind.whole, 0)]
        return Input("options", speaker.say("Yes or no."), options=options)
    if isinstance(kind, Number):
        return input_of(Number(kind.unit, kind.decimals), speaker)
    return input_of(Date() if isinstance(kind, Date) else kind, speaker)


def _write_day(day: int | None) -> str:
    return "" if day is None else (EPOCH + timedelta(days=day)).isoformat()
