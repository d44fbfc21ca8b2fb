"""What a node takes in: a run is refused or stored by rules on the data alone."""

from collections.abc import Sequence

from msgspec import Struct

from beanjar.base.limits import FUTURE
from beanjar.ops.errors import Refused
from beanjar.ops.fork import ForkProof, prove_fork
from beanjar.ops.log import EMPTY, check_continuation, find_fork
from beanjar.ops.operation import Operation, hash_body
from beanjar.ops.run import write_run
from beanjar.space.admission import admit
from beanjar.store import Writer


class NotNow(Refused):
    """A run that cannot be taken as things are here, though it may be later."""


class Taken(Struct, frozen=True):
    """What became of a run: the operations that are new here, or where it contradicts the log.

    `fork` is there if that was not known before. `held_until` is ms, for a run that lies in the
    future and waits. `arrival` is that of the last that is new. `restored` were here without
    their bodies.
    """

    last: Operation
    new: Sequence[Operation] = ()
    arrival: int = 0
    forked_at: int | None = None
    fork: ForkProof | None = None
    held_until: int | None = None
    restored: Sequence[Operation] = ()

    @property
    def is_kept(self) -> bool:
        """Whether all of the run is in its log here."""
        return self.forked_at is None and self.held_until is None


def take_run(writer: Writer, space: bytes, run: Sequence[Operation], now: int) -> Taken:
    """Store what is new in a verified run, within the writer's transaction.

    Raises `Refused` when it may never be taken, `NotNow` or, when something before it is missing,
    `BrokenChain` when it may be later.
    A run that was taken before changes nothing, so that whoever is unsure can send it again.
    """
    first, last = run[0], run[-1]
    if first.effective_space != space:
        raise Refused("This belongs to another space.")
    head = writer.head(space, first.key)
    here = writer.read_log(space, first.key, first.seq, len(run)) if first.seq <= head.seq else []
    place = find_fork(run, here)
    if place is not None:
        return _take_fork(writer, space, run[place:])
    new = run[len(here) :]
    if not new:
        return Taken(last, restored=_restore(writer, run, here, now))
    check_continuation(head, new[0])
    if head == EMPTY:
        _check_admission(writer, space, first)
    if last.time > now + FUTURE:
        return _hold(writer, space, run)
    kept = [each.without_body() if each.expired(now) else each for each in new]
    restored = _restore(writer, run, here, now)
    return Taken(last, kept, writer.append(kept), restored=restored)


def make_whole(held: Operation | None, salt: bytes, body: bytes, now: int) -> Operation | None:
    """Return what is held with the body that came for it, if that is missing here at `now` (ms).

    Raises `Refused` where it is another's.
    """
    if held is None or held.body is not None or held.expired(now):
        return None
    if hash_body(salt, body) != held.digest:
        raise Refused("This is not the body that was asked for.")
    if len(body) != held.size:
        return None  # its author lied about its length, so it is nowhere, and nobody's fault
    return held.with_body(salt, body)


def _restore(
    writer: Writer, run: Sequence[Operation], here: Sequence[Operation], now: int
) -> list[Operation]:
    """Take bodies from a run that lacked here: whoever brought the headers may have kept them."""
    bodies = (
        new
        for new, old in zip(run, here, strict=False)
        if old.body is None and new.body is not None and not new.expired(now)
    )
    return [each for each in bodies if writer.restore_body(each)]


def _take_fork(writer: Writer, space: bytes, branch: Sequence[Operation]) -> Taken:
    start = branch[0]
    proof = prove_fork(writer.read_log(space, start.key, start.seq), branch)
    new = writer.add_fork(proof)
    return Taken(branch[-1], forked_at=proof.seq, fork=proof if new else None)


def _check_admission(writer: Writer, space: bytes, first: Operation) -> None:
    if first.id == space:
        admit(first, first)
        writer.add_space(space)
        return
    founding = writer.founding(space)
    if founding is None:
        raise NotNow("This node does not have the first entry of this space, so it cannot judge.")
    admit(first, founding)


def _hold(writer: Writer, space: bytes, run: Sequence[Operation]) -> Taken:
    due = run[-1].time - FUTURE
    if not writer.hold(space, run[0].key, due, write_run(run)):
        raise NotNow(
            "Your device's clock is ahead of this node's, and too much is waiting for its time "
            "here already. Set your clock, or send it again later."
        )
    return Taken(run[-1], held_until=due)
