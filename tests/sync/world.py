"""Many replicas in virtual time, on a network that delays, loses, repeats, reorders and parts."""

import heapq
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from itertools import count
from random import Random

from msgspec import Struct

from beanjar.base.clock import SECOND
from beanjar.ops.alone import read_alone
from beanjar.ops.errors import BrokenChain
from beanjar.ops.fork import read_fork
from beanjar.ops.operation import Operation, hash_body
from beanjar.ops.run import read_run, write_run
from beanjar.sync import events
from beanjar.sync.book import Book
from beanjar.sync.codec import read_message, write_message
from beanjar.sync.events import Event, Output
from beanjar.sync.exchange import Exchange
from beanjar.sync.messages import Hello, Message, Spaces
from beanjar.testing.clock import START
from beanjar.testing.people import make_key
from tests.sync.shelf import Outcome, Shelf


class Weather(Struct, frozen=True):
    """How the network behaves: delays in ms, and how often a message is lost or comes twice."""

    fastest: int = 5
    slowest: int = 5
    lost: float = 0.0
    repeated: float = 0.0


FAIR = Weather()
FOUL = Weather(fastest=1, slowest=400, lost=0.15, repeated=0.15)


class Member:
    """One node: its shelf, its exchange, and what it has been told."""

    def __init__(self, world: "World", name: str) -> None:
        self.world = world
        node = make_key(f"node {name}")
        self.key = node.public
        self.device = make_key(f"device of node {name}")
        self.shelf = Shelf(self.device.public, node, f"10.0.0.{len(world.members)}:1")
        self.books: dict[bytes, Book] = {}
        self.start()

    def start(self) -> None:
        """Begin anew with what is on the shelf, as a node does that was killed."""
        self.exchange = Exchange(self.key, self.shelf, self.books)
        self.held: list[events.Holds] = []
        self.vouching: set[bytes] = set()
        self.dropped: list[events.Drop] = []

    def handle(self, event: Event) -> None:
        """Let something happen, and do what comes of it."""
        todo = [event]
        while todo:
            outputs = self.exchange.handle(todo.pop(0), self.world.now, self.world.chance)
            for output in outputs:
                todo += self._do(output)
        self.world.send_all(self)

    def say(self, space: bytes, *run: Operation) -> None:
        """Take in at the door what somebody says."""
        if run[0].id == space:
            self.shelf.carry(space)
            self.handle(events.Carries(space))
        self.handle(self._took(space, run, self.shelf.take(space, run)))

    def carry(self, space: bytes) -> None:
        self.shelf.carry(space)
        self.handle(events.Carries(space))

    def root(self, space: bytes) -> bytes:
        return self.exchange.root(space)

    def _do(self, output: Output) -> Iterable[Event]:
        match output:
            case events.TakeRuns():
                return self._take_runs(output)
            case events.TakeFork():
                return self._take_fork(output)
            case events.TakeAlone():
                return self._take_alone(output)
            case events.TakeBody():
                self._take_body(output)
            case events.Dial():
                return self.world.dial(self, output)
            case events.TakeChunk(content=content):
                self.shelf.chunks[sha256(content).digest()] = content
            case _:
                self._note(output)
        return ()

    def _note(self, output: Output) -> None:
        match output:
            case events.Holds():
                self.held.append(output)
            case events.Vouches():
                self.vouching.add(output.peer)
            case events.Drop():
                self.dropped.append(output)
                self.world.disconnect(self, self.world.by_key(output.peer))

    def _take_body(self, output: events.TakeBody) -> None:
        held = output.held
        found = self.shelf.find(output.space, held.id)
        if found and hash_body(held.salt, held.body) == found.digest:
            self.shelf.put_body(output.space, found.with_body(held.salt, held.body))

    def _take_fork(self, output: events.TakeFork) -> Iterator[Event]:
        fork = read_fork(output.proof)
        if fork.key in self.shelf.logs[output.space]:
            outcome = self.shelf.take_fork(fork)
            yield self._took(output.space, fork.left[:1], outcome, peer=output.peer)

    def _take_alone(self, output: events.TakeAlone) -> Iterator[Event]:
        operation, space = read_alone(output.operation), output.space
        if operation.id == space:
            yield self._took(space, [operation], self.shelf.take(space, [operation]))
        else:
            self.shelf.apart[space][operation.id] = operation

    def _take_runs(self, output: events.TakeRuns) -> Iterator[Event]:
        is_held = True
        for run in map(read_run, output.runs):
            try:
                outcome = self.shelf.take(output.space, run)
            except BrokenChain:
                is_held = False
                yield events.Unlinked(output.peer, output.space, run[0].key, run[0].seq)
            else:
                yield self._took(output.space, run, outcome, peer=output.peer, push=output.push)
        if output.push is not None and is_held:
            yield events.TookPush(output.peer, output.push.number)

    def _took(
        self,
        space: bytes,
        run: Iterable[Operation],
        outcome: Outcome,
        peer: bytes | None = None,
        push: object = None,
    ) -> events.Took:
        last = list(run)[-1]
        return events.Took(
            space=space,
            key=last.key,
            last=last.id,
            entry=self.shelf.entry(space, last.key),
            arrival=self.shelf.arrivals[space],
            run=write_run(outcome.new) if outcome.new else b"",
            fork=outcome.fork,
            peer=peer,
            push=push,  # type: ignore[arg-type]
        )


