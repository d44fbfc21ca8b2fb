import pytest

from beanjar.lab.baran import Row, lattice, measure

PUBLISHED = {2: 0.14, 3: 0.27, 4: 0.44, 6: 0.50}
"""The share of all stations that still hang together once half are destroyed."""


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    return [row for redundancy in PUBLISHED for row in measure(redundancy)]


def test_with_half_of_the_stations_destroyed_it_is_as_baran_published(rows: list[Row]) -> None:
    found = {row.redundancy: row for row in rows if row.destroyed == 50}
    for redundancy, share in PUBLISHED.items():
        assert abs(found[redundancy].largest_share - share) <= 0.02
        assert 0 < found[redundancy].error < 0.01


def test_more_links_and_fewer_losses_keep_more_together(rows: list[Row]) -> None:
    share = {(row.redundancy, row.destroyed): row.largest_share for row in rows}
    assert len(share) == len(rows) == 4 * 9
    for (redundancy, destroyed), largest in share.items():
        assert largest <= 1 - destroyed / 100 + 0.005
        assert largest > share.get((redundancy, destroyed + 10), 0)
        assert largest >= share.get((redundancy - 1, destroyed), 0) - 0.01


@pytest.mark.parametrize("redundancy", PUBLISHED)
def test_a_station_far_from_the_edge_has_twice_as_many_links_as_the_redundancy(
    redundancy: int,
) -> None:
    network = lattice(redundancy)
    degrees = dict(zip(network.nodes, map(len, network.neighbours), strict=True))
    assert len(network) == 324
    assert degrees[9, 9] == max(degrees.values()) == 2 * redundancy
