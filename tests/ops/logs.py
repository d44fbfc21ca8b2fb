"""Logs to take apart, and a second way of writing a run, from its description alone."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from struct import pack

import pytest

from beanjar.base.ids import ZERO
from beanjar.ops import signing
from beanjar.ops.log import EMPTY, Head, head_of, write_operation
from beanjar.ops.operation import Operation
from beanjar.ops.signing import SigningKey
from beanjar.testing.clock import START
from beanjar.testing.people import make_key

SPACE = b"s" * 32
KEY = make_key("a device")


def write_log(
    bodies: Sequence[bytes],
    *,
    key: SigningKey = KEY,
    space: bytes = SPACE,
    head: Head = EMPTY,
    until: int = 0,
) -> list[Operation]:
    """Return a log of these bodies, a second apart; with zeros as `space` it founds one."""
    log: list[Operation] = []
    for body in bodies:
        salt, time = bytes(15) + b"%c" % len(body[:9]), START + 1000 * (head.seq + 1)
        log.append(write_operation(key, space, head, body, salt=salt, time=time, until=until))
        head, space = head_of(log[-1]), log[0].id if space == ZERO else space
    return log


def unsigned(operation: Operation) -> Operation:
    """Return the operation with a signature that nobody made."""
    return Operation(
        operation.id,
        operation.space,
        operation.key,
        operation.seq,
        operation.time,
        operation.prev,
        operation.digest,
        operation.until,
        operation.size,
        bytes(64),
        operation.salt,
        operation.body,
    )


def pack_start(
    space: bytes = SPACE,
    key: bytes = KEY.public,
    seq: int = 0,
    prev: bytes = ZERO,
    time: int = START,
    *,
    count: int = 1,
) -> bytes:
    """Return the beginning of a run."""
    return pack(">32s32sQ32sQI", space, key, seq, prev, time, count)


def pack_entry(
    body: bytes = b"", *, kind: int = 1, delta: int = 0, until: int = 0, size: int | None = None
) -> bytes:
    """Return one entry of a run with nobody's signature."""
    content = bytes(16) + body if kind else bytes(32)
    return pack(">BQQI64s", kind, delta, until, len(body) if size is None else size, b"") + content


@contextmanager
def counted(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[bytes]]:
    """Count the signatures that are checked, by the ids that they are checked for."""
    checked: list[bytes] = []

    def verify(key: bytes, signature: bytes, purpose: bytes, *parts: bytes) -> bool:
        checked.append(parts[0])
        return signing.verify(key, signature, purpose, *parts)

    with monkeypatch.context() as patch:
        patch.setattr("beanjar.ops.log.verify", verify)
        yield checked
