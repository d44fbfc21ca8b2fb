"""Networks that there are or were, and figures that others found of them."""

import pytest

from beanjar.lab.networks import Row, measure
from beanjar.lab.topology import read_topology
from beanjar.wisdom.resilience.loss import Order, at_random, by_degree, by_degree_anew
from beanjar.wisdom.resilience.network import Network
from tests.data_files import data_file
from tests.seeded import seeded

GNUTELLA = {at_random: 0.92, by_degree: 0.38, by_degree_anew: 0.31}
"""The share of nodes after whose loss no giant part is left."""
BRIDGES = {"Abilene": 0, "Arpanet19728": 0, "Geant2012": 5, "Uunet": 4, "Sinet": 35}


@pytest.mark.parametrize(("name", "bridges"), BRIDGES.items())
def test_networks_of_the_topology_zoo_have_the_bridges_that_are_published(
    name: str, bridges: int
) -> None:
    row = measure(read_topology(data_file(f"topologyzoo/{name}.json")))
    assert (row.name, row.bridges, row.strong) == (name, bridges, None)
    assert bool(row.bridges) == bool(row.cut_nodes)
    assert row.largest == row.nodes


def test_abilene_is_distributed_and_sinet_is_not() -> None:
    kinds = [
        measure(read_topology(data_file(f"topologyzoo/{name}.json"))).kind
        for name in ("Abilene", "Sinet")
    ]
    assert kinds == ["distributed", "decentralized"]


@pytest.fixture(scope="module")
def gnutella() -> Row:
    path = data_file("gnutella/p2p-Gnutella04.txt")
    return measure(read_topology(path, directed=True), trials=3)


def test_gnutella_has_the_size_and_the_strong_part_that_are_published(gnutella: Row) -> None:
    assert (gnutella.nodes, gnutella.links, gnutella.strong) == (10_876, 39_994, 4_317)


def test_gnutella_bears_losses_at_random_and_not_those_of_its_hubs(gnutella: Row) -> None:
    limits = (gnutella.giant_at_random, gnutella.giant_by_degree, gnutella.giant_by_degree_anew)
    for limit, published in zip(limits, GNUTELLA.values(), strict=True):
        assert abs(limit.share - published) <= 0.01
        assert limit.error < 0.01


@pytest.mark.parametrize(("order", "published"), GNUTELLA.items())
def test_gnutella_loses_its_giant_part_where_its_degrees_say_that_it_must(
    order: Order, published: float
) -> None:
    """Molloy and Reed: where a neighbour has on average no more than one other neighbour."""
    topology = read_topology(data_file("gnutella/p2p-Gnutella04.txt"))
    network = Network.of(topology.nodes, topology.links)
    degrees = list(map(len, network.neighbours))
    ends, squares = sum(degrees), sum(each * each for each in degrees)
    lost = 0
    for place in order(network, seeded("who is lost")):
        if squares < 2 * ends:
            break
        for other in (each for each in network.neighbours[place] if degrees[each]):
            ends -= 1
            squares -= 2 * degrees[other] - 1
            degrees[other] -= 1
        ends, squares = ends - degrees[place], squares - degrees[place] ** 2
        degrees[place] = 0
        lost += 1
    assert abs(lost / len(network) - published) <= 0.01
