"""Tells whoever listens what has changed."""

import asyncio
from collections.abc import AsyncIterator

from msgspec import Struct

WAITING = 256
"""How many changes a listener may lag behind before it is let go; it comes back and looks anew."""


class Change(Struct, frozen=True):
    """Something new in a space (hex), about a subject (id) if it is about one."""

    space: str
    subject: str | None


class Changes:
    """Passes each change on to every listener."""

    def __init__(self) -> None:
        """Begin with no listeners."""
        self._listeners: set[asyncio.Queue[Change | None]] = set()

    def tell(self, change: Change) -> None:
        """Tell all listeners, at once. One that lags too far behind is let go."""
        for queue in list(self._listeners):
            if queue.qsize() < WAITING:
                queue.put_nowait(change)
            elif queue in self._listeners:
                self._listeners.discard(queue)
                queue.put_nowait(None)

    async def listen(self) -> AsyncIterator[Change]:
        """Yield every change from now on, until the listener lags or goes away."""
        queue: asyncio.Queue[Change | None] = asyncio.Queue()
        self._listeners.add(queue)
        try:
            while (change := await queue.get()) is not None:
                yield change
        finally:
            self._listeners.discard(queue)

    def end(self) -> None:
        """Let all listeners go."""
        for queue in self._listeners:
            queue.put_nowait(None)
        self._listeners.clear()
