"""Operations on their way into the tables: gathered first, then written many at a time."""

from collections.abc import Sequence
from functools import cache
from itertools import islice

from sqlalchemy import Connection, Dialect, bindparam, func, insert, select, update

from beanjar.ops.errors import BrokenChain
from beanjar.ops.log import check_continuation, head_of
from beanjar.ops.operation import Operation
from beanjar.store.headers import REMAINS, SHORT
from beanjar.store.logs import Log
from beanjar.store.schema import ANCHOR, log, operation

_MOST_ROWS = 1_000
"""Rows that are gathered before they are written: at most some 64 MiB."""

_LAST_NUMBERS = select(
    select(func.max(operation.c.arrival)).scalar_subquery(),
    select(func.max(log.c.number)).scalar_subquery(),
)
_SET_HEAD = (
    update(log)
    .where(log.c.number == bindparam("log"))
    .values(head_seq=bindparam("seq"), head_id=bindparam("id"), head_time=bindparam("time"))
)


class Appending:
    """What one transaction appends, and the numbers that it hands out."""

    def __init__(self, connection: Connection) -> None:
        """Append on `connection`, within the transaction that it is in."""
        self._connection = connection
        arrival, last_log = connection.execute(_LAST_NUMBERS).one()
        self._arrival: int = arrival or 0
        self._last_log: int = last_log or 0
        self._rows: list[tuple[object, ...]] = []
        self._new: dict[int, Log] = {}
        self._changed: dict[int, Log] = {}

    def add(self, log: Log, operations: Sequence[Operation]) -> int:
        """Let `operations` continue `log`, and return the last one's arrival.

        That they do so, `check_links` has found. A log with number 0 is given one.
        """
        if log.number == 0:
            self._last_log += 1
            log.number = self._last_log
            self._new[log.number] = log
        elif log.number not in self._new:
            self._changed[log.number] = log
        log.head = head_of(operations[-1])
        self._rows += _to_rows(log, operations, self._arrival)
        self._arrival += len(operations)
        if len(self._rows) >= _MOST_ROWS:
            self.flush()
        return self._arrival

    def flush(self) -> None:
        """Write what was gathered, so that the transaction's own queries see it."""
        if not self._rows:
            return
        if self._new:
            self._connection.execute(
                insert(log), [_to_log_row(each) for each in self._new.values()]
            )
        if self._changed:
            self._connection.execute(_SET_HEAD, [_to_head(each) for each in self._changed.values()])
        # Straight to the driver: Core would look at every value of every row, at twice the cost.
        self._connection.exec_driver_sql(_write_insert(self._connection.dialect), self._rows)
        self._rows, self._new, self._changed = [], {}, {}


def check_links(log: Log, operations: Sequence[Operation]) -> None:
    """Check that `operations` continue `log`, as a run from elsewhere must.

    Raises `BrokenChain`.
    """
    first, key, space = operations[0], log.key, log.space
    check_continuation(log.head, first)
    if first.key != key or first.effective_space != space or first.seq <= log.head.seq:
        raise BrokenChain(f"Entry {first.seq + 1} does not belong where it was put.")
    seq, prev, time = first.seq, first.id, first.time
    for each in islice(operations, 1, None):
        seq += 1
        if each.prev != prev or each.seq != seq or each.key != key or each.space != space:
            raise BrokenChain(f"Entry {seq + 1} does not follow the one before it in this log.")
        if each.time < time:
            raise BrokenChain(f"Entry {seq + 1} claims to be older than the one before it.")
        prev, time = each.id, each.time


def _to_rows(log: Log, operations: Sequence[Operation], arrival: int) -> list[tuple[object, ...]]:
    """Return rows with every column of the table, in its order."""
    return [
        (
            place,
            log.space_number,
            log.number,
            each.seq,
            each.time,
            each.until,
            SHORT.unpack_from(each.id)[0],
            None if each.seq % ANCHOR else each.prev,
            each.signature,
            None if each.body is None else each.salt + each.body,  # type: ignore[operator]
            REMAINS.pack(each.digest, each.size) if each.body is None else None,
        )
        for place, each in enumerate(operations, start=arrival + 1)
    ]


def _to_log_row(log: Log) -> dict[str, object]:
    return {
        "number": log.number,
        "space": log.space_number,
        "key": log.key,
        "founding": log.founding,
        "head_seq": log.head.seq,
        "head_id": log.head.id,
        "head_time": log.head.time,
    }


def _to_head(log: Log) -> dict[str, object]:
    return {"log": log.number, "seq": log.head.seq, "id": log.head.id, "time": log.head.time}


@cache
def _write_insert(dialect: Dialect) -> str:
    return str(insert(operation).compile(dialect=dialect))
