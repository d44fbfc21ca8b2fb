"""What peers do that mean harm, on real connections: each loses its own link and nothing else."""

import asyncio
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from iroh import iroh_ffi as ffi

from beanjar.base.limits import FRAME_BYTES, HANDSHAKES_PER_ADDRESS
from beanjar.net.endpoint import CarrierEndpoint, Patience
from beanjar.net.frames import HEAD, write_frame
from beanjar.net.link import CannotReach, Link, LinkLost
from tests.net.ends import IrohNet, stopped
from tests.net.raw import Raw, Stream, raw_peer
from tests.seeded import seeded

HASTY = Patience(dial=1, greeting=1, send=0.5)
PIECE = bytes(64 * 1024)
BUFFERED = 8 * 1024 * 1024
"""More than a node may keep of what one peer sends, or for it, whatever it does."""


@asynccontextmanager
async def scene(patience: Patience | None = None) -> AsyncIterator[tuple[CarrierEndpoint, Raw]]:
    """A node and a peer that means harm; at the end, the node still serves one from elsewhere."""
    node = await IrohNet().endpoint(1, patience)
    honest = await IrohNet("127.0.0.2").endpoint(2)
    async with stopped(node, honest), raw_peer() as raw:
        yield node, raw
        link = await honest.dial(node.key, node.addresses())
        other = await node.accept()
        assert other.peer == honest.key
        await link.send(b"All well?")
        assert await other.receive() == b"All well?"


async def write_until_it_ends(stream: Stream, data: bytes) -> int:
    """Write the same again and again; return how many bytes were taken before the end."""
    taken = 0
    try:
        while taken < 10 * BUFFERED:
            taken += await stream.out.write(data)
    except ffi.IrohError:
        pass
    return taken


async def why(connection: ffi.Connection) -> str:
    return str(await asyncio.wait_for(connection.closed(), 5))


BOMB = zlib.compress(bytes(FRAME_BYTES + 1), wbits=-15)
NONSENSE = {
    "bytes of no meaning": seeded("nonsense").randbytes(500),
    "a giant length": HEAD.pack(2**32 - 1, 0) + PIECE,
    "a length one too many": HEAD.pack(FRAME_BYTES + 1, 0),
    "a kind that is none": HEAD.pack(3, 2) + b"abc",
    "a bomb": HEAD.pack(len(BOMB), 1) + BOMB,
    "nothing deflated": HEAD.pack(3, 1) + b"abc",
}


@pytest.mark.parametrize("name", NONSENSE)
def test_who_sends_nonsense_loses_the_link(name: str) -> None:
    async def story() -> None:
        async with scene() as (node, raw):
            stream = await raw.greet(node)
            link = await node.accept()
            await stream.out.write_all(write_frame(b"hello") + NONSENSE[name])
            assert await link.receive() == b"hello"
            for _ in range(2):
                with pytest.raises(LinkLost, match="nonsense"):
                    await link.receive()
            assert "nonsense" in await why(stream.connection)

    asyncio.run(story())


def test_who_stops_in_the_middle_of_a_frame_loses_the_link() -> None:
    async def story() -> None:
        async with scene() as (node, raw):
            stream = await raw.greet(node)
            link = await node.accept()
            await stream.out.write_all(HEAD.pack(100, 0) + b"half of i")
            await stream.out.finish()
            await stream.out.stopped()
            stream.connection.close(3, b"Gone\n" + bytes(1))
            with pytest.raises(LinkLost, match=r"Gone\?\?"):
                await link.receive()

    asyncio.run(story())


