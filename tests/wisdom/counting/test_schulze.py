"""The Schulze method, beside what others have published."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beanjar.wisdom.counting.rankings import Rankings
from beanjar.wisdom.counting.schulze import pairwise, schulze
from beanjar.wisdom.errors import NoFigure
from tests.wisdom.counting.ballots import FEW, crowds, ranked, strict_orders

MICHLMAYR, GARBEE, ROBINSON, ZADKA, NONE = range(5)
PUBLISHED = {  # Debian project leader 2003: how many ranked the first above the second, and so on.
    (MICHLMAYR, GARBEE): (228, 224),
    (MICHLMAYR, ROBINSON): (237, 226),
    (MICHLMAYR, ZADKA): (397, 38),
    (MICHLMAYR, NONE): (424, 39),
    (GARBEE, ROBINSON): (238, 221),
    (GARBEE, ZADKA): (428, 34),
    (GARBEE, NONE): (449, 29),
    (ROBINSON, ZADKA): (385, 66),
    (ROBINSON, NONE): (405, 65),
    (ZADKA, NONE): (228, 202),
}


def test_the_example_of_schulzes_own_article() -> None:
    ballots = ranked(
        "5: a c b e d",
        "5: a d e c b",
        "8: b e d a c",
        "3: c a b e d",
        "7: c a e b d",
        "2: c b a d e",
        "7: d c e b a",
        "8: e b a d c",
    )
    wins = pairwise(ballots)
    assert wins[0].tolist() == [0, 20, 26, 30, 22]
    found = schulze(wins, range(5))
    assert "".join("abcde"[each] for each in found.order) == "eacbd"
    assert not found.ties


def test_debian_elected_michlmayr() -> None:
    wins = [[0] * 5 for _ in range(5)]
    for (one, other), (above, below) in PUBLISHED.items():
        wins[one][other], wins[other][one] = above, below
    order = schulze(wins, range(5)).order
    assert order == (MICHLMAYR, GARBEE, ROBINSON, ZADKA, NONE)


def test_what_is_ranked_is_above_what_is_not() -> None:
    assert pairwise(ranked("3: a", "2: bc", options="abc")).tolist() == [
        [0, 3, 3],
        [2, 0, 0],
        [2, 0, 0],
    ]


def test_the_lot_orders_those_that_nothing_tells_apart() -> None:
    wins = pairwise(ranked("1: a b c", "1: b a c"))
    for lot, order in (((0, 1, 2), (0, 1, 2)), ((2, 1, 0), (1, 0, 2))):
        found = schulze(wins, lot)
        assert found.order == order
        assert found.ties == (order[:2],)


@given(crowds(strict_orders), st.permutations(range(FEW)))
def test_who_beats_everybody_wins_and_who_loses_to_everybody_is_last(
    ballots: Rankings, lot: list[int]
) -> None:
    wins = pairwise(ballots)
    order = schulze(wins, lot).order
    assert sorted(order) == list(range(FEW))
    for option in range(FEW):
        others = [each for each in range(FEW) if each != option]
        if all(wins[option][each] > wins[each][option] for each in others):
            assert order[0] == option
        if all(wins[option][each] < wins[each][option] for each in others):
            assert order[-1] == option


def test_a_table_that_is_not_square_is_refused() -> None:
    with pytest.raises(NoFigure, match="row and a column"):
        schulze([[0, 1], [1, 0], [2, 2]], range(2))
