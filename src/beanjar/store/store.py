"""Where a node keeps the operations of many spaces, durably."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine

from beanjar.base.limits import INTEGER, RUN_OPERATIONS
from beanjar.ops.fork import ForkProof
from beanjar.ops.log import Head
from beanjar.ops.operation import Operation
from beanjar.store.database import (
    WRITER,
    bring_up_to_date,
    copy_database,
    open_engine,
    size_on_disk,
    sweep,
)
from beanjar.store.errors import told
from beanjar.store.latest import Arrived
from beanjar.store.reader import Reader
from beanjar.store.scan import PAGE, Tips, read_page
from beanjar.store.writer import Writer

_KEYS = 1_000


class Store:
    """The operations of many spaces in one SQLite file. Spaces, keys and ids are 32 bytes.

    One thread writes at a time; any number read meanwhile, each call as of the last transaction.
    Every method may raise a `StoreError`.
    """

    def __init__(self, engine: Engine) -> None:
        """Use an engine whose tables are current. `Store.open` makes one."""
        self._engine = engine
        self._writing_engine = engine.execution_options(**WRITER)
        self._place = engine.url.database or ""
        self._unswept = True
        """Whether traces of what was erased may be in the files: also after a sudden end."""

    @classmethod
    def open(cls, place: str | Path) -> "Store":
        """Open the file at a path or a URL `sqlite:///PATH`; make or migrate it where needed."""
        engine = open_engine(place)
        with told(str(place)):
            try:
                bring_up_to_date(engine)
            except BaseException:
                engine.dispose()
                raise
        return cls(engine)

    @staticmethod
    def copy(source: Path, target: Path, tell: Callable[[int, int], None]) -> None:
        """Copy the file of a store as of now, though another program may be writing to it.

        `tell` is called with how many bytes are copied, and of how many.
        """
        with told(str(source)):
            copy_database(source, target, tell)

    def close(self) -> None:
        """Let go of the file. What was acknowledged is in it."""
        self._engine.dispose()

    def spaces(self) -> list[bytes]:
        """Return the ids of the spaces that are kept here, in the order in which they came."""
        with self._reading() as reader:
            return reader.spaces()

    def head(self, space: bytes, key: bytes) -> Head:
        """Return where the log of `key` stands; `EMPTY` if there is none."""
        with self._reading() as reader:
            return reader.head(space, key)

    def heads(self, space: bytes) -> dict[bytes, Head]:
        """Return where every log of the space stands, by key."""
        with self._reading() as reader:
            return reader.heads(space)

    def read_log(
        self, space: bytes, key: bytes, start: int = 0, count: int = RUN_OPERATIONS
    ) -> list[Operation]:
        """Return up to `count` operations of one log, from seq `start` on."""
        with self._reading() as reader:
            return reader.read_log(space, key, start, count)

    def find(self, space: bytes, id: bytes) -> Operation | None:  # noqa: A002 - its name everywhere
        """Return the operation with this id, if it is in the space and here."""
        with self._reading() as reader:
            return reader.find(space, id)

    def alone(self, space: bytes) -> Iterator[Operation]:
        """Yield what counts by its own signature while no log here holds it, in order of id."""
        after = b""
        while page := self._read_alone(space, after):
            yield from page
            after = page[-1].id

    def arrival(self, space: bytes, id: bytes) -> int | None:  # noqa: A002 - its name everywhere
        """Return when an operation arrived with its log, as `scan` counts; `None` if it did not."""
        with self._reading() as reader:
            return reader.arrival(space, id)

    def last_arrival(self, space: bytes) -> int:
        """Return the arrival of what came last in the space; 0 if nothing did."""
        with self._reading() as reader:
            return reader.last_arrival(space)

    def read_before(
        self, space: bytes, bound: int, count: int, keys: Sequence[bytes] | None = None
    ) -> list[Arrived]:
        """Return the `count` operations that arrived last before `bound`, the last first.

        With `keys`, only those of these devices.
        """
        with self._reading() as reader:
            return reader.read_before(space, bound, count, keys)

    def read_after(
        self, space: bytes, bound: int, count: int, keys: Sequence[bytes] | None = None
    ) -> list[Arrived]:
        """Return the `count` operations that arrived first after `bound`, the last first."""
        with self._reading() as reader:
            return reader.read_after(space, bound, count, keys)

    def is_erased(self, arrival: int) -> bool:
        """Say whether the body of what arrived then was erased."""
        with self._reading() as reader:
            return reader.is_erased(arrival)

    def wanted(
        self, space: bytes, now: int, after: int = 0, count: int = PAGE
    ) -> list[tuple[int, Operation]]:
        """Return operations whose body is missing, each with its arrival, in that order.

        At most `count` that arrived after `after`. Left out is what has expired by `now` (ms) and
        what was erased; that a body came or went changes no arrival.
        """
        with self._reading() as reader:
            return reader.wanted(space, now, after, count)

    def chunk(self, space: bytes, digest: bytes) -> bytes | None:
        """Return the chunk of a file with this SHA-256, if it is here and named in the space."""
        with self._reading() as reader:
            return reader.chunk(space, digest)

    def wanted_chunks(
        self, space: bytes, count: int = RUN_OPERATIONS, after: bytes = b""
    ) -> list[bytes]:
        """Return the SHA-256 of chunks to fetch, by rising hash from `after`.

        None while the next chunk might not fit `FILE_QUOTA_BYTES`.
        """
        with self._reading() as reader:
            return reader.wanted_chunks(space, count, after)

    def write_run(self, space: bytes, key: bytes, start: int = 0) -> tuple[bytes, int]:
        """Return one log from seq `start` on as a run for another node, and the seq after it.

        The run is as long as its limits and good signatures allow; no bytes if nothing is there.
        """
        with self._reading() as reader:
            return reader.write_run(space, key, start)

    def scan(self, space: bytes, after: int = 0) -> Iterator[tuple[int, Operation]]:
        """Yield what arrived in the space after `after`, each with its arrival, in that order.

        Arrivals start from 1 and grow; a body that comes later does not make its operation arrive
        anew. What is written meanwhile is included.
        """
        tips: Tips = {}
        while page := self._read_page(space, after, tips):
            yield from page
            after = page[-1][0]

    def logs(self, space: bytes) -> Iterator[list[Operation]]:
        """Yield every log of the space, whole, in order of its key; one is in memory at a time."""
        after = b""
        while keys := self._read_keys(space, after):
            yield from (self.read_log(space, key, 0, INTEGER) for key in keys)
            after = keys[-1]

    def forks(self, space: bytes) -> list[ForkProof]:
        """Return the proofs that logs of the space are forked; one of each, at its lowest place."""
        with self._reading() as reader:
            return reader.forks(space)

    def private(self, name: str) -> bytes | None:
        """Return what this node keeps to itself under `name`."""
        with self._reading() as reader:
            return reader.private(name)

    def private_names(self) -> list[str]:
        """Return under which names this node keeps something to itself."""
        with self._reading() as reader:
            return reader.private_names()

    def size(self) -> int:
        """Return how many bytes all of this takes on the disk."""
        return size_on_disk(self._engine)

    def usage(self, space: bytes) -> int:
        """Return how many bytes of the disk a space takes, to within a quarter."""
        with self._reading() as reader:
            return reader.usage(space)

    @contextmanager
    def writing(self) -> Iterator[Writer]:
        """Write in one transaction: all of it is acknowledged when the block ends without error.

        Any error, also one of the caller's own, leaves the store as it was before the block.
        """
        with told(self._place):
            with self._writing_engine.begin() as connection:
                writer = Writer(connection)
                yield writer
                writer.flush()
            self._unswept |= writer.erased
        if self._unswept:
            self._unswept = not sweep(self._engine)

    @contextmanager
    def _reading(self) -> Iterator[Reader]:
        with told(self._place), self._engine.connect() as connection:
            yield Reader(connection)

    def _read_page(self, space: bytes, after: int, tips: Tips) -> list[tuple[int, Operation]]:
        with told(self._place), self._engine.connect() as connection:
            return read_page(connection, space, after, tips)

    def _read_alone(self, space: bytes, after: bytes) -> list[Operation]:
        with self._reading() as reader:
            return reader.alone(space, after, PAGE)

    def _read_keys(self, space: bytes, after: bytes) -> list[bytes]:
        with self._reading() as reader:
            return list(reader.keys(space, after, _KEYS))
