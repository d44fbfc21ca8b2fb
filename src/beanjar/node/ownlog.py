"""What this node's own device says, as one of its keeper's."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from hashlib import sha256
from typing import Generic, TypeVar

from beanjar.base.clock import Clock
from beanjar.ops.body import Body, write_body
from beanjar.ops.errors import Refused
from beanjar.ops.log import write_operation
from beanjar.ops.operation import Operation
from beanjar.ops.run import SALT
from beanjar.ops.signing import SigningKey
from beanjar.store import Store, Writer

T = TypeVar("T")


_SIZE = 8
"""Bytes of a place in a log, as it is kept."""


class Behind(Refused):
    """What this node itself has said in a space is not all here."""


class OwnLog(Generic[T]):
    """The logs of one device, one in each space."""

    def __init__(
        self,
        device: SigningKey,
        store: Store,
        clock: Clock,
        take: Callable[[bytes, list[Operation]], Awaitable[T]],
    ) -> None:
        """Sign with `device`; `take` puts a run of a space on the disk."""
        self._device = device
        self._store = store
        self._clock = clock
        self._take = take
        self._lock = asyncio.Lock()

    def is_behind(self, space: bytes) -> bool:
        """Say whether this node left the space, and has not got back all that it had said there.

        To go on from anywhere before that would fork its log.
        """
        left = self._store.private(_mark(self._device.public, space))
        if left is None:
            return False
        return self._store.head(space, self._device.public).seq < int.from_bytes(left, "big")

    def mark_left(self, writer: Writer, space: bytes) -> None:
        """Keep in mind where the log stands in a space that is being left, and nothing else."""
        head = writer.head(space, self._device.public)
        if head.seq >= 0:
            before = int.from_bytes(
                self._store.private(_mark(self._device.public, space)) or b"", "big"
            )
            writer.keep_private(
                _mark(self._device.public, space), max(head.seq, before).to_bytes(_SIZE, "big")
            )

    async def say(self, space: bytes, body: Body) -> T:
        """Say something, to the end even if whoever asked goes away; return what `take` does."""
        return await asyncio.shield(self._say(space, body))

    async def _say(self, space: bytes, body: Body) -> T:
        async with self._lock:  # one after the other, or the log would fork
            if self.is_behind(space):
                raise Behind(
                    "This node left the space before, and what it had said there has not come "
                    "back yet. Try again once other nodes that have it are connected."
                )
            operation = write_operation(
                self._device,
                space,
                self._store.head(space, self._device.public),
                write_body(body),
                salt=secrets.token_bytes(SALT),
                time=self._clock.now(),
            )
            return await self._take(space, [operation])


def _mark(device: bytes, space: bytes) -> str:
    """Return the name of the mark: who finds it cannot tell which space it was."""
    return f"left {sha256(b'BJ1 left' + bytes(1) + device + space).hexdigest()}"
