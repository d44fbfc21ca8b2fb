import sqlite3
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from beanjar.ops.errors import Malformed
from beanjar.ops.log import check_signature
from beanjar.ops.operation import Operation
from beanjar.store import Store, Unknown
from tests.store.signed import NOON, SPACE, device, write_log

ADA, BEN = device(1), device(2)
OTHER = b"o" * 32
PART = 12
"""As many bytes of a body in a row are in no file by chance."""


def keep(store: Store, *logs: list[Operation]) -> None:
    with store.writing() as writer:
        for log in logs:
            writer.append(log)


def test_a_dropped_body_leaves_a_header_that_is_still_signed(store: Store) -> None:
    log = write_log(ADA, 100)
    keep(store, log)
    with store.writing() as writer:
        writer.drop_bodies(SPACE, [log[64].id, log[70].id])
    bare = [each.without_body() if each.seq in {64, 70} else each for each in log]
    assert store.read_log(SPACE, ADA.public) == bare
    assert [each for _, each in store.scan(SPACE)] == bare
    assert [store.find(SPACE, each.id) for each in log] == bare
    check_signature(store.read_log(SPACE, ADA.public, 70, 1)[0])


def test_dropping_a_body_again_or_one_that_nobody_knows_changes_nothing(store: Store) -> None:
    log = write_log(ADA, 3)
    keep(store, log)
    for _ in range(2):
        with store.writing() as writer:
            writer.drop_bodies(SPACE, [log[1].id, log[1].id, bytes(32)])
    assert store.read_log(SPACE, ADA.public) == [log[0], log[1].without_body(), log[2]]


def test_what_was_appended_a_moment_ago_can_be_dropped(store: Store) -> None:
    log = write_log(ADA, 3)
    with store.writing() as writer:
        writer.append(log)
        writer.drop_bodies(SPACE, [log[1].id])
    assert store.find(SPACE, log[1].id) == log[1].without_body()


def test_one_space_drops_nothing_in_another(store: Store) -> None:
    log = write_log(ADA, 1)
    with store.writing() as writer:
        writer.add_space(OTHER)
        writer.append(log)
        writer.drop_bodies(OTHER, [log[0].id])
    assert store.find(SPACE, log[0].id) == log[0]


def test_only_what_is_past_its_time_expires(store: Store) -> None:
    ada = write_log(ADA, 200, until=lambda seq: NOON + seq if seq % 2 else 0)
    ben = write_log(BEN, 3, until=lambda _seq: NOON + 150)
    keep(store, ada, ben)
    with store.writing() as writer:
        gone = writer.drop_expired(NOON + 150)
    expired = [each for each in ada + ben if each.expired(NOON + 150)]
    assert len(expired) == 78
    assert sorted(gone) == sorted((SPACE, each.id) for each in expired)
    for log in (ada, ben):
        assert store.read_log(SPACE, log[0].key) == [
            each.without_body() if each.expired(NOON + 150) else each for each in log
        ]
    with store.writing() as writer:
        assert writer.drop_expired(NOON + 150) == []


def test_what_expired_says_in_which_space(store: Store) -> None:
    logs = [write_log(ADA, 2, space, until=lambda _seq: NOON) for space in (SPACE, OTHER)]
    with store.writing() as writer:
        writer.add_space(OTHER)
        for log in logs:
            writer.append(log)
        gone = writer.drop_expired(NOON)
    assert sorted(gone) == sorted((each.space, each.id) for log in logs for each in log)


def test_a_body_that_comes_later_makes_the_operation_whole(store: Store) -> None:
    log = write_log(ADA, 70)
    keep(store, [each.without_body() for each in log])
    for each in log:
        with store.writing() as writer:
            writer.restore_body(each)
    assert store.read_log(SPACE, ADA.public) == log


def test_a_body_that_is_here_already_stays_as_it_is(store: Store) -> None:
    log = write_log(ADA, 3)
    keep(store, log)
    with store.writing() as writer:
        writer.restore_body(log[1])
    assert store.read_log(SPACE, ADA.public) == log


def test_another_body_than_the_header_says_is_refused(store: Store) -> None:
    log = write_log(ADA, 3)
    keep(store, [each.without_body() for each in log])
    for wrong in (msgspec.structs.replace(log[1], body=b"forged"), log[1].without_body()):
        with pytest.raises(Malformed, match="not what the message said"), store.writing() as writer:
            writer.restore_body(wrong)
    assert store.find(SPACE, log[1].id) == log[1].without_body()


def test_a_body_without_its_header_is_refused(store: Store) -> None:
    log = write_log(ADA, 3)
    keep(store, log[:1])
    with pytest.raises(Unknown, match="has not arrived"), store.writing() as writer:
        writer.restore_body(log[1])


def traces(path: Path, log: list[Operation]) -> list[int]:
    """Where in the log a body stands of which a part is found in any file."""
    files = [each.read_bytes() for each in path.parent.iterdir()]
    found = []
    for each in log:
        body = each.body or b""
        parts = [body[start : start + PART] for start in range(0, len(body) - PART + 1, PART)]
        if any(part in file for part in parts for file in files):
            found.append(each.seq)
    return found


def test_no_trace_of_an_erased_body_stays_in_any_file(store: Store, path: Path) -> None:
    log = write_log(ADA, 400)
    keep(store, log[:200])
    keep(store, log[200:])
    said = [each for each in log if each.size >= PART]
    assert traces(path, said) == [each.seq for each in said]
    for start in range(0, 300, 50):
        with store.writing() as writer:
            writer.drop_bodies(SPACE, [each.id for each in log[start : start + 50 : 2]])
    assert traces(path, said) == [each.seq for each in said if each.seq % 2 or each.seq >= 300]


def test_what_a_reader_held_up_is_swept_with_the_next_transaction(path: Path) -> None:
    store = Store.open(f"sqlite:///{path}?timeout=0.01")
    log = write_log(ADA, 3)
    with store.writing() as writer:
        writer.add_space(SPACE)
        writer.append(log)
    with closing(sqlite3.connect(path, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM operation").fetchall()
        with store.writing() as writer:
            writer.drop_bodies(SPACE, [log[1].id])
        assert traces(path, log) == [0, 1, 2]
    with store.writing() as writer:
        writer.keep_private("anything", b"else")
    assert traces(path, log) == [0, 2]
    store.close()


def test_what_a_sudden_end_left_behind_is_swept_after_the_next_start(path: Path) -> None:
    store = Store.open(path)
    log = write_log(ADA, 3)
    with store.writing() as writer:
        writer.add_space(SPACE)
        writer.append(log)
    # Another holds the files open, so that the first one's end does not empty the journal.
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN")
        other.execute("SELECT count(*) FROM operation").fetchall()
        with store.writing() as writer:
            writer.drop_bodies(SPACE, [log[1].id])
        store.close()
    again = Store.open(path)
    with again.writing():
        pass
    assert traces(path, log) == [0, 2]
    again.close()
