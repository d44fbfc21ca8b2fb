from fractions import Fraction
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from beanjar.wisdom import averages
from beanjar.wisdom.errors import NoFigure
from beanjar.wisdom.histogram import histogram
from beanjar.wisdom.tally import Tally

LARGEST = 2**62 - 1
WHOLE = st.one_of(st.integers(-3, 3), st.integers(-LARGEST, LARGEST))
POSITIVE = st.one_of(st.integers(1, 5), st.integers(1, LARGEST))


@st.composite
def comings_and_goings(draw: st.DrawFn, values: st.SearchStrategy[int]) -> tuple[Tally, list[int]]:
    """Draw a tally with a history, and the values it should hold after it."""
    left = draw(st.lists(values, max_size=30))
    tally = Tally.of(left)
    for value in draw(st.lists(values, max_size=30)):
        tally.add(value)
        left.append(value)
    for _ in range(draw(st.integers(0, max(0, len(left) - 1)))):
        tally.remove(left.pop(draw(st.integers(0, len(left) - 1))))
    return tally, left


@given(comings_and_goings(WHOLE), st.fractions(0, Fraction(9, 20), max_denominator=20))
def test_a_tally_agrees_with_the_plain_averages_whoever_came_and_went(
    history: tuple[Tally, list[int]], share: Fraction
) -> None:
    tally, left = history
    assert len(tally) == len(left)
    assert tally.values.tolist() == sorted(left)
    if left:
        assert tally.mean == averages.mean(left)
        assert tally.median == averages.median(left)
        assert tally.variance == averages.variance(left)
        assert tally.trimmed_mean(share) == averages.trimmed_mean(left, share)
        assert tally.shift_without_extremes(share) == averages.shift_without_extremes(left, share)
        assert tally.histogram(8) == histogram(sorted(left), 8)


@given(comings_and_goings(POSITIVE))
def test_a_tally_agrees_on_the_geometric_mean_too(history: tuple[Tally, list[int]]) -> None:
    tally, left = history
    if left:
        assert tally.geometric_mean == averages.geometric_mean(left)


def test_a_geometric_mean_comes_back_once_the_zero_has_gone() -> None:
    tally = Tally.of([4, 0, 9])
    with pytest.raises(NoFigure, match="above zero"):
        _ = tally.geometric_mean
    tally.remove(0)
    assert tally.geometric_mean == 6.0


def test_a_tally_of_a_hundred_thousand_grows_one_by_one_past_its_room() -> None:
    chance = Random(850)  # noqa: S311  # the test needs the same numbers each time
    values = [chance.randint(1, 10**12) for _ in range(100_000)]
    tally = Tally.of(values[:50])
    for value in values[50:200]:
        tally.add(value)
    assert tally.values.tolist() == sorted(values[:200])
    whole = Tally.of(values)
    assert whole.mean == Fraction(sum(values), 100_000)
    assert whole.geometric_mean == averages.geometric_mean(values[::-1])


def test_values_handed_out_do_not_change_with_the_tally() -> None:
    tally = Tally.of([3, 1, 2])
    before = tally.values
    before[0] = 99
    tally.add(0)
    assert before.tolist() == [99, 2, 3]
    assert tally.values.tolist() == [0, 1, 2, 3]


def test_numpy_integers_are_as_good_as_plain_ones() -> None:
    tally = Tally.of(np.array([2**61, 2**61]))
    for value in np.array([2**61, -5]):
        tally.add(value)
    assert tally.variance == averages.variance([2**61, 2**61, 2**61, -5])


def test_a_value_that_is_not_there_cannot_be_taken_out() -> None:
    tally = Tally.of([1, 3])
    for absent in (0, 2, 4):
        with pytest.raises(NoFigure, match=f"{absent} is not among these answers"):
            tally.remove(absent)
    assert tally.mean == 2


def test_a_value_can_be_taken_out_once_only() -> None:
    tally = Tally.of([1, 9])
    tally.remove(9)
    with pytest.raises(NoFigure, match="9 is not among these answers"):
        tally.remove(9)
    assert tally.values.tolist() == [1]


@pytest.mark.parametrize("value", [2**62, -(2**62), 2**70])
def test_a_value_outside_the_limit_is_refused_and_changes_nothing(value: int) -> None:
    tally = Tally.of([5])
    with pytest.raises(NoFigure, match=r"between -2\*\*62 and 2\*\*62"):
        tally.add(value)
    assert len(tally) == 1
    assert tally.mean == 5


def test_an_empty_tally_has_no_figures_until_someone_answers() -> None:
    tally = Tally()
    for figure in ("mean", "median", "variance", "geometric_mean"):
        with pytest.raises(NoFigure, match="Nobody"):
            getattr(tally, figure)
    with pytest.raises(NoFigure, match="Nobody"):
        tally.trimmed_mean()
    tally.add(12)
    assert tally.mean == tally.median == tally.trimmed_mean() == tally.geometric_mean == 12
