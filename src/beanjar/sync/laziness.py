"""What is not pushed to a neighbour, but announced a little later; see `beanjar.sync.spreading`."""

from beanjar.base.limits import ANNOUNCE_AFTER, HEADS_AT_ONCE


class Laziness:
    """The spaces in which the link with a neighbour is lazy, and what waits to be announced."""

    def __init__(self) -> None:
        """Begin as one to which all is pushed."""
        self.spaces: set[bytes] = set()
        self._waiting: dict[bytes, dict[bytes, int]] = {}
        """By space: the logs that go on, and since when (ms)."""

    def note(self, space: bytes, key: bytes, now: int) -> None:
        """Let it be announced that a log goes on."""
        waiting = self._waiting.setdefault(space, {})
        if len(waiting) <= HEADS_AT_ONCE:  # one more than can be announced tells that there are
            waiting.setdefault(key, now)

    def forget(self, space: bytes, key: bytes) -> None:
        """Let a log not be announced: the peer has said the same of it."""
        self._waiting.get(space, {}).pop(key, None)

    def leave(self, space: bytes) -> None:
        """Forget a space."""
        self.spaces.discard(space)
        self._waiting.pop(space, None)

    def take_due(self, now: int) -> list[tuple[bytes, list[bytes]]]:
        """Return by space the logs to announce at `now`: too many at once, if they are too many."""
        found = []
        for space, waiting in self._waiting.items():
            is_full = len(waiting) > HEADS_AT_ONCE
            due = [k for k, since in waiting.items() if is_full or now - since >= ANNOUNCE_AFTER]
            for key in due:
                del waiting[key]
            if due:
                found.append((space, due))
        return found
