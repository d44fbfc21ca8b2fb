"""How fast a first sync brings 100,000 operations to another node, and in how many bytes.

Ours: two node processes, as `beanjar up` starts them, by iroh over loopback; the one that has
nothing is told of the other as from a ticket, and the clock runs until all of it is on its disk and
in its views. Theirs: `nostr-sdk` with the same content as events (`bench.nostr`). Both keep what
they hold below the same temporary folder. Bytes are those of what was put on the stream, both ways,
packed, without what QUIC or TCP add.
"""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import httpx

from beanjar.base.limits import INTEGER
from beanjar.node.folder import Folder, read_token
from beanjar.node.intake import take_run
from beanjar.ops.run import read_run
from bench.crowd import AUTHORS, TEXTS, write_logs
from bench.nostr import EVENTS, sync_events

OPERATIONS = AUTHORS * TEXTS
ROUNDS = 3
"""Of so many syncs of ours the median counts: they are short, and the machine is noisy."""
LOOK = 0.05
"""Seconds between two looks at how far it has come."""


class Synced(NamedTuple):
    """One first sync: operations a second, and bytes an operation."""

    speed: float
    bytes: float


def measure(progress: Callable[[str], object]) -> dict[str, float]:
    """Return both speeds and sizes, and theirs set against ours."""
    ours = sorted(measure_ours(progress))[ROUNDS // 2]
    theirs = measure_theirs(progress)
    return {
        "ratio": ours.speed / theirs["theirs_ops_per_second"],
        "bytes_ratio": ours.bytes / theirs["theirs_bytes_per_op"],
        "ours_ops_per_second": ours.speed,
        "ours_bytes_per_op": ours.bytes,
        **theirs,
    }


def measure_ours(progress: Callable[[str], object]) -> list[Synced]:
    """Return what each of several syncs found."""
    progress("ingest: signing")
    space, runs = write_logs()
    with TemporaryDirectory(prefix="beanjar-bench-") as folder:
        _fill(Path(folder) / "full", runs)
        with _node(Path(folder) / "full") as full:
            found = []
            for turn in range(ROUNDS):
                progress(f"ingest: our sync {turn + 1} of {ROUNDS}")
                with _node(Path(folder) / f"empty {turn}") as empty:
                    found.append(_sync(space, full, empty))
            return found


def measure_theirs(progress: Callable[[str], object]) -> dict[str, float]:
    """Return operations a second and bytes an operation of `nostr-sdk` with the same content.

    What goes through the counting proxy is timed too, which shows that the proxy holds up nothing.
    """
    synced = sync_events(progress)
    return {
        "theirs_ops_per_second": EVENTS / synced.seconds,
        "theirs_proxied_ops_per_second": EVENTS / synced.proxied_seconds,
        "theirs_bytes_per_op": synced.bytes / EVENTS,
    }


def _fill(folder: Path, runs: list[bytes]) -> None:
    """Make the folder of a node that has all."""
    node = Folder(folder)
    with node.store.writing() as writer:
        for run in map(read_run, runs):
            take_run(writer, run[0].effective_space, run, INTEGER)
    node.close()


class Up(NamedTuple):
    """A node that runs, and what it said of itself."""

    said: dict[str, Any]
    http: httpx.Client


@contextmanager
def _node(folder: Path) -> Iterator[Up]:
    """Run a node on a folder."""
    command = [sys.executable, "-m", "beanjar", "up", "--data", str(folder), "--port", "0"]
    with subprocess.Popen([*command, "--json"], stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - this very program
        assert process.stdout is not None
        said = json.loads(process.stdout.readline())
        headers = {"authorization": f"Bearer {read_token(folder)}"}
        try:
            with httpx.Client(base_url=said["url"], headers=headers, timeout=60) as http:
                yield Up(said, http)
        finally:
            process.send_signal(signal.SIGINT)
            process.wait()


def _sync(space: bytes, full: Up, empty: Up) -> Synced:
    nodes = [{"key": full.said["key"], "addresses": full.said["addresses"]}]
    joining = {"space": space.hex(), "nodes": nodes}
    start = time.perf_counter()
    empty.http.post("/api/keeper/spaces", json=joining).raise_for_status()
    standing = f"/api/spaces/{space.hex()}/standing"
    while empty.http.get(standing).json()["operations"] < OPERATIONS:
        time.sleep(LOOK)
    seconds = time.perf_counter() - start
    (neighbour,) = empty.http.get("/api/keeper/peers").json()["neighbours"]
    moved = neighbour["sent"] + neighbour["received"]
    return Synced(OPERATIONS / seconds, moved / OPERATIONS)
