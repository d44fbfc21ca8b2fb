"""What nobody foresaw is told with its traceback, and a node goes on."""

import asyncio
from pathlib import Path

import pytest

from beanjar.base.clock import HOUR
from beanjar.space.question import Terms
from beanjar.testing.clock import HandClock
from tests.node.house import House, open_house
from tests.node.street import PATIENCE, Street, open_street
from tests.space.tiny import TinyAsk

WORN_OUT = "the clock has stopped"


class WornClock(HandClock):
    """A clock that cannot be read when it is worn out."""

    is_worn_out = False

    def now(self) -> int:
        if self.is_worn_out:
            raise RuntimeError(WORN_OUT)
        return super().now()


async def until_told(caplog: pytest.LogCaptureFixture) -> None:
    """Return once a failure was logged with its traceback."""
    async with asyncio.timeout(PATIENCE):
        while WORN_OUT not in caplog.text:  # noqa: ASYNC110 - bounded by the timeout
            await asyncio.sleep(0)
    assert "Traceback" in caplog.text


async def until_accepted(house: House, asked: str) -> None:
    async with asyncio.timeout(PATIENCE):
        async for _ in house.node.changes():
            if house.space.closing(asked).accepts():
                return


def test_a_node_whose_tick_failed_does_what_is_due_at_the_next(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def story() -> None:
        clock = WornClock()
        async with open_house(tmp_path / "node", clock) as house:
            await house.found()
            await house.keep()
            clock.is_worn_out = True
            ticking = asyncio.create_task(house.node.tick_forever())
            await until_told(caplog)
            clock.is_worn_out = False
            terms = Terms(clock.now() + HOUR, (house.node.device.hex(),))
            asked = await house.say(house.ada.device, TinyAsk(terms))
            await until_accepted(house, asked)
            ticking.cancel()

    asyncio.run(story())


def test_a_node_whose_tick_failed_still_speaks_with_its_neighbours(
    tmp_path: Path, empty_store: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def story(street: Street) -> None:
        street.clock = clock = WornClock()
        home = await street.open("a")
        clock.is_worn_out = True
        serving = asyncio.create_task(home.peers.serve_forever())
        await until_told(caplog)
        clock.is_worn_out = False
        await street.settle()
        assert not serving.done()
        serving.cancel()

    async def play() -> None:
        async with open_street(tmp_path, empty_store) as street:
            await story(street)

    asyncio.run(play())
