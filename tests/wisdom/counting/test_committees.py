"""Committees from approvals, beside those of abcvoting."""

import json

import numpy as np
import pytest

from beanjar.wisdom.counting.committees import RULES, choose_by_lot, elect
from beanjar.wisdom.counting.scores import Points
from beanjar.wisdom.counting.sequential import MOST_TIES
from beanjar.wisdom.errors import NoFigure
from tests.data_files import data_file

INSTANCES = json.loads(data_file("abcvoting/instances.json").read_text(encoding="utf-8"))


def approve(ballots: list[list[int]], options: int) -> Points:
    return Points.of([[option in each for option in range(options)] for each in ballots])


@pytest.mark.parametrize("rule", sorted(RULES))
def test_all_committees_that_tie_are_those_that_abcvoting_finds(rule: str) -> None:
    for each in INSTANCES:
        ballots = approve(each["ballots"], each["options"])
        expected = tuple(map(tuple, each["committees"][rule]))
        assert elect(rule, ballots, each["seats"]) == expected, each["name"]


def test_thirty_elections_were_compared() -> None:
    assert len(INSTANCES) == 30
    assert all(each["committees"].keys() == RULES.keys() for each in INSTANCES)


@pytest.mark.parametrize("rule", sorted(RULES))
def test_ballots_that_are_alike_may_be_put_together(rule: str) -> None:
    one_by_one = approve([[0, 1], [0, 1], [2], [1, 3], [2]], 4)
    together = Points.of([[1, 1, 0, 0], [0, 0, 1, 0], [0, 1, 0, 1]], [2, 2, 1])
    assert elect(rule, one_by_one, 2) == elect(rule, together, 2)


@pytest.mark.parametrize("rule", sorted(RULES))
def test_all_seats_are_filled_also_with_options_that_nobody_approves(rule: str) -> None:
    found = elect(rule, approve([[0], []], 3), 2)
    assert {len(each) for each in found} == {2}
    assert all(0 in each for each in found)


def test_the_lot_chooses_among_those_that_tie() -> None:
    found = elect("av", approve([[0], [1], [2]], 3), 2)
    assert found == ((0, 1), (0, 2), (1, 2))
    assert choose_by_lot(found, (2, 0, 1)) == (0, 2)


@pytest.mark.parametrize("rule", ["av", "sav", "seqpav", "seqphragmen", "equal-shares"])
def test_of_more_ways_than_can_be_followed_those_are_that_the_lot_favours(rule: str) -> None:
    lot = tuple(reversed(range(20)))
    found = elect(rule, approve([[*range(15)]], 20), 5, lot)
    assert len(found) == MOST_TIES
    assert choose_by_lot(found, lot) == (10, 11, 12, 13, 14)


def test_what_cannot_be_elected_is_refused() -> None:
    many = approve([[0]], 60)
    for rule, ballots, seats, message in (
        ("best", many, 1, "no rule"),
        ("av", many, 61, "cannot be filled"),
        ("pav", many, 20, "too many committees"),
        ("av", Points.of(np.zeros((0, 2), np.int64)), 1, "Nobody"),
    ):
        with pytest.raises(NoFigure, match=message):
            elect(rule, ballots, seats)
