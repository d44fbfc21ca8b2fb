"""Signed operations for the tests of the store."""

import random
from collections.abc import Callable

from beanjar.base.ids import ZERO
from beanjar.ops.log import EMPTY, Head, head_of, write_operation
from beanjar.ops.operation import Operation
from beanjar.ops.signing import SigningKey

SPACE = b"s" * 32
NOON = 1_700_000_000_000


def device(number: int) -> SigningKey:
    """Return the same key for the same number."""
    return SigningKey(number.to_bytes(32, "big"))


class Scribbler(SigningKey):
    """A key that is quick because it signs nothing; the store checks no signatures."""

    def sign(self, purpose: bytes, *parts: bytes) -> bytes:
        del purpose, parts
        return bytes(64)


def write_log(
    key: SigningKey,
    count: int,
    space: bytes = SPACE,
    head: Head = EMPTY,
    until: Callable[[int], int] = lambda _seq: 0,
) -> list[Operation]:
    """Return `count` operations that follow `head`, with bodies of various sizes.

    The same arguments give the same operations. With zeros as `space` the first founds a space.
    """
    chance = random.Random(f"{key.public.hex()} {space.hex()} {head.seq}")  # noqa: S311 - the same in every run
    log: list[Operation] = []
    for seq in range(head.seq + 1, head.seq + 1 + count):
        body, salt = chance.randbytes(chance.randint(0, 300)), chance.randbytes(16)
        time, until_then = NOON + 1_000 * seq, until(seq)
        log.append(write_operation(key, space, head, body, salt=salt, time=time, until=until_then))
        head, space = head_of(log[-1]), log[0].id if space == ZERO else space
    return log
