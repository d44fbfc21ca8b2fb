"""How nodes on one network find each other; the network is this machine's own."""

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from functools import partial
from hashlib import sha256
from ipaddress import IPv4Interface

import pytest
from zeroconf import (  # type: ignore[attr-defined] # its list of names leaves out records
    DNSAddress,
    DNSOutgoing,
    DNSPointer,
    DNSRecord,
    DNSService,
    DNSText,
    IPVersion,
    const,
)
from zeroconf.asyncio import AsyncServiceInfo, AsyncZeroconf

from beanjar.base.limits import LOCAL_NODES
from beanjar.net.local import SERVICE, LocalNetwork, find_networks, read_name, write_name
from tests.alone import alone

HERE = IPv4Interface("127.0.0.1/8")
FLOOD, AT_ONCE = 400, 10
TTL = 120
_test = 0

Met = dict[bytes, tuple[str, ...]]


@pytest.fixture(autouse=True)
def _new_people() -> Iterator[None]:
    """Have the network to oneself; of what a test said it may hear for a second more."""
    global _test  # noqa: PLW0603 - nodes are called alike in all tests
    _test += 1
    with alone("network"):
        yield


def key(name: str) -> bytes:
    """The key of a node; what other runs of the tests said may be heard still."""
    return sha256(f"{name} {_test} {os.getpid()}".encode()).digest()


@asynccontextmanager
async def on_network(name: str, *addresses: str) -> AsyncIterator[Met]:
    """Put a node on the network; give whom it is told of, and where."""
    met: Met = {}

    def meet(node: bytes, at: Sequence[str]) -> None:
        met[node] = tuple(at)

    network = LocalNetwork(key(name), lambda: addresses, meet, lambda: [HERE])
    await network.look()
    try:
        yield met
    finally:
        await network.stop()


