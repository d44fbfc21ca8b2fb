"""What the exchange is told of what this node has taken in."""

from beanjar.node.intake import Taken
from beanjar.node.replica import StoreReplica
from beanjar.node.writing import Source
from beanjar.ops.run import write_run
from beanjar.sync.events import Took
from beanjar.sync.trie import Entry


def describe_taken(
    replica: StoreReplica, space: bytes, taken: Taken, source: Source | None
) -> Took:
    """Return what is told of a run that was taken, from a neighbour or at the door."""
    pushes = source is None or source.push is not None
    return Took(
        space=space,
        key=taken.last.key,
        last=taken.last.id,
        entry=_find_entry(replica, space, taken),
        arrival=taken.arrival,
        run=write_run(taken.new) if taken.new and pushes else b"",
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
