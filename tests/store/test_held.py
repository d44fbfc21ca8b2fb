from pathlib import Path

import pytest

from beanjar.base.limits import HELD_RUNS
from beanjar.store import Store, Unknown
from tests.store.signed import NOON, SPACE

ADA, BEN, CAL = b"a" * 32, b"b" * 32, b"c" * 32
OTHER = b"o" * 32


def test_runs_are_handed_out_once_when_due_soonest_first(store: Store) -> None:
    with store.writing() as writer:
        writer.add_space(OTHER)
        assert writer.hold(SPACE, ADA, NOON + 2, b"second")
        assert writer.hold(OTHER, ADA, NOON + 1, b"first")
        assert writer.hold(SPACE, BEN, NOON + 3, b"later")
    with store.writing() as writer:
        assert writer.take_due(NOON) == []
        assert writer.take_due(NOON + 2) == [(OTHER, b"first"), (SPACE, b"second")]
        assert writer.take_due(NOON + 2) == []
        assert writer.take_due(NOON + 3) == [(SPACE, b"later")]


def test_runs_are_handed_out_a_few_at_a_time_until_none_is_left(store: Store) -> None:
    with store.writing() as writer:
        for number in range(5):
            writer.hold(SPACE, bytes([number]) * 32, NOON + number, b"run %d" % number)
        taken = [writer.take_due(NOON + 3, 3) for _ in range(3)]
    runs = [[run for _, run in some] for some in taken]
    assert runs == [[b"run 0", b"run 1", b"run 2"], [b"run 3"], []]


def test_held_runs_outlive_a_restart(path: Path) -> None:
    store = Store.open(path)
    with store.writing() as writer:
        writer.add_space(SPACE)
        writer.hold(SPACE, ADA, NOON, b"a run")
    store.close()
    store = Store.open(path)
    with store.writing() as writer:
        assert writer.take_due(NOON) == [(SPACE, b"a run")]
    store.close()


def test_a_newer_run_of_a_device_takes_the_place_of_the_older(store: Store) -> None:
    with store.writing() as writer:
        writer.hold(SPACE, ADA, NOON + 1, b"one")
        writer.hold(SPACE, ADA, NOON + 2, b"one and two")
        assert writer.take_due(NOON + 2) == [(SPACE, b"one and two")]


def test_clocks_set_years_ahead_do_not_crowd_out_those_minutes_ahead(store: Store) -> None:
    with store.writing() as writer:
        for number in range(HELD_RUNS):
            assert writer.hold(SPACE, number.to_bytes(32, "big"), NOON + 1_000 + number, b"far")
        assert not writer.hold(SPACE, CAL, NOON + 9_000, b"farther")
        assert writer.hold(SPACE, CAL, NOON + 1, b"near")
        due = writer.take_due(NOON + 10_000, HELD_RUNS + 1)
    assert due == [(SPACE, b"near")] + [(SPACE, b"far")] * (HELD_RUNS - 1)


def test_no_run_is_held_for_a_space_that_is_not_carried(store: Store) -> None:
    with pytest.raises(Unknown), store.writing() as writer:
        writer.hold(OTHER, ADA, NOON, b"a run")
