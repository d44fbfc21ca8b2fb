import pytest

from beanjar.lab.laboratory import Laboratory
from beanjar.lab.library import checking_once
from beanjar.lab.scenario import find_scenario
from tests.seeded import seeded


@pytest.mark.parametrize(
    ("name", "reason"),
    [("slow-reader", "It reads too little"), ("replayer", "This belongs to another space")],
)
def test_who_does_what_no_node_does_is_let_go_and_told_apart_from_honest_ones(
    name: str, reason: str
) -> None:
    with checking_once():
        lab = Laboratory(find_scenario(name), seeded(name))
        outcome = lab.run(name, 1, lambda _: None)
    assert not outcome.broken
    assert all(actor.endings for actor in lab.actors)
    reasons = {why for host in lab.hosts for why in host.dropped}
    assert reasons
    assert all(reason in why for why in reasons)
