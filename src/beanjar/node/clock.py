"""The machine's clock, and the time by which a node speaks with others."""

import time

from beanjar.base.clock import Clock
from beanjar.base.limits import CLOCK_SET


class MachineClock:
    """Tells the time that the machine believes it is."""

    def now(self) -> int:
        """Return the present, in milliseconds since the epoch."""
        return time.time_ns() // 1_000_000

    def elapsed(self) -> int:
        """Return how many milliseconds the machine has been awake since some moment."""
        return time.monotonic_ns() // 1_000_000


class EvenTime:
    """The time of a clock as it was first read, and what has passed since.

    It runs evenly when the clock is set. Waits between nodes are measured by it, and it is near
    enough to the clock's to date what a node says of itself.
    """

    def __init__(self, clock: Clock) -> None:
        """Go by the clock."""
        self._clock = clock
        self._begun = self._find_begin()

    def now(self) -> int:
        """Return the present, in milliseconds since the epoch."""
        return self._begun + self._clock.elapsed()

    def catch_up(self) -> bool:
        """Go by the clock anew if it was set by more than `CLOCK_SET`; say whether it was.

        So it is too when the machine has slept, since what passes then is not counted.
        """
        begun = self._find_begin()
        if abs(begun - self._begun) <= CLOCK_SET:
            return False
        self._begun = begun
        return True

    def _find_begin(self) -> int:
        return self._clock.now() - self._clock.elapsed()
