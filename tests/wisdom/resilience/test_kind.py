from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given

from beanjar.wisdom.resilience.kind import Kind, centralization, judge
from beanjar.wisdom.resilience.loss import at_random, by_degree_anew
from beanjar.wisdom.resilience.network import N, Network
from beanjar.wisdom.resilience.survival import Sampled, Survival
from beanjar.wisdom.resilience.weakness import Weakness
from tests.seeded import seeded
from tests.wisdom.resilience.shapes import (
    full,
    linked_with_eight,
    networks,
    path,
    ring,
    shape,
    square,
    star,
    star_of_stars,
    tree,
    windmill,
)

CENTRALIZED: dict[str, Network[Any]] = {
    "a star of 3": star(3),
    "a star of 4": star(4),
    "a star of 5": star(5),
    "a star of 100": star(100),
    "a windmill": windmill(6),
}
DECENTRALIZED: dict[str, Network[Any]] = {
    "a path of 4": path(4),
    "a path of 10": path(10),
    "a tree of 7": tree(7),
    "a tree of 127": tree(127),
    "a ring of 30": ring(30),
    "a triangle with a tail": shape(4, [(0, 1), (1, 2), (2, 0), (2, 3)]),
    "two centres": shape(12, [(hub, leaf) for hub in (0, 1) for leaf in range(2, 12)]),
    "2 stars of 2": star_of_stars(2, 2),
    "3 stars of 3": star_of_stars(3, 3),
    "8 stars of 8": star_of_stars(8, 8),
}
DISTRIBUTED: dict[str, Network[Any]] = {
    "a ring of 4": ring(4),
    "all of 3": full(3),
    "all of 4": full(4),
    "all of 9": full(9),
    "a lattice of 2": square(2),
    "a lattice of 3": square(3),
    "a lattice of 5": square(5),
    "a lattice of 18": square(18),
    "eight links each of 20": linked_with_eight(20),
    "eight links each of 300": linked_with_eight(300),
}


def judge_alone(network: Network[N]) -> Kind:
    chance = seeded("what is lost")
    survived = [Survival.of(network, order, chance, 20) for order in (at_random, by_degree_anew)]
    return judge(network, Weakness(network), *survived)


@pytest.mark.parametrize("named", CENTRALIZED)
def test_a_star_is_centralized(named: str) -> None:
    network = CENTRALIZED[named]
    kind = judge_alone(network)
    assert kind.name == "centralized"
    assert kind.best_linked == len(network) - 1


@pytest.mark.parametrize("named", DECENTRALIZED)
def test_a_tree_and_a_star_of_stars_are_decentralized(named: str) -> None:
    assert judge_alone(DECENTRALIZED[named]).name == "decentralized"


@pytest.mark.parametrize("named", DISTRIBUTED)
def test_a_lattice_and_eight_links_each_are_distributed(named: str) -> None:
    kind = judge_alone(DISTRIBUTED[named])
    assert kind.name == "distributed"
    assert min(kind.at_random.mean, kind.by_degree.mean) > Fraction(9, 10)


@pytest.mark.parametrize("network", [shape(1, []), path(2)], ids=len)
def test_of_one_node_or_two_there_is_nothing_to_tell(network: Network[int]) -> None:
    assert judge_alone(network).name == "small"


def test_the_figures_say_why() -> None:
    kind = judge_alone(star(11))
    assert (kind.best_linked, kind.without_it, kind.lost) == (10, Fraction(1, 10), 2)
    assert kind.by_degree == Sampled(Fraction(1, 9), Fraction(0))
    assert kind.at_random.mean > kind.by_degree.mean


def test_links_gather_wholly_in_a_star_and_not_at_all_in_a_ring() -> None:
    assert centralization(star(7)) == 1
    assert centralization(ring(7)) == 0
    assert centralization(path(4)) == Fraction(1, 3)
    assert centralization(path(2)) == 0


@given(networks(smallest=3))
def test_links_gather_by_no_more_than_all(network: Network[int]) -> None:
    assert 0 <= centralization(network) <= 1
