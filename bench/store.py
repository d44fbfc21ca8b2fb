"""How fast operations become durable, beside bare inserts of as many bytes.

Ours verifies each run and links it to its log, keeps what a log and an id are looked up by, and
commits. Bare `sqlite3` puts one blob beside an integer key. Both do so in transactions of the same
operations, with the same pragmas, taking turns, so that a busy machine slows both.
"""

import random
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from beanjar.ops.log import EMPTY, head_of, write_operation
from beanjar.ops.operation import Operation
from beanjar.ops.run import read_run, write_run
from beanjar.ops.signing import SigningKey
from beanjar.store import Store
from beanjar.store.database import FIRST_PRAGMAS, PRAGMAS

LOGS = 1_000
RUN = 100
"""Operations in a run; each log has one."""
RUNS_AT_ONCE = 10
"""Runs in a transaction."""
NUMBERS = bytes(24)
"""As many bytes as a row's log, seq, time, until and short id take in SQLite."""

Progress = Callable[[str], None]


class Batch(NamedTuple):
    """What one transaction takes: runs for ours, (key, blob) rows for bare `sqlite3`."""

    runs: list[bytes]
    rows: list[tuple[int, bytes]]


def measure(progress: Progress) -> dict[str, float]:
    """Return operations a second of both, their ratio, and bytes on the disk for an operation."""
    chance = random.Random(850)  # noqa: S311 - the same operations in every run
    progress(f"signing {LOGS * RUN:,} operations")
    space = chance.randbytes(32)
    logs = [_write_log(chance, space) for _ in range(LOGS)]
    progress("keeping them")
    with TemporaryDirectory(prefix="beanjar-bench-") as folder:
        ours, bare, size = _race(Path(folder), space, _prepare(logs))
    count = LOGS * RUN
    return {
        "ratio": bare / ours,
        "ops_per_second": count / ours,
        "bare_ops_per_second": count / bare,
        "bytes_per_op": size / count,
        "body_bytes_per_op": sum(each.size for log in logs for each in log) / count,
    }


def _write_log(chance: random.Random, space: bytes) -> list[Operation]:
    key, head, log = SigningKey(chance.randbytes(32)), EMPTY, []
    for place in range(RUN):
        body, salt = chance.randbytes(chance.randint(100, 300)), chance.randbytes(16)
        time_claimed = 1_700_000_000_000 + 1_000 * place
        log.append(write_operation(key, space, head, body, salt=salt, time=time_claimed))
        head = head_of(log[-1])
    return log


def _prepare(logs: list[list[Operation]]) -> list[Batch]:
    batches = []
    for start in range(0, len(logs), RUNS_AT_ONCE):
        some = logs[start : start + RUNS_AT_ONCE]
        blobs = (
            each.signature + (each.salt or b"") + (each.body or b"") + NUMBERS
            for log in some
            for each in log
        )
        rows = list(enumerate(blobs, start=start * RUN + 1))
        batches.append(Batch([write_run(log) for log in some], rows))
    return batches


def _race(folder: Path, space: bytes, batches: list[Batch]) -> tuple[float, float, int]:
    """Return the seconds that ours takes, those that bare takes, and the size of ours in bytes."""
    ours = bare = 0.0
    store, plain = Store.open(folder / "ours.sqlite3"), _open_bare(folder / "bare.sqlite3")
    with store.writing() as writer:
        writer.add_space(space)
    for batch in batches:
        start = time.perf_counter()
        _keep(store, batch.runs)
        middle = time.perf_counter()
        _insert(plain, batch.rows)
        ours += middle - start
        bare += time.perf_counter() - middle
    store.close()
    plain.close()
    return ours, bare, store.size()


def _keep(store: Store, runs: list[bytes]) -> None:
    with store.writing() as writer:
        for run in runs:
            writer.append(read_run(run))


def _insert(plain: sqlite3.Connection, rows: list[tuple[int, bytes]]) -> None:
    plain.execute("BEGIN IMMEDIATE")
    plain.executemany("INSERT INTO operation VALUES (?, ?)", rows)
    plain.execute("COMMIT")


def _open_bare(path: Path) -> sqlite3.Connection:
    plain = sqlite3.connect(path, isolation_level=None)
    for pragma in FIRST_PRAGMAS + PRAGMAS:
        plain.execute(f"PRAGMA {pragma}")
    plain.execute("CREATE TABLE operation (arrival INTEGER PRIMARY KEY, row BLOB NOT NULL)")
    return plain
