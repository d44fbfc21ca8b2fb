"""A log: the operations of one device key in one space, each linked to the one before."""

from collections.abc import Sequence
from hashlib import sha256

import msgspec

from beanjar.base.ids import ZERO
from beanjar.base.limits import BODY_BYTES
from beanjar.ops.errors import BadSignature, BrokenChain, Malformed
from beanjar.ops.operation import LAYOUT, MAGIC, Operation, hash_body
from beanjar.ops.signing import SigningKey, verify

PURPOSE = b"sign"
"""What the signature of an operation is for, see `beanjar.ops.signing.message`."""


class Head(msgspec.Struct, frozen=True):
    """Where a log stands: the last operation's seq, id and time. `seq` is -1 for an empty log."""

    seq: int = -1
    id: bytes = ZERO
    time: int = 0


EMPTY = Head()


def head_of(operation: Operation) -> Head:
    """Return where a log stands after `operation`."""
    return Head(operation.seq, operation.id, operation.time)


def write_operation(
    key: SigningKey,
    space: bytes,
    head: Head,
    body: bytes,
    *,
    salt: bytes,
    time: int,
    until: int = 0,
) -> Operation:
    """Sign `body` as what follows `head` in the log of `key`.

    `space` is zeros for a founding operation, `salt` 16 random bytes. A clock that runs behind
    the log's own past is overruled, since time never decreases in a log. Raises `Malformed` if
    the body is too long.
    """
    if len(body) > BODY_BYTES:
        raise Malformed(f"This is too long: {len(body)} bytes, and {BODY_BYTES} fit. Shorten it.")
    seq, time = head.seq + 1, max(time, head.time)
    digest, size = hash_body(salt, body), len(body)
    fields = (space, key.public, seq, time, head.id, digest, until, size)
    name = sha256(LAYOUT.pack(MAGIC, *fields)).digest()
    return Operation(name, *fields, key.sign(PURPOSE, name), salt, body)


def check_place(space: bytes, seq: int, prev: bytes) -> None:
    """Check that a header with these fields can stand in a log at all, or raise `Malformed`."""
    if (seq == 0) != (prev == ZERO) or (space == ZERO and seq > 0):
        raise Malformed("Only the first entry of a log follows nothing, and it follows nothing.")


def check_signature(operation: Operation) -> None:
    """Check the operation's own signature, on which it can stand alone, or raise `BadSignature`."""
    if not is_signed(operation):
        raise BadSignature(
            "This message was changed on the way, or somebody else signed it. It was not let in."
        )


def is_signed(operation: Operation) -> bool:
    """Say whether the operation can stand alone; if not, a later one of its log vouches for it."""
    return verify(operation.key, operation.signature, PURPOSE, operation.id)


def find_fork(run: Sequence[Operation], held: Sequence[Operation]) -> int | None:
    """Return where in `run` another operation stands than in `held`, or `None`.

    Both start at the same place of the same log; `held` is what a node has there already.
    """
    pairs = enumerate(zip(run, held, strict=False))
    return next((place for place, (new, old) in pairs if new.id != old.id), None)


def check_continuation(head: Head, first: Operation) -> None:
    """Check that `first` comes next in a log that stands at `head`, or raise `BrokenChain`."""
    if first.seq > head.seq + 1:
        raise BrokenChain(
            f"Entries {head.seq + 2} to {first.seq} of this log have not arrived. Send them first."
        )
    if first.prev != head.id or first.time < head.time:
        raise BrokenChain(
            f"Entry {first.seq + 1} does not follow what is here of this log. Send the log from "
            "the place where it differs."
        )