async def soon(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not true():  # noqa: ASYNC110 - what is waited for is the library's
            await asyncio.sleep(0.01)


Said = tuple[str, int, Sequence[str]]


@asynccontextmanager
async def somebody() -> AsyncIterator[Callable[..., None]]:
    """Let somebody say of services, each with its name and port, where they are, as anybody can."""
    mdns = AsyncZeroconf(interfaces=["127.0.0.1"], ip_version=IPVersion.V4Only)
    await mdns.zeroconf.async_wait_for_start()

    def announce(*said: Said) -> None:
        out = DNSOutgoing(const._FLAGS_QR_RESPONSE | const._FLAGS_AA)  # noqa: SLF001 - DNS's own
        for record in (record for each in said for record in _write(*each)):
            out.add_answer_at_time(record, 0)
        mdns.zeroconf.async_send(out)

    yield announce
    await mdns.async_close()


def _write(name: str, port: int, hosts: Sequence[str]) -> Iterator[DNSRecord]:
    kind, unique = const._CLASS_IN, const._CLASS_IN | const._CLASS_UNIQUE  # noqa: SLF001 - likewise
    yield DNSPointer(SERVICE, const._TYPE_PTR, kind, TTL, name)  # noqa: SLF001
    yield DNSService(name, const._TYPE_SRV, unique, TTL, 0, 0, port, name)  # noqa: SLF001
    yield DNSText(name, const._TYPE_TXT, unique, TTL, b"\0")  # noqa: SLF001
    for host in hosts:
        yield DNSAddress(name, const._TYPE_A, unique, TTL, socket.inet_aton(host))  # noqa: SLF001


def test_two_nodes_on_one_network_hear_of_each_other_until_one_goes() -> None:
    async def story() -> None:
        async with on_network("ada", "127.0.0.1:2327") as ada:
            async with on_network("ben", "127.0.0.1:2329") as ben:
                await soon(lambda: key("ada") in ben and key("ben") in ada)
                assert ada[key("ben")] == ("127.0.0.1:2329",)
                assert ben[key("ada")] == ("127.0.0.1:2327",)
            # Who has gone is not among those that a newcomer is told of.
            async with on_network("cal", "127.0.0.1:2331") as cal:
                await soon(lambda: key("ada") in cal)
                assert key("ben") not in cal

    asyncio.run(story())


def test_a_node_is_named_again_for_as_long_as_it_is_there() -> None:
    async def story() -> None:
        met: list[bytes] = []
        network = LocalNetwork(
            key("ada"), lambda: ["127.0.0.1:1"], lambda node, _: met.append(node), lambda: [HERE]
        )
        await network.look()
        async with on_network("ben", "127.0.0.1:2329"):
            await soon(lambda: key("ben") in met)
            before = met.count(key("ben"))
            await network.look()
            assert met.count(key("ben")) == before + 1
        await network.stop()

    asyncio.run(story())


def test_nothing_but_a_key_and_addresses_is_announced() -> None:
    async def story() -> None:
        async with on_network("ada", "127.0.0.1:2327"):
            mdns = AsyncZeroconf(interfaces=["127.0.0.1"], ip_version=IPVersion.V4Only)
            said = AsyncServiceInfo(SERVICE, write_name(key("ada")))
            assert await said.async_request(mdns.zeroconf, 5_000)
            assert not said.properties
            assert (said.parsed_addresses(), said.port) == (["127.0.0.1"], 2327)
            assert said.server == write_name(key("ada")).replace(SERVICE, "local.")
            await mdns.async_close()

    asyncio.run(story())


def test_a_node_that_nobody_here_can_dial_announces_nothing() -> None:
    async def story() -> None:
        async with (
            on_network("ada", "127.0.0.1:2327") as ada,
            on_network("ben") as ben,
            on_network("eve", "192.0.2.1:2327", "https://relay.example") as eve,
            on_network("cal", "127.0.0.1:2329"),
        ):
            await soon(lambda: key("cal") in ada)
            assert not {key("ben"), key("eve")} & ada.keys()
            assert not ben
            assert not eve

    asyncio.run(story())


def test_a_node_that_is_elsewhere_now_says_so_there() -> None:
    async def story() -> None:
        places = [HERE]
        moving = LocalNetwork(
            key("ada"),
            lambda: ["127.0.0.1:2327", "127.0.0.2:2327"],
            lambda *_: None,
            lambda: places,
        )
        await moving.look()
        places[:] = [HERE, IPv4Interface("127.0.0.2/8")]
        await moving.look()
        async with on_network("ben", "127.0.0.1:2329") as ben:
            both = ["127.0.0.1:2327", "127.0.0.2:2327"]
            await soon(lambda: sorted(ben.get(key("ada"), ())) == both)
        places.clear()
        await moving.look()
        async with on_network("cal", "127.0.0.1:2331"), on_network("dan", "127.0.0.1:2333") as dan:
            await soon(lambda: key("cal") in dan)
            assert key("ada") not in dan

    asyncio.run(story())


def test_what_is_no_name_of_a_node_or_not_on_this_network_is_passed_over() -> None:
    async def story() -> None:
        async with on_network("ada", "127.0.0.1:2327") as ada, somebody() as announce:
            elsewhere = ["192.0.2.7", "127.0.0.0", "127.255.255.255"]
            announce(
                (f"nobody.{SERVICE}", 1, ["127.0.0.1"]),
                (f"{'a' * 52}b.{SERVICE}", 1, ["127.0.0.1"]),
                (write_name(key("far")), 2327, elsewhere),
                (write_name(key("closed")), 0, ["127.0.0.1"]),
                (write_name(key("ada")), 2329, ["127.0.0.9"]),
                (write_name(key("near")), 2327, [*elsewhere, "127.0.0.3"]),
            )
            await soon(lambda: key("near") in ada)
            assert ada[key("near")] == ("127.0.0.3:2327",)
            assert not {key("far"), key("closed"), key("ada")} & ada.keys()

    asyncio.run(story())


def test_of_a_flood_of_names_few_are_kept() -> None:
    async def story() -> None:
        met: list[bytes] = []
        network = LocalNetwork(
            key("ada"), lambda: ["127.0.0.1:1"], lambda node, _: met.append(node), lambda: [HERE]
        )
        await network.look()

        def heard(name: str) -> bool:
            return read_name(name) in met

        names = [write_name(key(f"liar {number}")) for number in range(FLOOD)]
        async with somebody() as announce:
            for start in range(0, FLOOD, AT_ONCE):
                part = names[start : start + AT_ONCE]
                announce(*((name, 2327, ["127.0.0.4"]) for name in part))
                await soon(partial(heard, part[-1]))
        met.clear()
        await network.look()
        assert len(met) == LOCAL_NODES
        await network.stop()

    asyncio.run(story())


def test_a_name_is_the_key() -> None:
    name = write_name(key("ada"))
    assert read_name(name) == read_name(name.upper()) == key("ada")
    assert len(name.removesuffix(f".{SERVICE}")) == 52


@pytest.mark.parametrize(
    "name",
    ["", SERVICE, f".{SERVICE}", f"ä.{SERVICE}", f"{'a' * 51}b.{SERVICE}", "a" * 52, "=" * 9],
)
def test_another_name_is_none(name: str) -> None:
    assert read_name(name) is None


def test_a_machine_knows_its_networks_without_its_loopback() -> None:
    assert not any(each.is_loopback for each in find_networks())
