import asyncio

import pytest

from beanjar.base.limits import FRAME_BYTES, LINKS_PER_PEER
from beanjar.net import bounds
from beanjar.net.frames import BadFrame
from beanjar.net.link import CannotReach, Endpoint, Link, LinkLost
from tests.net.ends import Net, key, pair, stopped
from tests.seeded import seeded

MIB = 1024 * 1024


async def reason(link: Link) -> str:
    """What is said at the end of a link on which nothing more comes."""
    with pytest.raises(LinkLost) as lost:
        await link.receive()
    return str(lost.value)


async def check_alive(out: Link, into: Link) -> None:
    await out.send(b"Are you there?")
    assert await into.receive() == b"Are you there?"
    await into.send(b"Yes.")
    assert await out.receive() == b"Yes."


def test_each_end_knows_the_key_and_the_address_of_the_other(net: Net) -> None:
    async def story() -> None:
        async with pair(net) as (dialler, dialled, out, into):
            assert (dialler.key, dialled.key) == (key(1), key(2))
            assert (out.peer, into.peer) == (key(2), key(1))
            assert (out.address,) == dialled.addresses()
            assert (into.address,) == dialler.addresses()

    asyncio.run(story())


def test_frames_of_all_sizes_arrive_whole_and_in_order_both_ways(net: Net) -> None:
    chance = seeded("frames")
    sizes = [0, 1, 100, 257, 65_536, 65_537, MIB, 3, FRAME_BYTES]
    frames = [chance.randbytes(size) for size in sizes] + [bytes(FRAME_BYTES), b"jar " * 9_999]

    async def send_all(link: Link) -> None:
        for frame in frames:
            await link.send(frame)

    async def receive_all(link: Link) -> None:
        for frame in frames:
            assert await link.receive() == frame

    async def story() -> None:
        async with pair(net) as (_, _, out, into):
            await asyncio.gather(send_all(out), send_all(into), receive_all(out), receive_all(into))

    asyncio.run(story())


def test_frames_that_several_send_at_once_do_not_mix(net: Net) -> None:
    frames = [bytes([letter]) * 200_000 + seeded(str(letter)).randbytes(9) for letter in range(8)]

    async def story() -> None:
        async with pair(net) as (_, _, out, into), asyncio.TaskGroup() as group:
            for frame in frames:
                group.create_task(out.send(frame))
            assert sorted([await into.receive() for _ in frames]) == frames

    asyncio.run(story())


def test_a_frame_that_is_too_long_is_refused_and_the_link_goes_on(net: Net) -> None:
    async def story() -> None:
        async with pair(net) as (_, _, out, into):
            with pytest.raises(BadFrame, match="Send it in parts"):
                await out.send(bytes(FRAME_BYTES + 1))
            await check_alive(out, into)

    asyncio.run(story())


def test_to_stop_waiting_for_a_frame_loses_nothing(net: Net) -> None:
    async def story() -> None:
        async with pair(net) as (_, _, out, into):
            for turn in range(20):
                waiting = asyncio.create_task(into.receive())
                for _ in range(turn):
                    await asyncio.sleep(0)
                sending = asyncio.create_task(out.send(b"frame %d" % turn))
                for _ in range(turn % 7):
                    await asyncio.sleep(0)
                waiting.cancel()
                [got] = await asyncio.gather(waiting, return_exceptions=True)
                if isinstance(got, asyncio.CancelledError):
                    got = await into.receive()
                await sending
                assert got == b"frame %d" % turn

    asyncio.run(story())


def test_who_stops_sending_in_the_middle_of_a_frame_ends_the_link(net: Net) -> None:
    async def story() -> None:
        async with pair(net) as (_, _, out, into):
            chance = seeded("half a frame")
            frames = [chance.randbytes(FRAME_BYTES) for _ in range(20)]
            sending = asyncio.create_task(send_all(out, frames))
            assert await into.receive() == frames[0]
            sending.cancel()
            with pytest.raises(asyncio.CancelledError):
                await sending
            with pytest.raises(LinkLost, match="broken off"):
                await out.send(b"more")

    async def send_all(link: Link, frames: list[bytes]) -> None:
        for frame in frames:
            await link.send(frame)

    asyncio.run(story())


