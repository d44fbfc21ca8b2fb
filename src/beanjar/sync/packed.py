"""What waits for its turn: as bytes, and with its size, so that all of it can be bounded."""

from collections import deque
from collections.abc import Iterator
from typing import Generic, TypeVar

import msgspec

T = TypeVar("T")

REFERENCE = 8
"""Bytes by which one refers to what is in memory anyway."""


class Packed(Generic[T]):
    """Things put away as bytes, since many small ones take several times as much in memory."""

    def __init__(self, things: list[T], kind: type[list[T]]) -> None:
        """Put these away, as a list of this kind."""
        self._bytes = msgspec.msgpack.encode(things)
        self._kind = kind

    @property
    def size(self) -> int:
        """How many bytes they take."""
        return len(self._bytes)

    def __iter__(self) -> Iterator[T]:
        """Make them anew, all of them once the first is asked for."""
        yield from msgspec.msgpack.decode(self._bytes, type=self._kind)


class Waiting(deque[tuple[T, int]]):
    """What waits, first what came first, each with its size in bytes."""

    def __init__(self) -> None:
        """Begin with nothing."""
        super().__init__()
        self.size = 0
        """The size of all."""

    def add(self, what: T, size: int) -> None:
        """Let something wait."""
        self.append((what, size))
        self.size += size

    def take(self) -> T:
        """Return what has waited for longest, which waits no more."""
        what, size = self.popleft()
        self.size -= size
        return what
