"""Actors who mean harm: they know the protocol and the spaces, and keep to no other rule."""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256
from random import Random

from msgspec import Struct

from beanjar.base.clock import SECOND
from beanjar.lab.crowd import Crowd
from beanjar.lab.host import Host, Surroundings
from beanjar.lab.people import Device, Person, make_key
from beanjar.lab.scenario import Hostile
from beanjar.ops.operation import Operation
from beanjar.space.charter import Profile
from beanjar.sync import messages
from beanjar.sync.messages import SHORT, VERSION, Hello, Listing, LogHead, Message, Spaces
from beanjar.sync.secrecy import name_space

ACTS = 250
"""How often a hostile actor does something of its own accord on each link, in ms."""
COME_BACK = 10 * SECOND
FAR = 1_000
QUEUE = 10_000
"""Messages that an actor itself keeps for a slow link."""


class Held(Struct):
    """One link of an actor: the nonces of both ends, and what it will say."""

    own: bytes
    theirs: bytes = b""
    saying: deque[Message] = deque()


class Actor:
    """A hostile node. It greets as it should; what it does then is its habit."""

    def __init__(
        self, around: Surroundings, told: Hostile, place: int, crowds: Sequence[Crowd]
    ) -> None:
        """Know every space of these crowds, and all that was said when they began."""
        self.signing = make_key(f"{told.kind} {place}")
        self.key = self.signing.public
        self.is_up = True
        self.told = told
        self.endings = 0
        """How often a link of it was ended."""
        self.admitted: set[bytes] = set()
        """Where the devices stand that may speak; those that it makes members, too."""
        self._around = around
        self._crowds = crowds
        self._links: dict[bytes, Held] = {}
        self._chance = Random(f"{told.kind} {place} {around.chance.random()}")  # noqa: S311 - no secret
        self._habit = self._habits()[told.kind]
        self._branches: list[tuple[bytes, bytes]] = []

    def begin(self, hosts: Sequence[Host]) -> None:
        """Dial some nodes."""
        for host in self._chance.sample(hosts, min(self.told.links, len(hosts))):
            self._around.network.dial(self, host.key)
        if self.told.kind == "forker":
            self._contradict()

    def come(self, peer: bytes, nonce: bytes, *, dialled: bool) -> None:
        """See `beanjar.lab.network.End`."""
        del dialled
        self._links[peer] = Held(nonce, saying=deque([Hello(VERSION, nonce)]))
        self._around.network.flush(self)

    def go(self, peer: bytes) -> None:
        """See `beanjar.lab.network.End`."""
        self.endings += 1
        self._links.pop(peer, None)
        self.miss(peer)

    def miss(self, peer: bytes) -> None:
        """See `beanjar.lab.network.End`."""
        self._around.timeline.after(COME_BACK, self._around.network.dial, self, peer)

    def hear(self, peer: bytes, message: Message) -> None:
        """See `beanjar.lab.network.End`."""
        held = self._links[peer]
        match message:
            case Hello(nonce=nonce):
                held.theirs = nonce
                spaces = (each.space for each in self._crowds)
                tags = (name_space(each, self.key, held.own, nonce) for each in spaces)
                held.saying.append(Spaces(tuple(tags)))
                self._around.timeline.after(ACTS, self._act, peer, held)
            case messages.Ping(number=number):
                held.saying.append(messages.Pong(number))
            case messages.AskIds(space=space, key=key, seqs=seqs):
                ids = tuple(self._chance.randbytes(32) for _ in seqs)
                held.saying.append(messages.Ids(space, key, seqs, ids))
            case messages.Root() | messages.Walk() if self.told.kind == "endless walker":
                held.saying.extend(self._walk(peer))
        self._around.network.flush(self)

    def reads(self, peer: bytes) -> bool:
        """See `beanjar.lab.network.End`. A slow reader reads nothing but greetings."""
        return self.told.kind != "slow reader" or not self._links[peer].theirs

    def has_message(self, peer: bytes) -> bool:
        """See `beanjar.lab.network.End`."""
        return peer in self._links and bool(self._links[peer].saying)

    def next_message(self, peer: bytes) -> Message | None:
        """See `beanjar.lab.network.End`."""
        held = self._links.get(peer)
        return held.saying.popleft() if held is not None and held.saying else None

    def _habits(self) -> dict[str, Callable[[bytes], Iterator[Message]]]:
        """Return by kind what one says now and then on each link."""
        return {
            "withholder": self._promise,
            "flooder": self._flood,
            "slow reader": self._demand,
            "liar about heads": self._lie,
            "endless walker": self._walk,
            "replayer": self._replay,
            "forker": self._fork,
            "stripper": self._strip,
        }

    def _act(self, peer: bytes, held: Held) -> None:
        if self._links.get(peer) is held:
            if len(held.saying) < QUEUE:
                held.saying.extend(self._habit(peer))
            self._around.network.flush(self)
            self._around.timeline.after(ACTS, self._act, peer, held)

    def _logs(self) -> list[bytes]:
        return [voice.device.key.public for voice in self._crowds[0].voices]

    def _runs(self, crowd: Crowd) -> list[bytes]:
        return [self._around.library.write(voice.log[:1]) for voice in crowd.voices]

    def _promise(self, peer: bytes) -> Iterator[Message]:
        """Say that it holds more of every log, and send nothing of it when asked."""
        del peer
        name = self._chance.randbytes(32)
        yield messages.Heads(0, tuple(LogHead(each, FAR, name) for each in self._logs()))
        yield messages.Loose(0, (name,))

    def _flood(self, peer: bytes) -> Iterator[Message]:
        """Say again and again what everybody knows, and ask without end."""
        del peer
        runs = self._runs(self._crowds[0])
        for _ in range(20):
            number = self._chance.randrange(1 << 30)
            yield messages.Push(0, number, (), (self._chance.choice(runs),))
            yield messages.Ping(number)
            yield messages.Root(0, self._chance.randbytes(SHORT))
        yield messages.Want(0, tuple(messages.From(each, 0) for each in self._logs()))

    def _demand(self, peer: bytes) -> Iterator[Message]:
        """Ask for everything, and read nothing."""
        del peer
        wants = tuple(messages.From(each, 0) for each in self._logs())
        for _ in range(50):
            yield messages.Want(0, wants)
            yield messages.Root(0, self._chance.randbytes(SHORT))

    def _lie(self, peer: bytes) -> Iterator[Message]:
        """Name other heads than there are, at places that are there and at others."""
        del peer
        for key in self._logs():
            seqs = self._chance.sample(range(20), 3)
            heads = (LogHead(key, seq, self._chance.randbytes(32)) for seq in seqs)
            yield messages.Heads(0, tuple(heads))
        yield messages.Root(0, self._chance.randbytes(SHORT))

    def _walk(self, peer: bytes) -> Iterator[Message]:
        """Let a comparison never end: whatever is listed differs, ever further down."""
        del peer
        depth = self._chance.randrange(64)
        prefix = self._chance.randbytes(32).hex()[:depth]
        digests = self._chance.randbytes(16 * SHORT)
        listing = Listing(prefix, self._chance.random() < 1 / 2, digests)
        yield messages.Walk(0, (listing,) * 4)

    def _replay(self, peer: bytes) -> Iterator[Message]:
        """Push what was said in one space as if it were said in another."""
        del peer
        for number, crowd in enumerate(self._crowds):
            other = self._crowds[number - 1]
            for run in self._runs(other):
                yield messages.Push(number, self._chance.randrange(1 << 30), (), (run,))
            del crowd

    def _fork(self, peer: bytes) -> Iterator[Message]:
        """Push one branch of a member's log to these, and another to those."""
        side = sha256(peer).digest()[0] % 2
        for branch in self._branches:
            yield messages.Push(0, self._chance.randrange(1 << 30), (), (branch[side],))

    def _strip(self, peer: bytes) -> Iterator[Message]:
        """Push what members have just said before anybody else does, without what they said."""
        del peer
        for voice in self._chance.sample(self._crowds[0].voices, 4):
            bare = [each.without_body() for each in voice.log[-2:]]
            run = self._around.library.write(bare)
            yield messages.Push(0, self._chance.randrange(1 << 30), (), (run,))

    def _contradict(self) -> None:
        """Join with a new device, and let it contradict itself, every few seconds."""
        space, now = self._crowds[0].space, self._around.timeline.now
        device = Person(f"forker {self.key.hex()} {len(self._branches)}").device
        self.admitted.add(device.key.public)
        joined = device.join(space, now)
        twin = device.copied()
        branches = [
            [joined, *self._write(each, word, space)] for each, word in ((device, "a"), (twin, "b"))
        ]
        left, right = (self._around.library.write(each) for each in branches)
        self._branches = [*self._branches[-3:], (left, right)]
        self._around.timeline.after(5 * SECOND, self._contradict)

    def _write(self, device: Device, word: str, space: bytes) -> list[Operation]:
        now = self._around.timeline.now
        return [device.write(space, Profile(word), now) for _ in range(self._chance.randint(1, 3))]
