"""What a keeper is told of who reaches their node."""

from ipaddress import ip_interface
from typing import Any

import pytest

from beanjar.main.findings import find_relays
from beanjar.main.reachability import Reached, judge
from beanjar.node.standing import NeighbourStanding, Standing

RELAY = "https://relay.example"
HOME = [ip_interface("192.168.1.5/24"), ip_interface("2001:db8::5/64")]
NEAR, FAR, FURTHER = "192.168.1.9:2327", "203.0.113.9:2327", "198.51.100.3:4000"
LAN = "192.168.1.5:2327"


def neighbour(address: str, sees: str = "", *, dialled: bool = True) -> NeighbourStanding:
    return NeighbourStanding("ab" * 32, address, dialled, 0, 0, [], sees)


def told(addresses: list[str], *neighbours: NeighbourStanding, **more: Any) -> Reached:  # noqa: ANN401 - a standing's own
    return judge(Standing("cd" * 32, addresses, list(neighbours), [], **more), HOME)


def test_a_node_for_its_own_machine_is_told_how_to_let_others_in() -> None:
    here = told(["127.0.0.1:2327"])
    assert here.who == "this machine"
    assert "without --listen" in here.advice


def test_a_node_without_any_address_is_reached_by_nobody() -> None:
    assert told([]).who == "nobody"


def test_a_node_on_its_network_alone_is_told_what_to_do() -> None:
    near = told([LAN], neighbour(NEAR, LAN, dialled=False))
    assert (near.who, near.came, near.seen_at) == ("this network", 0, [])
    assert "192.168.1.5" in near.why
    for way in ("UDP port 2327 on to 192.168.1.5", "--relay URL", "its door"):
        assert way in near.advice


def test_behind_a_translation_the_address_is_told_that_neighbours_see() -> None:
    seen = "192.0.2.77:61000"
    behind = told([LAN, seen], neighbour(FAR, seen), neighbour(FURTHER, seen))
    assert (behind.who, behind.seen_at, behind.port) == ("this network", [seen], 2327)
    assert f"seen at {seen}, so it is behind an address translation" in behind.why


def test_a_translation_that_differs_for_everyone_is_told_apart() -> None:
    behind = told([LAN], neighbour(FAR, "192.0.2.77:61000"), neighbour(FURTHER, "192.0.2.77:61001"))
    assert "another address for everyone" in behind.why


@pytest.mark.parametrize(("came", "words"), [(1, "One connected"), (2, "Two connected"), (3, "3 ")])
def test_who_came_from_outside_shows_that_everyone_can(came: int, words: str) -> None:
    others = [neighbour(FAR, dialled=False)] * came
    reached = told([LAN], *others, neighbour(NEAR, dialled=False), neighbour(FURTHER))
    assert (reached.who, reached.came, reached.advice) == ("everyone", came, "")
    assert reached.why.startswith(words)


def test_a_public_address_says_little_until_somebody_came() -> None:
    public = told(["1.1.1.1:2327"])
    assert public.who == "everyone"
    assert "no node from outside has shown yet" in public.why
    assert "UDP port 2327 through the firewall" in public.advice


def test_a_relay_is_told_once_it_is_reached_and_until_then_what_to_check() -> None:
    reached = told([RELAY, LAN], relays=[RELAY, "https://two.example"])
    assert (reached.who, reached.advice) == ("relay", "")
    assert RELAY in reached.why
    assert not list(find_relays(reached))
    missed = told([LAN], relays=[RELAY])
    assert missed.who == "this network"
    [finding] = find_relays(missed)
    assert "has not been reached" in finding.finding


def test_of_its_own_addresses_none_is_taken_for_a_translation() -> None:
    assert told([LAN], neighbour("[2001:db8::9]:1", "[2001:db8::5]:2327")).seen_at == []
