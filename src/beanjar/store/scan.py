"""A whole space in order of arrival, in one pass that rebuilds every header.

Each page is a transaction of its own, so that a slow reader holds nobody up.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import Connection, Select, bindparam, select

from beanjar.base.ids import ZERO
from beanjar.ops.operation import Operation
from beanjar.store.headers import SAID, rebuild, rebuild_stretch
from beanjar.store.logs import log_by_number
from beanjar.store.schema import log, operation, space

PAGE = 1_024
"""Operations in one page: at most 64 MiB of bodies in memory."""

_PAGE: Select[Any] = (
    select(operation.c.arrival, log.c.number, log.c.key, log.c.founding, operation.c.prev, *SAID)
    .join(log, operation.c.log == log.c.number)
    .where(
        operation.c.space
        == select(space.c.number).where(space.c.id == bindparam("space")).scalar_subquery(),
        operation.c.arrival > bindparam("after"),
    )
    .order_by(operation.c.arrival)
    .limit(PAGE)
)

Tips = dict[int, bytes]
"""By the number of a log, the id of the operation of it that was read last."""


def read_page(
    connection: Connection, space: bytes, after: int, tips: Tips
) -> list[tuple[int, Operation]]:
    """Return the next operations of the space after an arrival, each with its own; keep `tips`."""
    rows = connection.execute(_PAGE, {"space": space, "after": after}).all()
    return list(_rebuild_rows(connection, space, rows, tips))


def _rebuild_rows(
    connection: Connection, space: bytes, rows: Iterable[Any], tips: Tips
) -> Iterator[tuple[int, Operation]]:
    for arrival, number, key, founding, stored, seq, *said in rows:
        prev = tips.get(number, stored)  # within a log, arrival is the order of the log
        if prev is None:
            here = log_by_number(connection, number)
            prev = rebuild_stretch(connection, here, seq - 1, 1)[0].id
        found = rebuild(ZERO if founding and seq == 0 else space, key, prev, seq, *said)
        tips[number] = found.id
        yield arrival, found
