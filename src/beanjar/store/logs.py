"""The rows that say of each log whose it is, in which space, and where it stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, bindparam, select

from beanjar.base.ids import ZERO
from beanjar.ops.log import Head
from beanjar.store.schema import log, space

_LOG: Select[Any] = select(
    log.c.number,
    log.c.space,
    space.c.id,
    log.c.key,
    log.c.founding,
    log.c.head_seq,
    log.c.head_id,
    log.c.head_time,
).join_from(log, space)
_BY_NUMBER = _LOG.where(log.c.number == bindparam("number"))
_BY_KEY = _LOG.where(space.c.id == bindparam("space"), log.c.key == bindparam("key"))
_IN_SPACE = _LOG.where(space.c.id == bindparam("space"))


@dataclass(slots=True)
class Log:
    """One row, with the id of its space, 32 bytes, beside the number that stands for it."""

    number: int
    space_number: int
    space: bytes
    key: bytes
    founding: bool
    head: Head

    def space_at(self, seq: int) -> bytes:
        """Return what the header at `seq` says as space."""
        return ZERO if self.founding and seq == 0 else self.space


def log_by_number(connection: Connection, number: int) -> Log:
    """Return the log that has this number."""
    return _to_log(connection.execute(_BY_NUMBER, {"number": number}).one())


def log_by_key(connection: Connection, space: bytes, key: bytes) -> Log | None:
    """Return the log of a device in a space, if there is one."""
    row = connection.execute(_BY_KEY, {"space": space, "key": key}).one_or_none()
    return _to_log(row) if row else None


def logs_in(connection: Connection, space: bytes) -> list[Log]:
    """Return all logs of a space."""
    return [_to_log(row) for row in connection.execute(_IN_SPACE, {"space": space})]


def _to_log(row: Sequence[Any]) -> Log:
    number, space_number, space_id, key, founding, seq, last, time = row
    return Log(number, space_number, space_id, key, founding, Head(seq, last, time))
