"""What is here of a log, as the bytes of a run for another node.

Rows become entries of the run as they are. No header is rebuilt but the few that say what the run
follows, and where a run that does not reach the end of its log may end.
"""

from collections.abc import Iterator
from itertools import chain

from sqlalchemy import Connection

from beanjar.base.ids import ZERO
from beanjar.base.limits import RUN_BODY_BYTES, RUN_OPERATIONS
from beanjar.ops.errors import BadSignature
from beanjar.ops.log import PURPOSE
from beanjar.ops.operation import Operation
from beanjar.ops.run import ENTRY, SALT, START
from beanjar.ops.signing import verify
from beanjar.store.headers import REMAINS, STRETCH, rebuild_stretch
from beanjar.store.logs import Log
from beanjar.store.schema import ANCHOR


def write_stored_run(connection: Connection, log: Log, start: int) -> tuple[bytes, int]:
    """Return the run that begins at seq `start` of the log, and the seq after it.

    It is as long as the limits and the signatures allow; no bytes if the log ends before. Raises
    `BadSignature` if no signature vouches for what is there.
    """
    if start > log.head.seq:
        return b"", start
    prev = rebuild_stretch(connection, log, start - 1, 1)[0].id if start else ZERO
    time, entries = _read_entries(connection, log, start)
    count = _count_vouched(connection, log, start, entries)
    begin = START.pack(log.space_at(start), log.key, start, prev, time, count)
    return b"".join([begin, *entries[:count]]), start + count


def _read_entries(connection: Connection, log: Log, start: int) -> tuple[int, list[bytes]]:
    """Return the time of the operation at `start`, and entries from it on, within the limits."""
    bounds = {"log": log.number, "start": start, "stop": start + RUN_OPERATIONS}
    total = 0
    times: list[int] = []
    entries: list[bytes] = []
    with connection.execute(STRETCH, bounds) as rows:
        for _, _, time, until, signature, content, remains in chain.from_iterable(
            rows.partitions(ANCHOR)
        ):
            size, rest = _measure(content, remains)
            total += size
            if total > RUN_BODY_BYTES:
                break
            delta = time - times[-1] if times else 0
            entries.append(ENTRY.pack(content is not None, delta, until, size, signature) + rest)
            times.append(time)
    return times[0], entries


def _measure(content: bytes | None, remains: bytes | None) -> tuple[int, bytes]:
    """Return the size of a body, and what an entry ends with: the content or its digest."""
    if content is not None:
        return len(content) - SALT, content
    assert remains is not None
    digest, size = REMAINS.unpack_from(remains)
    return size, digest


def _count_vouched(connection: Connection, log: Log, start: int, entries: list[bytes]) -> int:
    """Return how many of the entries to send, so that the last one's signature is good."""
    last = start + len(entries) - 1
    # A log ends with the last operation of a run that came, so with a signature that was verified.
    if last == log.head.seq:
        return len(entries)
    for each in _read_backwards(connection, log, start, last):
        if verify(each.key, each.signature, PURPOSE, each.id):
            return each.seq - start + 1
    raise BadSignature("This log holds entries for which no signature vouches.")


def _read_backwards(connection: Connection, log: Log, start: int, last: int) -> Iterator[Operation]:
    while last >= start:
        begin = max(start, last - last % ANCHOR)
        yield from reversed(rebuild_stretch(connection, log, begin, last - begin + 1))
        last = begin - 1
