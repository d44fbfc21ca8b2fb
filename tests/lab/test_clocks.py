"""What becomes of nodes whose clocks are a year off, and that they harm nobody else."""

from collections.abc import Sequence

import pytest

from beanjar.base.limits import HELD_RUNS
from beanjar.lab.host import Host
from beanjar.lab.laboratory import Laboratory
from beanjar.lab.library import checking_once
from beanjar.lab.scenario import find_scenario
from tests.seeded import seeded

SEEDS = range(2)


def count_operations(hosts: Sequence[Host]) -> set[int]:
    return {host.disk.last_arrival(space) for host in hosts for space in host.disk.spaces()}


@pytest.mark.parametrize("seed", SEEDS)
def test_a_node_that_is_a_year_behind_takes_in_nothing_said_now_and_costs_nobody_else_anything(
    seed: int,
) -> None:
    with checking_once():
        lab = Laboratory(find_scenario("years-off"), seeded(f"years {seed}"))
        outcome = lab.run("years-off", seed, lambda _: None)
    assert not outcome.broken
    right = lab.watch.agreeing
    [behind] = [each for each in lab.hosts if each.skew < 0 and each not in right]
    assert max(count_operations([behind])) < min(count_operations(right))
    assert 0 < behind.disk.held() <= HELD_RUNS
    reasons = {why for host in lab.hosts for why in host.dropped}
    assert not any("sent what no node sends" in why for why in reasons)


def test_whose_clock_was_a_year_off_agrees_once_it_is_set() -> None:
    with checking_once():
        lab = Laboratory(find_scenario("clocks-set"), seeded("clocks set"))
        outcome = lab.run("clocks-set", 1, lambda _: None)
    assert not outcome.broken
    assert lab.watch.agreeing == lab.hosts
    assert len(count_operations(lab.hosts)) == 1
