"""The tables under an estimate's pictures."""

from itertools import pairwise
from string import ascii_uppercase

from msgspec import Struct

from beanjar.tools.estimate.guessing import bounds
from beanjar.tools.estimate.readable import (
    FIGURES,
    read_distance,
    read_figure,
    read_value,
    shorten,
)
from beanjar.tools.estimate.schema import AnyKind
from beanjar.tools.estimate.views import Bins, Chosen, EstimateView, Favourite, Figure, OptionCount


class FigureRow(Struct, frozen=True):
    """A figure in words. `why` says why there is none; `error` and `beats` come with the truth."""

    name: str
    counts: bool
    value: str
    why: str = ""
    error: str = ""
    beats: int | None = None


class PileRow(Struct, frozen=True):
    """A pile of the jar's beans: what they say, how many, and in percent also what was expected."""

    label: str
    count: int
    share: str = ""
    expected: str = ""


def figure_rows(view: EstimateView) -> list[FigureRow]:
    """Return all figures side by side; none while nobody may see the answers."""
    if view.crowd is None:
        return []
    if isinstance(view.crowd, Chosen):
        options = view.crowd.options
        return [_pick(figure, options) for figure in view.crowd.figures]
    return [_measure(figure, view.ask.kind) for figure in view.crowd.figures]


def pile_rows(view: EstimateView) -> list[PileRow]:
    """Return how many guesses lie where, or who chose what; none while nobody may see them."""
    if view.crowd is None:
        return []
    if isinstance(view.crowd, Chosen):
        letters = zip(ascii_uppercase, view.crowd.options, strict=False)
        return [_count(letter, option) for letter, option in letters]
    return _bin_rows(view.ask.kind, view.crowd.bins) if view.crowd.bins else []


def _measure(figure: Figure, kind: AnyKind) -> FigureRow:
    return FigureRow(
        name=FIGURES[figure.name],
        counts=figure.counts,
        value="" if figure.value is None else read_figure(kind, figure.value),
        why=figure.why,
        error="" if figure.error is None else read_distance(kind, figure.error),
        beats=figure.beats,
    )


def _pick(figure: Favourite, options: list[OptionCount]) -> FigureRow:
    right = {None: "", True: "right", False: "wrong"}[figure.right]
    labels = " / ".join(options[place].label for place in figure.options)
    return FigureRow(FIGURES[figure.name], figure.counts, labels, figure.why, right)


def _count(letter: str, option: OptionCount) -> PileRow:
    expected = "" if option.expected is None else f"{shorten(option.expected, 1)} %"
    return PileRow(
        f"{letter} {option.label}", option.count, f"{shorten(option.share, 1)} %", expected
    )


def _bin_rows(kind: AnyKind, bins: Bins) -> list[PileRow]:
    """Return a row for each pile; a bin ends with the last value before the next one begins."""
    low, high = bounds(kind)
    rows = [
        PileRow(_span(kind, max(start, low), min(end - 1, high)), count)
        for (start, end), count in zip(pairwise(bins.edges), bins.counts, strict=True)
    ]
    if bins.below:
        rows.insert(0, PileRow(f"under {read_value(kind, bins.edges[0])}", bins.below))
    if bins.above:
        rows.append(PileRow(f"{read_value(kind, bins.edges[-1])} and more", bins.above))
    return rows


def _span(kind: AnyKind, first: int, last: int) -> str:
    if first == last:
        return read_value(kind, first)
    return f"{read_value(kind, first)} to {read_value(kind, last)}"
