"""What it takes two replicas with a million logs to find the few that differ, and to mend them.

Each replica is an exchange with its trie and nothing else; what they say passes through bytes and
is counted, packed as a link packs it. One holds an operation more in some of the logs; in the end
both hold the same. A round trip is one way there and one way back, from the first root until the
last operation is there. `bytes` is all that is said until then but for the operations themselves,
`bytes_with_operations` all of it. Heads are drawn by a seeded chance, but for the logs that differ,
which are really signed.
"""

import gc
import random
import resource
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from hashlib import sha256
from itertools import count
from typing import NamedTuple

from beanjar.net.frames import write_frame
from beanjar.ops.fork import ForkProof
from beanjar.ops.log import EMPTY, head_of, write_operation
from beanjar.ops.operation import Operation
from beanjar.ops.run import read_run, write_run
from beanjar.ops.signing import SigningKey
from beanjar.sync.codec import read_message, write_message
from beanjar.sync.events import Came, Heard, TakeRuns, Took
from beanjar.sync.exchange import Exchange
from beanjar.sync.membership import Card
from beanjar.sync.messages import Runs
from beanjar.sync.trie import Entry

LOGS = 1_000_000
DIFFERENCES = {"one": 1, "hundred": 100, "ten_thousand": 10_000}
SPACE = sha256(b"a space").digest()
BODY = 200
"""Bytes in the body of an operation that one replica lacks."""
MEGABYTE = 1024 * 1024
KILOBYTE = 1024

CHANCE = random.Random(2)  # noqa: S311 - decides nothing here

Log = tuple[Operation, ...]


class Heads:
    """A replica that knows heads, and operations only of the logs that differ.

    See `beanjar.sync.replica.Replica`.
    """

    device = bytes(32)

    def __init__(self, logs: dict[bytes, Log]) -> None:
        """Hold these logs, and a million in all."""
        self.logs = logs

    def spaces(self) -> Sequence[bytes]:
        """Return the one space."""
        return [SPACE]

    def entries(self, space: bytes) -> Iterable[Entry]:
        """Yield all heads."""
        del space
        chance = random.Random(1906)  # noqa: S311 - the same heads on both sides
        yield from (Entry(log[0].key, len(log) - 1, log[-1].id) for log in self.logs.values())
        for _ in range(LOGS - len(self.logs)):
            yield Entry(chance.randbytes(32), chance.randrange(100), chance.randbytes(32))

    def last_arrival(self, space: bytes) -> int:
        """Return that there is something."""
        return LOGS if space else 0

    def write_run(self, space: bytes, key: bytes, start: int) -> tuple[bytes, int]:
        """Return what follows in a log that differs."""
        del space
        rest = self.logs[key][start:]
        return (write_run(rest) if rest else b""), start + len(rest)

    def ids(self, space: bytes, key: bytes, seqs: Sequence[int]) -> dict[int, bytes]:
        """Return the ids at places of a log that differs."""
        del space
        return {seq: self.logs[key][seq].id for seq in seqs if seq < len(self.logs[key])}

    def find(self, space: bytes, name: bytes) -> Operation | None:
        """Return nothing: nothing is asked for by id."""
        del space, name
        return None

    def fork(self, space: bytes, key: bytes) -> ForkProof | None:
        """Return nothing: no log is forked."""
        del space, key
        return None

    def _nothing(self, space: bytes) -> Sequence[bytes]:
        del space
        return ()

    loose = missing = wanted = wanted_chunks = _nothing

    def chunk(self, space: bytes, name: bytes) -> bytes | None:
        """Return nothing: there are no files."""
        del space, name
        return None

    def sign_card(
        self, space: bytes, time: int, neighbours: tuple[bytes, ...], operations: int, root: bytes
    ) -> Card:
        """Return what this node says of itself, and does not sign: nobody is told it."""
        del space
        return Card(bytes(32), (), time, neighbours, operations, root, bytes(64))


class Mended(NamedTuple):
    """What one reconciliation took."""

    rounds: float
    bytes: int
    bytes_with_operations: int
    seconds: float


