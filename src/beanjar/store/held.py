"""Runs from the future, kept until they are due."""

from sqlalchemy import Connection, bindparam, delete, func, insert, select

from beanjar.base.limits import HELD_RUNS
from beanjar.store.schema import held, space

_COUNT = select(func.count()).where(held.c.space == bindparam("number"))
_LAST = (
    select(held.c.key)
    .where(held.c.space == bindparam("number"))
    .order_by(held.c.due.desc(), held.c.key.desc())
    .limit(1)
)
_DUE = (
    select(held.c.space, held.c.key, space.c.id, held.c.run)
    .join(space)
    .where(held.c.due <= bindparam("now"))
    .order_by(held.c.due, held.c.space, held.c.key)
    .limit(bindparam("count"))
)
_DROP = delete(held).where(held.c.space == bindparam("number"), held.c.key == bindparam("device"))


def hold(connection: Connection, number: int, key: bytes, due: int, run: bytes) -> bool:
    """Keep the run for later, in place of an earlier one of the same device; say whether it stays.

    When a space holds too many, the one due last goes, so that clocks set years ahead cannot
    crowd out those that are minutes ahead.
    """
    _drop(connection, number, key)
    connection.execute(insert(held).values(space=number, key=key, due=due, run=run))
    if (connection.scalar(_COUNT, {"number": number}) or 0) <= HELD_RUNS:
        return True
    last: bytes = connection.scalars(_LAST, {"number": number}).one()
    _drop(connection, number, last)
    return last != key


def take_due(connection: Connection, now: int, count: int) -> list[tuple[bytes, bytes]]:
    """Return (space id, run) of `count` runs that are due, soonest first; keep them no longer."""
    due = connection.execute(_DUE, {"now": now, "count": count}).all()
    for number, key, _, _ in due:
        _drop(connection, number, key)
    return [(space_id, run) for _, _, space_id, run in due]


def _drop(connection: Connection, number: int, key: bytes) -> None:
    connection.execute(_DROP, {"number": number, "device": key})
