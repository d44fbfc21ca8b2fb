from fractions import Fraction
from math import prod
from random import Random
from statistics import median as plain_median

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from beanjar.wisdom.averages import (
    geometric_mean,
    mean,
    median,
    shift_without_extremes,
    trimmed_mean,
    variance,
)
from beanjar.wisdom.errors import NoFigure
from beanjar.wisdom.logarithms import log_units

LARGEST = 2**62 - 1
GUESSES = st.lists(st.integers(-LARGEST, LARGEST), min_size=1, max_size=60)
POSITIVE = st.lists(st.integers(1, LARGEST), min_size=1, max_size=40)


@given(GUESSES)
def test_the_mean_is_exact_however_large_the_guesses(guesses: list[int]) -> None:
    assert mean(guesses) == Fraction(sum(guesses), len(guesses))


@given(GUESSES)
def test_the_median_is_the_middle_guess_or_halfway_between_the_middle_two(
    guesses: list[int],
) -> None:
    assert median(guesses) == plain_median(map(Fraction, guesses))


@given(GUESSES)
def test_the_variance_is_the_mean_squared_distance_from_the_mean(guesses: list[int]) -> None:
    centre = mean(guesses)
    assert variance(guesses) == mean_of([(guess - centre) ** 2 for guess in guesses])


@given(GUESSES, st.fractions(0, Fraction(49, 100), max_denominator=100))
def test_a_trimmed_mean_leaves_out_the_share_rounded_down_at_each_end(
    guesses: list[int], share: Fraction
) -> None:
    cut = len(guesses) * share.numerator // share.denominator
    kept = sorted(guesses)[cut : len(guesses) - cut]
    assert trimmed_mean(guesses, share) == mean(kept)


def test_a_trimmed_mean_leaves_out_a_tenth_at_each_end_unless_told_otherwise() -> None:
    assert trimmed_mean([1_000_000, 2, 3, 4, 5, 6, 7, 8, 9, -50]) == mean(range(2, 10))
    assert trimmed_mean([1_000_000, 2, 3, 4, 5, 6, 7, 8, 9]) == mean([1_000_000, *range(2, 10)])


def test_a_share_given_as_a_float_means_the_decimal_it_prints_as() -> None:
    guesses = [n * n for n in range(100)]
    assert int(100 * 0.29) == 28
    assert trimmed_mean(guesses, 0.29) == trimmed_mean(guesses, Fraction(29, 100))


def test_the_shift_shows_how_far_two_and_a_half_percent_at_each_end_pull_the_mean() -> None:
    guesses = [100] * 39 + [4_100]
    assert shift_without_extremes(guesses) == 100 - 200
    assert shift_without_extremes(guesses[1:]) == 0


@given(POSITIVE)
def test_the_geometric_mean_is_within_its_ten_digits_of_the_true_root(guesses: list[int]) -> None:
    found = Fraction(geometric_mean(guesses))
    slack = Fraction(1, 10**9)
    low, high = found * (1 - slack), found * (1 + slack)
    assert low ** len(guesses) <= prod(guesses) <= high ** len(guesses)


@given(POSITIVE, st.randoms(use_true_random=False))
def test_the_order_of_guesses_changes_no_figure(guesses: list[int], chance: Random) -> None:
    shuffled = chance.sample(guesses, len(guesses))
    for figure in (mean, median, trimmed_mean, variance, geometric_mean, shift_without_extremes):
        assert figure(shuffled) == figure(guesses)


def test_the_geometric_mean_of_equal_guesses_is_that_guess() -> None:
    assert geometric_mean([7] * 1000) == 7.0
    assert geometric_mean([2, 8]) == 4.0
    assert geometric_mean([1, 10, 100, 1000, 10_000]) == 100.0


def test_logarithms_are_right_to_the_twelfth_decimal() -> None:
    values = np.array([1, 2, 3, 10, 850, 1355, 2**53, LARGEST])
    # From the decimal module, which rounds correctly at any precision.
    assert log_units(values).tolist() == [
        0,
        693147180560,
        1098612288668,
        2302585092994,
        6745236349484,
        7211556733314,
        36736800569677,
        42975125194717,
    ]


def test_floats_of_exact_figures_are_correctly_rounded() -> None:
    assert float(mean([1, 2, 2])) == 5 / 3
    assert float(mean([2**53, 1, 1])) == (2**53 + 2) / 3
    assert (2.0**53 + 1.0 + 1.0) / 3 != (2**53 + 2) / 3


@pytest.mark.parametrize(
    "figure", [mean, median, trimmed_mean, variance, geometric_mean, shift_without_extremes]
)
def test_a_crowd_of_nobody_has_no_average(figure: type) -> None:
    with pytest.raises(NoFigure, match="Nobody has answered"):
        figure([])


@pytest.mark.parametrize("values", [[1.5, 2], [2**62], [-(2**62)], [2**80], ["12"], [True, False]])
def test_only_whole_numbers_within_the_limit_are_averaged(values: list[int]) -> None:
    with pytest.raises(NoFigure, match="whole numbers between"):
        mean(values)


def test_a_table_is_not_a_crowd() -> None:
    with pytest.raises(NoFigure, match="one row"):
        mean(np.ones((2, 2), np.int64))


def test_a_geometric_mean_refuses_guesses_that_are_not_above_zero() -> None:
    with pytest.raises(NoFigure, match="lowest here is 0"):
        geometric_mean([3, 0, 5])


@pytest.mark.parametrize("share", [-0.1, 0.5, 1.0])
def test_a_share_that_leaves_nobody_is_refused(share: float) -> None:
    with pytest.raises(NoFigure, match="under one half"):
        trimmed_mean([1, 2, 3], share)


def mean_of(figures: list[Fraction]) -> Fraction:
    return sum(figures, Fraction(0)) / len(figures)
