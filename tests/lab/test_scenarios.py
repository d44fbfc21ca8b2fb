"""Whatever befalls a network, what must hold holds: in every scenario, with as many seeds as there
is time for."""

import msgspec
import pytest

from beanjar.lab.laboratory import play
from beanjar.lab.scenario import Scenario, list_scenarios
from beanjar.sync import spreading

SCENARIOS = list_scenarios()
HUGE = {name for name, each in SCENARIOS.items() if each.nodes > 1_000}
SEEDS = 200
"""With each of which every scenario is played in the long form; otherwise with the first."""
SMALL = sorted(SCENARIOS.keys() - HUGE)


@pytest.mark.parametrize("name", SMALL)
def test_nothing_that_must_hold_is_broken(name: str, scale: int) -> None:
    scenario = SCENARIOS[name]
    for seed in range(scenario.seed, scenario.seed + (SEEDS if scale > 1 else 1)):
        outcome = play(name, scenario, seed)
        assert not outcome.broken, f"beanjar lab run {name} --seed {seed}: {outcome.broken}"
        assert outcome.acknowledged > 0
        assert outcome.settled == len(scenario.questions)


def test_thousands_of_nodes_agree_as_many_as_there_is_time_for(scale: int) -> None:
    [name] = HUGE
    nodes = SCENARIOS[name].nodes if scale > 1 else 100
    outcome = play(name, msgspec.structs.replace(SCENARIOS[name], nodes=nodes), 1)
    assert not outcome.broken


def test_there_are_scenarios_enough_and_each_says_what_it_is_about() -> None:
    assert len(SCENARIOS) >= 12
    assert len({each.about for each in SCENARIOS.values()}) == len(SCENARIOS)


def test_where_something_comes_twice_links_become_lazy_and_all_is_said_with_fewer_bytes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    [name] = HUGE
    faults = SCENARIOS["half-killed"].faults
    many = msgspec.structs.replace(SCENARIOS[name], nodes=50, seconds=60, faults=faults)
    flooded = play(name, many, 1)
    monkeypatch.setattr(spreading, "LAZY_FROM", 0)
    announced = play(name, many, 1)
    assert not flooded.broken + announced.broken
    assert announced.bytes < 0.75 * flooded.bytes


def calm(**more: object) -> Scenario:
    return msgspec.structs.replace(SCENARIOS["calm"], nodes=6, seconds=10, questions=(), **more)


def test_what_a_seed_comes_to_is_the_same_each_time_and_another_seed_comes_to_something_else() -> (
    None
):
    written = [msgspec.json.encode(play("calm", calm(), seed)) for seed in (1, 1, 2)]
    assert written[0] == written[1]
    assert written[1].replace(b'"seed":1', b'"seed":2') != written[2]
