import pytest

from beanjar.wisdom.counting.scores import MOST_POINTS, Points, score, star
from beanjar.wisdom.errors import NoFigure

LOT = (2, 1, 0)


def test_points_are_added_up_and_the_lot_orders_equals() -> None:
    found = score(Points.of([[5, 0, 3], [1, 4, 3]], [1, 2]), LOT)
    assert found.totals == (7, 8, 9)
    assert found.order == (2, 1, 0)
    tied = score(Points.of([[1, 0, 1], [0, 1, 0]]), LOT)
    assert (tied.order, tied.ties) == ((2, 1, 0), ((2, 1, 0),))


def test_approvals_are_points_of_one() -> None:
    assert score(Points.of([[True, False], [True, True]]), (0, 1)).totals == (2, 1)


def test_of_the_two_with_most_points_whoever_more_people_prefer_wins() -> None:
    # The first has most points, and three of five give the second more.
    found = star(Points.of([[5, 0, 0], [5, 0, 1], [2, 3, 0]], [1, 1, 3]), LOT)
    assert found.finalists == (0, 1)
    assert found.preferred == (2, 3)
    assert found.winner == 1


def test_where_as_many_prefer_either_who_has_more_points_wins() -> None:
    found = star(Points.of([[5, 0], [2, 3]]), (1, 0))
    assert (found.preferred, found.winner) == ((1, 1), 0)
    assert not found.ties
    equal = star(Points.of([[5, 0], [0, 5]]), (1, 0))
    assert (equal.winner, equal.ties) == (1, ((1, 0),))


def test_that_the_lot_chose_a_finalist_is_told() -> None:
    found = star(Points.of([[5, 1, 1]]), LOT)
    assert (found.finalists, found.ties) == ((0, 2), ((2, 1),))


def test_what_are_no_points_is_refused() -> None:
    for points, message in (
        ([1, 2], "one row of whole numbers"),
        ([[MOST_POINTS + 1]], "may have"),
        ([[0.5]], "whole numbers"),
        ([[1, 2], [1]], "something of every option"),
    ):
        with pytest.raises(NoFigure, match=message):
            Points.of(points)
    with pytest.raises(NoFigure, match="two options"):
        star(Points.of([[1]]), (0,))
