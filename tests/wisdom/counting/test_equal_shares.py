from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from beanjar.wisdom.counting.equal_shares import (
    GRAIN,
    LARGEST_BUDGET,
    Bought,
    EqualShares,
    find_payment,
)
from beanjar.wisdom.counting.rankings import MOST_VOTERS
from beanjar.wisdom.counting.scores import Points
from beanjar.wisdom.errors import NoFigure


def spend(approvals: list[list[int]], costs: list[int], budget: int) -> Bought:
    return EqualShares(Points.of(approvals), costs, range(len(costs))).spend(budget)


def test_a_third_of_the_crowd_spends_a_third_of_the_budget() -> None:
    # Six want the first three, three the last two; greedily, the six would have spent it all.
    crowd = [[1, 1, 1, 0, 0]] * 6 + [[0, 0, 0, 1, 1]] * 3
    bought = spend(crowd, [300, 300, 300, 300, 300], 900)
    assert sorted(bought.projects) == [0, 1, 3]
    assert bought.cost == 900


def test_first_is_bought_what_costs_each_supporter_the_smallest_part() -> None:
    # Two pay half each for the first, three a third each for the second.
    bought = spend([[1, 1], [1, 1], [0, 1]], [60, 90], 150)
    assert bought.projects == (1, 0)


def test_shares_grow_until_the_next_step_would_overspend() -> None:
    # With 50 each nobody can pay for anything; with 60 each one of two could, and with both more
    # would be spent than there is.
    assert spend([[1, 0], [0, 1]], [60, 60], 100).projects == ()
    assert spend([[1, 0], [0, 1]], [60, 70], 100).projects == (0,)


def test_who_has_less_pays_all_they_have() -> None:
    purses, ones = np.array([50, 10, 50]) * GRAIN, np.ones(3, np.int64)
    assert find_payment(purses, ones, 90 * GRAIN) == 40 * GRAIN
    assert find_payment(purses, ones, 111 * GRAIN) is None
    assert find_payment(purses, ones, 100) == Fraction(100, 3)
    nobody = np.array([], np.int64)
    assert find_payment(nobody, nobody, 1) is None


def test_the_largest_budget_is_spent_by_the_largest_crowd() -> None:
    crowd = Points.of([[1, 0], [1, 1]], [MOST_VOTERS - 1, 1])
    bought = EqualShares(crowd, [LARGEST_BUDGET, LARGEST_BUDGET], (0, 1)).spend(LARGEST_BUDGET)
    assert (bought.projects, bought.cost) == ((0,), LARGEST_BUDGET)


def test_that_the_lot_chose_what_is_bought_next_is_told() -> None:
    for lot in ((0, 1), (1, 0)):
        bought = EqualShares(Points.of([[1, 1]]), [60, 60], lot).spend(100)
        assert (bought.projects, bought.ties) == ((lot[0],), (lot,))


def test_hundreds_of_projects_that_all_tie_are_bought_soon() -> None:
    crowd = np.repeat(np.eye(150, dtype=np.int64), 3, axis=0)
    costs = [100] * 149 + [10**9]
    bought = EqualShares(Points.of(crowd), costs, range(150)).spend(45_000)
    assert sorted(bought.projects) == [*range(149)]


def test_people_who_voted_alike_may_be_put_together() -> None:
    costs, lot = [300, 200, 350], range(3)
    apart = EqualShares(Points.of([[1, 1, 0]] * 4 + [[0, 1, 1]] * 3), costs, lot).spend(700)
    together = EqualShares(Points.of([[1, 1, 0], [0, 1, 1]], [4, 3]), costs, lot).spend(700)
    assert apart == together


@given(
    st.lists(st.lists(st.integers(0, 1), min_size=4, max_size=4), min_size=1, max_size=12),
    st.lists(st.integers(1, 500), min_size=4, max_size=4),
    st.integers(1, 1000),
)
def test_no_budget_is_overspent_and_nothing_is_bought_that_nobody_wants(
    approvals: list[list[int]], costs: list[int], budget: int
) -> None:
    bought = spend(approvals, costs, budget)
    assert bought.cost == sum(costs[each] for each in bought.projects) <= budget
    assert all(any(row[each] for row in approvals) for each in bought.projects)
    # Whoever approves what was not bought could not have paid for it alone with their first share.
    share = Fraction(budget, len(approvals))
    for project in set(range(4)).difference(bought.projects):
        supporters = [row for row in approvals if row[project]]
        lone = [row for row in supporters if sum(row) == 1]
        assert len(lone) * share < costs[project] + 1


@pytest.mark.parametrize(
    ("approvals", "costs", "budget", "message"),
    [
        ([[1]], [0], 1, "costs between"),
        ([[1]], [LARGEST_BUDGET + 1], 1, "costs between"),
        ([[1]], [1], 0, "budget lies"),
        ([[1]], [1, 2], 1, "every project"),
    ],
)
def test_what_cannot_be_spent_is_refused(
    approvals: list[list[int]], costs: list[int], budget: int, message: str
) -> None:
    with pytest.raises(NoFigure, match=message):
        spend(approvals, costs, budget)
