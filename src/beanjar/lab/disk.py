"""The disk of one simulated node: what a store keeps, in plain dictionaries.

It answers as `beanjar.store` does, so that the product's own rules (`beanjar.node.intake`), folds
(`beanjar.node.carried`) and witnesses work on it unchanged. All that is in it has been synced.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from typing import TYPE_CHECKING, cast

from beanjar.base.limits import HELD_RUNS, RUN_OPERATIONS
from beanjar.lab.library import Library
from beanjar.ops.fork import ForkProof
from beanjar.ops.log import EMPTY, Head, head_of
from beanjar.ops.operation import Operation

if TYPE_CHECKING:
    from beanjar.store import Store, Writer

Log = list[Operation]


class Disk:
    """What one node keeps. `seed` stands for the chance that the node took for its keys."""

    def __init__(self, library: Library, seed: bytes) -> None:
        """Begin with nothing."""
        self.logs: dict[bytes, dict[bytes, Log]] = {}
        self._library = library
        self._seed = seed
        self._arrived: defaultdict[bytes, dict[bytes, Operation]] = defaultdict(dict)
        self._forks: defaultdict[bytes, dict[bytes, ForkProof]] = defaultdict(dict)
        self._alone: defaultdict[bytes, dict[bytes, Operation]] = defaultdict(dict)
        self._erased: set[bytes] = set()
        self._held: dict[tuple[bytes, bytes], tuple[int, bytes]] = {}
        self._private: dict[str, bytes] = {}

    @property
    def as_store(self) -> "Store":
        """This disk, where a store is read."""
        return cast("Store", self)

    @property
    def as_writer(self) -> "Writer":
        """This disk, where a store is written."""
        return cast("Writer", self)

    @contextmanager
    def writing(self) -> Iterator["Disk"]:
        """Write; nothing else happens meanwhile."""
        yield self

    def spaces(self) -> list[bytes]:
        """Return the spaces that are carried."""
        return list(self.logs)

    def head(self, space: bytes, key: bytes) -> Head:
        """Return where a log stands."""
        log = self.logs[space].get(key)
        return head_of(log[-1]) if log else EMPTY

    def heads(self, space: bytes) -> dict[bytes, Head]:
        """Return where each log stands."""
        return {key: head_of(log[-1]) for key, log in self.logs[space].items()}

    def read_log(
        self, space: bytes, key: bytes, start: int = 0, count: int = RUN_OPERATIONS
    ) -> Log:
        """Return up to so many operations of a log."""
        return self.logs[space].get(key, [])[start : start + count]

    def find(self, space: bytes, name: bytes) -> Operation | None:
        """Return an operation that is here, in its log or by itself."""
        known = self._library.find(name)
        log = self.logs[space].get(known.key, []) if known else []
        if known is not None and known.seq < len(log) and log[known.seq].id == name:
            return log[known.seq]
        return self._alone[space].get(name)

    def founding(self, space: bytes) -> Operation | None:
        """Return the first operation of a space."""
        return self.find(space, space)

    def last_arrival(self, space: bytes) -> int:
        """Return how many operations of logs have arrived."""
        return len(self._arrived[space])

    def scan(self, space: bytes) -> Iterator[tuple[int, Operation]]:
        """Yield what has arrived, in its order."""
        return enumerate(self._arrived[space].values(), start=1)

    def alone(self, space: bytes) -> list[Operation]:
        """Return what is here by itself."""
        return list(self._alone[space].values())

    def forks(self, space: bytes) -> list[ForkProof]:
        """Return the proofs that are here."""
        return list(self._forks[space].values())

    def write_run(self, space: bytes, key: bytes, start: int = 0) -> tuple[bytes, int]:
        """Return a run of a log from a seq on, and the seq that follows it."""
        return self._library.write_stretch(self.logs[space].get(key, []), start)

    def wanted(self, space: bytes, now: int, after: int, count: int) -> list[tuple[int, Operation]]:
        """Return what lacks its body, by arrival."""
        lacking = (
            (arrival, each)
            for arrival, each in self.scan(space)
            if arrival > after and each.body is None
        )
        return [(arrival, each) for arrival, each in lacking if self._is_wanted(each, now)][:count]

    def wanted_chunks(self, *_: object) -> Sequence[bytes]:
        """Return the chunks that somebody wants to see: nobody here names files."""
        return ()

    def chunk(self, *_: object) -> bytes | None:
        """Return no chunk of a file."""
        return None

    def private(self, name: str) -> bytes | None:
        """Return a secret; one-time keys are made when they are first asked for."""
        if name.startswith("one-time key"):
            return sha256(self._seed + name.encode()).digest()
        return self._private.get(name)

    def keep_private(self, name: str, value: bytes) -> None:
        """Keep a secret."""
        self._private[name] = value

    def add_space(self, space: bytes) -> None:
        """Carry a space."""
        self.logs.setdefault(space, {})

    def append(self, operations: Sequence[Operation]) -> int:
        """Keep what goes on in a log; return the arrival of the last."""
        space = operations[0].effective_space
        alone = self._alone[space]
        shared = [alone.get(each.id, self._library.share(each)) for each in operations]
        self.logs[space].setdefault(operations[0].key, []).extend(shared)
        self._arrived[space] |= {each.id: each for each in shared}
        for each in shared:
            alone.pop(each.id, None)
        return len(self._arrived[space])

    def restore_body(self, operation: Operation) -> bool:
        """Put a body where it is wanted; say whether it is."""
        held = self.find(operation.effective_space, operation.id)
        if held is None or held.body is not None or held.id in self._erased:
            return False
        self._put(self._library.share(operation))
        return True

    def drop_bodies(self, space: bytes, ids: Iterable[bytes]) -> None:
        """Drop the bodies of operations that were erased; they are wanted no more."""
        for name in ids:
            self._erased.add(name)
            held = self.find(space, name)
            if self._alone[space].pop(name, None) is None and held is not None:
                self._put(held.without_body())

    def want_again(self, space: bytes, ids: Iterable[bytes]) -> None:
        """Let bodies be wanted whose erasure does not count any more."""
        del space
        self._erased.difference_update(ids)

    def drop_expired(self, now: int) -> list[tuple[bytes, bytes]]:
        """Drop all bodies whose time is up; return (space, id) of each."""
        logs = ((space, log) for space in self.logs for log in self.logs[space].values())
        gone = [
            (space, each)
            for space, log in logs
            for each in log
            if each.body is not None and each.expired(now)
        ]
        for _, each in gone:
            self._put(each.without_body())
        return [(space, each.id) for space, each in gone]

    def add_fork(self, proof: ForkProof) -> bool:
        """Keep a proof, unless one of a place as low is here."""
        known = self._forks[proof.space].get(proof.key)
        if known is not None and known.seq <= proof.seq:
            return False
        self._forks[proof.space][proof.key] = proof
        return True

    def keep_alone(self, operation: Operation) -> bool:
        """Keep an operation by itself; say whether it is new."""
        space = operation.effective_space
        if self.find(space, operation.id) is not None:
            return False
        self._alone[space][operation.id] = self._library.share(operation)
        return True

    def hold(self, space: bytes, key: bytes, due: int, run: bytes) -> bool:
        """Keep a run for later, in place of an earlier one of the device; say whether it stays.

        With too many in a space, the one due last goes.
        """
        self._held[space, key] = due, run
        here = [each for each in self._held if each[0] == space]
        if len(here) <= HELD_RUNS:
            return True
        last = max(here, key=lambda each: (self._held[each][0], each[1]))
        del self._held[last]
        return last != (space, key)

    def held(self) -> int:
        """Return how many runs wait for their time."""
        return len(self._held)

    def take_due(self, now: int) -> list[tuple[bytes, bytes]]:
        """Return (space, run) of what is due, and let go of it."""
        due = [each for each, (time, _) in self._held.items() if time <= now]
        return [(space, self._held.pop((space, key))[1]) for space, key in due]

    def _is_wanted(self, operation: Operation, now: int) -> bool:
        return operation.id not in self._erased and not operation.expired(now)

    def _put(self, operation: Operation) -> None:
        """Put an operation in the place of the same with a body, or without."""
        space = operation.effective_space
        self.logs[space][operation.key][operation.seq] = operation
        self._arrived[space][operation.id] = operation


class BeforeForks:
    """What is on a disk, without what forked devices said from the fork on."""

    def __init__(self, disk: Disk) -> None:
        """Look at a disk."""
        self._disk = disk
        self.forks = disk.forks

    def scan(self, space: bytes) -> Iterator[tuple[int, Operation]]:
        """Yield what has arrived of it, in its order."""
        return (each for each in self._disk.scan(space) if self._is_before(space, each[1]))

    def alone(self, space: bytes) -> list[Operation]:
        """Return what is here of it by itself."""
        return [each for each in self._disk.alone(space) if self._is_before(space, each)]

    def _is_before(self, space: bytes, operation: Operation) -> bool:
        places = (each.seq for each in self.forks(space) if each.key == operation.key)
        return operation.seq < min(places, default=operation.seq + 1)
