"""What only real connections do."""

import asyncio
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from beanjar.net import endpoint
from beanjar.net.endpoint import Patience
from beanjar.net.iroh import bind
from beanjar.net.link import CannotReach, LinkLost
from tests.net.ends import IrohNet, key, secret, stopped
from tests.net.test_links import check_alive

TOP = Path(__file__).parents[2]
HOST = "127.0.0.1"


@pytest.fixture
def silent() -> Iterator[str]:
    """An address at which nobody ever answers."""
    with closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as listening:
        listening.bind((HOST, 0))
        yield f"{HOST}:{listening.getsockname()[1]}"


def test_an_address_where_nobody_answers_is_given_up_in_time(
    silent: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(endpoint, "STOP_SECONDS", 0.1)

    async def story() -> None:
        node = await IrohNet().endpoint(1, Patience(dial=0.2))
        async with stopped(node), asyncio.timeout(5):
            with pytest.raises(CannotReach, match=rf"{silent}\. Nobody answered within 0\.2 sec"):
                await node.dial(key(2), [silent])

    asyncio.run(story())


def test_one_good_address_among_others_is_enough(silent: str) -> None:
    async def story() -> None:
        dialler, dialled = await IrohNet().endpoint(1), await IrohNet().endpoint(2)
        async with stopped(dialler, dialled):
            [good] = dialled.addresses()
            others = [silent, "nonsense", "10.0.0.1", "1.2.3.4:99999", "https://relay.example"]
            link = await dialler.dial(key(2), [*others, good])
            assert link.address == good
            await check_alive(link, await dialled.accept())

    asyncio.run(story())


def test_a_relay_that_is_out_of_reach_keeps_nobody_from_dialling_directly() -> None:
    async def story() -> None:
        relays = [f"https://{HOST}:1"]
        dialler = await bind(secret(1), f"{HOST}:0", relays=relays)
        dialled = await bind(secret(2), f"{HOST}:0", relays=relays)
        async with stopped(dialler, dialled):
            link = await dialler.dial(key(2), [*dialled.addresses(), *relays])
            await check_alive(link, await dialled.accept())

    asyncio.run(story())


def test_a_relay_that_nobody_configured_is_not_used() -> None:
    async def story() -> None:
        dialler = await bind(secret(1), f"{HOST}:0", relays=[f"https://{HOST}:1/"])
        async with stopped(dialler):
            assert dialler.relays == (f"https://{HOST}:1",)
            assert not any(each.startswith("https:") for each in dialler.addresses())
        plain = await IrohNet().endpoint(1)
        with closing(socket.create_server((HOST, 0))) as relay:
            relay.settimeout(0.3)
            async with stopped(plain):
                with pytest.raises(CannotReach):
                    await plain.dial(key(2), [f"https://{HOST}:{relay.getsockname()[1]}"])
            with pytest.raises(TimeoutError):
                relay.accept()

    asyncio.run(story())


def test_a_node_that_knows_no_address_says_so() -> None:
    async def story() -> None:
        node = await IrohNet().endpoint(1)
        async with stopped(node):
            with pytest.raises(CannotReach, match="at an unknown address"):
                await node.dial(key(2), [])

    asyncio.run(story())


def test_a_node_comes_back_at_the_port_it_had() -> None:
    async def story() -> None:
        other = await IrohNet().endpoint(2)
        async with stopped(other):
            address = f"{HOST}:0"
            for _ in range(3):
                node = await bind(secret(1), address)
                [address] = node.addresses()
                link = await other.dial(node.key, [address])
                await check_alive(link, await node.accept())
                await node.stop()
                with pytest.raises(LinkLost):
                    await link.receive()

    asyncio.run(story())


def test_a_port_that_is_taken_is_told() -> None:
    async def story() -> None:
        node = await IrohNet().endpoint(1)
        async with stopped(node):
            with pytest.raises(CannotReach, match="in use"):
                await bind(secret(2), node.addresses()[0])

    asyncio.run(story())


@pytest.mark.parametrize("address", ["nonsense", "localhost:0", "127.0.0.1", "127.0.0.1:70000"])
def test_what_is_no_address_is_told(address: str) -> None:
    with pytest.raises(CannotReach, match="Name another address"):
        asyncio.run(bind(secret(1), address))


def test_what_is_no_relay_is_told() -> None:
    with pytest.raises(CannotReach, match="check the relays"):
        asyncio.run(bind(secret(1), f"{HOST}:0", relays=["nonsense"]))


def test_many_nodes_in_one_process_all_reach_one() -> None:
    async def story() -> None:
        nodes = [await IrohNet().endpoint(number) for number in range(1, 8)]
        async with stopped(*nodes):
            hub, *others = nodes
            dialling = [each.dial(hub.key, hub.addresses()) for each in others]
            links = dict(
                zip((each.key for each in others), await asyncio.gather(*dialling), strict=True)
            )
            for _ in others:
                into = await hub.accept()
                await check_alive(links[into.peer], into)

    asyncio.run(story())


WITHOUT = """
import asyncio, sys
sys.modules["iroh"] = None
from beanjar.net.iroh import bind
from beanjar.net.link import NotInstalled
try:
    asyncio.run(bind(bytes(32)))
except NotInstalled as error:
    print(error)
"""


def test_a_machine_without_the_library_is_told_where_it_runs_and_what_goes_on() -> None:
    command = [sys.executable, "-c", WITHOUT]
    said = subprocess.run(command, cwd=TOP, check=True, capture_output=True, text=True).stdout
    assert "Linux with glibc" in said
    assert "This node goes on without" in said
