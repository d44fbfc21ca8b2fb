"""A poll: options, ballots, and what there is to give away."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from beanjar.base.errors import BeanjarError
from beanjar.wisdom.counting.rankings import UNRANKED, Rankings
from beanjar.wisdom.counting.scores import Points


class NoPoll(BeanjarError):
    """A file that holds no poll; the message says where it fails."""


@dataclass(frozen=True, slots=True)
class Money:
    """What options cost, and the budget, in a unit of which so many `units` are written as 1."""

    costs: tuple[int, ...]
    budget: int
    units: int = 1


@dataclass(frozen=True, slots=True, eq=False)
class Poll:
    """What was voted on and how."""

    title: str
    options: tuple[str, ...]
    """By the names or ids that tell them apart."""
    ballots: Rankings | Points
    seats: int | None = None
    """How many are elected, where the file says so."""
    money: Money | None = None

    @property
    def voters(self) -> int:
        """How many people voted."""
        return self.ballots.voters

    def rankings(self) -> Rankings:
        """Return the ballots as rankings: who gave points prefers what has more of them."""
        ballots = self.ballots
        if isinstance(ballots, Rankings):
            return ballots
        rows = [_rank(row) for row in ballots.points.tolist()]
        return Rankings.of(np.array(rows, np.int64).reshape(ballots.points.shape), ballots.counts)

    def approvals(self) -> Points:
        """Return the ballots as approvals, 0 or 1: of whatever was ranked or has points."""
        ballots = self.ballots
        if isinstance(ballots, Rankings):
            return Points.of(ballots.ranks != UNRANKED, ballots.counts)
        return Points.of(ballots.points > 0, ballots.counts)


def distinguish(names: Iterable[str]) -> tuple[str, ...]:
    """Return names that differ: one that comes again gets a number."""
    found: dict[str, None] = {}
    numbers: dict[str, int] = {}
    for name in names:
        each = name
        while each in found:
            numbers[name] = numbers.get(name, 1) + 1
            each = f"{name} ({numbers[name]})"
        found[each] = None
    return tuple(found)


def _rank(points: list[int]) -> list[int]:
    """Rank options by their points; none are as if not ranked, but where others have fewer."""
    unranked = set() if min(points) < 0 else {0}
    order = sorted(set(points) - unranked, reverse=True)
    places = {each: place for place, each in enumerate(order, start=1)}
    return [places.get(each, UNRANKED) for each in points]
