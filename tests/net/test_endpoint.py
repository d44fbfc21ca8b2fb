"""What an endpoint does with those who dial, whoever carries it."""

import asyncio
import logging

import pytest

from beanjar.net.carrier import Caller
from beanjar.net.endpoint import CarrierEndpoint, Patience
from beanjar.net.link import LinkLost
from beanjar.net.memory import (
    MemoryCaller,
    MemoryCarrier,
    MemoryConnection,
    Switchboard,
    Wires,
)
from tests.net.ends import key, stopped
from tests.net.test_links import check_alive


class From(MemoryCaller):
    """Someone who dials from a certain address."""

    def __init__(self, host: str) -> None:
        super().__init__(Wires(key(2), key(1)), "")
        self._host = host
        self.treated: asyncio.Future[str] = asyncio.Future()

    async def host(self) -> str:
        return self._host

    async def accept(self) -> MemoryConnection:
        self.treated.set_result("accepted")
        return await super().accept()

    async def ignore(self) -> None:
        self.treated.set_result("ignored")


async def treat(host: str, *, only_loopback: bool) -> str:
    carrier = MemoryCarrier(Switchboard(), key(1), "10.0.0.1:1")
    CarrierEndpoint(carrier, Patience(), only_loopback=only_loopback)
    caller = From(host)
    carrier.callers.put_nowait(caller)
    return await caller.treated


@pytest.mark.parametrize("host", ["127.0.0.1", "127.3.2.1", "::1", "[::1]"])
def test_who_dials_from_this_machine_is_let_in(host: str) -> None:
    assert asyncio.run(treat(host, only_loopback=True)) == "accepted"


@pytest.mark.parametrize("host", ["192.0.2.7", "[2001:db8::1]", "::", "a relay of https://1.2.3.4"])
def test_who_dials_from_elsewhere_is_ignored_where_only_this_machine_may(host: str) -> None:
    assert asyncio.run(treat(host, only_loopback=True)) == "ignored"
    assert asyncio.run(treat(host, only_loopback=False)) == "accepted"


def test_a_node_on_the_loopback_tells_only_addresses_there() -> None:
    async def story() -> None:
        for address, told in (("10.0.0.1:1", ()), ("[::1]:7", ("[::1]:7",))):
            carrier = MemoryCarrier(Switchboard(), key(1), address)
            node = CarrierEndpoint(carrier, Patience(), only_loopback=True)
            assert node.addresses() == told

    asyncio.run(story())


class Broken(From):
    async def is_proven(self) -> bool:
        raise RuntimeError("What is this?")


class Deaf(MemoryCarrier):
    async def next_caller(self) -> Caller | None:
        raise RuntimeError("What was that?")


def test_a_node_that_hears_nobody_any_more_says_so() -> None:
    async def story() -> None:
        board = Switchboard()
        carrier = Deaf(board, key(1), "10.0.0.9:1")
        board.add(carrier)
        node = CarrierEndpoint(carrier, Patience(), only_loopback=False)
        async with stopped(node):
            with pytest.raises(LinkLost):
                await node.accept()

    asyncio.run(story())


def test_a_failure_that_nobody_foresaw_is_logged_and_the_node_goes_on(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def story() -> None:
        board = Switchboard()
        carrier, other = MemoryCarrier(board, key(1), "10.0.0.9:1"), board.endpoint(key(2))
        board.add(carrier)
        node = CarrierEndpoint(carrier, Patience(), only_loopback=False)
        async with stopped(node, other):
            carrier.callers.put_nowait(Broken("10.0.0.8"))
            link = await other.dial(node.key, node.addresses())
            await check_alive(link, await node.accept())

    with caplog.at_level(logging.ERROR):
        asyncio.run(story())
    assert "What is this?" in caplog.text
