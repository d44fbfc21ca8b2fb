"""Estimates at a terminal: how a value is typed, and how a question is shown in words."""

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from functools import partial

from beanjar.base.errors import BeanjarError
from beanjar.space.speech import Bar, Shown, Speech
from beanjar.tools.estimate.figures import decimals
from beanjar.tools.estimate.guessing import bounds
from beanjar.tools.estimate.pictures import marks, picture
from beanjar.tools.estimate.readable import EPOCH, read_kind, read_truth, read_value
from beanjar.tools.estimate.remarks import headline, remarks
from beanjar.tools.estimate.schema import (
    BODIES,
    AnyKind,
    Choice,
    Date,
    EstimateAsk,
    Number,
    Probability,
)
from beanjar.tools.estimate.tables import FigureRow, figure_rows, pile_rows
from beanjar.tools.estimate.views import Bins, EstimateView, Guessed
from beanjar.web.language import ENGLISH

VALUES = frozenset({"value", "low", "high", "others", "truth"})
TRUTH = "truth"
NUMBER = re.compile(r"-?(\d{1,20}|\d{1,3}(,\d{3}){1,6})(\.\d{1,20})?")


class NotAValue(BeanjarError):
    """Words that are no answer to the question."""


def read_words(about: EstimateAsk | AnyKind, name: str, text: str) -> int:
    """Return the value, in the smallest unit, that somebody typed. Raises `NotAValue`."""
    if not isinstance(about, EstimateAsk):
        return _read(about, name, text)
    value = _read(about.kind, name, text)
    lowest, highest = bounds(about.kind)
    if name != TRUTH and not lowest <= value <= highest:
        asked = read_kind(about.kind, ENGLISH)
        raise NotAValue(f"“{text}” is not among the answers asked for: {asked}")
    return value


def write_words(about: EstimateAsk | AnyKind, name: str, value: int) -> str:
    """Return a value as people read it: with its unit, as a day, or as the option."""
    kind = about.kind if isinstance(about, EstimateAsk) else about
    reader = read_truth if name == TRUTH else read_value
    return reader(kind, value, ENGLISH)


def show(view: EstimateView) -> Shown:
    """Return a question in words."""
    asked = read_kind(view.ask.kind, ENGLISH)
    said = [view.details, asked, headline(view, ENGLISH), *remarks(view, ENGLISH)]
    return Shown(
        title=view.title,
        sentences=[sentence for sentence in said if sentence],
        figures=[_figure(row) for row in figure_rows(view, ENGLISH)],
        bars=list(_bars(view)),
    )


def _read(kind: AnyKind, name: str, text: str) -> int:
    match kind:
        case Date():
            return _read_date(text)
        case Choice():
            return _read_option(kind, text)
        case Probability() if name == TRUTH:
            return _read_yes(kind, text)
        case Number() | Probability():
            return _read_number(kind, text)


def _read_number(kind: Number | Probability, text: str) -> int:
    """Read “1,287.5 lb” or “37.5 %”; the unit and the commas may be left out."""
    unit = kind.unit if isinstance(kind, Number) else "%"
    said = text.strip().replace("\N{MINUS SIGN}", "-")
    if not NUMBER.fullmatch(said):  # a unit may look like a number itself
        said = said.removesuffix(unit).rstrip()
    if not NUMBER.fullmatch(said):
        raise NotAValue(f"“{text}” is not a number. Say it like 1287.5, with a point.")
    places = decimals(kind)
    exact = Fraction(said.replace(",", "")) * 10**places
    if exact.denominator != 1:
        allowed = f"at most {places} decimals" if places else "whole numbers"
        raise NotAValue(f"“{text}” is too precise: this question takes {allowed}.")
    return int(exact)


def _read_date(text: str) -> int:
    try:
        return (date.fromisoformat(text.strip()) - EPOCH).days
    except ValueError:
        raise NotAValue(f"“{text}” is not a day. Say it like 2027-01-20.") from None


def _read_option(kind: Choice, text: str) -> int:
    """Read an option's label, whatever its capitals, or else its place counted from 1."""
    said = text.strip()
    known = (
        kind.options,
        [label.casefold() for label in kind.options],
        [str(place) for place in range(1, len(kind.options) + 1)],
    )
    for words, spelled in zip(known, (said, said.casefold(), said), strict=True):
        if words.count(spelled) == 1:
            return words.index(spelled)
    raise NotAValue(f"“{text}” is none of the options: {', '.join(kind.options)}.")


def _read_yes(kind: Probability, text: str) -> int:
    answers = {"yes": kind.whole, "no": 0}
    said = text.strip().casefold()
    if said not in answers:
        raise NotAValue(f"“{text}” cannot come true here. Say yes or no.")
    return answers[said]


def _figure(row: FigureRow) -> tuple[str, str]:
    off = f", off by {row.error}" if row.error and row.beats is not None else ""
    beaten = f", closer than {row.beats:,}" if row.beats is not None else ""
    counts = " (counts)" if row.counts else ""
    return row.name + counts, (row.value or row.why) + off + beaten


def _bars(view: EstimateView) -> Iterator[Bar]:
    """Yield the piles of the jar, each with what is marked in it."""
    notes = defaultdict(list)
    if isinstance(view.crowd, Guessed) and view.crowd.bins:
        for mark in marks(view, view.crowd, ENGLISH):
            notes[_pile_at(view.crowd.bins, mark.at)].append(mark.label)
    for place, row in enumerate(pile_rows(view, ENGLISH)):
        yield Bar(row.label, row.count, ", ".join(notes[place]))


def _pile_at(bins: Bins, at: float) -> int:
    """Return in which of the rows of `pile_rows` a value lies."""
    first = bool(bins.below)
    rows = first + len(bins.counts) + bool(bins.above)
    return min(max(bisect_right(bins.edges, at) - 1 + first, 0), rows - 1)


SPEECH = Speech(
    values=VALUES,
    read=read_words,
    write=write_words,
    view=EstimateView,
    show=show,
    draw=partial(picture, speaker=ENGLISH),
    example='"How many beans?" --kind number --unit beans --figure mean',
    asker_only=BODIES,
)
