"""How much of a kind one peer may make a node do."""


class Allowance:
    """So many at once, and so many more a second."""

    def __init__(self, most: int, every: int, now: int) -> None:
        """Allow `most` at once, and one more every so many ms."""
        self._most = most
        self._every = every
        self._full_at = now
        """When (ms) all of it would be there again."""

    def take(self, now: int) -> bool:
        """Take one, if there is one."""
        full_at = max(self._full_at, now) + self._every
        if full_at > now + self._most * self._every:
            return False
        self._full_at = full_at
        return True

    def is_whole(self, now: int) -> bool:
        """Say whether nothing of it is used up."""
        return self._full_at <= now
