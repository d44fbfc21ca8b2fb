import pytest
from hypothesis import given
from hypothesis import strategies as st

from beanjar.wisdom.errors import NoFigure
from beanjar.wisdom.resilience.strength import strong_part

SIZE = 8
PLACES = st.integers(0, SIZE - 1)


def reach(start: int, links: list[tuple[int, int]]) -> set[int]:
    reached = {start}
    for _ in range(SIZE):
        reached |= {there for here, there in links if here in reached}
    return reached


@given(st.lists(st.tuples(PLACES, PLACES), max_size=24))
def test_it_is_a_largest_group_in_which_each_reaches_each(links: list[tuple[int, int]]) -> None:
    reached = [reach(place, links) for place in range(SIZE)]
    groups = [[b for b in reached[a] if a in reached[b]] for a in range(SIZE)]
    found = strong_part(SIZE, links)
    assert found in [sorted(group) for group in groups]
    assert len(found) == max(map(len, groups))


def test_a_way_round_is_strong_and_a_way_out_is_not() -> None:
    assert strong_part(4, [(0, 1), (1, 2), (2, 0), (2, 3)]) == [0, 1, 2]
    assert strong_part(0, []) == []


def test_a_link_that_leads_outside_is_refused() -> None:
    with pytest.raises(NoFigure, match="from 0 to 3"):
        strong_part(3, [(0, 3)])
