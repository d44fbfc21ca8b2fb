"""What all simulated nodes of one process share: things are read, and signatures checked, once.

Operations never change, so replicas may share them. What a check says depends on nothing but the
bytes, so that every node but the first may believe the first. Only the time that it takes is saved.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache

from beanjar.ops import signing
from beanjar.ops.alone import read_alone
from beanjar.ops.body import Body, Vocabulary
from beanjar.ops.operation import Operation
from beanjar.ops.run import read_run, write_run
from beanjar.ops.split import split_runs

REMEMBERED = 1 << 17
"""Signatures whose check is remembered."""


@contextmanager
def checking_once() -> Iterator[None]:
    """Check no signature twice meanwhile, whichever node asks; remembered by key and bytes."""
    fits = signing.fits
    signing.fits = lru_cache(REMEMBERED)(fits)
    try:
        yield
    finally:
        signing.fits = fits


class Reading(Vocabulary):
    """A vocabulary that reads a body once for all nodes."""

    def __init__(self, known: Vocabulary) -> None:
        """Read what `known` reads."""
        super().__init__(known.kinds.values())
        self._read = lru_cache(REMEMBERED)(known.read)

    def read(self, body: bytes) -> Body | None:
        """Return what the body says, or `None` if it means nothing here."""
        return self._read(body)


class Library:
    """The operations of one simulation, and the bytes as which they travel."""

    def __init__(self) -> None:
        """Begin with none."""
        self._known: dict[bytes, Operation] = {}
        self._read: dict[bytes, tuple[Operation, ...]] = {}
        self._written: dict[tuple[bytes, bytes], bytes] = {}

    def share(self, operation: Operation) -> Operation:
        """Return the one copy of an operation that all replicas hold."""
        known = self._known.setdefault(operation.id, operation)
        return known if known == operation else operation  # a liar may have spoilt a signature

    def find(self, name: bytes) -> Operation | None:
        """Return an operation that anybody holds, by its id."""
        return self._known.get(name)

    def read(self, run: bytes) -> tuple[Operation, ...]:
        """Return what `beanjar.ops.run.read_run` does, or raise what it raises."""
        if run not in self._read:
            self._read[run] = tuple(map(self.share, read_run(run)))
        return self._read[run]

    def read_alone(self, data: bytes) -> Operation:
        """Return what `beanjar.ops.alone.read_alone` does, or raise what it raises."""
        return self.share(read_alone(data))

    def write(self, operations: Sequence[Operation]) -> bytes:
        """Return consecutive operations of one log as a run."""
        if any(each.body is None for each in operations):
            return write_run(operations)
        ends = operations[0].id, operations[-1].id
        if ends not in self._written:
            run = write_run(operations)
            self._written[ends] = run
            self._read[run] = tuple(operations)
        return self._written[ends]

    def write_stretch(self, log: Sequence[Operation], start: int) -> tuple[bytes, int]:
        """Return a run of a log from a seq on, and the seq that follows it; empty at the end."""
        run = next(split_runs(log[start:]), ())
        return (self.write(run), start + len(run)) if run else (b"", start)
