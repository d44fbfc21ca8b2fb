"""Every promise about how a question closes, in as many storms as there is time for."""

from collections.abc import Iterator
from functools import lru_cache

import pytest

from beanjar.ops import log, signing
from beanjar.space.agreement import Agreement
from beanjar.space.opening import Opening
from beanjar.space.question import QUORUMS
from tests.seeded import seeded
from tests.space.promises import Broken, check_promises
from tests.space.storm import Storm

STORMS = 240
"""In a run for which somebody waits; twenty times as many otherwise."""
PARTS = 12
ENOUGH = 100
"""Storms in which a rule that is too weak is found out at the latest."""
SETTLED_TWICE = "Two sets are settled."
LATE = "An answer counts that no honest witness saw in time."
LEFT_OUT = "An answer does not count that all honest witnesses saw in time."
UNSETTLED = "A question is not settled and opened everywhere."


@pytest.fixture(autouse=True)
def _check_each_signature_once(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(log, "verify", _verify)
    yield
    _verify.cache_clear()


_verify = lru_cache(maxsize=1 << 16)(signing.verify)


def weather_storm(n: int, liars: int, number: int) -> Storm:
    """Let one storm pass and check every promise."""
    storm = Storm(n, liars, seeded(f"{n} {liars} {number}"))
    storm.run()
    check_promises(storm.honest, storm.results)
    return storm


def break_promises(n: int, liars: int, *wanted: str) -> bool:
    """Say whether of some storms one breaks each of these promises."""
    broken: set[str] = set()
    for number in range(ENOUGH):
        try:
            weather_storm(n, liars, number)
        except Broken as error:
            broken.add(str(error))
        if broken >= set(wanted):
            return True
    return False


@pytest.mark.parametrize("part", range(PARTS))
def test_every_promise_is_kept_while_no_more_witnesses_lie_than_may(part: int, scale: int) -> None:
    each = STORMS * (20 if scale > 1 else 1) // PARTS
    opened = 0
    for number in range(part * each, (part + 1) * each):
        n = 7 if number % 4 == 3 else 4
        try:
            storm = weather_storm(n, n - QUORUMS[n], number)
        except Broken as error:
            pytest.fail(f"{n} witnesses, storm {number}: {error}")
        opened += len(storm.results) == len(storm.honest)
    assert opened > 0.7 * each


def test_when_one_more_lies_than_may_storms_break_promises() -> None:
    assert break_promises(4, 2, SETTLED_TWICE, LATE, LEFT_OUT)


def test_storms_find_out_witnesses_that_let_go_of_their_lock(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Agreement, "_may_back", lambda *_: True)
    assert break_promises(4, 1, SETTLED_TWICE)


def test_storms_find_out_a_count_that_liars_can_fill(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Opening, "need", property(lambda self: len(self.devices) - self.quorum))
    assert break_promises(4, 1, LATE)


def test_storms_find_out_a_count_that_liars_can_empty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Opening, "need", property(lambda self: self.quorum))
    assert break_promises(4, 1, LEFT_OUT)


def test_storms_find_out_witnesses_that_vote_for_what_they_do_not_hold(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("beanjar.space.reach.Reach.holds", lambda *_: True)
    assert break_promises(4, 1, UNSETTLED)
