"""One simulated honest node: the product's exchange, intake, folds and witness, on a disk of ours.

Whoever is killed loses what was not written yet, and goes on with what was.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from random import Random

from msgspec import Struct

from beanjar.fold.statement import Statement
from beanjar.lab.arrivals import Arrivals, Outcome
from beanjar.lab.batches import Batches, Work
from beanjar.lab.disk import Disk
from beanjar.lab.library import Library, Reading
from beanjar.lab.network import Network
from beanjar.lab.people import Device
from beanjar.lab.removing import Removing
from beanjar.lab.timeline import Timeline
from beanjar.lab.weighing import ARRIVING, HELD
from beanjar.lab.witnessing import Witnessing
from beanjar.node.carried import Carried
from beanjar.node.following import follow
from beanjar.node.intake import Taken
from beanjar.node.replica import StoreReplica
from beanjar.node.unsealing import FEW
from beanjar.node.writing import Source
from beanjar.ops.operation import Operation
from beanjar.ops.signing import SigningKey
from beanjar.space.space import know
from beanjar.space.unsealing import unseal_all
from beanjar.sync import events
from beanjar.sync.book import Book
from beanjar.sync.events import Event, Output
from beanjar.sync.exchange import Exchange
from beanjar.sync.membership import Card
from beanjar.sync.messages import Message
from beanjar.sync.secrecy import sign_card
from beanjar.tools.estimate import TOOL

TICK = 1_000
READING = Reading(know([TOOL]))


class Surroundings(Struct, frozen=True):
    """What all nodes of one simulation have in common.

    `sync` is how long a write takes, `begins` when it all began, both in ms.
    """

    timeline: Timeline
    network: Network
    library: Library
    chance: Random
    sync: tuple[int, int]
    begins: int


class Host:
    """One node. `skew` is how far its clock is ahead, in ms."""

    def __init__(
        self, around: Surroundings, device: Device, node: SigningKey, *, folds: bool
    ) -> None:
        """Begin with an empty disk, switched off."""
        self.node = node
        self.key = node.public
        self.books: dict[bytes, Book] = {}
        """Where other nodes are, as it is on the disk."""
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
        self._life = 0

    @property
    def now(self) -> int:
        """The time, by this node's clock."""
        return self.around.timeline.now + self.skew

    def start(self) -> None:
        """Go on with what is on the disk."""
        self.is_up = True
        self._life += 1
        around = self.around
        self.batches = Batches(around.timeline, around.chance, around.sync)
        self.arrivals = Arrivals(self)
        self.carried.clear()
        self.replica = StoreReplica(
            self.device.key.public,
            self.disk.as_store,
            self.carried,
            self._sign,
            lambda: self.now,
            takes_in=lambda _: True,
        )
        self.exchange = Exchange(self.key, self.replica, self.books)
        self.witnessing, self.removing = Witnessing(self), Removing(self)
        for space in self.disk.spaces() if self.folds else ():
            self.carry(space)
        self.around.timeline.after(self.around.chance.randrange(TICK), self._tick, self._life)

    def kill(self) -> None:
        """Stop from one moment to the next; a batch that was being written may be on the disk."""
        self.is_up = False
        self._life += 1
        self.around.network.cut(self)
        self.witnessing.stop()
        self.removing.stop()
        self.batches.stop()

    def handle(self, event: Event) -> None:
        """Let something happen, and do what comes of it."""
        for output in self.exchange.handle(event, self.now, self.around.chance):
            self._do(output)
        self.around.network.flush(self)

    def come(self, peer: bytes, nonce: bytes, *, dialled: bool) -> None:
        """See `beanjar.lab.network.End`."""
        self.handle(events.Came(peer, nonce, dialled))

    def go(self, peer: bytes) -> None:
        """See `beanjar.lab.network.End`."""
        self.handle(events.Went(peer))

    def miss(self, peer: bytes) -> None:
        """See `beanjar.lab.network.End`."""
        self.handle(events.Missed(peer))

    def hear(self, peer: bytes, message: Message) -> None:
        """See `beanjar.lab.network.End`."""
        self.handle(events.Heard(peer, message))

    def reads(self, peer: bytes) -> bool:
        """See `beanjar.lab.network.End`."""
        return self.batches.has_room(peer)

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
            if isinstance(outcome, Taken):
                self.add_up(space, outcome, None)
            told(outcome)

        self.batches.add(lambda: self.arrivals.write(space, run, tell))

    def write_from(self, peer: bytes, work: Work) -> None:
        """Let something be written that a peer sent."""
        self.batches.add_from(peer, work, lambda: self.around.network.resume(self))

    def waiting(self) -> dict[str, int]:
        """Return how much waits to be written, for a peer at most, and how much for its time."""
        arriving = max(self.batches.waits_for.values(), default=0)
        return {ARRIVING: arriving, HELD: self.disk.held()}

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
            case events.Dial():
                self.around.network.dial(self, output.peer)
            case events.Holds() | events.SeenAt():
                pass
            case _:
                self.arrivals.take(output)

    def let_go(self, peer: bytes, reason: str) -> None:
        """End the link with a peer."""
        self.dropped[reason] += 1
        self.around.network.close(self, peer)

    def know(self, space: bytes, others: Iterable["Host"]) -> None:
        """Learn where others are, as from a ticket."""
        book = self.books.setdefault(space, Book())
        for other in others:
            book.note_ticket(other.key, other.addresses, self.now)

    @property
    def addresses(self) -> tuple[str, ...]:
        """Where the node can be reached: nobody but the laboratory's network reads it."""
        return (f"{self.key.hex()[:12]}:1",)

    def _sign(
        self, space: bytes, time: int, neighbours: tuple[bytes, ...], operations: int, root: bytes
    ) -> Card:
        card = Card(self.key, self.addresses, time, neighbours, operations, root, b"")
        return sign_card(self.node, space, card)

    def add_up(self, space: bytes, taken: Taken, source: Source | None) -> None:
        """Add up what has been written, and tell the exchange, as a node does."""
        if self.folds:
            self._feed(space, taken, source)
        if taken.new:
            self.on_took(self, space, taken.new)
        for event in follow(self.replica, space, taken, source, self.around.library.write):
            self.handle(event)

    def _feed(self, space: bytes, taken: Taken, source: Source | None) -> None:
        carried = self.carry(space)
        if taken.fork is not None:
            carried.space.cut(taken.fork)
            self.removing.look_over(space)
        said = carried.feed(taken.new, self.now)
        own = taken.last.key == self.device.key.public
        if source is not None and own and (taken.new or taken.fork):
            self.witnessing.learn_restored(space)
        self._notice(space, said)
        for operation in taken.restored:
            self.add_up_apart(space, operation)

    def add_up_apart(self, space: bytes, operation: Operation) -> None:
        """Add up an operation that came by itself, or whose body has come later."""
        said = self.carry(space).feed_apart(operation)
        if said is not None:
            self._notice(space, [said])

    def _notice(self, space: bytes, said: Sequence[Statement]) -> None:
        here = self.carry(space).space
        for each in said:
            self.removing.notice(space, each)
        about = {name for each in said if (name := here.subject_of(each)) is not None}
        if about:
            self.on_said(self, space, about)
        if about and any(each.device != self.device.name for each in said):
            self.witnessing.call()

    def carry(self, space: bytes) -> Carried:
        """Return a space as this node has added it up."""
        if space not in self.carried:
            self.carried[space] = Carried(space, [TOOL], self.disk.as_store)
            self.carried[space].space.vocabulary = READING
            self.removing.look_over(space)
        self.witnessing.serve(space, self.carried[space])
        return self.carried[space]

    def _tick(self, life: int) -> None:
        if life != self._life:
            return
        self.around.timeline.after(TICK, self._tick, life)
        self.handle(events.Tick())
        self.around.network.check(self)
        for space, run in self.disk.take_due(self.now):
            self.submit(space, self.around.library.read(run), lambda _: None)
        self.witnessing.attend()
        if self.folds:
            self.removing.attend()
