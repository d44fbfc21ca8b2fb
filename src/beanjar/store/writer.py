"""What can be changed in a store, all in one transaction."""

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, delete, insert, select, update

from beanjar.base.ids import ZERO
from beanjar.base.limits import RUN_OPERATIONS
from beanjar.ops.fork import ForkProof, write_fork
from beanjar.ops.log import EMPTY, Head
from beanjar.ops.operation import Operation
from beanjar.store import bodies, held, schema
from beanjar.store.appending import Appending
from beanjar.store.errors import Unknown
from beanjar.store.logs import Log, log_by_key
from beanjar.store.reader import Reader

RUNS_AT_ONCE = 64
"""Held runs that are handed out together: at most some 64 MiB."""


class Writer:
    """Reads and writes within one transaction. Spaces, keys and ids are 32 bytes.

    Every method that names a space raises `Unknown` if this node does not carry it, but for those
    that only read.
    """

    def __init__(self, connection: Connection) -> None:
        """Write on `connection`, within the transaction that it is in."""
        self.erased = False
        """Whether something was taken away that should leave no trace in the files."""
        self._connection = connection
        self._reader = Reader(connection)
        self._appending = Appending(connection)
        self._logs: dict[tuple[bytes, bytes], Log] = {}
        self._numbers: dict[bytes, int] = {}

    def head(self, space: bytes, key: bytes) -> Head:
        """Return where the log of `key` stands; `EMPTY` if there is none."""
        found = self._find_log(space, key)
        return found.head if found else EMPTY

    def read_log(
        self, space: bytes, key: bytes, start: int = 0, count: int = RUN_OPERATIONS
    ) -> list[Operation]:
        """Return up to `count` operations of one log, from seq `start` on."""
        self.flush()
        return self._reader.read_log(space, key, start, count)

    def find(self, space: bytes, id: bytes) -> Operation | None:  # noqa: A002 - its name everywhere
        """Return the operation with this id, if it is in the space and here."""
        self.flush()
        return self._reader.find(space, id)

    def add_space(self, space: bytes) -> None:
        """Carry the space from now on. Nothing happens if this node does already."""
        if self._reader.find_space(space) is None:
            self._connection.execute(insert(schema.space).values(id=space))

    def append(self, operations: Sequence[Operation]) -> int:
        """Let verified operations of one log follow its head; return the last one's arrival.

        Raises `BrokenChain` if they do not follow it and one another; none of them is kept then.
        """
        first = operations[0]
        space, key = first.effective_space, first.key
        found = self._find_log(space, key)
        if found is None:
            found = Log(0, self._number_of(space), space, key, first.space == ZERO, EMPTY)
        arrival = self._appending.add(found, operations)
        self._logs[space, key] = found
        return arrival

    def add_fork(self, proof: ForkProof) -> bool:
        """Keep the proof unless one is here of the same place or a lower one; say whether."""
        number, table = self._number_of(proof.space), schema.fork.c
        mine = (table.space == number, table.key == proof.key)
        known = self._connection.scalar(select(table.seq).where(*mine))
        if known is not None and known <= proof.seq:
            return False
        self._connection.execute(delete(schema.fork).where(*mine))
        row = {"space": number, "key": proof.key, "seq": proof.seq, "proof": write_fork(proof)}
        self._connection.execute(insert(schema.fork).values(row))
        return True

    def drop_bodies(self, space: bytes, ids: Iterable[bytes]) -> None:
        """Drop body and salt of operations of the space; their headers stay.

        Ids that are unknown, or whose body is gone already, change nothing.
        """
        self.flush()
        rows = (self._reader.find_row(space, each) for each in set(ids))
        self._drop([row for row in rows if row and row[1].body is not None])

    def drop_expired(self, now: int) -> list[tuple[bytes, bytes]]:
        """Drop every body that may be dropped by `now` in ms; return (space, id) of each."""
        self.flush()
        gone: list[tuple[bytes, bytes]] = []
        for batch in bodies.find_expired(self._connection, now):
            self._drop(batch)
            gone += ((each.effective_space, each.id) for _, each in batch)
        return gone

    def restore_body(self, operation: Operation) -> None:
        """Keep the body of an operation whose header is here without it; it arrives no second time.

        Raises `Unknown` if the header is not here, `Malformed` if it says another body.
        """
        self.flush()
        row = self._reader.find_row(operation.effective_space, operation.id)
        if row is None:
            raise Unknown("What belongs to this message has not arrived. Ask for its log first.")
        if row[1].body is None:
            bodies.restore(self._connection, row[0], operation)

    def hold(self, space: bytes, key: bytes, due: int, run: bytes) -> bool:
        """Keep a run until `due` in ms, in place of an earlier one of the device; say whether.

        Of more than `HELD_RUNS` in one space the one due last is not kept.
        """
        return held.hold(self._connection, self._number_of(space), key, due, run)

    def take_due(self, now: int, count: int = RUNS_AT_ONCE) -> list[tuple[bytes, bytes]]:
        """Return (space, run) of runs due by `now` in ms, soonest first, and let go of them.

        At most `count`, so that they fit the memory; nothing is left when none is returned.
        """
        return held.take_due(self._connection, now, count)

    def keep_private(self, name: str, value: bytes) -> None:
        """Keep `value` under `name` on this node only, in place of what was there."""
        table = schema.private
        changed = self._connection.execute(
            update(table).where(table.c.name == name).values(value=value)
        )
        if changed.rowcount:
            self.erased = True
        else:
            self._connection.execute(insert(table).values(name=name, value=value))

    def forget_space(self, space: bytes) -> None:
        """Drop the space and all that is kept of it."""
        self.flush()
        number = self._number_of(space)
        for table in (schema.held, schema.fork, schema.operation, schema.log):
            self._connection.execute(delete(table).where(table.c.space == number))
        self._connection.execute(delete(schema.space).where(schema.space.c.number == number))
        self._logs.clear()
        self._numbers.clear()
        self.erased = True

    def flush(self) -> None:
        """Hand what was appended to the database. The end of the transaction does it too."""
        self._appending.flush()

    def _find_log(self, space: bytes, key: bytes) -> Log | None:
        return self._logs.get((space, key)) or log_by_key(self._connection, space, key)

    def _number_of(self, space: bytes) -> int:
        """Return the number that stands for the space in other tables."""
        if space not in self._numbers:
            number = self._reader.find_space(space)
            if number is None:
                raise Unknown("This node does not carry that space. Join it first.")
            self._numbers[space] = number
        return self._numbers[space]

    def _drop(self, found: list[tuple[int, Operation]]) -> None:
        bodies.drop(self._connection, found)
        self.erased |= bool(found)
