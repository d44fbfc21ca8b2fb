"""A space's operations with what arrived last first, a page at a time."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, bindparam, select

from beanjar.ops.operation import Operation
from beanjar.store.headers import rebuild_rows
from beanjar.store.schema import ERASED, log, operation, space


class Arrived(NamedTuple):
    """An operation, when it arrived, and whether its body was erased here."""

    arrival: int
    operation: Operation
    erased: bool


_ROW: Select[Any] = select(operation.c.arrival, operation.c.log, operation.c.seq)
_SPACE = select(space.c.number).where(space.c.id == bindparam("space")).scalar_subquery()
_LOGS = select(log.c.number).where(
    log.c.space == _SPACE, log.c.key.in_(bindparam("keys", expanding=True))
)
_arrival = operation.c.arrival + 0
"""The arrival, as SQLite does not look it up: for a few logs it would pass over all the others.
The index of their places has all that is asked for."""
_BY_ALL = _ROW.where(operation.c.space == _SPACE)
_BY_SOME = _ROW.where(operation.c.log.in_(_LOGS))
_BEFORE = {
    False: _BY_ALL.where(operation.c.arrival < bindparam("bound")).order_by(
        operation.c.arrival.desc()
    ),
    True: _BY_SOME.where(_arrival < bindparam("bound")).order_by(_arrival.desc()),
}
_AFTER = {
    False: _BY_ALL.where(operation.c.arrival > bindparam("bound")).order_by(operation.c.arrival),
    True: _BY_SOME.where(_arrival > bindparam("bound")).order_by(_arrival),
}
"""Both by whether only some logs are asked for."""
_ERASED = select(operation.c.arrival).where(
    operation.c.arrival.in_(bindparam("arrivals", expanding=True)), ERASED
)


def read_before(
    connection: Connection, space: bytes, bound: int, count: int, keys: Sequence[bytes] | None
) -> list[Arrived]:
    """Return the `count` that arrived last before `bound`, the last first.

    With `keys`, only what these devices said.
    """
    return _read(connection, _BEFORE, space, bound, count, keys)


def read_after(
    connection: Connection, space: bytes, bound: int, count: int, keys: Sequence[bytes] | None
) -> list[Arrived]:
    """Return the `count` that arrived first after `bound`, the last first, likewise."""
    return _read(connection, _AFTER, space, bound, count, keys)


def is_erased(connection: Connection, arrival: int) -> bool:
    """Say whether the body of what arrived then was erased here."""
    return connection.scalar(_ERASED, {"arrivals": [arrival]}) is not None


def _read(  # noqa: PLR0917 - what both of the above are asked
    connection: Connection,
    asked: dict[bool, Select[Any]],
    space: bytes,
    bound: int,
    count: int,
    keys: Sequence[bytes] | None,
) -> list[Arrived]:
    bounds = {"space": space, "bound": bound} | ({} if keys is None else {"keys": keys})
    rows = connection.execute(asked[keys is not None].limit(count), bounds).all()
    batches = rebuild_rows(connection, [(*row,) for row in rows])
    found = [each for batch in batches for each in batch]
    bare = [arrival for arrival, each in found if each.body is None]
    erased = set(connection.scalars(_ERASED, {"arrivals": bare})) if bare else set()
    return [Arrived(*each, each[0] in erased) for each in sorted(found, reverse=True, key=_when)]


def _when(found: tuple[int, Operation]) -> int:
    return found[0]
