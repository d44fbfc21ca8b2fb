"""One simulated honest node: the product's exchange, intake, folds and witness, on a disk of ours.

What arrives is written in batches that take time. Whoever is killed loses what was not written yet;
of what was being written chance decides whether it was.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from random import Random

from msgspec import Struct

from beanjar.base.errors import BeanjarError
from beanjar.base.limits import ARRIVALS_WAITING
from beanjar.fold.statement import Statement
from beanjar.lab.disk import Disk, NoBook
from beanjar.lab.library import Library, Reading
from beanjar.lab.network import Network
from beanjar.lab.people import Device
from beanjar.lab.timeline import Timeline
from beanjar.lab.witnessing import Witnessing
from beanjar.node.arrivals import Arriving
from beanjar.node.carried import Carried
from beanjar.node.intake import NotNow, Taken, take_run
from beanjar.node.replica import StoreReplica
from beanjar.node.unsealing import FEW
from beanjar.node.writing import Source
from beanjar.ops.errors import BrokenChain, Refused
from beanjar.ops.fork import read_fork
from beanjar.ops.operation import Operation
from beanjar.space.space import know
from beanjar.space.unsealing import unseal_all
from beanjar.sync import events
from beanjar.sync.events import Event, Output
from beanjar.sync.exchange import Exchange
from beanjar.sync.messages import Message
from beanjar.sync.trie import Entry
from beanjar.tools.estimate import TOOL

TICK = 1_000
READING = Reading(know([TOOL]))

Outcome = Taken | BeanjarError
Work = Callable[[], Callable[[], object]]
"""Writes something; what it returns is done once that is on the disk."""


class Surroundings(Struct, frozen=True):
    """What all nodes of one simulation have in common. `sync` is how long a write takes, `begins` when it all began, both in ms."""

    timeline: Timeline
    network: Network
    library: Library
    chance: Random
    sync: tuple[int, int]
    begins: int


class Host:
    """One node. `skew` is how far its clock is ahead, in ms."""

    def __init__(self, around: Surroundings, device: Device, key: bytes, *, folds: bool) -> None:
        """Begin with an empty disk, switched off."""
        self.key = key
        self.device = device
        self.is_up = False
        self.skew = 0
        self.folds = folds
        self.around = around
        self.disk = Disk(around.library, device.key.seed)
        self.carried: dict[bytes, Carried] = {}
        self.dropped: Counter[str] = Counter()
        """Why peers were let go, and how often."""
        self.on_took: Callable[[Host, bytes, Sequence[Operation]], None] = lambda *_: None
        self.on_said: Callable[[Host, bytes, set[str]], None] = lambda *_: None
        """Told of the questions (by id) about which something was added up."""
        self.on_gone: Callable[[Host, bytes], None] = lambda *_: None
        """Told of peers with which there is no link any more, or that could not be reached."""
        self.on_start: Callable[[Host], None] = lambda _: None
        self._life = 0

    @property
    def now(self) -> int:
        """The time, by this node's clock."""
        return self.around.timeline.now + self.skew

    def start(self) -> None:
        """Go on with what is on the disk."""
        self.is_up = True
        self._life += 1
        self._waiting: list[Work] = []
        self._writing: list[Work] = []
        self._from: Counter[bytes] = Counter()
        self.carried.clear()
        self.replica = StoreReplica(
            self.device.key.public, self.disk.as_store, self.carried, NoBook().as_book, lambda: self.now
        )
        self.exchange = Exchange(self.key, self.replica)
        self.witnessing = Witnessing(self)
        for space in self.disk.spaces() if self.folds else ():
            self._carry(space)
        self.around.timeline.after(self.around.chance.randrange(TICK), self._tick, self._life)

    def kill(self) -> None:
        """Stop from one moment to the next; a batch that was being written may be on the disk."""
        self.is_up = False
        self._life += 1
        self.around.network.cut(self)
        self.witnessing.stop()
        if self.around.chance.random() < 1 / 2:
            for work in self._writing:
                work()

    def handle(self, event: Event) -> None:
        """Let something happen, and do what comes of it."""
        for output in self.exchange.handle(event, self.now, self.around.chance):
            self._do(output)
        self.around.network.flush(self)

    def come(self, peer: bytes, nonce: bytes) -> None:
        """See `beanjar.lab.network.End`."""
        self.handle(events.Came(peer, nonce))

    def go(self, peer: bytes) -> None:
        """See `beanjar.lab.network.End`."""
        self.handle(events.Went(peer))
        self.on_gone(self, peer)

    def miss(self, peer: bytes) -> None:
        """See `beanjar.lab.network.End`."""
        self.on_gone(self, peer)

    def hear(self, peer: bytes, message: Message) -> None:
        """See `beanjar.lab.network.End`."""
        self.handle(events.Heard(peer, message))

    def reads(self, peer: bytes) -> bool:
        """See `beanjar.lab.network.End`."""
        return self._from[peer] < ARRIVALS_WAITING

    def has_message(self, peer: bytes) -> bool:
        """See `beanjar.lab.network.End`."""
        return self.exchange.has_message(peer)

    def next_message(self, peer: bytes) -> Message | None:
        """See `beanjar.lab.network.End`."""
        return self.exchange.next_message(peer)

    def submit(
        self, space: bytes, run: Sequence[Operation], told: Callable[[Outcome], None]
    ) -> None:
        """Take a run at the door; `told` hears of it once it is on the disk, or is refused."""
        if self.witnessing.is_due(self.now):
            self.witnessing.attend()  # what comes after a deadline finds the jar closed

        def tell(outcome: Outcome) -> None:
            self._tell(space, outcome, None)
            told(outcome)

        self.write(lambda: self._take(space, run, tell))

    def write(self, work: Work, peer: bytes | None = None) -> None:
        """Let something be written; `peer` sent it."""
        if peer is not None:
            self._from[peer] += 1
            inner = work

            def work() -> Callable[[], object]:
                tell = inner()
                return lambda: self._let_on(peer, tell)

        self._waiting.append(work)
        if not self._writing:
            self._begin_to_write()

    def arriving(self) -> int:
        """Return how many messages of peers wait to be written."""
        return self._from.total()

    def unseal(self, space: bytes, name: str) -> None:
        """Open the sealed answers of a question, if they can be opened."""
        closing = self.carried[space].space.closing(name)
        jobs = closing.jobs()
        assert len(jobs) <= FEW
        closing.remember(unseal_all(jobs))

    def _do(self, output: Output) -> None:
        match output:
            case events.Drop():
                self.let_go(output.peer, output.reason)
            case events.Vouches():
                self.witnessing.vouch(output.space, output.peer)
            case events.Holds() | events.TakeAddress():
                pass
            case _:
                self._take_in(output)

    def let_go(self, peer: bytes, reason: str) -> None:
        """End the link with a peer."""
        self.dropped[reason] += 1
        self.around.network.close(self, peer)

    def _take_in(self, said: Arriving) -> None:
        try:
            match said:
                case events.TakeRuns():
                    runs = [self.around.library.read(run) for run in said.runs]
                    self.write(lambda: self._take_runs(said, runs), said.peer)
                case events.TakeFork():
                    self._take_fork(said)
                case events.TakeAlone():
                    self._take_alone(said)
                case _:
                    raise Refused("Nobody asked for it.")
        except Refused as error:
            self.let_go(said.peer, f"It sent what no node sends. {error}")

    def _take_runs(
        self, said: events.TakeRuns, runs: Sequence[Sequence[Operation]]
    ) -> Callable[[], object]:
        outcomes = [self._attempt(said.space, run) for run in runs]
        return lambda: self._tell_runs(said, runs, outcomes)

    def _tell_runs(
        self,
        said: events.TakeRuns,
        runs: Sequence[Sequence[Operation]],
        outcomes: Sequence[Outcome],
    ) -> None:
        """See `beanjar.node.arrivals.Arrivals`, which does the same."""
        is_held, refusal = True, None
        for run, outcome in zip(runs, outcomes, strict=True):
            self._tell(said.space, outcome, Source(said.peer, said.push))
            if isinstance(outcome, BrokenChain):
                self.handle(events.Unlinked(said.peer, said.space, run[0].key, run[0].seq))
            elif isinstance(outcome, BeanjarError) and not isinstance(outcome, NotNow):
                refusal = refusal or outcome
            is_held = is_held and isinstance(outcome, Taken) and outcome.is_kept
        if refusal is not None:
            self.let_go(said.peer, f"It sent what no node sends. {refusal}")
        elif said.push is not None and is_held:
            self.handle(events.TookPush(said.peer, said.push.number))

    def _take_fork(self, said: events.TakeFork) -> None:
        proof = read_fork(said.proof)
        if proof.space != said.space:
            raise Refused("This proof belongs to another space.")

        def work() -> Callable[[], object]:
            here = self.disk.head(said.space, proof.key).seq >= 0
            new = here and self.disk.add_fork(proof)
            taken = Taken(proof.left[0], forked_at=proof.seq, fork=proof)
            return lambda: self._tell(said.space, taken, Source(said.peer)) if new else None

        self.write(work, said.peer)

    def _take_alone(self, said: events.TakeAlone) -> None:
        operation, space = self.around.library.read_alone(said.operation), said.space
        if operation.effective_space != space:
            raise Refused("This was said in another space.")
        if operation.id == space:
            source = Source(said.peer)
            tell = lambda outcome: self._tell(space, outcome, source)  # noqa: E731 - three words
            self.write(lambda: self._take(space, [operation], tell), said.peer)
        elif self.folds and self._carry(space).welcomes(operation):
            self.write(lambda: self._keep_alone(space, operation), said.peer)

    def _keep_alone(self, space: bytes, operation: Operation) -> Callable[[], object]:
        kept = self.disk.keep_alone(operation)
        return lambda: self._add_up(space, self._carry(space).feed_apart(operation), kept=kept)

    def _add_up(self, space: bytes, said: Statement | None, *, kept: bool) -> None:
        if kept and said is not None:
            self._notice(space, [said])

    def _attempt(self, space: bytes, run: Sequence[Operation]) -> Outcome:
        try:
            return take_run(self.disk.as_writer, space, run, self.now)
        except BeanjarError as refusal:
            return refusal

    def _take(
        self, space: bytes, run: Sequence[Operation], tell: Callable[[Outcome], None]
    ) -> Callable[[], object]:
        outcome = self._attempt(space, run)
        return lambda: tell(outcome)

    def _tell(self, space: bytes, taken: Outcome, source: Source | None) -> None:
        """Add up what has been written, and tell the exchange, as a node does."""
        if not isinstance(taken, Taken):
            return
        if self.folds:
            self._feed(space, taken, source)
        if taken.new:
            self.on_took(self, space, taken.new)
        if taken.fork is not None:
            self.replica.note_fork(taken.fork)
        if taken.last.id == space:
            self.handle(events.Carries(space))
        pushes = taken.new and (source is None or source.push is not None)
        self.handle(
            events.Took(
                space=space,
                key=taken.last.key,
                last=taken.last.id,
                entry=self._entry(space, taken),
                arrival=taken.arrival,
                run=self.around.library.write(taken.new) if pushes else b"",
                fork=taken.fork,
                peer=source.peer if source else None,
                push=source.push if source else None,
            )
        )

    def _entry(self, space: bytes, taken: Taken) -> Entry | None:
        key = taken.last.key
        if self.replica.fork(space, key) is not None:
            return self.replica.entry(space, key)
        return Entry(key, taken.new[-1].seq, taken.new[-1].id) if taken.new else None

    def _feed(self, space: bytes, taken: Taken, source: Source | None) -> None:
        carried = self._carry(space)
        if taken.fork is not None:
            carried.space.cut(taken.fork)
        said = carried.feed(taken.new, self.now)
        own = taken.last.key == self.device.key.public
        if source is not None and own and (taken.new or taken.fork):
            self.witnessing.learn_restored(space)
        self._notice(space, said)

    def _notice(self, space: bytes, said: Sequence[Statement]) -> None:
        here = self._carry(space).space
        about = {name for each in said if (name := here.subject_of(each)) is not None}
        if about:
            self.on_said(self, space, about)
        if about and any(each.device != self.device.name for each in said):
            self.witnessing.call()

    def _carry(self, space: bytes) -> Carried:
        if space not in self.carried:
            self.carried[space] = Carried(space, [TOOL], self.disk.as_store)
            self.carried[space].space.vocabulary = READING
        self.witnessing.serve(space, self.carried[space])
        return self.carried[space]

    def _begin_to_write(self) -> None:
        self._writing, self._waiting = self._waiting, []
        if self._writing:
            sync = self.around.chance.randint(*self.around.sync)
            self.around.timeline.after(sync, self._commit, self._life)

    def _commit(self, life: int) -> None:
        if life != self._life:
            return  # it was killed meanwhile
        written = [work() for work in self._writing]
        for tell in written:
            tell()
            if life != self._life:
                return
        self._begin_to_write()

    def _let_on(self, peer: bytes, tell: Callable[[], object]) -> None:
        full = not self.reads(peer)
        self._from[peer] -= 1
        tell()
        if full:
            self.around.network.resume(self)

    def _tick(self, life: int) -> None:
        if life != self._life:
            return
        self.around.timeline.after(TICK, self._tick, life)
        self.handle(events.Tick())
        self.around.network.check(self)
        for space, run in self.disk.take_due(self.now):
            self.submit(space, self.around.library.read(run), lambda _: None)
        self.witnessing.attend()
