import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine, event

from beanjar.ops.operation import Operation
from beanjar.store import (
    Damaged,
    DiskFailed,
    DiskFull,
    InUse,
    NotAStore,
    ReadOnly,
    Store,
    StoreError,
    TooNew,
)
from tests.store.signed import SPACE, device, write_log

ADA, BEN = device(1), device(2)
OTHER = b"o" * 32


@contextmanager
def every_connection(pragma: str) -> Iterator[None]:
    """Set a pragma on all connections that are made meanwhile."""

    def set_it(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute(f"PRAGMA {pragma}").close()

    event.listen(Engine, "connect", set_it)
    yield
    event.remove(Engine, "connect", set_it)


def test_a_full_disk_keeps_what_was_acknowledged(path: Path) -> None:
    log, acknowledged = write_log(ADA, 600), list[Operation]()
    with every_connection("max_page_count = 60"):
        store = open_with(path, SPACE)
        with pytest.raises(DiskFull, match="Make room"):
            append_tens(store, log, acknowledged)
        assert 0 < len(acknowledged) < len(log)
        assert store.read_log(SPACE, ADA.public) == acknowledged
        store.close()
    check_integrity(path)
    store = Store.open(path)
    assert store.read_log(SPACE, ADA.public) == acknowledged
    store.close()


def test_once_there_is_room_on_the_disk_again_work_goes_on(path: Path) -> None:
    log, acknowledged = write_log(ADA, 600), list[Operation]()
    with every_connection("max_page_count = 60"):
        store = open_with(path, SPACE, OTHER)
        append_tens(store, write_log(BEN, 100, OTHER), [])
        with pytest.raises(DiskFull):
            append_tens(store, log, acknowledged)
        with store.writing() as writer:
            writer.forget_space(OTHER)
        kept = len(acknowledged)
        append_tens(store, log[kept : kept + 50], acknowledged)
        assert store.read_log(SPACE, ADA.public) == acknowledged == log[: kept + 50]
        store.close()
    check_integrity(path)


def open_with(path: Path, *spaces: bytes) -> Store:
    store = Store.open(path)
    with store.writing() as writer:
        for space in spaces:
            writer.add_space(space)
    return store


def append_tens(store: Store, log: list[Operation], acknowledged: list[Operation]) -> None:
    """Append ten operations a transaction, and note what was acknowledged."""
    for start in range(0, len(log), 10):
        with store.writing() as writer:
            writer.append(log[start : start + 10])
        acknowledged += log[start : start + 10]


def check_integrity(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


def test_a_file_that_may_not_be_written_is_still_read(path: Path) -> None:
    log = write_log(ADA, 3)
    store = Store.open(path)
    with store.writing() as writer:
        writer.add_space(SPACE)
        writer.append(log)
    store.close()
    with every_connection("query_only = ON"):
        store = Store.open(path)
        with pytest.raises(ReadOnly, match="own the file"), store.writing() as writer:
            writer.append(write_log(BEN, 1))
        assert store.read_log(SPACE, ADA.public) == log
        store.close()


def test_another_program_that_writes_is_waited_for_and_then_told_of(path: Path) -> None:
    store = Store.open(f"sqlite:///{path}?timeout=0.01")
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(InUse, match="in use by another program"), store.writing():
            pass
        other.execute("ROLLBACK")
    with store.writing() as writer:
        writer.add_space(SPACE)
    assert store.spaces() == [SPACE]
    store.close()


def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text("Dear Ada, " * 100)
    with pytest.raises(NotAStore, match=r"letter\.txt is not a Beanjar store"):
        Store.open(letter)
    assert letter.read_text() == "Dear Ada, " * 100


def test_the_database_of_another_program_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "bookmarks.sqlite3"
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE bookmark (address TEXT)")
    with pytest.raises(NotAStore, match="another program"):
        Store.open(path)


def test_a_store_of_a_newer_beanjar_is_left_alone(path: Path) -> None:
    Store.open(path).close()
    with closing(sqlite3.connect(path)) as newer:
        newer.execute("UPDATE beanjar_schema SET version_num = '0999'")
        newer.commit()
    with pytest.raises(TooNew, match="A newer Beanjar made"):
        Store.open(path)


def test_a_damaged_store_says_so(path: Path) -> None:
    store = Store.open(path)
    with store.writing() as writer:
        writer.add_space(SPACE)
        writer.append(write_log(ADA, 500))
    store.close()
    whole = path.read_bytes()
    path.write_bytes(whole[: 4096 * 20] + b"\xff" * (len(whole) - 4096 * 20))
    store = Store.open(path)
    with pytest.raises(Damaged, match="Keep the damaged file"):
        store.read_log(SPACE, ADA.public)
    store.close()


@pytest.mark.parametrize("name", ["", "file/spaces.sqlite3"])
def test_a_place_where_no_file_can_be_says_so(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(DiskFailed, match="Name another place"):
        Store.open(tmp_path / name)


@pytest.mark.parametrize(
    "address", ["postgresql://ada:secret@host/spaces", "sqlite://", "://", "nothing://x"]
)
def test_an_address_that_is_no_file_says_what_to_name_and_tells_no_password(address: str) -> None:
    with pytest.raises(StoreError, match="Name a file") as told:
        Store.open(address)
    assert "secret" not in str(told.value)


def test_a_mistake_in_the_program_is_not_dressed_up(store: Store) -> None:
    with pytest.raises(RuntimeError), store.writing():
        raise RuntimeError
