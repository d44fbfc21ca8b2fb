"""The machine's clock."""

import time


class MachineClock:
    """Tells the time that the machine believes it is."""

    def now(self) -> int:
        """Return the present, in milliseconds since the epoch."""
        return time.time_ns() // 1_000_000
