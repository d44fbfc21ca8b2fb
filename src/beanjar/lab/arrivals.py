"""Takes in what peers send to a simulated node, by the rules of `beanjar.node.arrivals`.

The rules for a run are the product's own; what is done here is to let it be written, and to tell
the node what came of it.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from beanjar.base.errors import BeanjarError
from beanjar.node.arrivals import Arriving
from beanjar.node.intake import NotNow, Taken, make_whole, take_run
from beanjar.node.writing import Source
from beanjar.ops.errors import BrokenChain, Refused
from beanjar.ops.fork import read_fork
from beanjar.ops.operation import Operation
from beanjar.sync.events import TakeAlone, TakeBody, TakeFork, TakeRuns, TookPush, Unlinked

if TYPE_CHECKING:
    from beanjar.lab.host import Host

Outcome = Taken | BeanjarError
Runs = Sequence[Sequence[Operation]]
Tell = Callable[[], object]


class Arrivals:
    """What comes to one node."""

    def __init__(self, host: "Host") -> None:
        """Take in for this node."""
        self._host = host

    def take(self, said: Arriving) -> None:
        """Let what a peer sent be written, and let the peer go if no node sends such a thing."""
        try:
            work = self._prepare(said)
        except Refused as error:
            self._let_go(said.peer, error)
            return
        if work is not None:
            self._host.write_from(said.peer, work)

    def write(
        self, space: bytes, run: Sequence[Operation], tell: Callable[[Outcome], None]
    ) -> Tell:
        """Write one run."""
        outcome = self._attempt(space, run)
        return lambda: tell(outcome)

    def _prepare(self, said: Arriving) -> Callable[[], Tell] | None:
        match said:
            case TakeRuns():
                runs = [self._host.around.library.read(run) for run in said.runs]
                return lambda: self._write_runs(said, runs)
            case TakeFork():
                return self._prepare_fork(said)
            case TakeAlone():
                return self._prepare_alone(said)
            case TakeBody():
                return self._prepare_body(said)
        raise Refused("Nobody asked for it.")

    def _write_runs(self, said: TakeRuns, runs: Runs) -> Tell:
        outcomes = [self._attempt(said.space, run) for run in runs]
        return lambda: self._tell_runs(said, runs, outcomes)

    def _tell_runs(self, said: TakeRuns, runs: Runs, outcomes: Sequence[Outcome]) -> None:
        is_held, refusal = True, None
        for run, outcome in zip(runs, outcomes, strict=True):
            if isinstance(outcome, Taken):
                self._host.add_up(said.space, outcome, Source(said.peer, said.push))
            elif isinstance(outcome, BrokenChain):
                first = run[0]
                self._host.handle(Unlinked(said.peer, said.space, first.key, first.seq))
            elif not isinstance(outcome, NotNow):
                refusal = refusal or outcome
            is_held = is_held and isinstance(outcome, Taken) and outcome.is_kept
        if refusal is not None:
            self._let_go(said.peer, refusal)
        elif said.push is not None and is_held:
            self._host.handle(TookPush(said.peer, said.push.number))

    def _prepare_fork(self, said: TakeFork) -> Callable[[], Tell]:
        proof, disk = read_fork(said.proof), self._host.disk
        if proof.space != said.space:
            raise Refused("This proof belongs to another space.")
        taken = Taken(proof.left[0], forked_at=proof.seq, fork=proof)

        def work() -> Tell:
            here = disk.head(said.space, proof.key).seq >= 0
            new = here and disk.add_fork(proof)
            return lambda: self._host.add_up(said.space, taken, Source(said.peer)) if new else None

        return work

    def _prepare_alone(self, said: TakeAlone) -> Callable[[], Tell] | None:
        host, space = self._host, said.space
        operation = host.around.library.read_alone(said.operation)
        if operation.effective_space != space:
            raise Refused("This was said in another space.")
        if operation.id == space:
            return lambda: self._write_runs(TakeRuns(said.peer, space, ()), [[operation]])
        if not host.folds or not host.carry(space).welcomes(operation):
            return None

        def work() -> Tell:
            kept = host.disk.keep_alone(operation)
            return lambda: host.add_up_apart(space, operation) if kept else None

        return work

    def _prepare_body(self, said: TakeBody) -> Callable[[], Tell] | None:
        host, came = self._host, said.held
        held = host.disk.find(said.space, came.id)
        whole = make_whole(held, came.salt, came.body, host.now)
        if whole is None:
            return None

        def work() -> Tell:
            is_new = host.disk.restore_body(whole)
            return lambda: host.add_up_apart(said.space, whole) if is_new and host.folds else None

        return work

    def _attempt(self, space: bytes, run: Sequence[Operation]) -> Outcome:
        try:
            return take_run(self._host.disk.as_writer, space, run, self._host.now)
        except BeanjarError as refusal:
            return refusal

    def _let_go(self, peer: bytes, why: BeanjarError) -> None:
        self._host.let_go(peer, f"It sent what no node sends. {why}")
