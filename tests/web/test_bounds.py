import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beanjar.base.clock import HOUR, MINUTE
from beanjar.base.limits import DOOR_WINDOW, OPERATIONS_PER_ADDRESS, OPERATIONS_PER_KEY
from beanjar.testing.clock import HandClock
from beanjar.web.bounds import Bounds, SlidingCount, TooMany, TooMuch, network_of

LIMIT = 10


@given(st.lists(st.tuples(st.integers(0, 3 * HOUR), st.integers(1, LIMIT))))
def test_whoever_waits_as_long_as_told_is_let_in_and_no_sooner(
    visits: list[tuple[int, int]],
) -> None:
    clock = HandClock()
    counts = SlidingCount(LIMIT, clock)
    for pause, amount in visits:
        clock.pass_time(pause)
        wait = counts.wait("Ben", amount)
        if wait:
            clock.pass_time(wait - 1)
            assert counts.wait("Ben", amount) == 1
            clock.pass_time(1)
        assert counts.wait("Ben", amount) == 0
        counts.add("Ben", amount)


@given(st.lists(st.tuples(st.integers(0, HOUR // 4), st.integers(1, LIMIT)), max_size=60))
def test_no_hour_of_the_clock_holds_more_than_the_limit(visits: list[tuple[int, int]]) -> None:
    clock = HandClock()
    counts = SlidingCount(LIMIT, clock)
    taken: dict[int, int] = {}
    for pause, amount in visits:
        hour = clock.pass_time(pause) // HOUR
        if not counts.wait("Ben", amount):
            counts.add("Ben", amount)
            taken[hour] = taken.get(hour, 0) + amount
    assert max(taken.values(), default=0) <= LIMIT


def test_what_was_counted_fades_within_the_next_hour() -> None:
    clock = HandClock()
    counts = SlidingCount(LIMIT, clock)
    counts.add("Ben", LIMIT)
    clock.pass_time(HOUR + HOUR // 2)
    assert counts.wait("Ben", LIMIT // 2) == 0
    assert counts.wait("Ben", LIMIT // 2 + 1) > 0
    clock.pass_time(HOUR // 2)
    assert counts.wait("Ben", LIMIT) == 0


def test_a_clock_that_is_set_back_locks_nobody_out() -> None:
    clock = HandClock()
    counts = SlidingCount(LIMIT, clock)
    counts.add("Ben", LIMIT)
    clock.pass_time(-5 * HOUR)
    assert counts.wait("Ben", LIMIT) == 0


def test_many_names_take_no_more_memory_than_few() -> None:
    counts = SlidingCount(LIMIT, HandClock())
    counts.add("the first", 1)
    tracemalloc.start()
    for name in range(50_000):
        counts.add(name, 1)
    grown, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert grown < 10_000


def test_a_device_is_bounded_wherever_it_comes_from() -> None:
    bounds = Bounds(HandClock())
    bounds.admit("192.0.2.1", b"Ben", OPERATIONS_PER_KEY)
    bounds.count(b"Ben", OPERATIONS_PER_KEY)
    with pytest.raises(TooMany, match="This device") as refusal:
        bounds.admit("192.0.2.2", b"Ben", 1)
    assert 0 < refusal.value.wait <= DOOR_WINDOW + MINUTE
    assert refusal.value.seconds * 1000 >= refusal.value.wait
    bounds.admit("192.0.2.2", b"Cal", 1)


def test_an_address_is_bounded_whatever_device_it_speaks_for() -> None:
    bounds = Bounds(HandClock())
    for n in range(6):
        bounds.admit("192.0.2.1", b"%d" % n, OPERATIONS_PER_ADDRESS // 6)
    with pytest.raises(TooMany, match="Your network address"):
        bounds.admit("192.0.2.1", b"Ben", 1)
    bounds.admit("192.0.2.2", b"Ben", 1)


def test_a_refusal_says_in_how_many_minutes_to_come_back() -> None:
    clock = HandClock()
    bounds = Bounds(clock, per_address=60)
    bounds.admit("192.0.2.1", b"Ben", 60)
    with pytest.raises(TooMany, match=r"Try again in 61 min, or at another node\."):
        bounds.admit("192.0.2.1", b"Ben", 1)
    clock.pass_time(61 * MINUTE)
    bounds.admit("192.0.2.1", b"Ben", 1)


def test_more_than_a_whole_hour_allows_is_never_let_in() -> None:
    with pytest.raises(TooMuch, match="Send fewer at once"):
        Bounds(HandClock(), per_address=60).admit("192.0.2.1", b"Ben", 61)


def test_one_network_is_one_address() -> None:
    assert network_of("2001:db8::1") == network_of("2001:db8::ffff:1")
    assert network_of("2001:db8::1") != network_of("2001:db8:0:1::1")
    assert network_of("192.0.2.1") != network_of("192.0.2.2")
    assert network_of("::ffff:192.0.2.1") == network_of("192.0.2.1")
    assert network_of("fe80::1%eth0") == network_of("fe80::2%eth0")


def test_who_comes_from_no_ip_address_is_bounded_too() -> None:
    for address in (
        "testclient",
        "unix:/run/door.sock",
        "[::1]:8000",
        "fe80::1%",
        "::ffff:1.2.3",
        "",
    ):
        bounds = Bounds(HandClock(), per_address=60)
        bounds.admit(address, b"Ben", 60)
        with pytest.raises(TooMany, match="Your network address"):
            bounds.admit(address, b"Ben", 1)
