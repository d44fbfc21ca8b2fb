"""What can be read from a store, as one transaction sees it."""

from collections.abc import Sequence

from sqlalchemy import Connection, bindparam, func, literal_column, select

from beanjar.base.limits import RUN_OPERATIONS
from beanjar.ops.fork import ForkProof, read_fork
from beanjar.ops.log import EMPTY, Head
from beanjar.ops.operation import Operation
from beanjar.store.alone import find_alone, read_alone_page
from beanjar.store.bodies import find_wanted
from beanjar.store.chunks import find_wanted_chunks, read_chunk
from beanjar.store.headers import SHORT, rebuild_stretch
from beanjar.store.latest import Arrived, is_erased, read_after, read_before
from beanjar.store.logs import log_by_key, log_by_number, logs_in
from beanjar.store.outgoing import write_stored_run
from beanjar.store.schema import BLOCK, fork, log, operation, private, space
from beanjar.store.usage import measure

_BLOCKS = select(literal_column("0").label("number")).cte("block", recursive=True)
_LAST_BLOCK = select(func.max(BLOCK)).scalar_subquery()
_BLOCKS = _BLOCKS.union_all(select(_BLOCKS.c.number + 1).where(_BLOCKS.c.number < _LAST_BLOCK))
_BY_SHORT = (
    select(operation.c.arrival, operation.c.log, operation.c.seq)
    .join_from(_BLOCKS, operation, _BLOCKS.c.number == BLOCK)
    .where(operation.c.short == bindparam("short"))
)
_NUMBER = select(space.c.number).where(space.c.id == bindparam("space"))
_LAST_ARRIVAL = (
    select(operation.c.arrival)
    .where(operation.c.space == _NUMBER.scalar_subquery())
    .order_by(operation.c.arrival.desc())
    .limit(1)
)
_KEYS = (
    select(log.c.key)
    .join(space)
    .where(space.c.id == bindparam("space"), log.c.key > bindparam("after"))
    .order_by(log.c.key)
    .limit(bindparam("count"))
)
_FORKS = (
    select(fork.c.proof)
    .join(space)
    .where(space.c.id == bindparam("space"))
    .order_by(fork.c.seq, fork.c.key)
)


class Reader:
    """Reads on one connection. Spaces, keys and ids are 32 bytes."""

    def __init__(self, connection: Connection) -> None:
        """Read on `connection`, within the transaction that it is in."""
        self._connection = connection

    def spaces(self) -> list[bytes]:
        """Return the ids of the spaces that are kept here, in the order in which they came."""
        return list(self._connection.scalars(select(space.c.id).order_by(space.c.number)))

    def head(self, space: bytes, key: bytes) -> Head:
        """Return where the log of `key` stands; `EMPTY` if there is none."""
        found = log_by_key(self._connection, space, key)
        return found.head if found else EMPTY

    def heads(self, space: bytes) -> dict[bytes, Head]:
        """Return where every log of the space stands, by key."""
        return {found.key: found.head for found in logs_in(self._connection, space)}

    def keys(self, space: bytes, after: bytes, count: int) -> Sequence[bytes]:
        """Return up to `count` keys that have a log in the space, in order, from `after` on."""
        bounds = {"space": space, "after": after, "count": count}
        return self._connection.scalars(_KEYS, bounds).all()

    def read_log(
        self, space: bytes, key: bytes, start: int = 0, count: int = RUN_OPERATIONS
    ) -> list[Operation]:
        """Return up to `count` operations of one log, from seq `start` on."""
        found = log_by_key(self._connection, space, key)
        return rebuild_stretch(self._connection, found, start, count) if found else []

    def find(self, space: bytes, id: bytes) -> Operation | None:  # noqa: A002 - its name everywhere
        """Return the operation with this id, if it is in the space and here."""
        found = self.find_row(space, id)
        return found[1] if found else find_alone(self._connection, space, id)

    def alone(self, space: bytes, after: bytes, count: int) -> list[Operation]:
        """Return up to `count` operations that no log here holds, by rising id from `after`."""
        return read_alone_page(self._connection, space, after, count)

    def arrival(self, space: bytes, id: bytes) -> int | None:  # noqa: A002 - its name everywhere
        """Return when the operation arrived with its log, or `None` if it did not."""
        found = self.find_row(space, id)
        return found[0] if found else None

    def last_arrival(self, space: bytes) -> int:
        """Return the arrival of what came last in the space; 0 if nothing did."""
        return self._connection.scalar(_LAST_ARRIVAL, {"space": space}) or 0

    def read_before(
        self, space: bytes, bound: int, count: int, keys: Sequence[bytes] | None
    ) -> list[Arrived]:
        """Return the `count` that arrived last before `bound`, by `keys` if given, last first."""
        return read_before(self._connection, space, bound, count, keys)

    def read_after(
        self, space: bytes, bound: int, count: int, keys: Sequence[bytes] | None
    ) -> list[Arrived]:
        """Return the `count` that arrived first after `bound`, by `keys` if given, last first."""
        return read_after(self._connection, space, bound, count, keys)

    def is_erased(self, arrival: int) -> bool:
        """Say whether the body of what arrived then was erased."""
        return is_erased(self._connection, arrival)

    def wanted(self, space: bytes, now: int, after: int, count: int) -> list[tuple[int, Operation]]:
        """Return what misses its body, not erased and not expired by `now`, with arrivals."""
        return find_wanted(self._connection, space, now, after, count)

    def chunk(self, space: bytes, digest: bytes) -> bytes | None:
        """Return the chunk of a file with this SHA-256, if it is here and named in the space."""
        return read_chunk(self._connection, space, digest)

    def wanted_chunks(self, space: bytes, count: int, after: bytes) -> list[bytes]:
        """Return the hashes of chunks to fetch, by rising hash from `after`; none without room."""
        return list(find_wanted_chunks(self._connection, space, after, count))

    def write_run(self, space: bytes, key: bytes, start: int) -> tuple[bytes, int]:
        """Return a log from seq `start` on as a run, and the seq after it."""
        found = log_by_key(self._connection, space, key)
        return write_stored_run(self._connection, found, start) if found else (b"", start)

    def forks(self, space: bytes) -> list[ForkProof]:
        """Return the proofs that logs of the space are forked; one of each, at its lowest place."""
        return [read_fork(each) for each in self._connection.scalars(_FORKS, {"space": space})]

    def private(self, name: str) -> bytes | None:
        """Return what this node keeps to itself under `name`."""
        return self._connection.scalar(select(private.c.value).where(private.c.name == name))

    def private_names(self) -> list[str]:
        """Return under which names this node keeps something to itself."""
        return list(self._connection.scalars(select(private.c.name)))

    def usage(self, space: bytes) -> int:
        """Return how many bytes of the disk a space takes."""
        return measure(self._connection, space)

    def find_space(self, space: bytes) -> int | None:
        """Return the number that stands for the space in other tables."""
        return self._connection.scalar(_NUMBER, {"space": space})

    def find_row(self, space: bytes, id: bytes) -> tuple[int, Operation] | None:  # noqa: A002 - its name
        """Return the arrival of the operation with this id, and the operation."""
        short = {"short": SHORT.unpack_from(id)[0]}
        for arrival, number, seq in self._connection.execute(_BY_SHORT, short).all():
            here = log_by_number(self._connection, number)
            found = rebuild_stretch(self._connection, here, seq, 1)[0]
            if (here.space, found.id) == (space, id):
                return arrival, found
        return None