async def send_much(link: Link) -> None:
    """Send more than anyone may keep for a peer."""
    for turn in range(BUFFERED // len(PIECE)):
        await link.send(seeded(f"unread {turn}").randbytes(len(PIECE)))


def test_who_never_reads_loses_the_link_and_costs_little_memory() -> None:
    async def story() -> None:
        async with scene(HASTY) as (node, raw):
            stream = await raw.greet(node)
            link = await node.accept()
            with pytest.raises(LinkLost, match="took nothing"):
                await send_much(link)
            assert "took nothing" in await why(stream.connection)

    asyncio.run(story())


def test_who_is_not_read_has_to_wait() -> None:
    async def story() -> None:
        async with scene() as (node, raw):
            stream = await raw.greet(node)
            link = await node.accept()
            writing = asyncio.create_task(write_until_it_ends(stream, PIECE))
            assert not (await asyncio.wait({writing}, timeout=0.3))[0]
            await link.close("Too much of it.")
            assert await writing < BUFFERED

    asyncio.run(story())


async def open_both_ways(connection: ffi.Connection) -> ffi.SendStream:
    return (await connection.open_bi()).send()


async def open_one_way(connection: ffi.Connection) -> ffi.SendStream:
    return await connection.open_uni()


OPENERS = {"two-way": open_both_ways, "one-way": open_one_way}
Opener = Callable[[ffi.Connection], Awaitable[ffi.SendStream]]


STREAMS, PIECES = 100, 16
FEW = STREAMS * PIECES * len(PIECE) // 2
"""Bytes of which it is plain that the node had them stopped, however busy the machine."""


async def open_many(connection: ffi.Connection, opener: Opener) -> int:
    """Open as many streams as one can and write as much as one can; return how much that was."""
    taken = 0
    try:
        for _ in range(STREAMS):
            out = await opener(connection)
            for _ in range(PIECES):
                taken += await out.write(PIECE)
    except ffi.IrohError:
        pass
    return taken


@pytest.mark.parametrize("way", OPENERS)
def test_who_opens_more_streams_loses_the_link_before_they_fill(way: str) -> None:
    async def story() -> None:
        async with scene() as (node, raw):
            stream = await raw.greet(node)
            link = await node.accept()
            assert await open_many(stream.connection, OPENERS[way]) < FEW
            with pytest.raises(LinkLost, match="second stream"):
                await link.receive()

    asyncio.run(story())


@pytest.mark.parametrize("way", OPENERS)
def test_who_opens_many_streams_before_greeting_is_cut_before_they_fill(way: str) -> None:
    async def story() -> None:
        async with scene(HASTY) as (node, raw):
            connection = await raw.connect(node)
            assert await open_many(connection, OPENERS[way]) < FEW
            await why(connection)

    asyncio.run(story())


async def say_nothing(stream: Stream) -> None:
    pass


async def greet_by_half(stream: Stream) -> None:
    await stream.out.write_all(b"\0")


async def greet_with_words(stream: Stream) -> None:
    await stream.out.write_all(write_frame(b"hello"))


@pytest.mark.parametrize("greet", [say_nothing, greet_by_half, greet_with_words])
def test_who_does_not_greet_as_a_node_is_cut_in_time(
    greet: Callable[[Stream], Awaitable[None]],
) -> None:
    async def story() -> None:
        async with scene(HASTY) as (node, raw):
            stream = await raw.open(node)
            await greet(stream)
            assert "closed by peer" in await why(stream.connection)

    asyncio.run(story())


def test_who_speaks_another_protocol_is_refused() -> None:
    async def story() -> None:
        async with scene() as (node, raw):
            with pytest.raises(ffi.IrohError):
                await raw.connect(node, b"beanjar/0")

    asyncio.run(story())


def test_who_dials_again_and_again_without_a_greeting_is_held_to_a_few() -> None:
    async def story() -> None:
        async with scene(Patience(greeting=60)) as (node, raw):
            dialling = [raw.connect(node) for _ in range(HANDSHAKES_PER_ADDRESS + 8)]
            tried = await asyncio.gather(*dialling, return_exceptions=True)
            refused = [each for each in tried if isinstance(each, ffi.IrohError)]
            assert 8 <= len(refused) < len(tried)

    asyncio.run(story())


def test_a_node_that_is_dialled_and_never_greets_is_given_up_in_time() -> None:
    async def story() -> None:
        async with scene(HASTY) as (node, raw):
            accepting = asyncio.create_task(raw.accept())
            with pytest.raises(CannotReach, match="within 1 seconds"):
                await node.dial(raw.bound.id().to_bytes(), raw.bound.addr().direct_addresses())
            assert "too long" in await why(await accepting)

    asyncio.run(story())


def test_a_node_that_is_dialled_and_opens_more_streams_loses_the_link() -> None:
    async def story() -> None:
        async with scene() as (node, raw):
            accepting = asyncio.create_task(raw.accept_and_greet())
            place = raw.bound.addr().direct_addresses()
            link = await node.dial(raw.bound.id().to_bytes(), place)
            stream = await accepting
            assert await open_many(stream.connection, open_both_ways) < FEW
            with pytest.raises(LinkLost, match="second stream"):
                await link.receive()

    asyncio.run(story())
