"""Virtual time: what happens when, one thing after the other. No clock is read, nothing sleeps."""

from collections.abc import Callable
from heapq import heappop, heappush
from typing import Any

START = 1_800_000_000_000
"""When every run begins: 2027-01-15 08:00 UTC, in ms."""


class Timeline:
    """What is to happen, in its order; what is due at one time happens as it was asked for."""

    def __init__(self) -> None:
        """Begin at `START` with nothing to happen."""
        self.now = START
        self.events = 0
        """How many things have happened."""
        self._heap: list[tuple[int, int, Callable[..., object], tuple[Any, ...]]] = []
        self._order = 0

    def after(self, milliseconds: int, do: Callable[..., object], *given: Any) -> None:  # noqa: ANN401 - whatever it takes
        """Let something happen so much later."""
        self._order += 1
        heappush(self._heap, (self.now + milliseconds, self._order, do, given))

    def run(self, until: int) -> None:
        """Let all happen that is due before `until` (ms), and be there."""
        heap = self._heap
        while heap and heap[0][0] < until:
            self.now, _, do, given = heappop(heap)
            self.events += 1
            do(*given)
        self.now = until
