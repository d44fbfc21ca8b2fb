"""How many bytes of the disk a space takes."""

from typing import Any

from sqlalchemy import ColumnElement, Connection, LargeBinary, Select, bindparam, func, select

from beanjar.store.schema import alone, chunk, fork, held, naming, operation, space

_ROW = 80
"""What a row and its places in indexes take beside the signature and what was said, as measured."""

_NUMBER = select(space.c.number).where(space.c.id == bindparam("space")).scalar_subquery()


def measure(connection: Connection, space: bytes) -> int:
    """Return what the operations of a space take, their bodies, and chunks of files they name."""
    return sum(connection.scalar(each, {"space": space}) or 0 for each in _PARTS)


def _length(column: ColumnElement[Any]) -> ColumnElement[int]:
    return func.coalesce(func.length(column, type_=LargeBinary), 0)


def _sum(of_row: ColumnElement[int], numbered: ColumnElement[Any]) -> Select[Any]:
    return select(func.sum(of_row + _ROW)).where(numbered == _NUMBER)


_CHUNKS = (
    select(func.sum(chunk.c.size))
    .where(chunk.c.size.is_not(None))
    .where(chunk.c.hash.in_(select(naming.c.chunk).where(naming.c.space == _NUMBER)))
)
_PARTS = (
    _sum(
        _length(operation.c.content) + _length(operation.c.remains) + 64,
        operation.c.space,
    ),
    _sum(_length(alone.c.whole), alone.c.space),
    _sum(_length(held.c.run), held.c.space),
    _sum(_length(fork.c.proof), fork.c.space),
    _CHUNKS,
)
