from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beanjar.wisdom.diversity import split_error
from beanjar.wisdom.errors import NoFigure

LARGEST = 2**62 - 1
NUMBERS = st.integers(-LARGEST, LARGEST)


@given(st.lists(NUMBERS, min_size=1, max_size=60), NUMBERS)
def test_the_crowds_error_is_the_individual_error_less_diversity(
    guesses: list[int], truth: int
) -> None:
    split = split_error(guesses, truth)
    assert split.crowd == split.individual - split.diversity


def test_three_guesses_are_split_as_by_hand() -> None:
    split = split_error([6, 10, 5], 8)
    assert split.crowd == 1
    assert split.individual == Fraction(4 + 4 + 9, 3)
    assert split.diversity == Fraction(1 + 9 + 4, 3)


def test_a_crowd_of_one_mind_is_no_better_than_its_members() -> None:
    split = split_error([10, 10, 10], 7)
    assert split.diversity == 0
    assert split.crowd == split.individual == 9


def test_nobody_has_no_error() -> None:
    with pytest.raises(NoFigure, match="Nobody"):
        split_error([], 8)
