"""What can be changed in a store, all in one transaction."""

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, delete, insert, select, update

from beanjar.base.ids import ZERO
from beanjar.base.limits import RUN_OPERATIONS
from beanjar.ops.fork import ForkProof, write_fork
from beanjar.ops.log import EMPTY, Head
from beanjar.ops.operation import Operation
from beanjar.store import bodies, chunks, held, schema
from beanjar.store.alone import Alone, find_alone
from beanjar.store.appending import Appending, check_links
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
        self._alone = Alone(connection)
        self._logs: dict[tuple[bytes, bytes], Log | None] = {}
        self._foundings: dict[bytes, Operation] = {}
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

    def founding(self, space: bytes) -> Operation | None:
        """Return the operation that founded the space, if it is here; a transaction reads it once.

        Every log's first operation is judged by it.
        """
        if space not in self._foundings:
            found = self.find(space, space)
            if found is None or found.body is None:
                return found  # it may come later in this transaction
            self._foundings[space] = found
        return self._foundings[space]

    def add_space(self, space: bytes) -> None:
        """Carry the space from now on. Nothing happens if this node does already."""
        if not self.carries(space):
            self._connection.execute(insert(schema.space).values(id=space))

    def append(self, operations: Sequence[Operation]) -> int:
        """Let verified operations of one log follow its head; return the last one's arrival.

        What stood by itself before is in its log then, with the body that was here.
        Raises `BrokenChain` if they do not follow it and one another; none of them is kept then.
        """
        first = operations[0]
        space, key = first.effective_space, first.key
        found = self._find_log(space, key)
        if found is None:
            found = Log(0, self._number_of(space), space, key, first.space == ZERO, EMPTY)
        check_links(found, operations)
        arrival = self._appending.add(found, self._alone.move(found.space_number, operations))
        self._logs[space, key] = found
        return arrival

    def keep_alone(self, operation: Operation) -> bool:
        """Keep a whole operation that counts by its own signature; say whether it is new here.

        If its log is here without its body, the body goes there, unless it was erased, and so does
        its signature, which is good, if there is another: then it is as good as new. What
        expires is not kept, because no question needs it, nor what goes beyond
        `ALONE_OPERATIONS` of the space or `ALONE_PER_DEVICE`.
        """
        self.flush()
        space = operation.effective_space
        number, row = self._number_of(space), self._reader.find_row(space, operation.id)
        if row is not None:
            is_mended = bodies.mend(self._connection, row[0], operation)
            return self._restore(row, operation) or is_mended
        known = operation.until or find_alone(self._connection, space, operation.id)
        return not known and self._alone.keep(number, operation)

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
        """Drop body and salt of operations of the space, for they were erased; headers stay.

        They are not wanted again until `want_again`, nor are those whose bodies never came.
        Unknown ids change nothing.
        """
        number, names = self._number_of(space), set(ids)
        rows = self._find_rows(space, names)
        bodies.drop(self._connection, rows, erased=True)
        taken = [each for each in names if self._alone.take(number, each)]
        chunks.unname_chunks(self._connection, number, names)
        self._foundings.clear()
        self.erased |= bool(taken) or any(each.body is not None for _, each in rows)

    def want_again(self, space: bytes, ids: Iterable[bytes]) -> None:
        """Let the bodies that were erased be wanted: their erasure does not count any more."""
        rows = self._find_rows(space, set(ids))
        bodies.drop(self._connection, [row for row in rows if row[1].body is None])

    def drop_expired(self, now: int) -> list[tuple[bytes, bytes]]:
        """Drop every body that may be dropped by `now` in ms; return (space, id) of each."""
        self.flush()
        gone: list[tuple[bytes, bytes]] = []
        for batch in bodies.find_expired(self._connection, now):
            bodies.drop(self._connection, batch)
            space = batch[0][1].effective_space
            names = [each.id for _, each in batch]
            chunks.unname_chunks(self._connection, self._number_of(space), names)
            gone += ((space, name) for name in names)
        self._foundings.clear()
        self.erased |= bool(gone)
        return gone

    def restore_body(self, operation: Operation) -> bool:
        """Keep the body of an operation whose header is here without it; say whether it is new.

        It arrives no second time. A body that was erased is not kept before `want_again`.
        Raises `Unknown` if the header is not here, `Malformed` if it says another body.
        """
        self.flush()
        row = self._reader.find_row(operation.effective_space, operation.id)
        if row is None:
            raise Unknown("What belongs to this message has not arrived. Ask for its log first.")
        return self._restore(row, operation)

    def name_chunks(self, space: bytes, id: bytes, hashes: Iterable[bytes]) -> None:  # noqa: A002 - its name everywhere
        """Note that an operation, whose body is here, names chunks of files by their SHA-256.

        They go with the last body that names them. If the body is not here, nothing is noted.
        """
        number, operation = self._number_of(space), self.find(space, id)
        if operation is not None and operation.body is not None:
            chunks.name_chunks(self._connection, number, id, hashes)

    def want_chunks(self, hashes: Iterable[bytes]) -> None:
        """Let chunks be fetched, those of them that an operation names."""
        chunks.want_chunks(self._connection, hashes)

    def keep_chunk(self, space: bytes, content: bytes) -> bool:
        """Keep a chunk that some operation of the space names; say whether it is new here.

        Beyond `CHUNK_BYTES`, or `FILE_QUOTA_BYTES` of all chunks here, it is not kept.
        """
        return chunks.keep_chunk(self._connection, space, content)

    def hold(self, space: bytes, key: bytes, due: int, run: bytes) -> bool:
        """Keep a run until `due` in ms, in place of an earlier one of the device; say whether.

        Of more than `HELD_RUNS` in one space the one due last is not kept.
        """
        return held.hold(self._connection, self._number_of(space), key, due, run)

    def take_due(self, now: int, count: int = RUNS_AT_ONCE) -> list[tuple[bytes, bytes]]:
        """Return (space, run) of runs due by `now` in ms, soonest first, and let go of them.

        At most `count`, so that they fit the memory; nothing is left when none is returned.
        """
        due = held.take_due(self._connection, now, count)
        self.erased |= bool(due)  # what a run said may be erased where it goes, and is not to stay
        return due

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

    def forget_private(self, names: Iterable[str]) -> None:
        """Keep no longer what is kept under these names on this node only."""
        for name in names:
            self._connection.execute(delete(schema.private).where(schema.private.c.name == name))
            self.erased = True

    def carries(self, space: bytes) -> bool:
        """Say whether this node carries the space."""
        try:
            return bool(self._number_of(space))
        except Unknown:
            return False

    def forget_space(self, space: bytes) -> None:
        """Drop the space and all that is kept of it."""
        self.flush()
        number = self._number_of(space)
        self._alone.forget(number)
        chunks.forget_chunks(self._connection, number)
        for table in (schema.held, schema.fork, schema.operation, schema.log):
            self._connection.execute(delete(table).where(table.c.space == number))
        self._connection.execute(delete(schema.space).where(schema.space.c.number == number))
        self._logs.clear()
        self._numbers.clear()
        self._foundings.clear()
        self.erased = True

    def flush(self) -> None:
        """Hand what was appended to the database. The end of the transaction does it too."""
        self._appending.flush()

    def _find_log(self, space: bytes, key: bytes) -> Log | None:
        """Return where a log stands, also when what it says is not in the tables yet."""
        if (space, key) not in self._logs:
            self._logs[space, key] = log_by_key(self._connection, space, key)
        return self._logs[space, key]

    def _number_of(self, space: bytes) -> int:
        """Return the number that stands for the space in other tables."""
        if space not in self._numbers:
            number = self._reader.find_space(space)
            if number is None:
                raise Unknown("This node does not carry that space. Join it first.")
            self._numbers[space] = number
        return self._numbers[space]

    def _find_rows(self, space: bytes, ids: Iterable[bytes]) -> list[tuple[int, Operation]]:
        self.flush()
        rows = (self._reader.find_row(space, each) for each in ids)
        return [row for row in rows if row]

    def _restore(self, row: tuple[int, Operation], operation: Operation) -> bool:
        arrival, here = row
        return here.body is None and bodies.restore(self._connection, arrival, operation)
