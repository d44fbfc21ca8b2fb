"""The tries of all spaces that a replica carries, kept in step with it."""

from beanjar.sync.replica import Replica
from beanjar.sync.trie import Entry, Trie


class Tries:
    """A trie for each space, built at the first look."""

    def __init__(self, replica: Replica) -> None:
        """Begin without tries."""
        self._replica = replica
        self._tries: dict[bytes, Trie] = {}
        self._arrivals: dict[bytes, int] = {}

    def of(self, space: bytes) -> Trie:
        """Return the trie of a space that is carried."""
        if space not in self._tries:
            # Asked first: what arrives in between is in the trie, and no more than that is claimed.
            self._arrivals[space] = self._replica.last_arrival(space)
            trie = self._tries[space] = Trie()
            for entry in self._replica.entries(space):
                trie.put(entry)
        return self._tries[space]

    def leave(self, space: bytes) -> None:
        """Forget a space."""
        self._tries.pop(space, None)
        self._arrivals.pop(space, None)

    def arrival(self, space: bytes) -> int:
        """Return the arrival up to which the trie surely stands for all that is held."""
        self.of(space)
        return self._arrivals[space]

    def update(self, space: bytes, entry: Entry, arrival: int) -> None:
        """Note how far a log is held, of which something was taken in up to an arrival."""
        self.of(space).put(entry)
        self._arrivals[space] = max(arrival, self._arrivals[space])