def measure(progress: Callable[[str], object]) -> dict[str, object]:
    """Return rounds, bytes and seconds for each number of heads that differ; MB of a replica."""
    progress("signing the logs that differ")
    logs = dict(_write_logs(max(DIFFERENCES.values())))
    before = _memory()
    progress(f"building two tries of {LOGS:,} logs")
    near, far = (_make_replica(key, logs) for key in (b"n" * 32, b"f" * 32))
    figures: dict[str, object] = {"replica_mb": (_memory() - before) / 2}
    chance = random.Random(1)  # noqa: S311 - which logs differ
    for name, heads in DIFFERENCES.items():
        progress(f"{heads:,} heads differ")
        _fall_behind(far, logs, chance.sample(sorted(logs), heads))
        mended = _reconcile(near, far)
        figures[name] = mended._asdict()
    return figures


def _make_replica(key: bytes, logs: dict[bytes, Log]) -> Exchange:
    exchange = Exchange(key, Heads(dict(logs)))
    exchange.root(SPACE)
    return exchange


def _write_logs(most: int) -> Iterator[tuple[bytes, Log]]:
    chance = random.Random(850)  # noqa: S311 - content to hash, no secret
    for _ in range(most):
        key, log, head = SigningKey(chance.randbytes(32)), [], EMPTY
        for _ in range(2):
            salt, body = chance.randbytes(16), chance.randbytes(BODY)
            log.append(write_operation(key, SPACE, head, body, salt=salt, time=10**12))
            head = head_of(log[-1])
        yield key.public, tuple(log)


def _fall_behind(exchange: Exchange, logs: dict[bytes, Log], keys: Iterable[bytes]) -> None:
    """Let a replica lack the last operation of some logs."""
    for key in keys:
        _hold(exchange, logs[key][:1])
    exchange.root(SPACE)


def _hold(exchange: Exchange, log: Log) -> None:
    replica = exchange._replica  # noqa: SLF001 - the bench's own
    assert isinstance(replica, Heads)
    replica.logs[log[0].key] = log
    last = log[-1]
    entry = Entry(last.key, last.seq, last.id)
    took = Took(SPACE, last.key, last.id, entry, LOGS, peer=b"peer")
    exchange.handle(took, 0, CHANCE)


def _reconcile(near: Exchange, far: Exchange) -> Mended:
    """Let the two speak, by turns, until both hold the same."""
    for exchange, peer in ((near, far), (far, near)):
        exchange.peers.clear()
        exchange.handle(Came(peer.key, sha256(exchange.key).digest()), 0, CHANCE)
    speaker, hearer = near, far
    for _ in range(2):  # greetings and the names of spaces, once for each connection
        for _ in range(2):
            _say(speaker, hearer, 1)
            speaker, hearer = hearer, speaker
    start, found, moved, ways = time.perf_counter(), 0, 0, 0
    while near.root(SPACE) != far.root(SPACE):
        said = _say(speaker, hearer)
        found, moved, ways = found + said.others, moved + said.operations, ways + 1
        speaker, hearer = hearer, speaker
    return Mended(ways / 2, found, found + moved, time.perf_counter() - start)


class Said(NamedTuple):
    """Bytes that were said in one turn: those of operations, and all others."""

    operations: int = 0
    others: int = 0


def _say(speaker: Exchange, hearer: Exchange, most: int | None = None) -> Said:
    """Let one say what it has to say, or so many messages of it, and the other hear it."""
    operations = others = 0
    for _ in range(most) if most else count():
        message = speaker.next_message(hearer.key)
        if message is None:
            break
        data = write_message(message)
        if isinstance(message, Runs):
            operations += len(write_frame(data))
        else:
            others += len(write_frame(data))
        _hear(hearer, speaker, Heard(speaker.key, read_message(data)))
    return Said(operations, others)


def _hear(hearer: Exchange, speaker: Exchange, heard: Heard) -> None:
    for output in hearer.handle(heard, 0, CHANCE):
        if isinstance(output, TakeRuns):
            for run in map(read_run, output.runs):
                replica = hearer._replica  # noqa: SLF001 - the bench's own
                assert isinstance(replica, Heads)
                last = run[-1]
                replica.logs[last.key] = (*replica.logs[last.key], *run)
                entry = Entry(last.key, last.seq, last.id)
                took = Took(SPACE, last.key, last.id, entry, LOGS, peer=speaker.key)
                hearer.handle(took, 0, CHANCE)


def _memory() -> float:
    """Return the most memory that this process has held, in MB."""
    gc.collect()
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * KILOBYTE / MEGABYTE
