"""What a node holds, kept in plain dictionaries: a replica that is easy to believe."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from beanjar.base.ids import ZERO
from beanjar.ops.fork import ForkProof, prove_fork
from beanjar.ops.log import EMPTY, check_continuation, find_fork, head_of
from beanjar.ops.operation import Operation
from beanjar.ops.run import write_run
from beanjar.ops.signing import SigningKey
from beanjar.ops.split import split_runs
from beanjar.sync.membership import Card
from beanjar.sync.secrecy import sign_card
from beanjar.sync.trie import Entry


def describe(node: SigningKey, space: bytes, address: str, time: int) -> Card:
    """Return what a node says of itself that has no neighbours and holds nothing."""
    return sign_card(node, space, Card(node.public, (address,), time, (), 0, bytes(8), b""))


class Outcome(Struct, frozen=True):
    """What became of a run: what was new of it, and a fork that it showed."""

    new: Sequence[Operation] = ()
    fork: ForkProof | None = None


class Shelf:
    """See `beanjar.sync.replica.Replica`."""

    def __init__(self, device: bytes, node: SigningKey, address: str = "") -> None:
        self.device = device
        self.node = node
        self.address = address
        self.logs: defaultdict[bytes, dict[bytes, list[Operation]]] = defaultdict(dict)
        self.forks: defaultdict[bytes, dict[bytes, ForkProof]] = defaultdict(dict)
        self.apart: defaultdict[bytes, dict[bytes, Operation]] = defaultdict(dict)
        self.chunks: dict[bytes, bytes] = {}
        self.needed: defaultdict[bytes, list[bytes]] = defaultdict(list)
        self.wanted_hashes: list[bytes] = []
        self.arrivals: defaultdict[bytes, int] = defaultdict(int)

    def carry(self, space: bytes) -> None:
        """Carry a space of which nothing is here."""
        assert not self.logs[space]

    def take(self, space: bytes, run: Sequence[Operation]) -> Outcome:
        """Take in a run, or raise `BrokenChain`."""
        first = run[0]
        log = self.logs[space].get(first.key, [])
        place = find_fork(run, log[first.seq :])
        if place is not None:
            at = first.seq + place
            return self.take_fork(prove_fork(log[at:], run[place:]))
        new = run[max(0, len(log) - first.seq) :]
        if new:
            check_continuation(head_of(log[-1]) if log else EMPTY, new[0])
            self.logs[space].setdefault(first.key, []).extend(new)
            self.arrivals[space] += len(new)
        return Outcome(new)

    def take_fork(self, proof: ForkProof) -> Outcome:
        """Keep a proof, unless one of a place as low is here."""
        known = self.forks[proof.space].get(proof.key)
        if known is not None and known.seq <= proof.seq:
            return Outcome()
        self.forks[proof.space][proof.key] = proof
        return Outcome(fork=proof)

    def put_body(self, space: bytes, whole: Operation) -> None:
        """Keep a body whose header is here."""
        self.logs[space][whole.key][whole.seq] = whole

    def ids_of(self, space: bytes) -> set[bytes]:
        """Return the ids of all operations that count: those before any fork."""
        return {
            each.id
            for key, log in self.logs[space].items()
            for each in log
            if key not in self.forks[space] or each.seq < self.forks[space][key].seq
        }

    def spaces(self) -> Sequence[bytes]:
        return list(self.logs)

    def entries(self, space: bytes) -> Iterable[Entry]:
        return [self.entry(space, key) for key in self.logs[space]]

    def entry(self, space: bytes, key: bytes) -> Entry:
        log, proof = self.logs[space].get(key, []), self.forks[space].get(key)
        held = log if proof is None else log[: proof.seq]
        name = held[-1].id if held else ZERO
        return Entry(key, len(held) - 1, name, -1 if proof is None else proof.seq)

    def last_arrival(self, space: bytes) -> int:
        return self.arrivals[space]

    def write_run(self, space: bytes, key: bytes, start: int) -> tuple[bytes, int]:
        rest = self.logs[space].get(key, [])[start:]
        run = next(split_runs(rest), ())
        return (write_run(run), start + len(run)) if run else (b"", start)

    def ids(self, space: bytes, key: bytes, seqs: Sequence[int]) -> dict[int, bytes]:
        log = self.logs[space].get(key, [])
        return {seq: log[seq].id for seq in seqs if seq < len(log)}

    def find(self, space: bytes, name: bytes) -> Operation | None:
        held = (each for each in self.operations(space) if each.id == name)
        return next(held, self.apart[space].get(name))

    def operations(self, space: bytes) -> Iterator[Operation]:
        for log in self.logs[space].values():
            yield from log

    def fork(self, space: bytes, key: bytes) -> ForkProof | None:
        return self.forks[space].get(key)

    def loose(self, space: bytes) -> Sequence[bytes]:
        return sorted(self.apart[space])

    def missing(self, space: bytes) -> Sequence[bytes]:
        return [each for each in self.needed[space] if self.find(space, each) is None]

    def wanted(self, space: bytes) -> Sequence[bytes]:
        return [each.id for each in self.operations(space) if each.body is None]

    def wanted_chunks(self, space: bytes) -> Sequence[bytes]:
        del space
        return [each for each in self.wanted_hashes if each not in self.chunks]

    def chunk(self, space: bytes, name: bytes) -> bytes | None:
        del space
        return self.chunks.get(name)

    def sign_card(
        self, space: bytes, time: int, neighbours: tuple[bytes, ...], operations: int, root: bytes
    ) -> Card:
        card = Card(self.node.public, (self.address,), time, neighbours, operations, root, b"")
        return sign_card(self.node, space, card)
