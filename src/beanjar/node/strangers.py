"""Nodes of which somebody says that they are there: each gets a little time to be of use.

Of use is who carries a space that this node carries. The others are let go, and not dialled again
for long.
"""

from collections.abc import Callable

from beanjar.base.limits import (
    STRANGER_AGAIN,
    STRANGER_FOR,
    STRANGER_LOST,
    STRANGERS,
    STRANGERS_AT_ONCE,
)


class Strangers:
    """Whom a node has tried lately. Times are in ms of time elapsed."""

    def __init__(self) -> None:
        """Begin with none."""
        self._tried: dict[bytes, int] = {}
        self._until: dict[bytes, int] = {}

    def begin(self, node: bytes, now: int) -> bool:
        """Say whether a node is to be dialled; if so, it counts as being tried."""
        if node in self._tried or len(self._tried) >= STRANGERS_AT_ONCE:
            return False
        if self._until.get(node, now) > now:
            return False
        self._tried[node] = now
        return True

    def note_lost(self, node: bytes, now: int) -> None:
        """Note that a node did not answer."""
        self._end(node, now + STRANGER_LOST)

    def note_useless(self, node: bytes, now: int) -> None:
        """Note that a node carries nothing that this one carries."""
        self._end(node, now + STRANGER_AGAIN)

    def forget(self) -> None:
        """Let every node be tried again, since this one carries something new."""
        self._until.clear()

    def due(self, now: int, shares: Callable[[bytes], bool]) -> list[bytes]:
        """Return whom to let go, having had its time; those that `shares` are strangers no more."""
        self._tried = {node: since for node, since in self._tried.items() if not shares(node)}
        late = [node for node, since in self._tried.items() if now - since >= STRANGER_FOR]
        for node in late:
            self.note_useless(node, now)
        return late

    def _end(self, node: bytes, until: int) -> None:
        self._tried.pop(node, None)
        self._until.pop(node, None)
        self._until[node] = until
        while len(self._until) > STRANGERS:
            del self._until[next(iter(self._until))]
