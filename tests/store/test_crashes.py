import os
import random
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Timer
from typing import IO

import pytest

from beanjar.base.limits import INTEGER
from beanjar.ops.log import EMPTY
from beanjar.store import Store
from tests.store.appender import KEYS, speak
from tests.store.signed import SPACE

ROOT = Path(__file__).parents[2]


@contextmanager
def appender(path: Path, *arguments: str) -> Iterator[tuple[subprocess.Popen[bytes], IO[bytes]]]:
    """Run the program that appends; give the process and what it says."""
    command = [sys.executable, "-m", "tests.store.appender", str(path), *arguments]
    paths = {"PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(
        command, cwd=ROOT, env=os.environ | paths, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == b"started\n"
        yield process, process.stdout


def kill_at_random(path: Path, chance: random.Random) -> list[bytes]:
    """Kill the program between two random acts; return the lines that it had finished saying."""
    with appender(path, str(chance.random())) as (process, said):
        lines = [said.readline() for _ in range(chance.choice([0, 0, 1, 10, 30]))]
        timer = Timer(chance.uniform(0, 0.15 if not lines else 0.02), process.kill)
        timer.start()
        lines += said.readlines()
        timer.join()
    assert process.returncode == -signal.SIGKILL
    return [line for line in lines if line.endswith(b"\n")]


def check_everything_is_there(path: Path, lines: list[bytes]) -> None:
    """Check what was acknowledged, that no transaction is there by half, and the file itself."""
    store = Store.open(path)
    logs = [store.read_log(SPACE, key.public, 0, INTEGER) for key in KEYS]
    for line in lines:
        total, *ids = line.split()
        assert [log[int(total) - 1].id.hex().encode() for log in logs] == ids
    kept = int(store.private("total") or 0)
    assert [len(log) for log in logs] == [kept] * len(KEYS)
    heads = [store.head(SPACE, key.public) for key in KEYS]
    assert [head.id for head in heads] == [log[-1].id if log else EMPTY.id for log in logs]
    store.close()
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


def test_whatever_was_acknowledged_outlives_a_kill(tmp_path: Path, scale: int) -> None:
    chance = random.Random("kill")  # noqa: S311 - the same moments, as far as machines allow
    acknowledged, paths = 0, [tmp_path / f"{number}.sqlite3" for number in range(5 * scale)]
    for path in paths * 2:
        lines = kill_at_random(path, chance)
        check_everything_is_there(path, lines)
        acknowledged += len(lines)
    assert acknowledged > 10 * scale
    store = Store.open(paths[0])
    speak(store, chance)
    store.close()
    check_everything_is_there(paths[0], [])


@pytest.mark.parametrize("limit", [400_000, 1_000_003])
def test_whatever_was_acknowledged_outlives_a_file_that_cannot_grow(
    tmp_path: Path, limit: int
) -> None:
    path = tmp_path / "limited.sqlite3"
    with appender(path, "full", str(limit)) as (process, said):
        lines = said.readlines()
    assert process.returncode == 0
    refused = [line for line in lines if line.startswith(b"refused")]
    acknowledged = [line for line in lines if not line.startswith(b"refused")]
    assert refused == [b"refused DiskFailed\n"]
    assert lines.index(refused[0]) == len(lines) - 5
    assert len(acknowledged) > 4
    check_everything_is_there(path, acknowledged)
