"""A clock that moves only when told to."""

from beanjar.base.clock import SECOND

START = 1_800_000_000_000
"""When every story begins: 2027-01-15 08:00 UTC, in ms."""


class HandClock:
    """A clock held in the hand."""

    def __init__(self, now: int = START) -> None:
        """Start at `now`, in ms since the epoch."""
        self._now = now
        self._elapsed = 0

    def now(self) -> int:
        """Return the time, in ms since the epoch."""
        return self._now

    def elapsed(self) -> int:
        """Return how much time has passed since the start, in ms."""
        return self._elapsed

    def set_to(self, now: int) -> None:
        """Set the clock to `now`, in ms since the epoch, while no time passes."""
        self._now = now

    def pass_time(self, milliseconds: int = SECOND) -> int:
        """Let the time pass and return the new time."""
        self._now += milliseconds
        self._elapsed += milliseconds
        return self._now
