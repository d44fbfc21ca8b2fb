"""One signed statement: a header of 160 bytes, a signature, and a salted body."""

from hashlib import sha256
from struct import Struct

import msgspec

from beanjar.base.ids import ZERO

MAGIC = b"BJ1\0"
LAYOUT = Struct(">4s32s32sQQ32s32sQI")
"""magic, space, key, seq, time, prev, digest, until, size"""


def hash_body(salt: bytes, body: bytes) -> bytes:
    """Return the 32-byte digest that a header holds of its body. `salt` has 16 bytes."""
    return sha256(b"\x01" + salt + body).digest()


class Operation(msgspec.Struct, frozen=True, gc=False):
    """What a node holds of one statement. Made by `beanjar.ops.run` and `beanjar.ops.log` only.

    `id`, `space`, `key`, `prev` and `digest` have 32 bytes, `signature` 64, `salt` 16. `time` and
    `until` are milliseconds since the epoch; `until` 0 means for ever. `salt` and `body` are
    `None` once the body was erased, has expired, or has not arrived.
    """

    id: bytes
    space: bytes
    key: bytes
    seq: int
    time: int
    prev: bytes
    digest: bytes
    until: int
    size: int
    signature: bytes
    salt: bytes | None
    body: bytes | None

    @property
    def header(self) -> bytes:
        """The 160 bytes whose SHA-256 is the id."""
        return LAYOUT.pack(
            MAGIC,
            self.space,
            self.key,
            self.seq,
            self.time,
            self.prev,
            self.digest,
            self.until,
            self.size,
        )

    @property
    def effective_space(self) -> bytes:
        """The space that this belongs to: a founding operation belongs to the one it founds."""
        return effective_space(self.space, self.id)

    def expired(self, now: int) -> bool:
        """Say whether the body may be dropped at `now`, in milliseconds since the epoch."""
        return 0 < self.until <= now

    def without_body(self) -> "Operation":
        """Return the same operation as every node keeps it after an erasure or an expiry."""
        return msgspec.structs.replace(self, salt=None, body=None)

    def with_body(self, salt: bytes, body: bytes) -> "Operation":
        """Return the same operation whole again; that the body is its own, the caller checks."""
        return msgspec.structs.replace(self, salt=salt, body=body)


def effective_space(space: bytes, first: bytes) -> bytes:
    """Return the space of an operation whose header says `space` and whose id is `first`.

    A space cannot name itself in its own first operation, so that header says zeros. Chain rules
    and fork rules compare effective spaces: one key may found several spaces without a fork.
    """
    return first if space == ZERO else space
