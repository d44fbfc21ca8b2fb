"""A clock that moves only when told to."""

from beanjar.base.clock import SECOND

START = 1_800_000_000_000
"""When every story begins: 2027-01-15 08:00 UTC, in ms."""


class HandClock:
    """A clock held in the hand."""

    def __init__(self, now: int = START) -> None:
        """Start at `now`, in ms since the epoch."""
        self._now = now

    def now(self) -> int:
        """Return the time, in ms since the epoch."""
        return self._now

    def pass_time(self, milliseconds: int = SECOND) -> int:
        """Let the time pass and return the new time."""
        self._now += milliseconds
        return self._now
