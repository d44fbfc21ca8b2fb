"""How many bytes nodes send to one another for each operation that arrives."""

from collections.abc import Collection, Iterator, Sequence

from beanjar.main.demo.process import NodeProcess


class Traffic:
    """What a fleet of nodes sent on its connections, and how often an operation arrived by them.

    Bytes are those of messages as they go onto a connection: packed, and not yet encrypted. Counted
    is all that nodes say to one another before a latecomer comes, questions about what is missing
    and witnesses' words included, on connections that stand at the end, and, of a node that is
    killed, what it sent and was sent until just before.
    """

    def __init__(self) -> None:
        """Begin with nothing."""
        self._sent = self._arrived = self._operations = 0

    def note_before(
        self, living: Sequence[NodeProcess], doomed: Collection[NodeProcess], space: bytes
    ) -> None:
        """Note what the living have sent to those who will be killed now, and got from them."""
        self._note_operations(living, space)
        self._sent += sum(sent for one, other, sent in _links(living) if {one, other} & set(doomed))

    def measure(self, living: Sequence[NodeProcess], space: bytes) -> float | None:
        """Return the bytes sent for each arrival of an operation; `None` for a single node.

        An operation has arrived at every node that lived then but the one that it was handed to.
        """
        if len(living) == 1:
            return None  # such a node may have no connections at all
        self._note_operations(living, space)
        sent = self._sent + sum(sent for _, _, sent in _links(living))
        return sent / self._arrived

    def _note_operations(self, living: Sequence[NodeProcess], space: bytes) -> None:
        now = max(node.door.standing(space).operations for node in living)
        self._arrived += (now - self._operations) * (len(living) - 1)
        self._operations = now


def _links(nodes: Sequence[NodeProcess]) -> Iterator[tuple[NodeProcess, NodeProcess, int]]:
    """Yield who has sent how many bytes to whom, among these nodes."""
    by_key = {node.address.key: node for node in nodes}
    for node in nodes:
        for neighbour in node.door.neighbours(node.token).neighbours:
            if neighbour.key in by_key:
                yield node, by_key[neighbour.key], neighbour.sent
