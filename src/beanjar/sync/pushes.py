"""What waits to be pushed to one neighbour, and what it has not yet said to be on its disk."""

from collections import deque
from collections.abc import Callable, Sequence

from msgspec import Struct

from beanjar.base.limits import (
    MESSAGE_BYTES,
    PUSH_BYTES_WAITING,
    PUSHES_WAITING,
    RUNS_AT_ONCE,
)
from beanjar.sync.messages import Push

Told = tuple[bytes, ...]


class Pushed(Struct, frozen=True):
    """A run that waits to be pushed; `ids` are its operations', `told` are who is told too."""

    space: bytes
    ids: tuple[bytes, ...]
    run: bytes
    told: Told


class Pushes:
    """The pushes to one neighbour, in their order."""

    def __init__(self) -> None:
        """Begin with none."""
        self._waiting: deque[Pushed] = deque()
        self._bytes = 0
        self._unconfirmed: dict[int, tuple[bytes, list[bytes]]] = {}
        self._count = 0
        """How many operations wait to be sent or confirmed."""
        self._last = self._mark = 0
        """The number of the last push, and of the last when it was given up what was older."""

    @property
    def are_waiting(self) -> bool:
        """Whether any wait to be sent."""
        return bool(self._waiting)

    def add(self, pushed: Pushed) -> bool:
        """Let a run be pushed; say whether there was room for it."""
        if self._count >= PUSHES_WAITING or self._bytes >= PUSH_BYTES_WAITING:
            return False
        self._waiting.append(pushed)
        self._count += len(pushed.ids)
        self._bytes += len(pushed.run)
        return True

    def confirm(self, numbers: Sequence[int]) -> list[tuple[bytes, bytes]]:
        """Return (space, id) of all that was pushed under these numbers, once.

        They are confirmed in order: what was left out before did not link, and is not waited for.
        """
        passed = [each for each in self._unconfirmed if each <= max(numbers)]
        found = {number: self._unconfirmed.pop(number) for number in passed}
        self._count -= sum(len(names) for _, names in found.values())
        held = [found[number] for number in dict.fromkeys(numbers) if number in found]
        return [(space, name) for space, names in held for name in names]

    def give_up(self) -> set[bytes]:
        """Wait no longer for word of what was pushed before the last call; return its spaces."""
        old = [number for number in self._unconfirmed if number <= self._mark]
        found = [self._unconfirmed.pop(number) for number in old]
        self._count -= sum(len(names) for _, names in found)
        self._mark = self._last
        return {space for space, _ in found}

    def next(self, number: Callable[[bytes], int]) -> Push:
        """Return a push of as much as waits for the same space, told to the same nodes.

        `number` says by which number a space is spoken of. Something must be waiting.
        """
        first = self._waiting[0]
        taken: list[Pushed] = []
        size = 0
        while self._waiting and len(taken) < RUNS_AT_ONCE and size < MESSAGE_BYTES:
            if (self._waiting[0].space, self._waiting[0].told) != (first.space, first.told):
                break
            taken.append(self._waiting.popleft())
            size += len(taken[-1].run)
        self._bytes -= size
        self._last += 1
        self._unconfirmed[self._last] = (first.space, [name for each in taken for name in each.ids])
        runs = tuple(each.run for each in taken)
        return Push(number(first.space), self._last, first.told, runs)
