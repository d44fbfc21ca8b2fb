"""How fast frames travel between two processes: on our links, the same as iroh ships, by plain TCP.

All three carry the same random bytes over loopback, taking turns, so that a busy machine slows all.
"As shipped" is our links with iroh's own way of copying, byte by byte. Plain TCP is asyncio's
streams: no encryption, no proof of keys, no frames.
"""

import asyncio
import importlib
import json
import random
import statistics
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import NamedTuple, Protocol
from unittest.mock import patch

from beanjar.base.limits import FRAME_BYTES
from beanjar.net import copying
from beanjar.net.link import Endpoint, LinkLost
from beanjar.ops.signing import SigningKey

TOP = Path(__file__).parents[1]
ROUNDS = 5
FRAMES = {"tcp": 4_000, "links": 2_000, "shipped": 100}
"""How many frames a round of each way sends, so that none takes long."""
FRAME = 64 * 1024
TRIPS = 1_000
TRIP = bytes(100)
HOST = "127.0.0.1"
SENDER, RECEIVER = bytes(32), bytes(31) + b"\1"
"""The secrets of the two ends."""


class Figures(NamedTuple):
    """What one round of one way found."""

    mb_per_second: float
    trip_us: float


def measure(progress: Callable[[str], object]) -> dict[str, float]:
    """Return MB/s, their ratios, and the microseconds in which 100 bytes go there and back."""
    found: dict[str, list[Figures]] = {way: [] for way in FRAMES}
    for turn in range(ROUNDS):
        for way in FRAMES:
            progress(f"transport: {way}, round {turn + 1} of {ROUNDS}")
            found[way].append(_race(way))
    speed = {way: statistics.median(each.mb_per_second for each in found[way]) for way in FRAMES}
    trip = {way: statistics.median(each.trip_us for each in found[way]) for way in FRAMES}
    return {
        "ratio_to_tcp": speed["links"] / speed["tcp"],
        "ratio_to_shipped": speed["links"] / speed["shipped"],
        **{f"{way}_mb_per_second": speed[way] for way in FRAMES},
        **{f"{way}_trip_us": trip[way] for way in FRAMES},
    }


def _race(way: str) -> Figures:
    """Start a process that receives and one that sends, and return what the latter finds."""
    command = [sys.executable, "-m", "bench.transport", way]
    with subprocess.Popen(command, cwd=TOP, stdout=subprocess.PIPE, text=True) as receiver:  # noqa: S603 - this very module
        assert receiver.stdout is not None
        place = receiver.stdout.readline().strip()
        said = subprocess.run([*command, place], cwd=TOP, check=True, stdout=subprocess.PIPE)  # noqa: S603 - likewise
    return Figures(*json.loads(said.stdout))


class Line(Protocol):
    """What is raced; a link is one."""

    async def send(self, frame: bytes) -> None:
        """Send bytes."""
        ...

    async def receive(self) -> bytes:
        """Return the next bytes."""
        ...


class Plain:
    """A TCP connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Take over both streams."""
        self._reader, self.writer = reader, writer

    async def send(self, frame: bytes) -> None:
        """Send bytes."""
        self.writer.write(frame)
        await self.writer.drain()

    async def receive(self) -> bytes:
        """Return the next bytes, however many have come."""
        return await self._reader.read(FRAME)


async def _send(way: str, place: str) -> Figures:
    async with _dialled(way, place) as line:
        frame = random.Random(850).randbytes(FRAME)  # noqa: S311 - content, no secret
        start = time.perf_counter()
        for _ in range(FRAMES[way]):
            await line.send(frame)
        assert await line.receive() == b"all here"
        seconds = time.perf_counter() - start
        trips = [await _time_trip(line) for _ in range(TRIPS)]
    return Figures(FRAMES[way] * FRAME / seconds / 1e6, statistics.median(trips) * 1e6)


async def _time_trip(line: Line) -> float:
    start = time.perf_counter()
    await line.send(TRIP)
    assert await line.receive() == TRIP
    return time.perf_counter() - start


async def _receive(way: str) -> None:
    async with _answered(way) as line:
        missing = FRAMES[way] * FRAME
        while missing:
            missing -= len(await line.receive())
        await line.send(b"all here")
        for _ in range(TRIPS):
            await line.send(await line.receive())
        # The sender ends it, once it has the last.
        with suppress(LinkLost):
            assert await line.receive() == b""


@asynccontextmanager
async def _dialled(way: str, place: str) -> AsyncIterator[Line]:
    if way == "tcp":
        plain = Plain(*await asyncio.open_connection(HOST, int(place)))
        yield plain
        plain.writer.close()
    else:
        endpoint = await _bind(way, SENDER)
        yield await endpoint.dial(SigningKey(RECEIVER).public, [place])
        await endpoint.stop()


@asynccontextmanager
async def _answered(way: str) -> AsyncIterator[Line]:
    if way == "tcp":
        lines: asyncio.Queue[Plain] = asyncio.Queue()
        server = await asyncio.start_server(
            lambda *streams: lines.put_nowait(Plain(*streams)), HOST, 0, limit=FRAME_BYTES
        )
        print(server.sockets[0].getsockname()[1], flush=True)
        async with server:
            plain = await lines.get()
            yield plain
            plain.writer.close()
    else:
        endpoint = await _bind(way, RECEIVER)
        print(endpoint.addresses()[0], flush=True)
        yield await endpoint.accept()
        await endpoint.stop()


async def _bind(way: str, secret: bytes) -> Endpoint:
    """Import what binds only now, since it changes the copying as it is imported."""
    if way == "links":
        iroh = importlib.import_module("beanjar.net.iroh")
    else:
        with patch.object(copying, "copy_at_once"):
            iroh = importlib.import_module("beanjar.net.iroh")
    endpoint: Endpoint = await iroh.bind(secret, f"{HOST}:0")
    return endpoint


if __name__ == "__main__":
    _, chosen, *where = sys.argv
    if where:
        print(json.dumps(asyncio.run(_send(chosen, where[0]))))
    else:
        asyncio.run(_receive(chosen))
