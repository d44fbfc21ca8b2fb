from collections.abc import Callable
from contextlib import ExitStack

import pytest

from beanjar.base.limits import (
    HANDSHAKES,
    HANDSHAKES_PER_ADDRESS,
    LINKS,
    LINKS_PER_PEER,
    LINKS_PER_RANGE,
    LINKS_TAKEN,
)
from beanjar.net.bounds import Handshakes, Links
from beanjar.net.link import LinkLost


class Fake:
    """A link that is nothing but lost or not."""

    def __init__(self, peer: int, address: str = "10.0.0.1:1") -> None:
        self.peer = peer.to_bytes(32, "big")
        self.address = address
        self.is_lost = False
        self._calls: list[Callable[[], object]] = []

    def lose(self, reason: str) -> LinkLost:
        if not self.is_lost:
            self.is_lost = True
            for call in self._calls:
                call()
        return LinkLost(reason)

    def call_when_lost(self, call: Callable[[], object]) -> None:
        self._calls.append(call)


def test_there_is_room_again_when_a_link_is_lost() -> None:
    links, fakes = Links(), [Fake(number) for number in range(LINKS)]
    for each in fakes:
        links.check_room()
        links.add(each, is_own=True)
    with pytest.raises(LinkLost):
        links.check_room()
    with pytest.raises(LinkLost):
        links.add(Fake(LINKS), is_own=True)
    assert not any(each.is_lost for each in fakes)
    fakes[7].lose("Gone.")
    links.add(Fake(LINKS), is_own=True)


def test_however_many_nodes_come_there_is_room_for_those_that_one_dials() -> None:
    links = Links()
    for number in range(LINKS_TAKEN):
        links.add(Fake(number), is_own=False)
    with pytest.raises(LinkLost, match="of others at most"):
        links.add(Fake(LINKS_TAKEN), is_own=False)
    for number in range(LINKS_TAKEN, LINKS):
        links.check_room()
        links.add(Fake(number), is_own=True)


def test_of_one_range_of_public_addresses_only_so_many_are_taken() -> None:
    links = Links()
    for number in range(LINKS_PER_RANGE):
        links.add(Fake(number, f"9.9.9.{number}:1"), is_own=False)
    with pytest.raises(LinkLost, match=r"in 9\.9\.9\.0/24 at most"):
        links.add(Fake(LINKS, "9.9.9.99:1"), is_own=False)
    links.add(Fake(LINKS, "9.9.9.99:1"), is_own=True)
    links.add(Fake(LINKS + 1, "9.9.8.99:1"), is_own=False)


def test_one_peer_keeps_its_newest_links_and_those_of_others_stay() -> None:
    links, other, fakes = Links(), Fake(2), [Fake(1) for _ in range(LINKS)]
    links.add(other, is_own=False)
    for each in fakes:
        links.add(each, is_own=False)
    assert [each for each in fakes if not each.is_lost] == fakes[-LINKS_PER_PEER:]
    assert not other.is_lost


def test_a_link_that_is_lost_already_takes_no_room() -> None:
    links, lost = Links(), Fake(1)
    lost.lose("Gone.")
    for _ in range(LINKS + 1):
        with pytest.raises(LinkLost):
            links.add(lost, is_own=True)
    links.check_room()


def test_all_links_end_together() -> None:
    links, fakes = Links(), [Fake(number) for number in range(9)]
    for number, each in enumerate(fakes):
        links.add(each, is_own=number < 5)
    links.lose_all("Home.")
    assert all(each.is_lost for each in fakes)
    links.lose_all("Once more.")


def fill(handshakes: Handshakes, stack: ExitStack, host: str, *, proven: bool) -> int:
    """Begin as many from one address as there is room for; return how many."""
    count = 0
    while handshakes.is_room(host, proven=proven):
        stack.enter_context(handshakes.begin(host))
        count += 1
    return count


def test_one_address_makes_only_so_many_links_at_a_time() -> None:
    handshakes = Handshakes()
    with ExitStack() as stack:
        assert fill(handshakes, stack, "10.0.0.1", proven=True) == HANDSHAKES_PER_ADDRESS
        assert handshakes.is_room("10.0.0.2", proven=True)
    assert handshakes.is_room("10.0.0.1", proven=True)


def test_all_addresses_together_make_only_so_many_links_at_a_time() -> None:
    with ExitStack() as stack:
        handshakes = Handshakes()
        hosts = [f"10.0.0.{number}" for number in range(9)]
        assert sum(fill(handshakes, stack, each, proven=True) for each in hosts) == HANDSHAKES


def test_addresses_that_nobody_proved_cannot_shut_out_those_that_are() -> None:
    with ExitStack() as stack:
        handshakes = Handshakes()
        hosts = [f"10.0.0.{number}" for number in range(HANDSHAKES)]
        assert sum(fill(handshakes, stack, each, proven=False) for each in hosts) < HANDSHAKES / 2
        assert not handshakes.is_room("10.1.0.1", proven=False)
        assert all(handshakes.is_room(each, proven=True) for each in hosts)
