"""The Method of Equal Shares: every voter gets an equal share of the budget to spend.

D. Peters, G. Pierczyński, P. Skowron, Proportional Participatory Budgeting with Additive Utilities,
NeurIPS 34 (2021), for approval ballots, where a project is worth its cost to whoever approves it:
of the projects that their supporters can pay, the one is bought for which each has to pay the
smallest part of its cost, as equally as what they have left allows. As that often leaves money, all
begins anew with a larger share for each, for as long as the whole stays within the budget.
"""

from dataclasses import dataclass
from fractions import Fraction
from heapq import heappop, heappush
from math import ceil

import numpy as np

from beanjar.wisdom.counting.lots import Lot
from beanjar.wisdom.counting.scores import Points
from beanjar.wisdom.errors import NoFigure
from beanjar.wisdom.integers import IntArray, Integers, check_someone, read_integers

GRAIN = 10**6
"""Shares are kept in millionths of the unit of money, and every payment is rounded up to one."""
LARGEST_BUDGET = 10**12
MOST_STEPS = 1_000
"""A share grows by one unit a step, or by such a part of it where that is more,"""
FEWEST_STEPS = 20
PURCHASE = 5_000
WORK = 100_000_000
"""in as many steps, within these bounds, as may look at so many approvals together; a project takes
as long as `PURCHASE` approvals, however few it has."""


@dataclass(frozen=True, slots=True)
class Bought:
    """What a crowd bought."""

    projects: tuple[int, ...]
    """In the order in which they were bought."""
    cost: int
    share: Fraction
    """What every voter was given to spend in the end, in units of money."""
    ties: tuple[tuple[int, ...], ...]
    """Projects of which each could have been bought next, in the order that the lot gave them."""


class EqualShares:
    """Projects with their costs, and who approves of them."""

    def __init__(self, approvals: Points, costs: Integers, lot: Lot) -> None:
        """Take what each project costs, and who gives it more than 0 points, who approves it.

        Raises `NoFigure` where nobody voted, or a cost is out of bounds.
        """
        self._costs = read_integers(costs).tolist()
        self._voters = approvals.voters
        check_someone(self._voters)
        if approvals.options != len(self._costs):
            raise NoFigure("Give a column of approvals and a cost for every project.")
        if not all(0 < cost <= LARGEST_BUDGET for cost in self._costs):
            raise NoFigure(f"A project costs between 1 and {LARGEST_BUDGET:,}.")
        self._weights = approvals.counts
        self._supporters = [np.flatnonzero(column) for column in (approvals.points > 0).T]
        effort = sum(each.size for each in self._supporters) + PURCHASE * len(self._costs)
        self._steps = min(MOST_STEPS, max(FEWEST_STEPS, WORK // effort))
        self._lot = lot

    def spend(self, budget: int) -> Bought:
        """Return what is bought with a budget, shares growing until the next step would overspend.

        Raises `NoFigure` for a budget out of bounds.
        """
        if not 0 < budget <= LARGEST_BUDGET:
            raise NoFigure(f"A budget lies between 1 and {LARGEST_BUDGET:,}.")
        share = budget * GRAIN // self._voters
        bought, wanted = self.buy(share), self._count_wanted(budget)
        for _ in range(self._steps):
            if len(bought.projects) == wanted:
                break
            step = max(GRAIN, share // MOST_STEPS)
            more = self.buy(share + step)
            if more.cost > budget:
                break
            bought, share = more, share + step
        return self.buy(share, with_ties=True)

    def _count_wanted(self, budget: int) -> int:
        """Return how many projects somebody approves that a budget could pay for."""
        pairs = zip(self._supporters, self._costs, strict=True)
        return sum(supporters.size > 0 and cost <= budget for supporters, cost in pairs)

    def buy(self, share: int, *, with_ties: bool = False) -> Bought:
        """Return what is bought when every voter has `share` to spend, in millionths of a unit.

        Which projects tied is found only where it is asked for: it may take long.
        """
        purses = np.full(len(self._weights), share, np.int64)
        # What one has to pay only ever grows while purses empty, so a part once worked out is a
        # bound from below, and few have to be worked out anew.
        waiting = [(Fraction(0), turn, project) for turn, project in enumerate(self._lot)]
        bought: list[int] = []
        ties: list[tuple[int, ...]] = []
        while waiting:
            _, turn, project = heappop(waiting)
            payment = self._find_payment(project, purses)
            if payment is None:
                continue
            offer = (payment / self._costs[project], turn, project)
            if waiting and waiting[0] < offer:
                heappush(waiting, offer)
                continue
            if with_ties and (tied := self._find_ties(waiting, offer[0], purses)):
                ties.append((project, *tied))
            supporters = self._supporters[project]
            purses[supporters] -= np.minimum(purses[supporters], ceil(payment))
            bought.append(project)
        cost = sum(self._costs[project] for project in bought)
        return Bought(tuple(bought), cost, Fraction(share, GRAIN), tuple(ties))

    def _find_payment(self, project: int, purses: IntArray) -> Fraction | None:
        supporters = self._supporters[project]
        price = self._costs[project] * GRAIN
        return find_payment(purses[supporters], self._weights[supporters], price)

    def _find_ties(
        self, waiting: list[tuple[Fraction, int, int]], part: Fraction, purses: IntArray
    ) -> list[int]:
        """Return who of those waiting costs its supporters the same part, in the lot's order."""
        equal = sorted((turn, project) for bound, turn, project in waiting if bound == part)
        payments = ((project, self._find_payment(project, purses)) for _, project in equal)
        return [
            project
            for project, payment in payments
            if payment is not None and payment / self._costs[project] == part
        ]


def find_payment(purses: IntArray, weights: IntArray, price: int) -> Fraction | None:
    """Return what each pays at most so that all together pay a price; None where they cannot.

    So many people as `weights` say have each of the purses, shape (purses,). Who has less pays all
    they have.
    """
    # All purses together stay below 2**63: at most e * (LARGEST_BUDGET * GRAIN + MOST_VOTERS * the
    # units by which a share may grow, in grains), which is 4.1e18.
    order = np.argsort(purses, kind="stable")
    ordered, people = purses[order], weights[order]
    payers = people.sum() - np.cumsum(people) + people
    paid = ordered * people
    missing = price - (np.cumsum(paid) - paid)
    pays = -(-missing // np.maximum(payers, 1)) <= ordered
    if not pays.any():
        return None
    first = int(pays.argmax())
    return Fraction(int(missing[first]), int(payers[first]))
