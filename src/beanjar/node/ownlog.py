"""What this node's own device says, as one of its keeper's."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from beanjar.base.clock import Clock
from beanjar.ops.body import Body, write_body
from beanjar.ops.log import write_operation
from beanjar.ops.operation import Operation
from beanjar.ops.run import SALT
from beanjar.ops.signing import SigningKey
from beanjar.store import Store

T = TypeVar("T")


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

    async def say(self, space: bytes, body: Body) -> T:
        """Say something, to the end even if whoever asked goes away; return what `take` does."""
        return await asyncio.shield(self._say(space, body))

    async def _say(self, space: bytes, body: Body) -> T:
        async with self._lock:  # one after the other, or the log would fork
            operation = write_operation(
                self._device,
                space,
                self._store.head(space, self._device.public),
                write_body(body),
                salt=secrets.token_bytes(SALT),
                time=self._clock.now(),
            )
            return await self._take(space, [operation])