def test_what_was_sent_arrives_before_the_end_and_its_reason(net: Net) -> None:
    async def story() -> None:
        async with pair(net) as (_, _, out, into):
            await out.send(b"the last")
            await out.close("Enough for today.")
            assert await into.receive() == b"the last"
            assert "Enough for today." in await reason(into)
            for link in (out, into):
                with pytest.raises(LinkLost):
                    await link.send(b"more")
                await link.close("Once more.")
            assert "Enough for today." in await reason(out)

    asyncio.run(story())


def test_who_waits_for_a_frame_is_told_when_this_end_closes(net: Net) -> None:
    async def story() -> None:
        async with pair(net) as (_, _, out, _):
            waiting = asyncio.create_task(out.receive())
            await asyncio.sleep(0)
            await out.close("Going home.")
            with pytest.raises(LinkLost):
                await waiting

    asyncio.run(story())


def test_a_stopped_endpoint_ends_its_links_and_takes_no_more(net: Net) -> None:
    async def story() -> None:
        async with pair(net) as (dialler, dialled, out, _):
            accepting = asyncio.create_task(dialled.accept())
            await dialled.stop()
            await dialled.stop()
            assert "going away" in await reason(out)
            with pytest.raises(LinkLost):
                await accepting
            with pytest.raises(LinkLost):
                await dialled.accept()
            with pytest.raises(CannotReach):
                await dialled.dial(dialler.key, dialler.addresses())

    asyncio.run(story())


def test_another_key_than_the_one_dialled_is_refused(net: Net) -> None:
    async def story() -> None:
        async with pair(net) as (dialler, dialled, out, into):
            with pytest.raises(CannotReach, match=key(3).hex()[:8]):
                await dialler.dial(key(3), dialled.addresses())
            with pytest.raises(CannotReach):
                await dialler.dial(dialler.key, dialler.addresses())
            with pytest.raises(CannotReach):
                await dialler.dial(b"no key", dialled.addresses())
            await check_alive(out, into)

    asyncio.run(story())


def test_nodes_that_come_back_with_their_keys_find_one_another_again(net: Net) -> None:
    async def story() -> None:
        for _ in range(2):
            async with pair(net) as (_, _, out, into):
                await check_alive(out, into)

    asyncio.run(story())


def test_a_node_that_comes_back_need_not_wait_for_its_old_links_to_be_given_up(net: Net) -> None:
    async def story() -> None:
        async with pair(net) as (dialler, dialled, out, into):
            links = []
            for _ in range(LINKS_PER_PEER):
                link = await dialler.dial(dialled.key, dialled.addresses())
                links.append((link, await dialled.accept()))
            assert "newer connection" in await reason(into)
            assert "newer connection" in await reason(out)
            for link, other in links:
                await check_alive(link, other)

    asyncio.run(story())


def test_a_node_with_as_many_links_as_it_takes_refuses_more(
    net: Net, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def story() -> None:
        async with pair(net) as (dialler, dialled, out, into):
            third = await net.endpoint(3)
            async with stopped(third):
                monkeypatch.setattr(bounds, "LINKS", 1)
                await check_refused(third, dialled)
                await check_refused(dialled, third)
                await check_alive(out, into)
                await out.close("Make room.")
                assert "Make room" in await reason(into)
                link = await third.dial(dialled.key, dialled.addresses())
                await check_alive(link, await dialled.accept())
                with pytest.raises(CannotReach):
                    await dialler.dial(dialled.key, dialled.addresses())

    async def check_refused(dialler: Endpoint, dialled: Endpoint) -> None:
        with pytest.raises(CannotReach, match="1 connections at most"):
            await dialler.dial(dialled.key, dialled.addresses())

    asyncio.run(story())
