from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beanjar.tools.estimate.figures import write_decimal


@pytest.mark.parametrize(
    ("exact", "decimals", "places", "written"),
    [
        (Fraction(1), 0, 0, "1"),
        (Fraction(12_875), 1, 1, "1287.5"),
        (Fraction(1, 3), 0, 3, "0.333"),
        (Fraction(1, 16), 0, 3, "0.062"),
        (Fraction(3, 16), 0, 3, "0.188"),
        (Fraction(-1, 3), 0, 3, "-0.333"),
        (Fraction(-1, 10_000), 0, 3, "0.000"),
        (Fraction(5), 3, 6, "0.005000"),
        (Fraction(-5), 2, 2, "-0.05"),
    ],
)
def test_figures_are_rounded_half_to_even_from_exact_fractions(
    exact: Fraction, decimals: int, places: int, written: str
) -> None:
    assert write_decimal(exact, decimals, places) == written


@given(st.integers(-(10**15), 10**15), st.integers(0, 6), st.integers(0, 3))
def test_rounding_agrees_with_decimal_arithmetic(units: int, decimals: int, more: int) -> None:
    written = write_decimal(Fraction(units), decimals + more, decimals)
    exact = Decimal(units).scaleb(-decimals - more)
    assert Decimal(written) == exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_EVEN)
