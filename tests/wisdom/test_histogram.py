import pytest
from hypothesis import given
from hypothesis import strategies as st

from beanjar.wisdom.errors import NoFigure
from beanjar.wisdom.histogram import histogram

LARGEST = 2**62 - 1
ORDERED = st.one_of(
    st.lists(st.integers(-200, 200), min_size=1, max_size=60).map(sorted),
    st.lists(st.integers(-LARGEST, LARGEST), min_size=1, max_size=20).map(sorted),
)
BINS = st.integers(2, 40)


def test_bins_have_round_edges_and_hold_their_lower_edge_only() -> None:
    found = histogram([871, 880, 899, 900, 1_050, 1_099], 5)
    assert found.edges == (850, 900, 950, 1_000, 1_050, 1_100)
    assert found.counts == (3, 1, 0, 0, 2)


def test_equal_guesses_make_one_bin_as_wide_as_the_unit() -> None:
    found = histogram([7, 7, 7], 10)
    assert (found.edges, found.counts) == ((7, 8), (3,))


@given(ORDERED, BINS)
def test_every_guess_is_counted_once_in_its_bin(ordered: list[int], bins: int) -> None:
    found = histogram(ordered, bins)
    pairs = zip(found.edges, found.edges[1:], strict=False)
    counted = [sum(low <= guess < high for guess in ordered) for low, high in pairs]
    assert list(found.counts) == counted
    assert sum(found.counts) == len(ordered)
    assert found.counts[0] > 0
    assert found.counts[-1] > 0


@given(ORDERED, BINS)
def test_edges_are_multiples_of_the_smallest_round_step_that_needs_few_enough_bins(
    ordered: list[int], bins: int
) -> None:
    edges = histogram(ordered, bins).edges
    step = edges[1] - edges[0]
    assert str(step).strip("0") in {"1", "2", "5"}
    assert list(edges) == list(range(edges[0], edges[-1] + 1, step))
    assert edges[0] % step == 0
    assert len(edges) - 1 <= bins
    if step > 1:
        narrower = step // 2 if str(step)[0] != "5" else step * 2 // 5
        assert ordered[-1] // narrower - ordered[0] // narrower + 1 > bins


def test_a_histogram_says_what_it_cannot_count() -> None:
    with pytest.raises(NoFigure, match="at least two bins"):
        histogram([1, 2], 1)
    with pytest.raises(NoFigure, match="ascending order"):
        histogram([2, 1], 4)
    with pytest.raises(NoFigure, match="Nobody"):
        histogram([], 4)
