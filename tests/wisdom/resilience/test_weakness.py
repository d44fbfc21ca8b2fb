from hypothesis import given

from beanjar.wisdom.resilience.network import Network
from beanjar.wisdom.resilience.weakness import Weakness
from tests.wisdom.resilience.shapes import networks, path, ring, star


def links(network: Network[int]) -> list[tuple[int, int]]:
    return [(a, b) for a, others in enumerate(network.neighbours) for b in others if a < b]


@given(networks())
def test_a_bridge_is_a_link_without_which_there_are_more_parts(network: Network[int]) -> None:
    every, parts = links(network), len(network.parts())
    cutting = [
        link
        for link in every
        if len(Network.of(network.nodes, set(every) - {link}).parts()) > parts
    ]
    assert Weakness(network).bridges == cutting


@given(networks())
def test_a_cut_node_is_one_without_which_there_are_more_parts(network: Network[int]) -> None:
    parts = len(network.parts())
    cutting = [it for it in range(len(network)) if len(network.parts([it])) > parts]
    assert list(Weakness(network).cut_nodes) == cutting


@given(networks())
def test_who_is_cut_off_is_all_that_hung_together_but_a_largest_rest(
    network: Network[int],
) -> None:
    weakness = Weakness(network)
    for place in range(len(network)):
        (whole,) = (part for part in network.parts() if place in part)
        rests = [part for part in network.parts([place]) if part[0] in whole]
        off = weakness.cut_off_by(place)
        assert len(off) == weakness.cut_nodes.get(place, 0)
        stays = sorted({*whole} - {*off, place})
        assert stays in rests or not stays
        assert len(off) == len(whole) - 1 - max(map(len, rests), default=0)


def test_of_equal_halves_the_one_with_the_first_node_stays() -> None:
    assert Weakness(path(5)).cut_off_by(2) == [3, 4]


def test_without_its_hub_all_of_a_star_but_one_are_cut_off() -> None:
    weakness = Weakness(star(6))
    assert weakness.cut_nodes == {0: 4}
    assert weakness.cut_off_by(0) == [2, 3, 4, 5]
    assert len(weakness.bridges) == 5


def test_a_ring_has_no_weak_place() -> None:
    weakness = Weakness(ring(9))
    assert (weakness.bridges, weakness.cut_nodes) == ([], {})


def test_a_long_line_is_walked_to_its_end() -> None:
    weakness = Weakness(path(5_000))
    assert len(weakness.bridges) == 4_999
    assert max(weakness.cut_nodes.values()) == 2_499
