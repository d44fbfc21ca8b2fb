"""What an estimate's page says in sentences."""

from collections.abc import Iterator

from beanjar.tools.estimate.readable import read_distance, read_figure, read_truth
from beanjar.tools.estimate.schema import AnyKind
from beanjar.tools.estimate.tables import figure_rows
from beanjar.tools.estimate.views import Change, Chosen, EstimateView, Guessed, Outcome
from beanjar.web.filters import format_number


def headline(view: EstimateView) -> str:
    """Return the one sentence that says what came out, if anything has."""
    counting = next((row for row in figure_rows(view) if row.counts), None)
    if counting is None:
        return ""
    if not counting.value:
        return counting.why
    crowd = f"The crowd says {counting.value}."
    if view.truth is None or view.outcome is None:
        return crowd
    truth = f"It was {read_truth(view.ask.kind, view.truth.value)}."
    return f"{crowd} {truth} {_verdict(view.outcome, counting.error)}"


def remarks(view: EstimateView) -> list[str]:
    """Return what else there is to say, a sentence or two each."""
    said = list(_remarks_on_guesses(view)) if isinstance(view.crowd, Guessed) else []
    if isinstance(view.crowd, Chosen) and view.crowd.predicting:
        people = _people(view.crowd.predicting)
        said.append(f"{people} also said what they expected of the others.")
    if view.outcome and view.outcome.brier and view.outcome.brier.crowd:
        brier = view.outcome.brier
        said.append(
            f"Brier score: {brier.crowd} for the crowd, {brier.individual} for its members on "
            "average. 0 is perfect, 1 is sure and wrong."
        )
    if view.facts.void:
        said.append(f"Not counted: {_answers(view.facts.void)} that the question does not allow.")
    return said


def read_change(kind: AnyKind, change: Change) -> tuple[str, str]:
    """Return what the asker did, and what they said with it."""
    if change.act == "edited":
        return f"Now asked as “{change.title}”", change.details
    if change.act == "resolved" and change.truth is not None:
        return f"The truth: {read_truth(kind, change.truth)}", change.note
    return "The question was taken back", change.note


def _verdict(outcome: Outcome, error: str) -> str:
    if outcome.right is not None:
        return f"The crowd was {error}; {outcome.right:,} of {outcome.people:,} were right."
    beaten = f"{outcome.beats:,} of {outcome.people:,}"
    return f"The crowd was off by {error} and beat {beaten}."


def _remarks_on_guesses(view: EstimateView) -> Iterator[str]:
    kind, crowd = view.ask.kind, view.crowd
    assert isinstance(crowd, Guessed)
    if crowd.shift is not None:
        moved = read_distance(kind, crowd.shift)
        yield f"Without the most extreme twentieth of the guesses the mean moves by {moved}."
    if crowd.expected is not None:
        expected = read_figure(kind, crowd.expected)
        yield f"On average, {_people(crowd.predicting)} expected the others to say {expected}."
    if crowd.ranges is not None:
        ranges = crowd.ranges
        low, high = read_figure(kind, ranges.low), read_figure(kind, ranges.high)
        held = (
            "" if ranges.held is None else f" {format_number(ranges.held)} of these hold the truth."
        )
        yield f"{_people(ranges.people)} gave a range, on average {low} to {high}.{held}"


def _people(count: int) -> str:
    return "1 person" if count == 1 else f"{format_number(count)} people"


def _answers(count: int) -> str:
    return "1 answer" if count == 1 else f"{format_number(count)} answers"
