"""The peer of the pages: Datasette, with as many rows as the crowd has answers.

It is as it comes, on one uvicorn worker, but that it is spared to suggest facets, which takes more
than half of its time. Its database is in SQLite's write-ahead log, as ours is. What is read is its
index, and the ordinary page of the table: the first hundred rows and how many there are.
"""

import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from socket import socket
from typing import NamedTuple

import httpx

from beanjar.base.errors import BeanjarError

PAGES = ("/", "/crowd/answers")
PATIENCE = 30
"""Seconds that it has to answer for the first time."""
LOOK = 0.1


class NotServing(BeanjarError):
    """Datasette does not answer."""


class Serving(NamedTuple):
    """Datasette as it runs, and a connection with which to write to its database."""

    url: str
    database: sqlite3.Connection

    def write(self, person: str, value: int) -> None:
        """Add one more answer."""
        with self.database:
            row = (person, value, int(time.time() * 1000))
            self.database.execute("insert into answers(person, value, time) values (?, ?, ?)", row)


@contextmanager
def serve_table(folder: Path, values: list[int]) -> Iterator[Serving]:
    """Serve a table of answers, in which each has a person's key, a value and a time."""
    file = folder / "crowd.db"
    with closing(sqlite3.connect(file, check_same_thread=False)) as database:
        database.execute("pragma journal_mode=wal")
        database.execute(
            "create table answers(id integer primary key, person text, value integer, time integer)"
        )
        rows = [(f"{place:064x}", value, place) for place, value in enumerate(values)]
        with database:
            database.executemany("insert into answers(person, value, time) values (?, ?, ?)", rows)
        port = _find_port()
        options = ["--port", str(port), "--setting", "suggest_facets", "off"]
        command = [sys.executable, "-m", "datasette", "serve", str(file), *options]
        with subprocess.Popen(  # noqa: S603 - our own choice
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder
        ) as process:
            try:
                url = f"http://127.0.0.1:{port}"
                _wait(url, f"{len(values):,} rows")
                yield Serving(url, database)
            finally:
                process.terminate()


def _find_port() -> int:
    with socket() as trying:
        trying.bind(("127.0.0.1", 0))
        port: int = trying.getsockname()[1]
        return port


def _wait(url: str, shown: str) -> None:
    """Return once its page shows what it should."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            page = httpx.get(f"{url}{PAGES[1]}")
        except httpx.TransportError:
            if time.monotonic() > end:
                raise NotServing(
                    "Datasette does not start. It comes with what is installed for make bench."
                ) from None
            time.sleep(LOOK)
        else:
            assert shown in page.text
            return
