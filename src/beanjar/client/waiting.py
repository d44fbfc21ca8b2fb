"""Waiting for what a node or a crowd does: looking again and again."""

from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def look_until(
    look: Callable[[], T | None], seconds: float, every: float, pause: Callable[[float], None]
) -> T | None:
    """Look until there is something, and return it; `None` after so many `seconds` without.

    One looks `every` so many seconds, at least twice; `pause` waits for as long. To wait for ever,
    hand in `math.inf`.
    """
    left = seconds
    while (found := look()) is None:
        pause(every)
        left -= every
        if not left > 0:
            return look()
    return found
