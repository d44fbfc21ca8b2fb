"""What an estimate's page says in sentences."""

from collections.abc import Iterator

from beanjar.tools.estimate.readable import read_distance, read_figure, read_truth
from beanjar.tools.estimate.schema import AnyKind
from beanjar.tools.estimate.tables import figure_rows
from beanjar.tools.estimate.views import (
    Brier,
    Change,
    Chosen,
    EstimateView,
    Guessed,
    Outcome,
    Ranges,
)
from beanjar.web.language import Speaker


def headline(view: EstimateView, speaker: Speaker) -> str:
    """Return the one sentence that says what came out, if anything has."""
    counting = next((row for row in figure_rows(view, speaker) if row.counts), None)
    if counting is None:
        return ""
    if not counting.value:
        return counting.why
    crowd = speaker.say("The crowd says %(value)s.", value=counting.value)
    if view.truth is None or view.outcome is None:
        return crowd
    came_true = read_truth(view.ask.kind, view.truth.value, speaker)
    truth = speaker.say("It was %(truth)s.", truth=came_true)
    return f"{crowd} {truth} {_verdict(view.outcome, counting.error, speaker)}"


def remarks(view: EstimateView, speaker: Speaker) -> list[str]:
    """Return what else there is to say, a sentence or two each."""
    said = list(_remarks_on_guesses(view, speaker)) if isinstance(view.crowd, Guessed) else []
    if isinstance(view.crowd, Chosen) and view.crowd.predicting:
        said.append(
            speaker.count(
                "%(num)s person also said what they expected of the others.",
                "%(num)s people also said what they expected of the others.",
                view.crowd.predicting,
            )
        )
    if view.outcome and view.outcome.brier and view.outcome.brier.crowd:
        said.append(_remark_on_chances(view.outcome.brier.crowd, view.outcome.brier, speaker))
    if view.facts.void:
        said.append(
            speaker.count(
                "Not counted: %(num)s answer that the question does not allow.",
                "Not counted: %(num)s answers that the question does not allow.",
                view.facts.void,
            )
        )
    return said


def read_change(kind: AnyKind, change: Change, speaker: Speaker) -> tuple[str, str]:
    """Return what the asker did, and what they said with it."""
    if change.act == "edited":
        return speaker.say("Now asked as “%(title)s”", title=change.title), change.details
    if change.act == "resolved" and change.truth is not None:
        truth = read_truth(kind, change.truth, speaker)
        return speaker.say("The truth: %(truth)s", truth=truth), change.note
    return speaker.say("The question was taken back"), change.note


def _verdict(outcome: Outcome, error: str, speaker: Speaker) -> str:
    people = speaker.number(outcome.people)
    if outcome.right is not None:
        return speaker.say(
            "The crowd was %(verdict)s; %(right)s of %(people)s were right.",
            verdict=error,
            right=speaker.number(outcome.right),
            people=people,
        )
    return speaker.say(
        "The crowd was off by %(error)s and beat %(beaten)s of %(people)s.",
        error=error,
        beaten=speaker.number(outcome.beats or 0),
        people=people,
    )


def _remark_on_chances(crowd: str, brier: Brier, speaker: Speaker) -> str:
    return speaker.say(
        "Brier score: %(crowd)s for the crowd, %(members)s for its members on average. 0 is "
        "perfect, 1 is sure and wrong.",
        crowd=speaker.number(crowd),
        members=speaker.number(brier.individual),
    )


def _remarks_on_guesses(view: EstimateView, speaker: Speaker) -> Iterator[str]:
    kind, crowd = view.ask.kind, view.crowd
    assert isinstance(crowd, Guessed)
    if crowd.shift is not None:
        yield speaker.say(
            "Without the most extreme twentieth of the guesses the mean moves by %(distance)s.",
            distance=read_distance(kind, crowd.shift, speaker),
        )
    if crowd.expected is not None:
        yield speaker.count(
            "On average, %(num)s person expected the others to say %(expected)s.",
            "On average, %(num)s people expected the others to say %(expected)s.",
            crowd.predicting,
            expected=read_figure(kind, crowd.expected, speaker),
        )
    if crowd.ranges is not None:
        yield _remark_on_ranges(kind, crowd.ranges, speaker)


def _remark_on_ranges(kind: AnyKind, ranges: Ranges, speaker: Speaker) -> str:
    given = speaker.count(
        "%(num)s person gave a range, on average %(low)s to %(high)s.",
        "%(num)s people gave a range, on average %(low)s to %(high)s.",
        ranges.people,
        low=read_figure(kind, ranges.low, speaker),
        high=read_figure(kind, ranges.high, speaker),
    )
    if ranges.held is None:
        return given
    held = speaker.say("%(held)s of these hold the truth.", held=speaker.number(ranges.held))
    return f"{given} {held}"
