import pytest

from beanjar.base.limits import INTEGER
from beanjar.web.filters import format_day, format_time, shorten
from beanjar.web.language import ENGLISH


def test_a_time_is_told_in_words_and_for_machines() -> None:
    told = '<time datetime="2027-01-15T08:00:00Z">15 January 2027, 08:00 UTC</time>'
    assert format_time(1_800_000_000_000, ENGLISH) == told
    told = '<time datetime="2027-01-15">15 January 2027</time>'
    assert format_day(1_800_000_000_000, ENGLISH) == told


def test_a_time_beyond_all_calendars_is_their_last() -> None:
    assert "9999" in format_time(INTEGER, ENGLISH)


@pytest.mark.parametrize(
    ("number", "written"),
    [
        (0, "0"),
        (1234567, "1,234,567"),
        ("1287.10", "1,287.10"),
        ("-0.5", "\N{MINUS SIGN}0.5"),
        (-1234, "\N{MINUS SIGN}1,234"),
        (INTEGER, "9,007,199,254,740,991"),
    ],
)
def test_thousands_are_set_apart(number: int | str, written: str) -> None:
    assert ENGLISH.number(number) == written


def test_an_id_is_shown_by_its_beginning() -> None:
    assert shorten("0123456789abcdef") == "01234567"
