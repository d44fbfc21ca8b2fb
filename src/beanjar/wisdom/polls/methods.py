"""Every method by which a poll can be counted, by its name."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from beanjar.wisdom.counting.committees import RULES, choose_by_lot, elect
from beanjar.wisdom.counting.equal_shares import EqualShares
from beanjar.wisdom.counting.lots import Lot
from beanjar.wisdom.counting.runoff import instant_runoff
from beanjar.wisdom.counting.schulze import pairwise, schulze
from beanjar.wisdom.counting.scores import Points, Totals, score, star
from beanjar.wisdom.counting.stages import Stage
from beanjar.wisdom.counting.transferable import VOTE, single_transferable_vote
from beanjar.wisdom.errors import NoFigure
from beanjar.wisdom.integers import IntArray, check_someone
from beanjar.wisdom.polls.poll import Poll


@dataclass(frozen=True, slots=True)
class Counted:
    """What a count came to; options are numbered from 0.

    What a method does not work out is None.
    """

    winners: tuple[int, ...]
    """In their order."""
    ties: tuple[tuple[int, ...], ...] = ()
    """Options that nothing but the lot told apart, in its order."""
    tied_committees: int = 0
    """Of how many committees the lot chose, if of several; `MOST_TIES` stand for more."""
    stages: tuple[Stage, ...] | None = None
    unit: int = 1
    """By which the votes of stages are to be divided."""
    quota: int | None = None
    pairwise: IntArray | None = None
    totals: tuple[int, ...] | None = None
    cost: int | None = None


Method = Callable[[Poll, int, Lot], Counted]
"""Counts a poll for so many seats."""


def count(method: str, poll: Poll, seats: int, lot: Lot) -> Counted:
    """Count a poll by a method of `METHODS`, for so many seats; the lot decides ties.

    Raises `NoFigure` where nobody voted or there is no such method, or where it cannot count such
    ballots.
    """
    check_someone(poll.voters)
    if method not in METHODS:
        raise NoFigure(f"There is no method “{method}”; there are {', '.join(METHODS)}.")
    if not 1 <= seats <= len(poll.options):
        raise NoFigure(f"{seats} seats cannot be filled from {len(poll.options)} options.")
    return METHODS[method](poll, seats, lot)


def _schulze(poll: Poll, seats: int, lot: Lot) -> Counted:
    wins = pairwise(poll.rankings())
    found = schulze(wins, lot)
    return Counted(found.order[:seats], found.ties, pairwise=wins)


def _irv(poll: Poll, seats: int, lot: Lot) -> Counted:
    if seats > 1:
        raise NoFigure("An instant run-off elects one. For several seats, count by stv.")
    stages = instant_runoff(poll.rankings(), lot)
    return Counted(stages[-1].elected, stages=stages)


def _stv(poll: Poll, seats: int, lot: Lot) -> Counted:
    found = single_transferable_vote(poll.rankings(), seats, lot)
    return Counted(found.elected, stages=found.stages, unit=VOTE, quota=found.quota)


def _approval(poll: Poll, seats: int, lot: Lot) -> Counted:
    return _take(score(poll.approvals(), lot), seats)


def _score(poll: Poll, seats: int, lot: Lot) -> Counted:
    return _take(score(_points(poll), lot), seats)


def _take(found: Totals, seats: int) -> Counted:
    return Counted(found.order[:seats], found.ties, totals=found.totals)


def _star(poll: Poll, seats: int, lot: Lot) -> Counted:
    if seats > 1:
        raise NoFigure("STAR elects one. For several seats, count by score.")
    points = _points(poll)
    found = star(points, lot)
    return Counted((found.winner,), found.ties, totals=score(points, lot).totals)


def _points(poll: Poll) -> Points:
    if isinstance(poll.ballots, Points):
        return poll.ballots
    raise NoFigure("These ballots rank options and give them no points. Count by schulze or stv.")


def _equal_shares(poll: Poll, seats: int, lot: Lot) -> Counted:
    if poll.money is None:
        return _committee("equal-shares")(poll, seats, lot)
    approvals = poll.approvals()
    found = EqualShares(approvals, poll.money.costs, lot).spend(poll.money.budget)
    return Counted(found.projects, found.ties, cost=found.cost)


def _committee(rule: str) -> Method:
    def count(poll: Poll, seats: int, lot: Lot) -> Counted:
        found = elect(rule, poll.approvals(), seats, lot)
        tied = len(found) if len(found) > 1 else 0
        return Counted(choose_by_lot(found, lot), tied_committees=tied)

    return count


METHODS: Mapping[str, Method] = {
    "schulze": _schulze,
    "irv": _irv,
    "stv": _stv,
    "approval": _approval,
    "score": _score,
    "star": _star,
    "equal-shares": _equal_shares,
    **{rule: _committee(rule) for rule in RULES if rule not in {"av", "equal-shares"}},
}
