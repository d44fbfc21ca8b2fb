"""The pictures of an estimate, each with the numbers of the table under it."""

from collections.abc import Iterator
from fractions import Fraction
from string import ascii_uppercase

from beanjar.tools.estimate.figures import decimals
from beanjar.tools.estimate.guessing import bounds
from beanjar.tools.estimate.readable import FIGURES, read_figure, read_truth, read_value
from beanjar.tools.estimate.schema import AnyKind
from beanjar.tools.estimate.views import Bins, Chosen, EstimateView, Guessed, Split
from beanjar.web.filters import format_number
from beanjar.web.jar import Caption, Mark, draw_jar, draw_sealed_jar, frame
from beanjar.web.pile import Beans, answers_per_bean

BAR = 360.0
"""How long the longest bar of the theorem's picture is."""

SPLIT_HEIGHT = 96


def picture(view: EstimateView) -> str:
    """Draw the jar as it stands: closed, being opened, or open with all that is known."""
    crowd = view.crowd
    if isinstance(crowd, Chosen) and crowd.people:
        return _draw_options(crowd)
    if isinstance(crowd, Guessed) and crowd.bins:
        return _draw_numbers(view, crowd, crowd.bins)
    return _draw_closed(view)


def _draw_closed(view: EstimateView) -> str:
    facts = view.facts
    word = "answer" if facts.answers == 1 else "answers"
    caption = Caption(
        "A closed jar" if view.crowd is None else "An empty jar",
        f"{format_number(facts.answers)} {word} in it.",
    )
    turning = facts.state in {"closing", "settled"}
    return draw_sealed_jar(facts.answers, caption, word, "turning" if turning else "on")


def _draw_numbers(view: EstimateView, crowd: Guessed, bins: Bins) -> str:
    kind = view.ask.kind
    beans = Beans(
        edges=bins.edges,
        counts=bins.counts,
        below=bins.below,
        above=bins.above,
        ticks=[(edge, read_value(kind, edge)) for edge in _ends(kind, bins)],
        note=_note(crowd.people),
    )
    lines = list(marks(view, crowd))
    words = [f"{format_number(crowd.people)} guesses", *(mark.label for mark in lines)]
    return draw_jar(beans, Caption("The open jar", "; ".join(words) + "."), lines)


def _draw_options(crowd: Chosen) -> str:
    letters = ascii_uppercase[: len(crowd.options)]
    beans = Beans(
        edges=range(len(letters) + 1),
        counts=[option.count for option in crowd.options],
        ticks=[(place + 0.5, letter) for place, letter in enumerate(letters)],
        note=_note(crowd.people),
    )
    piles = zip(letters, crowd.options, strict=True)
    words = [f"{letter}, {option.label}: {option.count}" for letter, option in piles]
    return draw_jar(beans, Caption("The open jar", "; ".join(words) + "."))


def draw_split(split: Split) -> str:
    """Draw the theorem: the error of one guess as a bar, and under it the two parts it is made of.

    The parts are the crowd's error, filled, and the diversity, in outline.
    """
    crowd, individual, diversity = (
        Fraction(part) for part in (split.crowd, split.individual, split.diversity)
    )
    unit = BAR / float(individual) if individual else 0.0
    part = float(crowd) * unit
    caption = Caption(
        "Why the crowd is closer than its members",
        f"Of a guess's error of {individual}, {diversity} is spread, which cancels out, and "
        f"{crowd} is what the crowd is left with.",
        "split",
    )
    return frame(
        caption,
        SPLIT_HEIGHT,
        [
            _bar("individual", 0, 16, float(individual) * unit, filled=True),
            _bar("crowd", 0, 56, part, filled=True),
            _bar("diversity", part, 56, float(diversity) * unit, filled=False),
        ],
    )


def _bar(name: str, start: float, y: int, length: float, *, filled: bool) -> str:
    fill = 'fill="currentColor" fill-opacity=".55"' if filled else 'fill="none"'
    return (
        f'<rect class="bar {name}" x="{20 + start:.1f}" y="{y}" width="{length:.1f}" height="24" '
        f'{fill} stroke="currentColor"/>'
    )


def _ends(kind: AnyKind, bins: Bins) -> list[int]:
    """Return the outer edges, as far as a guess can go: no chance is above 100 %."""
    low, high = bounds(kind)
    return [max(bins.edges[0], low), min(bins.edges[-1], high)]


def marks(view: EstimateView, crowd: Guessed) -> Iterator[Mark]:
    """Yield the lines: mean, median, the figure that counts and the truth, as far as known."""
    kind = view.ask.kind
    for figure in crowd.figures:
        if figure.value is not None and (figure.counts or figure.name in {"mean", "median"}):
            at = Fraction(figure.value) * 10 ** decimals(kind)
            label = f"{FIGURES[figure.name]} {read_figure(kind, figure.value)}"
            yield Mark(figure.name, float(at), label)
    if view.outcome and view.truth:
        yield Mark("truth", view.truth.value, f"truth: {read_truth(kind, view.truth.value)}")


def _note(people: int) -> str:
    several = answers_per_bean(people)
    return f"one bean is {format_number(several)} answers" if several > 1 else ""
