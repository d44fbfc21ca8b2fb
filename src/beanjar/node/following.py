"""What the exchange is told of what this node has taken in."""

from collections.abc import Callable, Iterator, Sequence

from beanjar.node.intake import Taken
from beanjar.node.replica import StoreReplica
from beanjar.node.writing import Source
from beanjar.ops.operation import Operation
from beanjar.ops.run import write_run
from beanjar.sync.events import Carries, Event, Took
from beanjar.sync.trie import Entry


def follow(
    replica: StoreReplica,
    space: bytes,
    taken: Taken,
    source: Source | None,
    write: Callable[[Sequence[Operation]], bytes] = write_run,
) -> Iterator[Event]:
    """Yield, each once the one before was told, what was taken from a neighbour or at the door.

    `write` puts consecutive operations of one log together as a run.
    """
    if taken.fork is not None:
        replica.note_fork(taken.fork)
    if any(each.id == space for each in taken.new):
        yield Carries(space)
    pushes = source is None or source.push is not None
    yield Took(
        space=space,
        key=taken.last.key,
        last=taken.last.id,
        entry=_find_entry(replica, space, taken),
        arrival=taken.arrival,
        run=write(taken.new) if taken.new and pushes else b"",
        fork=taken.fork,
        peer=source.peer if source else None,
        push=source.push if source else None,
    )


def _find_entry(replica: StoreReplica, space: bytes, taken: Taken) -> Entry | None:
    """Return how far a log is held, if that has changed."""
    key = taken.last.key
    if replica.fork(space, key) is not None:
        return replica.entry(space, key)
    return Entry(key, taken.new[-1].seq, taken.new[-1].id) if taken.new else None
