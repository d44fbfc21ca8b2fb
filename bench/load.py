"""Many readers at once, by `wrk`: it is compiled, so that reading costs little beside serving."""

import json
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from beanjar.base.errors import BeanjarError

READERS = 50
"""Connections, each of which asks again as soon as it was answered."""
PATIENCE = 30
"""Seconds after which a page counts as not served."""
SCRIPT = """
local asked, turn = {}, 0

function init(paths)
    for place, path in ipairs(paths) do asked[place] = wrk.format("GET", path) end
end

function request()
    turn = turn % #asked + 1
    return asked[turn]
end

function done(summary, latency)
    local errors = 0
    for _, count in pairs(summary.errors) do errors = errors + count end
    print(string.format('{"count": %d, "microseconds": %d, "p99": %f, "errors": %d, "bytes": %d}',
        summary.requests, summary.duration, latency:percentile(99), errors, summary.bytes))
end
"""


class BadLoad(BeanjarError):
    """A load that could not be laid on, or that was not answered as it should be."""


class Load(NamedTuple):
    """What came of it: pages a second, the 99th percentile of the waits in ms, bytes a page."""

    rps: float
    p99_ms: float
    bytes: float


def find_program() -> str:
    """Return where `wrk` is. Raises `BadLoad`."""
    program = shutil.which("wrk")
    if program is None:
        raise BadLoad("The readers are a program called wrk. Install it, as with: apt install wrk")
    return program


def read_pages(url: str, paths: Sequence[str], seconds: int) -> Load:
    """Let all readers read these pages of a server in turns for so long.

    Raises `BadLoad` if one page was not served, or not well.
    """
    with TemporaryDirectory(prefix="beanjar-bench-") as folder:
        script = Path(folder) / "turns.lua"
        script.write_text(SCRIPT, encoding="ascii")
        command = [
            find_program(),
            "-t1",
            f"-c{READERS}",
            f"-d{seconds}s",
            "--timeout",
            f"{PATIENCE}s",
        ]
        done = subprocess.run(  # noqa: S603 - the program that was found above
            [*command, "-s", str(script), url, "--", *paths],
            check=True,
            capture_output=True,
            text=True,
        )
    read = json.loads(done.stdout.splitlines()[-1])
    if read["errors"] or not read["count"]:
        raise BadLoad(f"{read['errors']} of {read['count']} pages were not served: {done.stdout}")
    return Load(
        read["count"] / read["microseconds"] * 1e6, read["p99"] / 1e3, read["bytes"] / read["count"]
    )
