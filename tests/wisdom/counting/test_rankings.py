import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from beanjar.wisdom.counting.lots import cast_lot
from beanjar.wisdom.counting.rankings import MOST_OPTIONS, MOST_VOTERS, Rankings, Tiers
from beanjar.wisdom.errors import NoFigure
from tests.wisdom.counting.ballots import FEW, strict_orders


@given(st.lists(st.tuples(st.integers(1, 9), strict_orders), max_size=9))
def test_what_is_read_in_tiers_is_told_in_tiers(ballots: list[tuple[int, Tiers]]) -> None:
    rankings = Rankings.of_tiers(ballots, FEW)
    assert list(rankings.tiers()) == ballots
    assert rankings.voters == sum(count for count, _ in ballots)
    assert rankings.options == FEW


def test_options_of_one_tier_tie() -> None:
    assert Rankings.of_tiers([(2, [[2, 0], [1]])], 4).ranks.tolist() == [[1, 2, 1, 0]]


@pytest.mark.parametrize(
    ("ranks", "counts", "message"),
    [
        ([1, 2], None, "one row of whole numbers"),
        ([[1.5, 2]], None, "one row of whole numbers"),
        ([[]], None, "one row of whole numbers"),
        ([[1, 3]], None, "between 1 and 2"),
        ([[1, -1]], None, "between 1 and 2"),
        ([[1, 2]], [1, 2], "1 ballots and 2 counts"),
        ([[1, 2]], [0], "at least 1"),
        ([[1, 2], [1]], None, "something of every option"),
        ([[1, 2]], [MOST_VOTERS + 1], "people can be counted"),
        (np.zeros((1, MOST_OPTIONS + 1), np.int64), None, "options can be counted"),
        (np.zeros((10**6, 100), np.int8), None, "too many to be counted at once"),
    ],
)
def test_what_are_no_ballots_is_refused(ranks: object, counts: object, message: str) -> None:
    with pytest.raises(NoFigure, match=message):
        Rankings.of(ranks, counts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("tiers", "message"),
    [
        ([[0], [0]], "option 1 twice"),
        ([[5]], "option 6, and there are 3"),
        ([[0], []], "leaves a rank empty"),
    ],
)
def test_a_ballot_ranks_each_option_once(tiers: Tiers, message: str) -> None:
    with pytest.raises(NoFigure, match=message):
        Rankings.of_tiers([(1, tiers)], 3)


def test_a_lot_orders_all_and_follows_from_its_seed() -> None:
    names = [b"a", b"b", b"c", b"d", b"e"]
    lots = {cast_lot(seed.encode(), names) for seed in "0123456789"}
    assert len(lots) > 5
    assert all(sorted(lot) == list(range(5)) for lot in lots)
    assert cast_lot(b"0", names) in lots
