"""The peer of a first sync: signed events, from the relay of `nostr-sdk` to its client.

The relay and the client are a process each, with an LMDB each, which fsyncs at every commit. The
client's is empty. It connects over loopback and calls `sync` once, with a filter that matches
everything: reconciliation by negentropy (NIP-77), then requests for a hundred events at a time. All
is as the library comes; nothing had to be set. It checks every signature: one forged event lies
among those of the relay and must not arrive.

It is the last 0.44, the faster of what works. The sync of 0.45.0 and 0.45.1 ends after 200 events
with "subscription ID already exists". One sync for each author works there, at a quarter of the
speed, as those versions reach their database through Python.
"""

import asyncio
import json
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager, suppress
from datetime import timedelta
from hashlib import sha256
from itertools import islice
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple
from urllib.parse import urlsplit

from nostr_sdk import (  # type: ignore[import-untyped]
    ClientBuilder,
    Event,
    EventBuilder,
    Filter,
    Keys,
    LocalRelay,
    NostrDatabase,
    RelayBuilder,
    RelayUrl,
    SyncOptions,
    Timestamp,
)

from beanjar.base.errors import BeanjarError
from bench.crowd import AUTHORS, START, TEXTS, Said, say_all

EVENTS = AUTHORS * TEXTS
AT_ONCE = 1_000
"""Events that are handed to the relay's database at a time, before the clock starts."""
PATIENCE = 60
"""Seconds to connect, and to write down what has arrived when the sync says it is done."""
LOOK = 0.01
"""Seconds from one look whether all is written down to the next."""
FORGED = Said(AUTHORS, START, "Nobody signed this.")


class SyncFailed(BeanjarError):
    """A sync that brought less than everything, or more."""


class Synced(NamedTuple):
    """Seconds until all is durable; `bytes` both ways of a second sync, through a proxy."""

    seconds: float
    proxied_seconds: float
    bytes: int


def sync_events(progress: Callable[[str], object]) -> Synced:
    """Let two fresh clients fetch what the crowd says, one of them through a counting proxy."""
    with TemporaryDirectory(prefix="beanjar-bench-") as name:
        folder = Path(name)
        progress(f"nostr-sdk: signing {EVENTS:,} events")
        with _serve(folder / "relay") as url:
            progress("nostr-sdk: fetching them")
            with _fresh_process() as client:
                seconds = client.submit(_fetch, folder / "client", url).result()
            progress("nostr-sdk: fetching them again, counting bytes")
            proxied, size = asyncio.run(_fetch_counting(folder / "counted", url))
    return Synced(seconds, proxied, size)


def _fresh_process() -> ProcessPoolExecutor:
    return ProcessPoolExecutor(1, get_context("spawn"))


@contextmanager
def _serve(folder: Path) -> Iterator[str]:
    """Run a relay that holds all events, and give its address."""
    spawn = get_context("spawn")
    here, there = spawn.Pipe()
    process = spawn.Process(target=_be_relay, args=(folder, there), daemon=True)
    process.start()
    there.close()  # so that a relay which fails is an end of file here
    try:
        yield here.recv()
    finally:
        here.close()
        process.join()


def _be_relay(folder: Path, pipe: Connection) -> None:
    asyncio.run(_run_relay(folder, pipe))


async def _run_relay(folder: Path, pipe: Connection) -> None:
    database = NostrDatabase.lmdb(str(folder))
    events = _sign_all()
    while some := list(islice(events, AT_ONCE)):
        await asyncio.gather(*(database.save_event(each) for each in some))
    relay = LocalRelay(RelayBuilder().database(database))
    await relay.run()
    pipe.send(str(await relay.url()))
    with suppress(EOFError):
        await asyncio.to_thread(pipe.recv)
    relay.shutdown()


def _sign_all() -> Iterator[Event]:
    for said in say_all():
        yield _sign(said)
    fields = json.loads(_sign(FORGED).as_json())
    fields["sig"] = _sign(FORGED._replace(text="Somebody signed that.")).signature()
    yield Event.from_json(json.dumps(fields))


def _sign(said: Said) -> Event:
    time_claimed = Timestamp.from_secs(said.time // 1_000)
    note = EventBuilder.text_note(said.text).custom_created_at(time_claimed)
    return note.sign_with_keys(_keys(said.author))


def _keys(author: int) -> Keys:
    return Keys.parse(sha256(f"author {author}".encode()).hexdigest())


def _fetch(folder: Path, url: str) -> float:
    return asyncio.run(_sync(folder, url))


async def _sync(folder: Path, url: str) -> float:
    database = NostrDatabase.lmdb(str(folder))
    client = ClientBuilder().database(database).build()
    await client.add_relay(RelayUrl.parse(url))
    await client.try_connect(timedelta(seconds=PATIENCE))
    start = time.perf_counter()
    outcome = await client.sync(Filter(), SyncOptions())
    if outcome.failed:
        raise SyncFailed(f"The sync ended early: {outcome.failed}. Try again.")
    async with asyncio.timeout(PATIENCE):
        while await database.count(Filter()) < EVENTS:  # noqa: ASYNC110 - a database calls nobody
            await asyncio.sleep(LOOK)
    seconds = time.perf_counter() - start
    if await database.count(Filter().author(_keys(FORGED.author).public_key())):
        raise SyncFailed("The client took a forged event. Measure with one that checks signatures.")
    return seconds


async def _fetch_counting(folder: Path, url: str) -> tuple[float, int]:
    """Return the seconds and the bytes of a sync through a proxy."""
    proxy = _Proxy(urlsplit(url).port)
    async with await asyncio.start_server(proxy.carry, "127.0.0.1") as server:
        port = server.sockets[0].getsockname()[1]
        loop = asyncio.get_running_loop()
        with _fresh_process() as client:
            fetching = loop.run_in_executor(client, _fetch, folder, f"ws://127.0.0.1:{port}")
            return await fetching, proxy.size


class _Proxy:
    """Carries connections on to another port of this machine; `size` is the bytes both ways."""

    def __init__(self, port: int | None) -> None:
        self._port = port
        self.size = 0

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there = await asyncio.open_connection("127.0.0.1", self._port)
        await asyncio.gather(self._pump(reader, there[1]), self._pump(there[0], writer))

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while chunk := await reader.read(1 << 16):
            self.size += len(chunk)
            writer.write(chunk)
            await writer.drain()
        writer.close()
