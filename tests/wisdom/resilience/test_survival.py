from collections.abc import Collection, Sequence
from fractions import Fraction
from itertools import combinations, permutations

import pytest
from hypothesis import given

from beanjar.wisdom.errors import NoFigure
from beanjar.wisdom.resilience.loss import (
    Order,
    at_random,
    by_degree,
    by_degree_anew,
    largest_after,
)
from beanjar.wisdom.resilience.network import Network
from beanjar.wisdom.resilience.survival import Sampled, Survival
from tests.seeded import seeded
from tests.wisdom.resilience.shapes import full, networks, shape, star

ORDERS: list[Order] = [at_random, by_degree, by_degree_anew]
CHANCE = "which node is lost next"


@given(networks())
def test_losing_nobody_keeps_all_and_each_loss_leaves_the_largest_of_the_parts(
    network: Network[int],
) -> None:
    for lose in ORDERS:
        order = lose(network, seeded(CHANCE))
        assert sorted(order) == list(range(len(network)))
        largest = [
            max(map(len, network.parts(order[:n])), default=0) for n in range(len(order) + 1)
        ]
        assert largest_after(network, order) == largest


@given(networks())
def test_by_degree_the_next_lost_has_most_links_at_the_start_or_left(network: Network[int]) -> None:
    degrees = [len(network.neighbours[it]) for it in by_degree(network, seeded(CHANCE))]
    assert degrees == sorted(degrees, reverse=True)
    left = set(range(len(network)))
    for place in by_degree_anew(network, seeded(CHANCE)):
        links = {it: len(left.intersection(network.neighbours[it])) for it in left}
        assert links[place] == max(links.values())
        left.remove(place)


def test_where_all_are_linked_every_survivor_hangs_together() -> None:
    survived = Survival.of(full(10), at_random, seeded(CHANCE), 3)
    for lost in range(11):
        assert survived.share_of_all(lost).mean == Fraction(10 - lost, 10)
        share = survived.share_of_survivors(lost)
        assert share == Sampled(Fraction(1), Fraction(0))


def test_what_is_lost_at_random_has_the_mean_that_it_must_have_within_the_stated_error() -> None:
    # A star of 10 keeps 9 of 10 if its hub stays, and 1 if not: 8.2 after one loss, on average.
    share = Survival.of(star(10), at_random, seeded(CHANCE), 400).share_of_all(1)
    assert 0 < share.error < Fraction(2, 100)
    assert abs(share.mean - Fraction(82, 100)) < 2 * share.error


@given(networks(largest=5))
def test_over_all_orders_a_mean_is_what_it_must_be(network: Network[int]) -> None:
    size, survived = len(network), Survival.of_all(network, at_random)
    for lost in range(size + 1):
        ways = [largest(network, gone) for gone in combinations(range(size), lost)]
        must = Sampled(Fraction(sum(ways), len(ways) * size), Fraction(0))
        assert survived.share_of_all(lost) == must


@given(networks(largest=5))
def test_over_all_orders_those_with_most_links_left_go_first(network: Network[int]) -> None:
    size, survived = len(network), Survival.of_all(network, by_degree_anew)
    runs = [lose_by_degree(network, ranks) for ranks in permutations(range(size))]
    for lost in range(size + 1):
        must = Sampled(Fraction(sum(run[lost] for run in runs), len(runs) * size), Fraction(0))
        assert survived.share_of_all(lost) == must


def largest(network: Network[int], gone: Collection[int]) -> int:
    return max(map(len, network.parts(gone)), default=0)


def lose_by_degree(network: Network[int], ranks: Sequence[int]) -> list[int]:
    """Return how large the largest part is after each loss; of equals the lowest goes first."""
    left, sizes = set(range(len(network))), [largest(network, ())]
    while left:
        links = {it: len(left.intersection(network.neighbours[it])) for it in left}
        left.remove(min(left, key=lambda it: (-links[it], ranks[it])))
        sizes.append(largest(network, set(range(len(network))) - left))
    return sizes


def test_the_stated_error_is_that_of_a_mean_rounded_up() -> None:
    survived = Survival(10, ([10, 2], [10, 4], [10, 9]))
    # The mean of 2, 4 and 9 is 5, the variance 13; 13 / 3 has the root 2.0816659…
    assert survived.share_of_all(1).mean == Fraction(5, 10)
    assert survived.share_of_all(1).error == Fraction(208_167, 10**6)


def test_a_star_has_no_giant_part_once_its_hub_is_lost() -> None:
    assert Survival.of(star(8), by_degree, seeded(CHANCE), 2).giant_until.mean == Fraction(1, 8)
    assert Survival.of(full(8), by_degree, seeded(CHANCE), 2).giant_until.mean == Fraction(7, 8)


def test_a_part_of_a_two_hundredth_is_giant_and_one_of_less_is_not() -> None:
    triples = [(at + a, at + b) for at in range(0, 600, 3) for a, b in ((0, 1), (0, 2), (1, 2))]
    assert Survival.of(shape(600, triples), by_degree, seeded(CHANCE), 2).giant_until.mean >= (
        Fraction(200, 600)
    )
    pairs = [(at, at + 1) for at in range(0, 600, 2)]
    assert Survival.of(shape(600, pairs), by_degree, seeded(CHANCE), 2).giant_until.mean == 0


def test_the_same_chance_gives_the_same() -> None:
    once, again = (Survival.of(star(9), at_random, seeded(CHANCE), 5) for _ in range(2))
    assert once == again


def test_without_nodes_or_with_one_trial_there_is_no_figure() -> None:
    with pytest.raises(NoFigure, match="at least one node"):
        Survival.of(shape(0, []), at_random, seeded(CHANCE), 5)
    with pytest.raises(NoFigure, match="at least one node"):
        Survival.of_all(shape(0, []), at_random)
    with pytest.raises(NoFigure, match="2 trials"):
        Survival.of(star(3), at_random, seeded(CHANCE), 1)
