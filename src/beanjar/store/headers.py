"""How operations are put together again from rows that leave out what can be derived."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from hashlib import sha256
from itertools import islice
from struct import Struct

from sqlalchemy import Connection, bindparam, select

from beanjar.base.ids import ZERO
from beanjar.ops.operation import LAYOUT, MAGIC, Operation, hash_body
from beanjar.ops.run import SALT
from beanjar.store.logs import Log, log_by_number
from beanjar.store.schema import ANCHOR, operation

SHORT = Struct(">q")
"""The first 8 bytes of an id, as the table holds them."""

REMAINS = Struct(">32sI")
"""What the table holds of a body that is not here: digest, size."""

Row = tuple[int, int, int]
"""Where an operation is: its arrival, the number of its log, its seq."""

SAID = (
    operation.c.seq,
    operation.c.time,
    operation.c.until,
    operation.c.signature,
    operation.c.content,
    operation.c.remains,
)
"""The columns that `rebuild` takes, in its order."""

STRETCH = (
    select(operation.c.prev, *SAID)
    .where(
        operation.c.log == bindparam("log"),
        operation.c.seq >= bindparam("start"),
        operation.c.seq < bindparam("stop"),
    )
    .order_by(operation.c.seq)
)
"""The rows of a stretch of a log: what is stored of the predecessor, then what was said."""


def rebuild(  # noqa: PLR0913, PLR0917 - a row's columns, one by one: every read takes this path
    space: bytes,
    key: bytes,
    prev: bytes,
    seq: int,
    time: int,
    until: int,
    signature: bytes,
    content: bytes | None,
    remains: bytes | None,
) -> Operation:
    """Return the operation that a row stands for; `space` is the one that its header says."""
    if content is None:
        assert remains is not None
        salt = body = None
        digest, size = REMAINS.unpack_from(remains)
    else:
        salt, body = content[:SALT], content[SALT:]
        digest, size = hash_body(salt, body), len(body)
    header = LAYOUT.pack(MAGIC, space, key, seq, time, prev, digest, until, size)
    name = sha256(header).digest()
    return Operation(name, space, key, seq, time, prev, digest, until, size, signature, salt, body)


def rebuild_stretch(connection: Connection, log: Log, start: int, count: int) -> list[Operation]:
    """Return up to `count` operations of the log from seq `start` on.

    Begins at the last id that is stored before, so at most `ANCHOR` - 1 operations too early.
    """
    anchor = start - start % ANCHOR
    bounds = {"log": log.number, "start": anchor, "stop": start + count}
    found: list[Operation] = []
    prev = ZERO
    for stored, seq, *said in connection.execute(STRETCH, bounds):
        prev = stored or prev
        found.append(rebuild(log.space_at(seq), log.key, prev, seq, *said))
        prev = found[-1].id
    return list(islice(found, start - anchor, None))


def rebuild_rows(
    connection: Connection, rows: Iterable[Row]
) -> Iterator[list[tuple[int, Operation]]]:
    """Yield the operations at these places, each with its arrival, some of one log at a time."""
    stretches: dict[tuple[int, int], dict[int, int]] = defaultdict(dict)
    for arrival, number, seq in rows:
        stretches[number, seq // ANCHOR][seq] = arrival
    for (number, stretch), arrivals in stretches.items():
        here = log_by_number(connection, number)
        found = rebuild_stretch(connection, here, stretch * ANCHOR, ANCHOR)
        yield [(arrivals[each.seq], each) for each in found if each.seq in arrivals]
