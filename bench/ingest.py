"""How fast a first sync brings 100,000 operations to another node, and in how many bytes.

Ours: two node processes, as `beanjar up` starts them, by iroh over loopback; the one that has
nothing is told of the other as from a ticket, and the clock runs until all of it is on its disk and
in its views. Theirs: `nostr-sdk` with the same content as events (`bench.nostr`). Both keep what
they hold below the same temporary folder. Bytes are those of what was put on the stream, both ways,
packed, without what QUIC or TCP add.
"""

import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from beanjar.base.limits import OPERATIONS_PER_ADDRESS
from beanjar.main.demo.process import NodeProcess
from beanjar.ops.run import read_run
from bench.crowd import AUTHORS, TEXTS, write_logs
from bench.nodes import fill
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
        fill(Path(folder) / "full", space, map(read_run, runs))
        with NodeProcess(Path(folder) / "full", OPERATIONS_PER_ADDRESS) as full:
            found = []
            for turn in range(ROUNDS):
                progress(f"ingest: our sync {turn + 1} of {ROUNDS}")
                with NodeProcess(Path(folder) / f"empty {turn}", OPERATIONS_PER_ADDRESS) as empty:
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


def _sync(space: bytes, full: NodeProcess, empty: NodeProcess) -> Synced:
    start = time.perf_counter()
    empty.door.carry(empty.token, space, [full.address])
    while empty.door.standing(space).operations < OPERATIONS:
        time.sleep(LOOK)
    seconds = time.perf_counter() - start
    (neighbour,) = empty.door.neighbours(empty.token).neighbours
    return Synced(OPERATIONS / seconds, (neighbour.sent + neighbour.received) / OPERATIONS)
