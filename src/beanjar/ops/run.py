"""A run: consecutive operations of one log as they travel, without what can be derived.

    run   = space 32, key 32, seq u64, prev 32, time u64, count u32, then `count` entries
    entry = kind u8, delta u64, until u64, size u32, signature 64, then
            kind 1: salt 16, body `size`        kind 0 (body withheld): digest 32

`space`, `key`, `seq` and `prev` are those of the first header; `time` is the time that the first
delta is added to, and each delta leads from one operation's time to the next. Whoever reads a run
rebuilds the headers from it, so that they link by construction; one signature, the last, vouches
for them all.
"""

from collections.abc import Sequence
from hashlib import sha256
from struct import Struct
from struct import error as StructError  # noqa: N812 - lower case in the standard library

from beanjar.base.ids import ZERO
from beanjar.base.limits import BODY_BYTES, INTEGER, RUN_BODY_BYTES, RUN_OPERATIONS
from beanjar.ops.errors import Malformed
from beanjar.ops.log import check_place, check_signature
from beanjar.ops.operation import LAYOUT, MAGIC, Operation

START = Struct(">32s32sQ32sQI")
ENTRY = Struct(">BQQI64s")
SALT = 16
DIGEST = 32
CUT_OFF = "This run ends too early: something was cut off."


def write_run(operations: Sequence[Operation]) -> bytes:
    """Return consecutive operations of one log as bytes. The last should have a good signature."""
    first, time = operations[0], operations[0].time
    parts = [START.pack(first.space, first.key, first.seq, first.prev, time, len(operations))]
    for each in operations:
        delta, time = each.time - time, each.time
        whole = each.salt is not None and each.body is not None
        parts.append(ENTRY.pack(whole, delta, each.until, each.size, each.signature))
        parts.extend((each.salt, each.body) if whole else (each.digest,))  # type: ignore[arg-type]
    return b"".join(parts)


def read_run(data: bytes) -> list[Operation]:
    """Rebuild and verify the operations of one run, and of nothing more.

    Raises `Malformed` or `BadSignature`. What the run follows is for the caller to check.
    """
    operations, end = rebuild_run(data, 0)
    if end != len(data):
        raise Malformed("Something follows the end of this run.")
    check_signature(operations[-1])
    return operations


def rebuild_run(data: bytes, at: int) -> tuple[list[Operation], int]:
    """Rebuild the operations of the run that begins at byte `at`; return them and where it ends.

    No signature is checked. Raises `Malformed` when bytes are missing or a limit is passed.
    """
    try:
        operations, end = _rebuild(data, at)
    except StructError:
        raise Malformed(CUT_OFF) from None
    if end > len(data):
        raise Malformed(CUT_OFF)
    if sum(each.size for each in operations) > RUN_BODY_BYTES:
        raise Malformed(f"The bodies of one run are at most {RUN_BODY_BYTES} bytes together.")
    return operations, end


def _rebuild(data: bytes, at: int) -> tuple[list[Operation], int]:
    """Do what `rebuild_run` says. One loop on local names: every operation takes this path."""
    space, key, seq, prev, time, count = START.unpack_from(data, at)
    _check_start(space, seq, prev, count)
    at += START.size
    operations: list[Operation] = []
    salt: bytes | None
    body: bytes | None
    for place in range(seq, seq + count):
        kind, delta, until, size, signature = ENTRY.unpack_from(data, at)
        at += ENTRY.size
        time += delta
        if size > BODY_BYTES or kind > 1 or time > INTEGER or until > INTEGER:
            raise Malformed(
                "An entry of this run is out of bounds: its size, its kind or one of its times."
            )
        if kind:
            end = at + SALT + size
            salt, body, at = data[at : at + SALT], data[at + SALT : end], end
            digest = sha256(b"\x01" + salt + body).digest()
        else:
            salt, body, digest, at = None, None, data[at : at + DIGEST], at + DIGEST
        header = LAYOUT.pack(MAGIC, space, key, place, time, prev, digest, until, size)
        name = sha256(header).digest()
        operations.append(
            Operation(
                name, space, key, place, time, prev, digest, until, size, signature, salt, body
            )
        )
        prev = name
        if space == ZERO:
            space = name
    return operations, at


def _check_start(space: bytes, seq: int, prev: bytes, count: int) -> None:
    if not 1 <= count <= RUN_OPERATIONS:
        raise Malformed(f"A run has 1 to {RUN_OPERATIONS} entries; this one claims {count}.")
    if seq + count > INTEGER:
        raise Malformed("A number in this entry is larger than any clock or count can be.")
    check_place(space, seq, prev)
