"""Operations that stand by themselves, outside any log that is here."""

from collections.abc import Sequence
from hashlib import sha256

from sqlalchemy import Connection, bindparam, delete, func, insert, select

from beanjar.base.limits import ALONE_OPERATIONS, ALONE_PER_DEVICE
from beanjar.ops.alone import write_alone
from beanjar.ops.operation import LAYOUT, Operation
from beanjar.ops.run import SALT
from beanjar.store.schema import alone, space

_SIGNATURE = LAYOUT.size
_SALT = _SIGNATURE + 64
_BODY = _SALT + SALT

_IN_SPACE = alone.c.space == bindparam("number")
_OF_DEVICE = _IN_SPACE & (alone.c.key == bindparam("device"))
_COUNT = select(func.count()).where(_IN_SPACE)
_COUNT_OF_DEVICE = select(func.count()).where(_OF_DEVICE)
_IDS_OF_DEVICE = select(alone.c.id).where(_OF_DEVICE)
_WHOLE = select(alone.c.whole).join(space)
_PAGE = (
    _WHOLE.where(space.c.id == bindparam("space"), alone.c.id > bindparam("after"))
    .order_by(alone.c.id)
    .limit(bindparam("count"))
)
_BY_ID = _WHOLE.where(space.c.id == bindparam("space"), alone.c.id == bindparam("name"))
_TAKE = delete(alone).where(_IN_SPACE, alone.c.id == bindparam("name")).returning(alone.c.whole)


def find_alone(connection: Connection, space: bytes, name: bytes) -> Operation | None:
    """Return the operation of the space with this id, if it stands by itself here."""
    whole = connection.scalar(_BY_ID, {"space": space, "name": name})
    return None if whole is None else _rebuild(whole)


def read_alone_page(
    connection: Connection, space: bytes, after: bytes, count: int
) -> list[Operation]:
    """Return up to `count` operations that stand by themselves, in order of their ids."""
    bounds = {"space": space, "after": after, "count": count}
    return [_rebuild(whole) for whole in connection.scalars(_PAGE, bounds)]


class Alone:
    """What stands by itself, as one transaction changes it. Spaces are given by number."""

    def __init__(self, connection: Connection) -> None:
        """Change it on `connection`, within the transaction that it is in."""
        self._connection = connection
        self._counts: dict[int, int] = {}

    def keep(self, number: int, operation: Operation) -> bool:
        """Keep an operation that is not here; say whether there was room for it."""
        device = {"number": number, "device": operation.key}
        of_device = self._connection.scalar(_COUNT_OF_DEVICE, device) or 0
        if of_device >= ALONE_PER_DEVICE or self._count(number) >= ALONE_OPERATIONS:
            return False
        row = {"space": number, "id": operation.id, "key": operation.key}
        self._connection.execute(insert(alone).values(**row, whole=write_alone(operation)))
        self._counts[number] += 1
        return True

    def move(self, number: int, operations: Sequence[Operation]) -> Sequence[Operation]:
        """Return operations of one log, which brings them, whole where they stood by themselves.

        They do so no longer.
        """
        if not self._count(number):
            return operations
        device = {"number": number, "device": operations[0].key}
        here = set(self._connection.scalars(_IDS_OF_DEVICE, device))
        return [
            self.take(number, each.id) or each if each.id in here else each for each in operations
        ]

    def take(self, number: int, name: bytes) -> Operation | None:
        """Return the operation with the id `name`, and keep it no longer."""
        taken = self._count(number) and self._connection.scalar(
            _TAKE, {"number": number, "name": name}
        )
        if not taken:
            return None
        self._counts[number] -= 1
        return _rebuild(taken)

    def forget(self, number: int) -> None:
        """Keep nothing of the space."""
        self._connection.execute(delete(alone).where(_IN_SPACE), {"number": number})
        self._counts.pop(number, None)

    def _count(self, number: int) -> int:
        """Return how many are kept of the space; the table is asked once in a transaction."""
        if number not in self._counts:
            self._counts[number] = self._connection.scalar(_COUNT, {"number": number}) or 0
        return self._counts[number]


def _rebuild(whole: bytes) -> Operation:
    """Return what `write_alone` wrote; it was verified before it was kept."""
    _, space, key, seq, time, prev, digest, until, size = LAYOUT.unpack_from(whole)
    name = sha256(whole[:_SIGNATURE]).digest()
    signature, salt, body = whole[_SIGNATURE:_SALT], whole[_SALT:_BODY], whole[_BODY:]
    return Operation(name, space, key, seq, time, prev, digest, until, size, signature, salt, body)