class World:
    """The network and the time. A message takes its way through bytes."""

    def __init__(self, chance: Random, weather: Weather = FAIR) -> None:
        self.chance = chance
        self.weather = weather
        self.now = START
        self.members: list[Member] = []
        self.bytes = 0
        self.said: list[bytes] = []
        self._links: set[frozenset[bytes]] = set()
        self._parted: set[frozenset[bytes]] = set()
        self._apart: set[frozenset[bytes]] = set()
        self._wire: list[tuple[int, int, bytes, bytes, bytes]] = []
        self._order = count()
        self._connections = 0
        self._held_back = False

    def add(self, name: str) -> Member:
        self.members.append(Member(self, name))
        return self.members[-1]

    def by_key(self, key: bytes) -> Member:
        return next(each for each in self.members if each.key == key)

    def connect(self, one: Member, other: Member) -> None:
        """Let two nodes be neighbours; what is still on its way from before is lost."""
        self._links.add(frozenset((one.key, other.key)))
        self._apart.discard(frozenset((one.key, other.key)))
        self._connections += 1
        for near, far in ((one, other), (other, one)):
            nonce = sha256(near.key + far.key + bytes([self._connections % 251])).digest()
            near.handle(events.Came(far.key, nonce, dialled=near is one))

    def dial(self, one: Member, dial: events.Dial) -> Iterator[Event]:
        """Connect a node with another that is there, unless they were parted."""
        other = next((each for each in self.members if each.key == dial.peer), None)
        ends = frozenset((one.key, dial.peer))
        if other is None or ends in self._apart or other.shelf.address not in dial.addresses:
            yield events.Missed(dial.peer)
        elif ends not in self._links:
            self._parted.add(ends)

    def connect_all(self) -> None:
        for place, one in enumerate(self.members):
            for other in self.members[place + 1 :]:
                self.connect(one, other)

    def disconnect(self, one: Member, other: Member) -> None:
        """End a connection on both sides; it is made again within a second."""
        link = frozenset((one.key, other.key))
        if link in self._links:
            self._links.discard(link)
            self._parted.add(link)
            self._wire = [each for each in self._wire if {each[2], each[3]} != set(link)]
            heapq.heapify(self._wire)
            one.handle(events.Went(other.key))
            other.handle(events.Went(one.key))

    def part(self, one: Iterable[Member], other: Iterable[Member]) -> None:
        others = list(other)
        for near in one:
            for far in others:
                self.disconnect(near, far)
                self._parted.discard(frozenset((near.key, far.key)))
                self._apart.add(frozenset((near.key, far.key)))

    def send_all(self, member: Member) -> None:
        """Put on the wire whatever a node has to say."""
        for key in [] if self._held_back else list(member.exchange.peers):
            while (message := member.exchange.next_message(key)) is not None:
                self._send(member.key, key, message)

    def run(self, seconds: float) -> None:
        """Let time pass: messages arrive, and once a second every node is told the time."""
        end = self.now + int(seconds * SECOND)
        while self.now < end:
            second = self.now - self.now % SECOND + SECOND
            self._deliver_until(min(second, end))
            for link in list(self._parted):
                self._parted.discard(link)
                self.connect(*(self.by_key(key) for key in sorted(link)))
            for member in self.members:
                member.handle(events.Tick())

    @contextmanager
    def calm(self) -> Iterator[None]:
        """Let the network behave meanwhile."""
        weather, self.weather = self.weather, FAIR
        yield
        self.weather = weather

    @contextmanager
    def holding_back(self) -> Iterator[None]:
        """Let no connection take anything meanwhile."""
        self._held_back = True
        yield
        self._held_back = False

    def _send(self, source: bytes, target: bytes, message: Message) -> None:
        """Send a message through bytes. A greeting is part of making a connection: it arrives."""
        data = write_message(message)
        self.bytes += len(data)
        self.said.append(data)
        greets = isinstance(message, Hello | Spaces)
        weather = FAIR if greets else self.weather
        if self.chance.random() < weather.lost:
            return
        for _ in range(1 + (self.chance.random() < weather.repeated)):
            delay = 0 if greets else self.chance.randint(weather.fastest, weather.slowest)
            item = (self.now + delay, next(self._order), source, target, data)
            heapq.heappush(self._wire, item)

    def _deliver_until(self, end: int) -> None:
        while self._wire and self._wire[0][0] <= end:
            self.now, _, source, target, data = heapq.heappop(self._wire)
            if frozenset((source, target)) in self._links:
                self.by_key(target).handle(events.Heard(source, read_message(data)))
        self.now = end
