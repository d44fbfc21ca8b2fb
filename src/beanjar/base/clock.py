"""What a clock is. Only the node reads a real one; everything below is handed the time."""

from typing import Protocol

SECOND = 1_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR


class Clock(Protocol):
    """Tells the time in whole milliseconds since 1970-01-01 UTC."""

    def now(self) -> int:
        """Return the present, in milliseconds since the epoch."""
        ...

    def elapsed(self) -> int:
        """Return how many milliseconds have passed since some moment, however the clock was set."""
        ...
