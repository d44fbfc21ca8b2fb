"""Which neighbours hold what: an operation is safe once enough other nodes have it on disk.

A peer's word is taken for what it says of its own disk: who lies about that harms what is said
through this node, and nobody else.
"""

from collections import OrderedDict, defaultdict

from beanjar.base.limits import ACKNOWLEDGED, HOLDERS, SAFE_AT
from beanjar.sync.events import Holds


class Holders:
    """What neighbours have said that they hold. Lost when the node stops, and learnt again."""

    def __init__(self) -> None:
        """Begin knowing nothing."""
        self._named: OrderedDict[tuple[bytes, bytes], set[bytes]] = OrderedDict()
        self._levels: defaultdict[bytes, dict[bytes, int]] = defaultdict(dict)

    def note(self, said: Holds) -> None:
        """Take a peer's word."""
        if said.id is None:
            levels = self._levels[said.space]
            levels[said.peer] = max(said.arrival, levels.pop(said.peer, 0))
            if len(levels) > HOLDERS:
                del levels[next(iter(levels))]  # the one that has been silent for longest
            return
        holders = self._named.setdefault((said.space, said.id), set())
        if len(holders) < SAFE_AT:  # by more it is no safer, and node keys cost nothing
            holders.add(said.peer)
        if len(self._named) > ACKNOWLEDGED:
            self._named.popitem(last=False)

    def forget(self, space: bytes) -> None:
        """Keep nothing in mind of a space that was left."""
        self._levels.pop(space, None)
        for named in [each for each in self._named if each[0] == space]:
            del self._named[named]

    def count(self, space: bytes, name: bytes, arrival: int | None) -> int:
        """Return how many other nodes hold an operation, which arrived here at `arrival`.

        There may be more, but never fewer than `SAFE_AT` where so many have said so.
        """
        peers = set() if arrival is None else self.holding(space, arrival)
        return len(peers | self._named.get((space, name), set()))

    def holding(self, space: bytes, arrival: int) -> set[bytes]:
        """Return the nodes that hold all that had arrived here up to `arrival`."""
        return {peer for peer, level in self._levels[space].items() if arrival <= level}
