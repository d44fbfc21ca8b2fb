import pytest
from hypothesis import given

from beanjar.wisdom.errors import NoFigure
from beanjar.wisdom.resilience.network import Network
from tests.wisdom.resilience.shapes import networks, path


def test_a_link_counts_once_and_with_oneself_not_at_all() -> None:
    network = Network.of("abc", [("a", "b"), ("b", "a"), ("c", "c")])
    assert network.links == 1
    assert network.parts() == [[0, 1], [2]]


def test_a_link_with_a_stranger_is_refused_by_name() -> None:
    with pytest.raises(NoFigure, match="between a and z"):
        Network.of("ab", [("a", "z")])


def test_a_path_without_its_middle_is_two_paths() -> None:
    assert path(5).parts([2]) == [[0, 1], [3, 4]]


@given(networks())
def test_parts_share_out_all_nodes_and_no_link_leads_from_one_to_another(
    network: Network[int],
) -> None:
    parts = network.parts()
    assert sorted(place for part in parts for place in part) == list(range(len(network)))
    home = {place: number for number, part in enumerate(parts) for place in part}
    for place, others in enumerate(network.neighbours):
        assert {home[other] for other in others} <= {home[place]}


@given(networks())
def test_the_main_part_hangs_together_and_is_as_large_as_any(network: Network[int]) -> None:
    main = network.main()
    assert [len(part) for part in main.parts()] == [max(map(len, network.parts()))]
    named = {(network.nodes[a], network.nodes[b]) for a, bs in _ways(network) for b in bs}
    assert {(main.nodes[a], main.nodes[b]) for a, bs in _ways(main) for b in bs} <= named


def _ways(network: Network[int]) -> list[tuple[int, tuple[int, ...]]]:
    return list(enumerate(network.neighbours))
