"""This node's store, as the exchange with neighbours reads it."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from beanjar.base.ids import ZERO
from beanjar.base.limits import ASKED_AT_ONCE
from beanjar.node.carried import Carried
from beanjar.ops.fork import ForkProof
from beanjar.ops.operation import Operation
from beanjar.store import Store
from beanjar.sync.membership import Card
from beanjar.sync.trie import Entry

Sign = Callable[[bytes, int, tuple[bytes, ...], int, bytes], Card]
"""Signs what a node says of itself, see `beanjar.sync.replica.Replica.sign_card`."""


class StoreReplica:
    """Reads what this node holds; see `beanjar.sync.replica.Replica`."""

    def __init__(
        self,
        device: bytes,
        store: Store,
        carried: Mapping[bytes, Carried],
        sign: Sign,
        now: Callable[[], int],
        *,
        takes_in: Callable[[bytes], bool],
    ) -> None:
        """Read from the store, and of the spaces that are warm what they lack.

        Of a space of which nothing is taken in, nothing is told.
        """
        self.device = device
        self._store = store
        self._carried = carried
        self._sign = sign
        self._now = now
        self._takes_in = takes_in
        self._forks: dict[bytes, dict[bytes, ForkProof]] = {}
        self._bodies_after: dict[bytes, int] = {}
        self._chunks_after: dict[bytes, bytes] = {}

    def spaces(self) -> Sequence[bytes]:
        """Return the spaces that are carried."""
        return [each for each in self._store.spaces() if self._takes_in(each)]

    def forget(self, space: bytes) -> None:
        """Keep nothing in mind of a space that was left."""
        for known in (self._forks, self._bodies_after, self._chunks_after):
            known.pop(space, None)

    def entries(self, space: bytes) -> Iterable[Entry]:
        """Return how far every log of a space is held."""
        forks = self._read_forks(space)
        for key, head in self._store.heads(space).items():
            yield self.entry(space, key) if key in forks else Entry(key, head.seq, head.id)

    def last_arrival(self, space: bytes) -> int:
        """Return the arrival of what came last in a space."""
        return self._store.last_arrival(space)

    def entry(self, space: bytes, key: bytes) -> Entry:
        """Return how far one log is held."""
        head, proof = self._store.head(space, key), self.fork(space, key)
        if proof is None:
            return Entry(key, head.seq, head.id)
        last = min(head.seq, proof.seq - 1)
        return Entry(key, last, self.ids(space, key, [last]).get(last, ZERO), proof.seq)

    def write_run(self, space: bytes, key: bytes, start: int) -> tuple[bytes, int]:
        """Return a run of a log from a seq on, and the seq that follows it."""
        return self._store.write_run(space, key, start)

    def ids(self, space: bytes, key: bytes, seqs: Sequence[int]) -> dict[int, bytes]:
        """Return the ids of the operations of a log that are held at these places."""
        found = (self._store.read_log(space, key, seq, 1) for seq in seqs if seq >= 0)
        return {held[0].seq: held[0].id for held in found if held}

    def find(self, space: bytes, name: bytes) -> Operation | None:
        """Return an operation by its id."""
        return self._store.find(space, name)

    def fork(self, space: bytes, key: bytes) -> ForkProof | None:
        """Return the proof that a log is forked, if there is one."""
        return self._read_forks(space).get(key)

    def note_fork(self, proof: ForkProof) -> None:
        """Note a proof that has come into the store."""
        self._read_forks(proof.space)[proof.key] = proof

    def loose(self, space: bytes) -> Sequence[bytes]:
        """Return the ids of what is held past forks for questions that are not settled."""
        return self._carried[space].loose() if space in self._carried else ()

    def missing(self, space: bytes) -> Sequence[bytes]:
        """Return the ids of operations that questions need and that are not here."""
        return self._carried[space].missing() if space in self._carried else ()

    def wanted(self, space: bytes) -> Sequence[bytes]:
        """Return ids of operations whose bodies should be here and are not: others each time."""
        after = self._bodies_after.get(space, 0)
        page = self._store.wanted(space, self._now(), after, ASKED_AT_ONCE)
        if not page and after:
            page = self._store.wanted(space, self._now(), 0, ASKED_AT_ONCE)
        self._bodies_after[space] = page[-1][0] if page else 0
        return [operation.id for _, operation in page]

    def wanted_chunks(self, space: bytes) -> Sequence[bytes]:
        """Return hashes of chunks of files that somebody here wants to see: others each time."""
        after = self._chunks_after.get(space, b"")
        page = self._store.wanted_chunks(space, ASKED_AT_ONCE, after)
        if not page and after:
            page = self._store.wanted_chunks(space, ASKED_AT_ONCE)
        self._chunks_after[space] = page[-1] if page else b""
        return page

    def chunk(self, space: bytes, name: bytes) -> bytes | None:
        """Return a chunk of a file of the space by its hash."""
        return self._store.chunk(space, name)

    def sign_card(
        self, space: bytes, time: int, neighbours: tuple[bytes, ...], operations: int, root: bytes
    ) -> Card:
        """Return what this node says of itself in a space."""
        return self._sign(space, time, neighbours, operations, root)

    def _read_forks(self, space: bytes) -> dict[bytes, ForkProof]:
        if space not in self._forks:
            self._forks[space] = {proof.key: proof for proof in self._store.forks(space)}
        return self._forks[space]
