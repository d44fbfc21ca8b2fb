"""The database beneath the store: how it is opened, brought up to date, measured and swept.

SQLite, in one file. Everything that is particular to it is in this module and in `errors`; all
other modules speak SQLAlchemy's Core, so that another database needs changes here only.
"""

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event, inspect, select
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from beanjar.store.errors import DiskFailed, NotAStore, StoreError, TooNew
from beanjar.store.schema import VERSION, metadata, version

FIRST_PRAGMAS = (
    # Lets the file shrink when a space is forgotten.
    "auto_vacuum = INCREMENTAL",
)
"""What counts only before there is a first page."""

PRAGMAS = (
    # Readers go on while something is written, and a commit costs one sync.
    "journal_mode = WAL",
    # Acknowledged means on the disk, even when the power fails.
    "synchronous = FULL",
    "foreign_keys = ON",
    # What was erased is overwritten, not only forgotten.
    "secure_delete = ON",
)
PATIENCE = 5.0
"""How long one waits for another writer, in seconds."""

_STEP = 1_024
"""Pages that are copied before it is told how far it is."""

WRITER = {"writing": True}
"""Execution options of a connection that is going to write."""


def open_engine(place: str | Path) -> Engine:
    """Return an engine on the SQLite file at a path, or at a URL of SQLAlchemy's form.

    The folder and an empty file are made where missing, for this account's eyes only.
    """
    url = _read_url(place)
    _make_file(Path(url.database or ""))
    patience = {} if "timeout" in url.query else {"timeout": PATIENCE}
    engine = create_engine(url, connect_args=patience)
    event.listen(engine, "connect", _set_up)
    event.listen(engine, "begin", _begin)
    return engine


def bring_up_to_date(engine: Engine) -> None:
    """Make or migrate the tables. Does nothing, quickly, when they are those of this version."""
    with engine.connect() as connection:
        current = _read_version(connection) == VERSION
    if not current:
        with engine.execution_options(**WRITER).begin() as connection:
            _migrate(connection)


def size_on_disk(engine: Engine) -> int:
    """Return how many bytes the file takes, with what SQLite keeps beside it."""
    name = engine.url.database or ""
    files = (Path(name + suffix) for suffix in ("", "-wal", "-shm"))
    return sum(file.stat().st_size for file in files if file.exists())


def sweep(engine: Engine) -> bool:
    """Give unused pages back and empty SQLite's own log, in which erased bodies still stand.

    Say whether that went through; while another thread or program reads, it may not.
    """
    try:
        with closing(engine.raw_connection()) as connection:
            # As a script, because `execute` would stop after the first page.
            connection.cursor().executescript("PRAGMA incremental_vacuum")
            ended = connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except (sqlite3.Error, DBAPIError):
        return False
    busy, _, _ = ended
    return not busy


def copy_database(source: Path, target: Path, tell: Callable[[int, int], None]) -> None:
    """Copy the database as of now while others may go on writing; it is on the disk on return.

    `tell` is called with how many bytes are copied, and of how many.
    """
    _make_file(target)
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
        old.isolation_level = None
        # One transaction for all of it: with one for each step, a busy node would start it anew.
        old.execute("BEGIN")
        old.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        (size,) = old.execute("PRAGMA page_size").fetchone()
        old.backup(
            new,
            pages=_STEP,
            progress=lambda _, left, total: tell((total - left) * size, total * size),
        )


def _read_url(place: str | Path) -> URL:
    if "://" not in str(place):
        return URL.create("sqlite", database=str(place))
    try:
        url = make_url(str(place))
    except ArgumentError as error:
        raise StoreError(f"{place} is not an address of a database. Name a file.") from error
    if url.get_backend_name() != "sqlite" or not url.database:
        raise StoreError(
            f"A node keeps its spaces in an SQLite file, and {url.render_as_string()} is none. "
            "Name a file, or sqlite:///PATH."
        )
    return url


def _make_file(path: Path) -> None:
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        raise DiskFailed(
            f"{path} cannot be opened for writing ({error.strerror}). Name another place, or let "
            "the account that runs Beanjar write there."
        ) from error


def _set_up(connection: sqlite3.Connection, _record: object) -> None:
    # Without this, `sqlite3` would begin transactions of its own, and not where we want them.
    connection.isolation_level = None
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    for pragma in PRAGMAS if pages else FIRST_PRAGMAS + PRAGMAS:
        connection.execute(f"PRAGMA {pragma}").close()


def _begin(connection: Connection) -> None:
    """Take the write lock at once where it is needed: asking later fails instead of waiting."""
    writing = connection.get_execution_options().get("writing")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def _read_version(connection: Connection) -> str | None:
    """Return the version of the tables, `None` if there are none yet."""
    place = connection.engine.url.database
    tables = inspect(connection).get_table_names()
    if version.name not in tables:
        if tables:
            raise NotAStore(
                f"{place} is the database of another program. Name another file for the spaces."
            )
        return None
    found: str | None = connection.scalar(select(version.c.version_num))
    if found is not None and found > VERSION:
        raise TooNew(
            f"A newer Beanjar made {place} (its version is {found}, and this program knows "
            f"{VERSION}). Install that Beanjar again, or name another file."
        )
    return found


def _migrate(connection: Connection) -> None:
    if _read_version(connection) == VERSION:
        return  # another process was quicker
    if not inspect(connection).get_table_names():
        metadata.create_all(connection)
        connection.execute(version.insert().values(version_num=VERSION))
        return
    # Alembic is imported here because it takes longer than opening a store that is current or new.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", "beanjar.store:migrations")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
