from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beanjar.wisdom.calibration import (
    CalibrationRow,
    brier_over_time,
    brier_score,
    calibration_table,
)
from beanjar.wisdom.errors import NoFigure

FORECASTS = st.lists(st.tuples(st.integers(0, 100), st.integers(0, 1)), min_size=1, max_size=60)


def test_a_forecast_of_seventy_percent_costs_nine_or_forty_nine_hundredths() -> None:
    assert brier_score([70], [1]) == Fraction(9, 100)
    assert brier_score([70], [0]) == Fraction(49, 100)
    assert brier_score([70, 70], [1, 0]) == Fraction(29, 100)


def test_certainty_is_perfect_or_as_wrong_as_can_be() -> None:
    assert brier_score([100, 0], [1, 0]) == 0
    assert brier_score([100, 0], [0, 1]) == 1
    assert brier_score([[100, 0, 0]], [2]) == 2


def test_squares_are_added_up_over_several_options() -> None:
    score = brier_score([[50, 30, 20], [10, 10, 80]], [1, 2])
    assert score == Fraction(2500 + 4900 + 400 + 100 + 100 + 400, 2 * 100**2)


@given(FORECASTS)
def test_yes_and_no_as_two_options_score_twice_as_much(forecasts: list[tuple[int, int]]) -> None:
    chances, outcomes = zip(*forecasts, strict=True)
    both = [[100 - chance, chance] for chance in chances]
    assert brier_score(both, outcomes) == 2 * brier_score(chances, outcomes)


@given(FORECASTS)
def test_the_score_over_time_is_the_score_of_each_beginning(
    forecasts: list[tuple[int, int]],
) -> None:
    chances, outcomes = zip(*forecasts, strict=True)
    ends = range(1, len(chances) + 1)
    expected = tuple(brier_score(chances[:end], outcomes[:end]) for end in ends)
    assert brier_over_time(chances, outcomes) == expected


def test_the_table_compares_what_was_said_with_what_came_true() -> None:
    table = calibration_table([10, 19, 20, 100, 90], [0, 1, 0, 1, 1], bins=5)
    assert table == (
        CalibrationRow(
            low=Fraction(0),
            high=Fraction(1, 5),
            count=2,
            forecast=Fraction(29, 200),
            came_true=Fraction(1, 2),
        ),
        CalibrationRow(
            low=Fraction(1, 5),
            high=Fraction(2, 5),
            count=1,
            forecast=Fraction(1, 5),
            came_true=Fraction(0),
        ),
        CalibrationRow(
            low=Fraction(4, 5),
            high=Fraction(1),
            count=2,
            forecast=Fraction(95, 100),
            came_true=Fraction(1),
        ),
    )


@given(FORECASTS, st.integers(1, 100))
def test_every_forecast_stands_in_the_one_bin_it_belongs_to(
    forecasts: list[tuple[int, int]], bins: int
) -> None:
    chances, outcomes = zip(*forecasts, strict=True)
    table = calibration_table(chances, outcomes, bins)
    for row in table:
        inside = [
            (Fraction(chance, 100), came_true)
            for chance, came_true in forecasts
            if row.low <= Fraction(chance, 100) < row.high or chance == 100 * row.high == 100
        ]
        assert row.count == len(inside)
        assert row.forecast == sum(chance for chance, _ in inside) / row.count
        assert row.came_true == Fraction(sum(outcome for _, outcome in inside), row.count)
    assert sum(row.count for row in table) == len(forecasts)


def test_finer_parts_than_percent_are_as_exact() -> None:
    assert brier_score([999_999_999], [0], whole=10**9) == Fraction(999_999_999**2, 10**18)


@pytest.mark.parametrize(
    ("forecasts", "outcomes", "message"),
    [
        ([], [], "Nobody"),
        ([50], [2], "one of the 2 options"),
        ([50, 50], [1], "2 values on one side and 1 on the other"),
        ([120], [1], "between 0 and 100"),
        ([[50, 40]], [1], "add up to 100"),
    ],
)
def test_forecasts_that_do_not_fit_are_refused_with_a_reason(
    forecasts: list[int], outcomes: list[int], message: str
) -> None:
    with pytest.raises(NoFigure, match=message):
        brier_score(forecasts, outcomes)


def test_a_table_is_made_of_single_chances_in_a_sensible_number_of_bins() -> None:
    with pytest.raises(NoFigure, match="the chance of one outcome"):
        calibration_table([[50, 50]], [1])
    with pytest.raises(NoFigure, match="between 1 and 100 bins"):
        calibration_table([50], [1], bins=0)
