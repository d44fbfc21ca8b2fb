"""Times as people say them, at 08:00 UTC on Friday 15 January 2027, which is 09:00 in Paris."""

from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beanjar.base.clock import DAY, HOUR, MINUTE, SECOND
from beanjar.main.moments import UNITS, WrongTime, read_moment, write_moment
from beanjar.testing.clock import START

PARIS = ZoneInfo("Europe/Paris")


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("tonight", "Friday 15 January 2027, 23:59"),
        ("18:00", "Friday 15 January 2027, 18:00"),
        ("today 9:30", "Friday 15 January 2027, 09:30"),
        ("Tomorrow", "Saturday 16 January 2027, 23:59"),
        ("tomorrow at 18:00", "Saturday 16 January 2027, 18:00"),
        ("on  Sunday 18:00", "Sunday 17 January 2027, 18:00"),
        ("friday", "Friday 22 January 2027, 23:59"),
        ("2027-01-20", "Wednesday 20 January 2027, 23:59"),
        ("2027-01-20 18:00", "Wednesday 20 January 2027, 18:00"),
        ("2027-01-20T18:00Z", "Wednesday 20 January 2027, 19:00"),
        ("2027-07-20 18:00", "Tuesday 20 July 2027, 18:00"),
        ("in an hour", "Friday 15 January 2027, 10:00"),
    ],
)
def test_a_time_is_read_in_the_zone_of_who_says_it(text: str, moment: str) -> None:
    assert write_moment(read_moment(text, START, PARIS), PARIS) == moment


def test_summer_time_is_another_hour_of_the_world() -> None:
    winter = read_moment("2027-01-20 18:00", START, PARIS)
    summer = read_moment("2027-07-20 18:00", START, PARIS)
    assert (summer - winter) % DAY == 23 * HOUR


@given(count=st.integers(1, 999), unit=st.sampled_from(sorted(UNITS)))
def test_a_span_begins_now(count: int, unit: str) -> None:
    assert read_moment(f"in {count} {unit}s", START) == START + count * UNITS[unit]


def test_every_unit_has_its_length() -> None:
    spans = [read_moment(f"in 1 {unit}", 0) for unit in ("second", "min", "hour", "day", "week")]
    assert spans == [SECOND, MINUTE, HOUR, DAY, 7 * DAY]


@pytest.mark.parametrize("text", ["soon", "25:00", "in ten minutes", "2027-02-30", "", "in 3"])
def test_what_is_no_time_is_told_with_examples(text: str) -> None:
    with pytest.raises(WrongTime, match="in 10 minutes, tonight"):
        read_moment(text, START, PARIS)


@pytest.mark.parametrize("text", ["7:00", "2026-12-31", "1970-01-01T00:00Z"])
def test_a_time_that_is_over_is_told(text: str) -> None:
    with pytest.raises(WrongTime, match="is over already"):
        read_moment(text, START, PARIS)


@given(moment=st.integers(0, 2**53))
def test_every_time_that_an_operation_can_hold_is_written(moment: int) -> None:
    assert write_moment(moment)
