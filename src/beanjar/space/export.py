"""An export: one file with all of a space, operations and signatures and no result.

    export = "BJX1", space 32, logs u32, forks u32, apart u32, then a row for each log, each fork
             and each operation apart, then what the rows announce, in the same order
    log    = row: key 32, count u64, head 32, bytes u64, SHA-256 32     content: runs
    fork   = row: bytes u64, SHA-256 32                                 content: a fork proof
    apart  = row: bytes u64, SHA-256 32                                 content: an operation alone

It begins with what it claims to hold, so that a file that was cut, reordered or changed is noticed
and the place named. The founder's log comes first, then the others in the order of their keys. An
operation is apart that a question needs and no log here holds, as when its log was forked before.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from hashlib import sha256
from struct import Struct as Layout
from tempfile import SpooledTemporaryFile
from typing import Any, BinaryIO, TypeVar

from beanjar.base.errors import BeanjarError
from beanjar.ops.alone import read_alone, write_alone
from beanjar.ops.errors import Malformed, Refused
from beanjar.ops.fork import ForkProof, read_fork, write_fork
from beanjar.ops.log import EMPTY, check_continuation, check_signature, head_of
from beanjar.ops.operation import Operation
from beanjar.ops.run import rebuild_run, write_run
from beanjar.ops.split import split_runs

T = TypeVar("T")

MAGIC = b"BJX1"
START = Layout(">4s32sIII")
LOG = Layout(">32sQ32sQ32s")
PART = Layout(">Q32s")
PIECE = 1024 * 1024
IN_MEMORY = 16 * PIECE


class BadExport(BeanjarError):
    """A file that is not a whole export of a space."""


def export_space(
    space: bytes,
    logs: Iterable[Sequence[Operation]],
    forks: Sequence[ForkProof],
    apart: Iterable[Operation] = (),
) -> Iterator[bytes]:
    """Yield the export of a space, piece by piece. `logs` are whole, the founder's first."""
    log_rows: list[bytes] = []
    parts = [*map(write_fork, forks)]
    parts += map(write_alone, apart)
    with SpooledTemporaryFile(IN_MEMORY) as content:
        for log in logs:
            runs = b"".join(write_run(run) for run in split_runs(log))
            content.write(runs)
            last = log[-1]
            row = (last.key, len(log), last.id, len(runs), sha256(runs).digest())
            log_rows.append(LOG.pack(*row))
        content.writelines(parts)
        rows = [PART.pack(len(part), sha256(part).digest()) for part in parts]
        yield START.pack(MAGIC, space, len(log_rows), len(forks), len(parts) - len(forks))
        yield b"".join(log_rows + rows)
        content.seek(0)
        while piece := content.read(PIECE):
            yield piece


class Export:
    """An export that is being read. What it says is checked as it comes, in this order."""

    def __init__(self, file: BinaryIO) -> None:
        """Read what the file claims to hold. Raises `BadExport`."""
        self._file = file
        start = START.unpack(self._read(START.size, "its beginning"))
        magic, self.space, logs, forks, apart = start
        if magic != MAGIC:
            raise BadExport("This file is not an export of a space.")
        self._logs = self._read_rows(LOG, logs)
        self._forks = self._read_rows(PART, forks)
        self._apart = self._read_rows(PART, apart)
        founder, *others = [key for key, *_ in self._logs] or [b""]
        if not founder or founder in others or others != sorted(set(others)):
            raise BadExport("This file does not list the logs of a space, each once, in order.")

    def __len__(self) -> int:
        """Return how many operations the export claims to hold."""
        return sum(count for _, count, *_ in self._logs)

    def logs(self) -> Iterator[list[Operation]]:
        """Yield each log, its headers rebuilt, no signature checked. Raises `BadExport`."""
        for place, (key, count, head, size, digest) in enumerate(self._logs, start=1):
            where = f"log {place} of {len(self._logs)} (device {key.hex()[:8]}…)"
            runs = self._read_content(size, digest, where)
            try:
                log = list(_rebuild_log(runs, key, self.space))
            except Refused as error:
                raise BadExport(f"In {where}: {error}") from error
            if not log or (len(log), log[-1].id, log[0].key) != (count, head, key):
                raise BadExport(f"In {where}: it is not the log that the file announces.")
            yield log

    def forks(self) -> Iterator[ForkProof]:
        """Yield each fork proof, checked; to be called after `logs`. Raises `BadExport`."""
        return self._read_parts(self._forks, "fork proof", read_fork)

    def apart(self) -> Iterator[Operation]:
        """Yield each operation apart, checked; to be called after `forks`. Raises `BadExport`."""
        yield from self._read_parts(self._apart, "entry apart", read_alone)
        if self._file.read(1):
            raise BadExport("Something follows the end of what the file announces.")

    def _read_parts(
        self, rows: Sequence[tuple[int, bytes]], what: str, read: Callable[[bytes], T]
    ) -> Iterator[T]:
        for place, (size, digest) in enumerate(rows, start=1):
            where = f"{what} {place} of {len(rows)}"
            try:
                yield read(self._read_content(size, digest, where))
            except Refused as error:
                raise BadExport(f"In {where}: {error}") from error

    def _read_rows(self, layout: Layout, count: int) -> list[tuple[Any, ...]]:
        rows = (self._read(layout.size, f"row {place + 1} of its list") for place in range(count))
        return [layout.unpack(row) for row in rows]

    def _read_content(self, size: int, digest: bytes, where: str) -> bytes:
        content = self._read(size, where)
        if sha256(content).digest() != digest:
            raise BadExport(f"In {where}: something was changed.")
        return content

    def _read(self, size: int, where: str) -> bytes:
        """Read piece by piece, so that a length that lies costs no memory."""
        pieces = []
        while size > 0 and (piece := self._file.read(min(size, PIECE))):
            pieces.append(piece)
            size -= len(piece)
        if size > 0:
            raise BadExport(f"The file was cut off: {where} is missing or not whole.")
        return b"".join(pieces)


def _rebuild_log(runs: bytes, key: bytes, space: bytes) -> Iterator[Operation]:
    """Rebuild the log of `key` from its runs, each of which must follow the one before."""
    at, head = 0, EMPTY
    while at < len(runs):
        run, at = rebuild_run(runs, at)
        if (run[0].key, run[0].effective_space) != (key, space):
            raise Malformed("It holds entries that belong to another log, or to another space.")
        check_continuation(head, run[0])
        check_signature(run[-1])
        yield from run
        head = head_of(run[-1])
