"""The name by which a network finds a node; the network is this machine's own."""

import asyncio
import gc
import os

import pytest

from beanjar.main.announcing import Announcer, CannotAnnounce
from tests.main.network import ELSEWHERE, LOOPBACK, look_up, somebody_called

# Other runs of the tests may go on beside this one.
ADA, BEN = f"ada-{os.getpid()}", f"ben-{os.getpid()}"
MOVED = "127.0.0.2"


def test_a_name_leads_to_the_machine_wherever_it_is_until_it_is_taken_back() -> None:
    places = [LOOPBACK, LOOPBACK, MOVED]

    async def story() -> None:
        announcer = Announcer(ADA, 2326, lambda: places[0])
        await announcer.look()
        assert await look_up(ADA) == [LOOPBACK]
        places.pop(0)
        await announcer.look()  # it is where it was
        assert announcer.address == LOOPBACK
        places.pop(0)
        await announcer.look()
        assert await look_up(ADA, MOVED) == [MOVED]
        await announcer.stop()
        assert await look_up(ADA, MOVED, patience=500) == []
        assert announcer.address is None

    asyncio.run(story())


def test_nobody_takes_the_name_of_another_machine() -> None:
    async def story() -> None:
        announcer = Announcer(BEN, 2326, lambda: LOOPBACK)
        async with somebody_called(BEN):
            with pytest.raises(CannotAnnounce, match=f"{ELSEWHERE}. is called {BEN}.local. Choose"):
                await announcer.look()
        assert announcer.address is None

    asyncio.run(story())


def test_two_nodes_of_one_machine_share_its_name() -> None:
    async def story() -> None:
        first, second = (Announcer(f"{ADA}-two", port, lambda: LOOPBACK) for port in (2326, 2328))
        await first.look()
        await second.look()
        await first.stop()
        assert await look_up(f"{ADA}-two") == [LOOPBACK]
        await second.stop()

    asyncio.run(story())


# What the library had opened before it failed it leaves to be collected.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize(
    ("address", "why"),
    [(None, "on no network"), (ELSEWHERE, "could not be announced on this network")],
)
def test_where_no_name_can_be_announced_that_is_said(address: str | None, why: str) -> None:
    with pytest.raises(CannotAnnounce, match=why):
        asyncio.run(Announcer(ADA, 2326, lambda: address).look())
    gc.collect()
