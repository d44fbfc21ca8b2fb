"""The pictures of an estimate, each with the numbers of the table under it."""

from collections.abc import Iterator
from fractions import Fraction
from string import ascii_uppercase
from typing import Literal

from beanjar.tools.estimate.figures import decimals
from beanjar.tools.estimate.guessing import bounds
from beanjar.tools.estimate.readable import name_figure, read_figure, read_truth, read_value
from beanjar.tools.estimate.schema import AnyKind
from beanjar.tools.estimate.views import Bins, Chosen, EstimateView, Guessed, Split
from beanjar.web.jar import Caption, Mark, draw_jar, draw_sealed_jar, draw_word, frame
from beanjar.web.language import Speaker
from beanjar.web.pile import Beans, answers_per_bean

START, BAR = 20.0, 360.0
"""Where the bars of the theorem's picture begin, and how long the longest is."""
SPLIT_HEIGHT = 116


def picture(view: EstimateView, speaker: Speaker) -> str:
    """Draw the jar as it stands: closed, being opened, or open with all that is known."""
    crowd = view.crowd
    if isinstance(crowd, Chosen) and crowd.people:
        return _draw_options(crowd, speaker)
    if isinstance(crowd, Guessed) and crowd.bins:
        return _draw_numbers(view, crowd, crowd.bins, speaker)
    return _draw_closed(view, speaker)


def _draw_closed(view: EstimateView, speaker: Speaker) -> str:
    facts = view.facts
    closed = speaker.say("A closed jar") if view.crowd is None else speaker.say("An empty jar")
    inside = speaker.count("%(num)s answer in it.", "%(num)s answers in it.", facts.answers)
    word = speaker.count("answer", "answers", facts.answers)
    lid: Literal["on", "turning"] = "turning" if facts.state in {"closing", "settled"} else "on"
    return draw_sealed_jar(speaker.number(facts.answers), Caption(closed, inside), word, lid)


def _draw_numbers(view: EstimateView, crowd: Guessed, bins: Bins, speaker: Speaker) -> str:
    kind = view.ask.kind
    beans = Beans(
        edges=bins.edges,
        counts=bins.counts,
        below=bins.below,
        above=bins.above,
        ticks=[(edge, read_value(kind, edge, speaker)) for edge in _ends(kind, bins)],
        note=_note(crowd.people, speaker),
    )
    lines = list(marks(view, crowd, speaker))
    guesses = speaker.count("%(num)s guess", "%(num)s guesses", crowd.people)
    return draw_jar(beans, _caption([guesses, *(mark.label for mark in lines)], speaker), lines)


def _draw_options(crowd: Chosen, speaker: Speaker) -> str:
    letters = ascii_uppercase[: len(crowd.options)]
    beans = Beans(
        edges=range(len(letters) + 1),
        counts=[option.count for option in crowd.options],
        ticks=[(place + 0.5, letter) for place, letter in enumerate(letters)],
        note=_note(crowd.people, speaker),
    )
    piles = zip(letters, crowd.options, strict=True)
    words = [
        speaker.say(
            "%(letter)s, %(label)s: %(count)s",
            letter=letter,
            label=option.label,
            count=speaker.number(option.count),
        )
        for letter, option in piles
    ]
    return draw_jar(beans, _caption(words, speaker))


def _caption(words: list[str], speaker: Speaker) -> Caption:
    between = speaker.say("; ")
    return Caption(speaker.say("The open jar"), f"{between.join(words)}.")


def draw_split(split: Split, speaker: Speaker) -> str:
    """Draw the theorem: the error of one guess as a bar, and under it the two parts it is made of.

    The parts are the crowd's error, filled, and the diversity, in outline, each with its words.
    """
    crowd, individual, diversity = (
        Fraction(part) for part in (split.crowd, split.individual, split.diversity)
    )
    unit = BAR / float(individual) if individual else 0.0
    part = float(crowd) * unit
    caption = Caption(
        speaker.say("Why the crowd is closer than its members"),
        speaker.say(
            "Of a guess's error of %(individual)s, %(diversity)s is spread, which cancels out, and "
            "%(crowd)s is what the crowd is left with.",
            individual=speaker.number(split.individual),
            diversity=speaker.number(split.diversity),
            crowd=speaker.number(split.crowd),
        ),
        "split",
    )
    return frame(
        caption,
        SPLIT_HEIGHT,
        [
            draw_word(START, 14, speaker.say("average error of one guess"), "start"),
            _bar("individual", 0, 22, float(individual) * unit, filled=True),
            _bar("crowd", 0, 62, part, filled=True),
            _bar("diversity", part, 62, float(diversity) * unit, filled=False),
            draw_word(START, 104, speaker.say("error of the crowd"), "start"),
            draw_word(START + BAR, 104, speaker.say("diversity of the guesses"), "end"),
        ],
    )


def _bar(name: str, start: float, y: int, length: float, *, filled: bool) -> str:
    fill = 'fill="currentColor" fill-opacity=".55"' if filled else 'fill="none"'
    return (
        f'<rect class="bar {name}" x="{START + start:.1f}" y="{y}" width="{length:.1f}" '
        f'height="24" {fill} stroke="currentColor"/>'
    )


def _ends(kind: AnyKind, bins: Bins) -> list[int]:
    """Return the outer edges, as far as a guess can go: no chance is above 100 %."""
    low, high = bounds(kind)
    return [max(bins.edges[0], low), min(bins.edges[-1], high)]


def marks(view: EstimateView, crowd: Guessed, speaker: Speaker) -> Iterator[Mark]:
    """Yield the lines: mean, median, the figure that counts and the truth, as far as known."""
    kind = view.ask.kind
    for figure in crowd.figures:
        if figure.value is not None and (figure.counts or figure.name in {"mean", "median"}):
            at = Fraction(figure.value) * 10 ** decimals(kind)
            name = name_figure(figure.name, speaker)
            label = f"{name} {read_figure(kind, figure.value, speaker)}"
            yield Mark(figure.name, float(at), label)
    if view.outcome and view.truth:
        truth = read_truth(kind, view.truth.value, speaker)
        yield Mark("truth", view.truth.value, speaker.say("truth: %(truth)s", truth=truth))


def _note(people: int, speaker: Speaker) -> str:
    several = answers_per_bean(people)
    if several == 1:
        return ""
    return speaker.say("one bean is %(several)s answers", several=speaker.number(several))
