"""What a node keeps for its neighbours is looked at under the names that there are."""

import msgspec
import pytest

from beanjar.lab.laboratory import Laboratory
from beanjar.lab.library import checking_once
from beanjar.lab.scenario import find_scenario
from beanjar.lab.weighing import MOST, find_excess, weigh
from beanjar.sync import spreading
from tests.seeded import seeded


@pytest.fixture
def busy(monkeypatch: pytest.MonkeyPatch) -> Laboratory:
    """Return a laboratory whose nodes have been busy, with links that are lazy too."""
    monkeypatch.setattr(spreading, "LAZY_FROM", 0)
    scenario = msgspec.structs.replace(find_scenario("parting"), nodes=8)
    with checking_once():
        lab = Laboratory(scenario, seeded("busy"))
        assert not lab.run("busy", 1, lambda _: None).broken
    return lab


def test_every_name_that_has_a_bound_is_that_of_something_a_busy_node_keeps(
    busy: Laboratory,
) -> None:
    found = {name for host in busy.hosts for name in weigh(host.exchange) | host.waiting()}
    assert set(MOST) <= found


def test_whatever_grows_beyond_its_bound_is_named(busy: Laboratory) -> None:
    host = busy.hosts[0]
    assert find_excess(host.exchange, host.waiting()) is None
    for name, most in MOST.items():
        beside = {name: most + 1}
        assert find_excess(host.exchange, beside) == f"{most + 1} in {name}, where {most} may be"
