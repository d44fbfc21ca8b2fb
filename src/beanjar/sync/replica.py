"""What a replica is to the exchange: reading only; what is to be taken in comes out as events."""

from collections.abc import Iterable, Sequence
from typing import Protocol

from beanjar.ops.fork import ForkProof
from beanjar.ops.operation import Operation
from beanjar.sync.membership import Card
from beanjar.sync.trie import Entry


class Replica(Protocol):
    """What this node holds. Spaces, keys and ids have 32 bytes."""

    @property
    def device(self) -> bytes:
        """The device key of this node, whose log nobody else continues."""
        ...

    def spaces(self) -> Sequence[bytes]:
        """Return the spaces that are carried, some perhaps without an operation yet."""
        ...

    def entries(self, space: bytes) -> Iterable[Entry]:
        """Return how far every log of a space is held."""
        ...

    def last_arrival(self, space: bytes) -> int:
        """Return the arrival of what came last in a space."""
        ...

    def write_run(self, space: bytes, key: bytes, start: int) -> tuple[bytes, int]:
        """Return a run of a log from a seq on, and the seq that follows it; empty at the end."""
        ...

    def ids(self, space: bytes, key: bytes, seqs: Sequence[int]) -> dict[int, bytes]:
        """Return the ids of the operations of a log that are held at these places."""
        ...

    def find(self, space: bytes, name: bytes) -> Operation | None:
        """Return an operation by its id, wherever it stands."""
        ...

    def fork(self, space: bytes, key: bytes) -> ForkProof | None:
        """Return the proof that a log is forked, if there is one."""
        ...

    def loose(self, space: bytes) -> Sequence[bytes]:
        """Return the ids of what is held past forks for questions that are not settled."""
        ...

    def missing(self, space: bytes) -> Sequence[bytes]:
        """Return the ids of operations that questions need and that are not here."""
        ...

    def wanted(self, space: bytes) -> Sequence[bytes]:
        """Return ids of operations whose bodies should be here and are not: others each time."""
        ...

    def wanted_chunks(self, space: bytes) -> Sequence[bytes]:
        """Return hashes of chunks of files that somebody here wants to see: others each time."""
        ...

    def chunk(self, space: bytes, name: bytes) -> bytes | None:
        """Return a chunk of a file of the space by its hash."""
        ...

    def sign_card(
        self, space: bytes, time: int, neighbours: tuple[bytes, ...], operations: int, root: bytes
    ) -> Card:
        """Return what this node says of itself in a space: see `Card`."""
        ...
