"""Bodies that go and come while their headers stay."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from sqlalchemy import Connection, bindparam, select, update

from beanjar.ops.errors import Malformed
from beanjar.ops.operation import Operation, hash_body
from beanjar.store.headers import REMAINS, rebuild_stretch
from beanjar.store.logs import log_by_number
from beanjar.store.schema import ANCHOR, operation

_DROP = (
    update(operation)
    .where(operation.c.arrival == bindparam("place"))
    .values(content=None, remains=bindparam("rest"))
)
_RESTORE = (
    update(operation)
    .where(operation.c.arrival == bindparam("place"))
    .values(content=bindparam("whole"), remains=None)
)
_EXPIRED = (
    select(operation.c.arrival, operation.c.log, operation.c.seq)
    .where(
        operation.c.until > 0,
        operation.c.until <= bindparam("now"),
        operation.c.content.is_not(None),
    )
    .order_by(operation.c.log, operation.c.seq)
)


def drop(connection: Connection, found: Iterable[tuple[int, Operation]]) -> None:
    """Take the bodies of operations away, each given with its arrival."""
    rows = [
        {"place": arrival, "rest": REMAINS.pack(each.digest, each.size)} for arrival, each in found
    ]
    if rows:
        connection.execute(_DROP, rows)


def restore(connection: Connection, arrival: int, operation: Operation) -> None:
    """Put a body where only its header is. Raises `Malformed` unless it is that header's."""
    salt, body = operation.salt, operation.body
    if salt is None or body is None or hash_body(salt, body) != operation.digest:
        # Every id after it in the log is derived from this body, so a wrong one would break them.
        raise Malformed("This is not what the message said. Ask another node for it.")
    connection.execute(_RESTORE, {"place": arrival, "whole": salt + body})


def find_expired(connection: Connection, now: int) -> Iterator[list[tuple[int, Operation]]]:
    """Yield what has a body and expired by `now`, with arrivals, in batches of one log each."""
    batches: dict[tuple[int, int], dict[int, int]] = defaultdict(dict)
    for arrival, number, seq in connection.execute(_EXPIRED, {"now": now}):
        batches[number, seq // ANCHOR][seq] = arrival
    for (number, stretch), arrivals in batches.items():
        here = log_by_number(connection, number)
        found = rebuild_stretch(connection, here, stretch * ANCHOR, ANCHOR)
        yield [(arrivals[each.seq], each) for each in found if each.seq in arrivals]
