"""The record of a space: its questions with a known truth, in the order in which it came out."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import accumulate

from msgspec import Struct

from beanjar.tools.estimate.figures import write_decimal
from beanjar.tools.estimate.schema import AnyKind
from beanjar.tools.estimate.views import (
    BRIER_PLACES,
    LOSS_PARTS,
    CoursePoint,
    EstimateView,
    Scores,
)


class Record(Struct, frozen=True):
    """One question with a known truth, said at `time` (ms), and what each guess was worth."""

    id: str
    time: int
    kind: AnyKind
    truth: int
    scores: Scores


def read_records(views: Mapping[str, EstimateView]) -> list[Record]:
    """Return the records of the questions, by id, that have come to an end."""
    records = [
        Record(name, view.truth.time, view.ask.kind, view.truth.value, view.scores)
        for name, view in views.items()
        if view.truth is not None and view.scores is not None
    ]
    return sorted(records, key=lambda each: (each.time, each.id))


def course(records: Sequence[Record], person: str | None = None) -> list[CoursePoint]:
    """Return a person's Brier score after each question that they answered, or the crowd's.

    The records are those of probabilities and choices.
    """
    losses = [(each, _loss(each.scores, person)) for each in records]
    known = [(each, loss) for each, loss in losses if loss is not None]
    sums = accumulate((loss for _, loss in known), initial=Fraction(0))
    next(sums)
    return [
        CoursePoint(each.id, each.time, write_decimal(total / count, 0, BRIER_PLACES))
        for count, ((each, _), total) in enumerate(zip(known, sums, strict=True), start=1)
    ]


def _loss(scores: Scores, person: str | None) -> Fraction | None:
    if person is None:
        return scores.crowd_loss
    return Fraction(scores.losses[person], LOSS_PARTS) if person in scores.losses else None
