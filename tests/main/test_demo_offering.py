"""How a client keeps what people say until it is safe, at nodes that may die."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from beanjar.base.ids import ZERO
from beanjar.client.client import Client
from beanjar.client.line import NodeAway
from beanjar.main.demo import offering as at_work
from beanjar.main.demo.offering import NotSafe, Offering
from beanjar.main.demo.voice import Said, Voice
from beanjar.space.charter import Founding, Profile
from beanjar.testing.clock import HandClock
from tests.main.running import RunningNode

FOR_EVER = 1000.0


@pytest.fixture
def nodes(tmp_path: Path) -> Iterator[list[RunningNode]]:
    """Three nodes that know nothing of one another."""
    running = [RunningNode(tmp_path / name, HandClock()) for name in ("one", "two", "three")]
    yield running
    for node in running:
        node.stop()


@pytest.fixture
def said(nodes: list[RunningNode]) -> Said:
    """What somebody is about to say in a space that all three carry."""
    voice = Voice(nodes[0].clock)
    founded = voice.sign(ZERO, Founding("The market", voice.certificate(ZERO)))
    for node in nodes:
        client = Client(node.url)
        client.found(founded.run)
        client.close()
    return voice.sign(founded.space, Profile("Ada"))


@pytest.fixture
def offering(nodes: list[RunningNode], monkeypatch: pytest.MonkeyPatch) -> Iterator[Offering]:
    """A client of the three who begins at the first, and looks only when it is asked to."""
    monkeypatch.setattr(at_work, "LOOK_EVERY", FOR_EVER)
    offering = Offering([node.url for node in nodes])
    yield offering
    offering.close()


def holders(nodes: list[RunningNode], said: Said) -> list[bool]:
    return [
        node.node.find_operation(said.space, bytes.fromhex(said.id)) is not None for node in nodes
    ]


def test_what_nodes_do_not_pass_on_is_handed_in_at_enough_of_them(
    nodes: list[RunningNode],
    said: Said,
    offering: Offering,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    offering.hand_in(said)
    assert holders(nodes, said) == [True, False, False]
    monkeypatch.setattr(at_work, "OFFER_AGAIN", -1)
    monkeypatch.setattr(at_work, "LOOK", 0)
    offering.see_through()
    assert holders(nodes, said) == [True, True, True]
    assert offering.again == 2


def test_what_only_a_dead_node_took_is_handed_in_at_those_that_live(
    nodes: list[RunningNode], said: Said, offering: Offering
) -> None:
    offering.hand_in(said)
    nodes[0].stop()
    offering.see_through()
    assert holders(nodes[1:], said) == [True, True]
    assert offering.again == 2


def test_who_comes_to_a_dead_node_goes_to_the_next(
    nodes: list[RunningNode], said: Said, offering: Offering
) -> None:
    nodes[0].stop()
    offering.hand_in(said)
    assert sum(holders(nodes[1:], said)) == 1
    assert offering.again == 0


def test_where_no_node_answers_any_more_one_is_told(
    nodes: list[RunningNode], said: Said, offering: Offering
) -> None:
    offering.hand_in(said)
    for node in nodes:
        node.stop()
    with pytest.raises(NodeAway, match="None of the nodes"):
        offering.see_through()
    with pytest.raises(NodeAway, match="None of the nodes"):
        offering.hand_in(said)


def test_what_does_not_become_safe_in_time_is_told(
    said: Said, offering: Offering, monkeypatch: pytest.MonkeyPatch
) -> None:
    offering.hand_in(said)
    monkeypatch.setattr(at_work, "PATIENCE", -1)
    with pytest.raises(NotSafe):
        offering.see_through()


def test_with_one_node_what_it_took_is_as_safe_as_can_be(
    nodes: list[RunningNode], said: Said
) -> None:
    offering = Offering([nodes[0].url])
    offering.hand_in(said)
    offering.see_through()
    offering.close()
    assert holders(nodes, said) == [True, False, False]
