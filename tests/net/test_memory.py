"""What only links in memory can do: be cut, and be parted."""

import asyncio

import pytest

from beanjar.net.endpoint import CarrierEndpoint
from beanjar.net.link import CannotReach, Link, LinkLost
from tests.net.ends import MemoryNet, key, pair, stopped
from tests.net.test_links import check_alive
from tests.seeded import seeded


async def link(dialler: CarrierEndpoint, dialled: CarrierEndpoint) -> tuple[Link, Link]:
    return await dialler.dial(dialled.key, dialled.addresses()), await dialled.accept()


async def check_lost(*links: Link) -> None:
    for each in links:
        with pytest.raises(LinkLost, match="were cut"):
            await each.receive()
        with pytest.raises(LinkLost):
            await each.send(b"more")


def test_what_is_under_way_is_lost_when_the_wires_are_cut() -> None:
    async def story() -> None:
        net = MemoryNet()
        async with pair(net) as (dialler, dialled, out, into):
            await out.send(b"lost")
            net.board.cut(key(1), key(2))
            await check_lost(out, into)
            await check_alive(*await link(dialler, dialled))

    asyncio.run(story())


def test_a_cut_between_two_leaves_the_others_alone() -> None:
    async def story() -> None:
        net = MemoryNet()
        third = await net.endpoint(3)
        async with stopped(third), pair(net) as (dialler, dialled, out, into):
            others = [await link(dialler, third), await link(third, dialled)]
            net.board.cut(key(2), key(1))
            await check_lost(out, into)
            for each in others:
                await check_alive(*each)

    asyncio.run(story())


def test_who_is_parted_cannot_reach_one_another_until_all_meet_again() -> None:
    async def story() -> None:
        net = MemoryNet()
        third = await net.endpoint(3)
        async with stopped(third), pair(net) as (dialler, dialled, out, into):
            kept, lost = await link(third, dialled), await link(dialler, third)
            net.board.part({key(1)}, {key(2), key(3)})
            await check_lost(out, into, *lost)
            await check_alive(*kept)
            for one, other in ((dialler, dialled), (third, dialler)):
                with pytest.raises(CannotReach, match="no way there"):
                    await one.dial(other.key, other.addresses())
            net.board.part()
            await check_alive(*await link(dialler, dialled))

    asyncio.run(story())


def test_a_key_is_found_only_at_its_own_address() -> None:
    async def story() -> None:
        async with pair(MemoryNet()) as (dialler, dialled, _, _):
            with pytest.raises(CannotReach):
                await dialler.dial(dialled.key, dialler.addresses())
            with pytest.raises(CannotReach):
                await dialler.dial(dialled.key, [])

    asyncio.run(story())


def test_who_is_not_read_has_to_wait_in_memory_too() -> None:
    chance = seeded("waiting")
    frames = [chance.randbytes(50_000) for _ in range(20)]

    async def story() -> None:
        async with pair(MemoryNet()) as (_, _, out, into):
            sending = asyncio.create_task(send_all(out))
            for _ in range(1_000):
                await asyncio.sleep(0)
            assert not sending.done()
            assert [await into.receive() for _ in frames] == frames
            await sending

    async def send_all(out: Link) -> None:
        for frame in frames:
            await out.send(frame)

    asyncio.run(story())
