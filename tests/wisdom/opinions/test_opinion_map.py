"""What a map is in small crowds and odd ones, and that it follows from the votes alone."""

import os
import subprocess
import sys
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from beanjar.wisdom.errors import NoFigure
from beanjar.wisdom.opinions.axes import find_axes
from beanjar.wisdom.opinions.clusters import LEAVES, gather
from beanjar.wisdom.opinions.opinion_map import OpinionMap, find_opinion_map
from beanjar.wisdom.opinions.priority import find_priorities, order_statements
from beanjar.wisdom.opinions.votes import AGREE, DISAGREE, FEWEST_PEOPLE, PASS, Votes
from tests.wisdom.opinions.conversations import read_conversation

SIGNS = (AGREE, PASS, DISAGREE)
Cast = list[tuple[int, int, int]]


def camps(*sizes: int, statements: int = 10) -> Votes:
    """Return camps of which each agrees with statements of its own and with none of the others'."""
    people = [camp for camp, size in enumerate(sizes) for _ in range(size)]
    return Votes.of(
        [
            (person, on, AGREE if on % len(sizes) == camp else DISAGREE)
            for person, camp in enumerate(people)
            for on in range(statements)
        ],
        len(people),
        statements,
    )


@pytest.mark.parametrize("sizes", [(30, 20), (40, 30, 20), (500, 300, 200)])
def test_camps_are_found_whatever_their_number(sizes: tuple[int, ...]) -> None:
    found = find_opinion_map(camps(*sizes, statements=12))
    assert [len(each.people) for each in found.groups] == list(sizes)
    assert found.silhouette > 900
    assert all(told.side == AGREE for told in found.groups[0].typical[:1])


@pytest.mark.parametrize("size", [10, 20, 30, 50])
def test_three_camps_of_one_size_stand_in_a_triangle(size: int) -> None:
    """They differ as much in one direction as in the other: the second axis must not be lost."""
    votes = camps(size, size, size, statements=12)
    assert np.all(find_axes(votes).directions.any(axis=1))
    corners = np.unique(find_opinion_map(votes).places, axis=0)
    assert len(corners) == 3
    sides = [np.linalg.norm(one - other) for one, other in combinations(corners, 2)]
    assert max(sides) < 1.001 * min(sides)


@given(st.permutations(range(90)))
def test_the_order_of_people_makes_no_difference_to_their_groups(order: list[int]) -> None:
    chance = np.random.default_rng(7)
    places = chance.integers(-4, 5, (90, 2)) * 1000
    places = np.concatenate((places, places))
    rows = np.array([*order, *(90 + each for each in order)])
    one, other = gather(places), gather(places[rows])
    assert sorted(zip(one.places.tolist(), one.weights.tolist(), strict=True)) == sorted(
        zip(other.places.tolist(), other.weights.tolist(), strict=True)
    )
    assert len(one.weights) <= LEAVES


def test_what_everybody_agrees_with_is_shared_and_what_camps_differ_on_divides() -> None:
    votes = camps(20, 20)
    signs, seen = votes.signs.copy(), votes.seen.copy()
    signs[:, 3] = AGREE
    found = find_opinion_map(Votes(signs, seen))
    assert [(each.statement, each.side) for each in found.consensus] == [(3, AGREE)]
    assert found.shared[0][:2] == (3, AGREE)
    assert 3 not in {statement for statement, _ in found.dividing}


def test_hidden_statements_have_no_part_in_it() -> None:
    votes = camps(20, 20)
    found = find_opinion_map(votes, [0, 2, 4])
    named = {told.statement for group in found.groups for told in group.typical}
    named |= {statement for statement, _ in found.dividing}
    assert not named & {0, 2, 4}


@pytest.mark.parametrize(("people", "statements"), [(0, 0), (0, 3), (1, 0), (1, 1), (2, 1), (5, 2)])
def test_a_crowd_too_small_to_differ_has_a_map_all_the_same(people: int, statements: int) -> None:
    votes = Votes.of(
        [(person, on, AGREE) for person in range(people) for on in range(statements)],
        people,
        statements,
    )
    found = find_opinion_map(votes)
    assert len(found.groups) == (1 if people and statements else 0)
    assert len(found.people) == (people if statements else 0)


