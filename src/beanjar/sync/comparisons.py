"""Which spaces are to be compared with all neighbours, and from when on they may be again."""

from beanjar.base.limits import COMPARE_AGAIN, COMPARE_EVERY


class Comparisons:
    """The comparisons that are due, but not all the time: what is being pushed looks missing."""

    def __init__(self) -> None:
        """Begin with none."""
        self._noted: set[bytes] = set()
        self._paused: dict[bytes, int] = {}
        """By space: until when (ms) it is not compared again."""
        self._round_at = 0

    def is_round_due(self, now: int) -> bool:
        """Say whether all is to be compared with some neighbour again, once each time it is."""
        is_due = now >= self._round_at
        self._round_at = now + COMPARE_EVERY if is_due else self._round_at
        return is_due

    def note(self, *spaces: bytes) -> None:
        """Note that spaces are to be compared."""
        self._noted.update(spaces)

    def take_due(self, now: int) -> list[bytes]:
        """Return the spaces to compare at `now` (ms); the same ones again only after a pause."""
        due = [space for space in self._noted if now >= self._paused.get(space, now)]
        self._noted.difference_update(due)
        self._paused.update(dict.fromkeys(due, now + COMPARE_AGAIN))
        return due
