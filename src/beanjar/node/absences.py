"""Neighbours that were lost and could not be dialled since: they hold no copy one can rely on."""

from beanjar.base.limits import ADDRESSES_KEPT


class Absences:
    """Whom a node has lost since it was started, the newest `ADDRESSES_KEPT`. Times are in ms."""

    def __init__(self) -> None:
        """Begin with nobody lost."""
        self._lost: dict[bytes, int] = {}
        self._missed: set[bytes] = set()

    def note_here(self, node: bytes) -> None:
        """Note that there is a connection with a node."""
        self._lost.pop(node, None)
        self._missed.discard(node)

    def note_lost(self, node: bytes, now: int) -> None:
        """Note that the connection with a node is over."""
        self.note_here(node)
        self._lost[node] = now
        if len(self._lost) > ADDRESSES_KEPT:
            self.note_here(next(iter(self._lost)))

    def note_missed(self, node: bytes) -> None:
        """Note that a node was dialled in vain; of one that was never here that says little."""
        if node in self._lost:
            self._missed.add(node)

    def since(self, node: bytes) -> int | None:
        """Return when a node was lost that was dialled in vain since, or `None` for any other."""
        return self._lost[node] if node in self._missed else None