def test_who_voted_seldom_has_no_place_unless_few_voted_more() -> None:
    often = [(person, on, SIGNS[(person + on) % 3]) for person in range(20) for on in range(9)]
    seldom = [(20, 0, AGREE)]
    assert len(find_opinion_map(Votes.of([*often, *seldom], 21, 9)).people) == 20
    few = [vote for vote in often if vote[0] < FEWEST_PEOPLE - 1]
    found = find_opinion_map(Votes.of([*few, *seldom], 21, 9))
    assert found.people.tolist() == [*range(FEWEST_PEOPLE - 1), 20]


casts = st.lists(
    st.tuples(st.integers(0, 29), st.integers(0, 11), st.sampled_from(SIGNS)),
    max_size=300,
    unique_by=lambda vote: vote[:2],
)


def describe(found: OpinionMap) -> tuple[object, ...]:
    groups = [(each.people.tolist(), each.typical) for each in found.groups]
    return (
        found.people.tolist(),
        found.places.tolist(),
        groups,
        found.silhouette,
        found.consensus,
        found.shared,
        found.dividing,
    )


@given(casts, st.randoms(use_true_random=False))
def test_the_order_in_which_votes_came_makes_no_difference(cast: Cast, chance: object) -> None:
    shuffled = list(cast)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    one, other = (find_opinion_map(Votes.of(each, 30, 12)) for each in (cast, shuffled))
    assert describe(one) == describe(other)
    assert sum(len(each.people) for each in one.groups) == len(one.people)


PRINTED = """
from hashlib import sha256
from tests.wisdom.opinions.conversations import NAMES, read_conversation
from tests.wisdom.opinions.test_opinion_map import describe
from beanjar.wisdom.opinions.opinion_map import find_opinion_map
for name in NAMES:
    told = read_conversation(name)
    print(sha256(repr(describe(find_opinion_map(told.votes))).encode()).hexdigest())
"""


def test_processors_that_add_up_otherwise_find_the_same() -> None:
    kernels = ("Prescott", "Sandybridge", "Haswell")
    printed = {
        subprocess.run(
            [sys.executable, "-c", PRINTED],
            env={**os.environ, "OPENBLAS_CORETYPE": kernel, "PYTHONPATH": "."},
            check=True,
            capture_output=True,
        ).stdout
        for kernel in kernels
    }
    assert len(printed) == 1
    assert printed.pop().count(b"\n") == 3


def test_votes_that_are_none_are_refused() -> None:
    with pytest.raises(NoFigure, match="among the statements"):
        find_opinion_map(camps(2, 2), [-1])
    for cast, people, message in (
        ([(0, 0, 2)], 1, "1, 0 or -1"),
        ([(1, 0, 1)], 1, "one of the people"),
        ([(0, -1, 1)], 1, "one of the statements"),
        ([(0, 0, 10**30)], 1, "1, 0 or -1"),
        ([], 10**8, "can be mapped"),
    ):
        with pytest.raises(NoFigure, match=message):
            Votes.of(cast, people, 1)


def test_what_matters_and_what_is_new_is_shown_first() -> None:
    votes = camps(20, 20)
    signs, seen = votes.signs.copy(), votes.seen.copy()
    signs[1:, 5], seen[1:, 5] = PASS, False  # only one has seen it
    signs[:, 6] = PASS
    votes = Votes(signs, seen)
    priorities = find_priorities(votes, find_axes(votes))
    assert priorities.argmax() == 5
    assert priorities.argmin() == 6


def test_everybody_sees_another_order_and_what_matters_comes_early_for_most() -> None:
    priorities = np.array([1000, 100, 100, 100])
    orders = [order_statements(priorities, bytes([number])) for number in range(200)]
    assert len(set(orders)) > 10
    assert all(sorted(order) == [0, 1, 2, 3] for order in orders)
    first = sum(order[0] == 0 for order in orders)
    assert 130 < first < 175  # ten of thirteen, or 154
    assert order_statements(priorities, b"\x07") == orders[7]


def test_priorities_are_those_of_polis_where_it_has_just_worked_them_out() -> None:
    # Of "below-100", by its statement: of others Polis kept figures from before.
    told = read_conversation("below-100")
    axes = find_axes(told.votes.hiding(told.hidden))
    priorities = find_priorities(told.votes, axes)
    for statement, expected in ((0, 60), (1, 1670), (2, 1484), (4, 3290), (13, 5816)):
        assert priorities[told.statements.index(statement)] == expected
