"""The pictures of a board: whether what the crowd says comes true, and how its score went."""

from collections.abc import Sequence
from decimal import Decimal
from math import sqrt

from beanjar.tools.estimate.readable import read_percent, shorten
from beanjar.tools.estimate.views import BRIER_PLACES, CalibrationBin, CoursePoint
from beanjar.web.chart import (
    BOTTOM,
    CHART_HEIGHT,
    LEFT,
    RIGHT,
    TOP,
    across,
    draw_axes,
    draw_line,
    up,
)
from beanjar.web.jar import Caption, draw_word, frame
from beanjar.web.language import Speaker

LEAST_DOT, MOST_DOT = 4.0, 14.0
PERCENT = 100
SCALES = (0.1, 0.25, 0.5, 1.0)
"""A picture of scores goes up to the first of these that holds them all."""


def draw_calibration(bins: Sequence[CalibrationBin], speaker: Speaker) -> str:
    """Draw a dot for each bin: across is the chance that the crowd gave, up how often it came true.

    The line is where they would be the same. A dot is the larger the more questions it stands for.
    """
    if not bins:
        return ""
    said = [_tell_bin(each, speaker) for each in bins]
    title = speaker.say("Chances that the crowd gave, beside what came true")
    caption = Caption(title, speaker.say("; ").join(said), "calibration-picture")
    half = PERCENT // 2
    ticks = [(each / PERCENT, read_percent(str(each), 0, speaker)) for each in (0, half, PERCENT)]
    parts = [
        *draw_axes(ticks),
        draw_line([(LEFT, BOTTOM), (RIGHT, TOP)], 'stroke-dasharray="6 5"'),
        *(draw_word(across(part), BOTTOM + 18, word) for part, word in ticks),
        draw_word(LEFT, TOP - 16, speaker.say("came true"), "start"),
        draw_word(RIGHT, BOTTOM + 36, speaker.say("the crowd had said"), "end"),
        *(_draw_bin(each) for each in bins),
    ]
    return frame(caption, CHART_HEIGHT, parts)


def draw_course(points: Sequence[CoursePoint], speaker: Speaker) -> str:
    """Draw the crowd's score after each question as a line; down is good. One point is no line."""
    if len(points) < len(("from", "to")):
        return ""
    scores = [float(each.score) for each in points]
    scale = next(each for each in SCALES if max(scores) <= each)
    last = speaker.number(points[-1].score)
    title = speaker.say("The crowd's score over time")
    begin = speaker.say(
        "From %(first)s after the first question to %(last)s after %(many)s.",
        first=speaker.number(points[0].score),
        last=last,
        many=speaker.number(len(points)),
    )
    steps = len(points) - 1
    line = [(across(place / steps), up(score / scale)) for place, score in enumerate(scores)]
    ticks = [(part, shorten(str(scale * part), BRIER_PLACES, speaker)) for part in (0, 0.5, 1)]
    parts = [
        *draw_axes(ticks),
        draw_line(line, 'stroke-width="2.5" stroke-linejoin="round"'),
        _draw_dot(*line[-1], LEAST_DOT),
        draw_word(LEFT, TOP - 16, speaker.say("score: 0 is always right"), "start"),
        draw_word(LEFT, BOTTOM + 18, "1", "start"),
        draw_word(
            RIGHT,
            BOTTOM + 18,
            speaker.count("after %(num)s question", "after %(num)s questions", len(points)),
            "end",
        ),
    ]
    return frame(Caption(title, begin, "course-picture"), CHART_HEIGHT, parts)


def _tell_bin(each: CalibrationBin, speaker: Speaker) -> str:
    return speaker.count(
        "of %(num)s question with a chance of %(forecast)s, %(came_true)s came true",
        "of %(num)s questions with a chance of %(forecast)s, %(came_true)s came true",
        each.count,
        forecast=read_percent(each.forecast, 1, speaker),
        came_true=read_percent(each.came_true, 1, speaker),
    )


def _draw_bin(each: CalibrationBin) -> str:
    x, y = (float(Decimal(part) / PERCENT) for part in (each.forecast, each.came_true))
    return _draw_dot(across(x), up(y), min(LEAST_DOT + 2 * sqrt(each.count), MOST_DOT))


def _draw_dot(x: float, y: float, radius: float) -> str:
    return (
        f'<circle class="beans" cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" fill="currentColor" '
        'fill-opacity=".8"/>'
    )
