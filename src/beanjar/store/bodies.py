"""Bodies that go and come while their headers stay."""

from collections.abc import Iterable, Iterator
from heapq import merge
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Select, bindparam, select, update

from beanjar.ops.errors import Malformed
from beanjar.ops.operation import Operation, hash_body
from beanjar.store.headers import REMAINS, Row, rebuild_rows
from beanjar.store.schema import WANTED, operation, space

_ERASED = b"\1"
"""Follows what remains of a body that was erased."""

_ROW: Select[Any] = select(operation.c.arrival, operation.c.log, operation.c.seq)
_DROP = (
    update(operation)
    .where(operation.c.arrival == bindparam("place"))
    .values(content=None, remains=bindparam("rest"))
)
_RESTORE = (
    update(operation)
    .where(operation.c.arrival == bindparam("place"), WANTED)
    .values(content=bindparam("whole"), remains=None)
)
_MEND = (
    update(operation)
    .where(operation.c.arrival == bindparam("place"), operation.c.signature != bindparam("good"))
    .values(signature=bindparam("good"))
)
_EXPIRED = _ROW.where(
    operation.c.until > 0,
    operation.c.until <= bindparam("now"),
    operation.c.content.is_not(None),
).order_by(operation.c.log, operation.c.seq)
_arrival = operation.c.arrival + 0
"""The arrival, as SQLite does not look it up: it would read all that arrived since."""
_WANTED = _ROW.where(
    operation.c.space
    == select(space.c.number).where(space.c.id == bindparam("space")).scalar_subquery(),
    WANTED,
).limit(bindparam("count"))
# Apart, so that each is one stretch of the index.
_WANTED_FOR_EVER = _WANTED.where(
    operation.c.until == 0, operation.c.arrival > bindparam("after")
).order_by(operation.c.arrival)
_WANTED_FOR_NOW = _WANTED.where(
    operation.c.until > bindparam("now"), _arrival > bindparam("after")
).order_by(_arrival)


def drop(
    connection: Connection, found: Iterable[tuple[int, Operation]], *, erased: bool = False
) -> None:
    """Take the bodies of operations away, each given with its arrival.

    With `erased`, also those that are not here are not wanted any more.
    """
    mark = _ERASED if erased else b""
    rows = [
        {"place": arrival, "rest": REMAINS.pack(each.digest, each.size) + mark}
        for arrival, each in found
    ]
    if rows:
        connection.execute(_DROP, rows)


def restore(connection: Connection, arrival: int, operation: Operation) -> bool:
    """Put a body where only its header is, unless it was erased there; say whether.

    Raises `Malformed` unless it is that header's.
    """
    salt, body = operation.salt, operation.body
    if salt is None or body is None or hash_body(salt, body) != operation.digest:
        # Every id after it in the log is derived from this body, so a wrong one would break them.
        raise Malformed("This is not what the message said. Ask another node for it.")
    changed = connection.execute(_RESTORE, {"place": arrival, "whole": salt + body})
    return bool(changed.rowcount)


def mend(connection: Connection, arrival: int, operation: Operation) -> bool:
    """Put an operation's own good signature in place of another that is here; say whether it was.

    No id hangs on it: only the last signature of a run is checked, and who passes a run on may
    have spoilt the others.
    """
    mended = {"place": arrival, "good": operation.signature}
    return bool(connection.execute(_MEND, mended).rowcount)


def find_expired(connection: Connection, now: int) -> Iterator[list[tuple[int, Operation]]]:
    """Yield what has a body and expired by `now`, with arrivals, in batches of one log each."""
    return rebuild_rows(connection, connection.execute(_EXPIRED, {"now": now}).all())


def find_wanted(
    connection: Connection, space: bytes, now: int, after: int, count: int
) -> list[tuple[int, Operation]]:
    """Return what misses its body and has not expired by `now`, with arrivals, in their order."""
    bounds = {"space": space, "after": after, "count": count}
    for_ever = connection.execute(_WANTED_FOR_EVER, bounds).all()
    for_now = connection.execute(_WANTED_FOR_NOW, {**bounds, "now": now}).all()
    rows: list[Row] = [tuple(row) for row in islice(merge(for_ever, for_now), count)]
    found = [each for batch in rebuild_rows(connection, rows) for each in batch]
    return sorted(found, key=lambda each: each[0])
