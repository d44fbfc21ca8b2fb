"""What the asker said after the ask, in order, and what the question comes to by it."""

from collections.abc import Iterable

from msgspec import Struct

from beanjar.fold.statement import Statement
from beanjar.tools.estimate.guessing import fits_truth
from beanjar.tools.estimate.schema import (
    EstimateAsk,
    EstimateEdit,
    EstimateResolve,
    EstimateWithdraw,
)
from beanjar.tools.estimate.views import Change, Truth


class Wording(Struct, frozen=True):
    """How the question reads now, and the asker's last word on its outcome."""

    title: str
    details: str
    truth: Truth | None
    withdrawn: bool
    changes: list[Change]


def read_history(ask: EstimateAsk, said: Iterable[Statement]) -> Wording:
    """Return what the asker's statements come to, in whatever order they arrive.

    Of edits the latest counts, of truths and withdrawals together the latest: what was withdrawn
    can still be given its truth, and a truth be taken back. Edits claimed for the deadline or
    later, and truths that this question cannot have, mean nothing.
    """
    ordered = sorted(said, key=lambda each: each.stamp)
    changes = [change for each in ordered if (change := _read(ask, each)) is not None]
    edits = [each for each in changes if each.act == "edited"]
    outcomes = [each for each in changes if each.act != "edited"]
    truth = _read_truth(outcomes[-1]) if outcomes else None
    return Wording(
        title=edits[-1].title if edits else ask.title,
        details=edits[-1].details if edits else ask.details,
        truth=truth,
        withdrawn=bool(outcomes) and truth is None,
        changes=changes,
    )


def _read(ask: EstimateAsk, said: Statement) -> Change | None:
    body = said.body
    match body:
        case EstimateEdit() if said.time < ask.terms.closes:
            return Change(said.id, said.time, "edited", title=body.title, details=body.details)
        case EstimateResolve() if fits_truth(ask.kind, body.truth):
            return Change(said.id, said.time, "resolved", truth=body.truth, note=body.note)
        case EstimateWithdraw():
            return Change(said.id, said.time, "withdrawn", note=body.note)
    return None


def _read_truth(last: Change) -> Truth | None:
    return None if last.truth is None else Truth(last.id, last.time, last.truth, last.note)
