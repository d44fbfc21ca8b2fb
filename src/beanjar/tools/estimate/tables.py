"""The tables under an estimate's pictures."""

from itertools import pairwise
from string import ascii_uppercase

from msgspec import Struct

from beanjar.tools.estimate.guessing import bounds
from beanjar.tools.estimate.readable import (
    name_figure,
    read_distance,
    read_figure,
    read_percent,
    read_value,
)
from beanjar.tools.estimate.schema import AnyKind
from beanjar.tools.estimate.views import Bins, Chosen, EstimateView, Favourite, Figure, OptionCount
from beanjar.web.language import Speaker


class FigureRow(Struct, frozen=True):
    """A figure in words. `why` says why there is none; `error` and `beats` come with the truth."""

    name: str
    counts: bool
    value: str
    why: str = ""
    error: str = ""
    beats: int | None = None


class PileRow(Struct, frozen=True):
    """A pile of the jar's beans: what they say, how many, and in percent also what was expected.

    The values in it go from `start` up to, but without, `end`; `None` is wherever they go.
    """

    label: str
    count: int
    start: int | None
    end: int | None
    share: str = ""
    expected: str = ""


def figure_rows(view: EstimateView, speaker: Speaker) -> list[FigureRow]:
    """Return all figures side by side; none while nobody may see the answers."""
    if view.crowd is None:
        return []
    if isinstance(view.crowd, Chosen):
        options = view.crowd.options
        return [_pick(figure, options, speaker) for figure in view.crowd.figures]
    return [_measure(figure, view.ask.kind, speaker) for figure in view.crowd.figures]


def pile_rows(view: EstimateView, speaker: Speaker) -> list[PileRow]:
    """Return how many guesses lie where, or who chose what; none while nobody may see them."""
    if view.crowd is None:
        return []
    if isinstance(view.crowd, Chosen):
        letters = zip(ascii_uppercase, view.crowd.options, strict=False)
        return [_count(place, *each, speaker) for place, each in enumerate(letters)]
    return _bin_rows(view.ask.kind, view.crowd.bins, speaker) if view.crowd.bins else []


def _measure(figure: Figure, kind: AnyKind, speaker: Speaker) -> FigureRow:
    return FigureRow(
        name=name_figure(figure.name, speaker),
        counts=figure.counts,
        value="" if figure.value is None else read_figure(kind, figure.value, speaker),
        why=figure.why and (speaker.retell(figure.why) or figure.why),
        error="" if figure.error is None else read_distance(kind, figure.error, speaker),
        beats=figure.beats,
    )


def _pick(figure: Favourite, options: list[OptionCount], speaker: Speaker) -> FigureRow:
    right = {None: "", True: speaker.say("right"), False: speaker.say("wrong")}[figure.right]
    labels = " / ".join(options[place].label for place in figure.options)
    why = figure.why and (speaker.retell(figure.why) or figure.why)
    return FigureRow(name_figure(figure.name, speaker), figure.counts, labels, why, right)


def _count(place: int, letter: str, option: OptionCount, speaker: Speaker) -> PileRow:
    share = read_percent(option.share, 1, speaker)
    expected = "" if option.expected is None else read_percent(option.expected, 1, speaker)
    label = f"{letter} {option.label}"
    return PileRow(label, option.count, place, place + 1, share, expected)


def _bin_rows(kind: AnyKind, bins: Bins, speaker: Speaker) -> list[PileRow]:
    """Return a row for each pile; a bin ends with the last value before the next one begins."""
    low, high = bounds(kind)
    rows = [
        PileRow(_span(kind, max(start, low), min(end - 1, high), speaker), count, start, end)
        for (start, end), count in zip(pairwise(bins.edges), bins.counts, strict=True)
    ]
    if bins.below:
        first = read_value(kind, bins.edges[0], speaker)
        under = speaker.say("under %(first)s", first=first)
        rows.insert(0, PileRow(under, bins.below, None, bins.edges[0]))
    if bins.above:
        last = read_value(kind, bins.edges[-1], speaker)
        more = speaker.say("%(last)s and more", last=last)
        rows.append(PileRow(more, bins.above, bins.edges[-1], None))
    return rows


def _span(kind: AnyKind, first: int, last: int, speaker: Speaker) -> str:
    low, high = read_value(kind, first, speaker), read_value(kind, last, speaker)
    return low if first == last else speaker.say("%(low)s to %(high)s", low=low, high=high)
