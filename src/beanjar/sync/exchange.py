"""The whole of what a node says to its neighbours: what happened comes in, what to do comes out.

No clock, no chance and no connection in here: the host brings events, the time in ms and chance,
does what comes out, in its order for each peer, and sends what `next_message` returns as fast as
the peer takes it.
"""

from collections.abc import Callable, Sequence
from random import Random
from typing import Any

from beanjar.base.limits import INTEGER, SPACES
from beanjar.sync import messages
from beanjar.sync.book import Book
from beanjar.sync.comparisons import Comparisons
from beanjar.sync.events import (
    Came,
    Carries,
    Event,
    Heard,
    Holds,
    Leaves,
    Missed,
    Output,
    SeenAt,
    Sending,
    Tick,
    Took,
    TookPush,
    Unlinked,
    Went,
)
from beanjar.sync.fetching import Fetching
from beanjar.sync.leaving import leave
from beanjar.sync.lending import Lending
from beanjar.sync.logs import Logs
from beanjar.sync.messages import VERSION, About, Message
from beanjar.sync.overlays import Overlays
from beanjar.sync.pages import cut_pages
from beanjar.sync.peer import Peer
from beanjar.sync.replica import Replica
from beanjar.sync.spreading import Spreading
from beanjar.sync.tries import Tries

Outputs = list[Output]
Books = dict[bytes, Book]


class Exchange:
    """What one node says to all its neighbours. Node keys, spaces and ids have 32 bytes."""

    def __init__(self, key: bytes, replica: Replica, books: Books | None = None) -> None:
        """Speak as the node with this key; `books` say where the nodes of each space are."""
        self.key = key
        self.peers: dict[bytes, Peer] = {}
        self._replica = replica
        self._tries = Tries(replica)
        self._fetching = Fetching()
        self._logs = Logs(replica, self._tries, self._fetching)
        self._lending = Lending(replica)
        self.overlays = Overlays(key, replica, self._tries, self.peers, books, again=self._catch_up)
        self._spreading = Spreading(key, self.peers, self._tries, self._logs, self.overlays)
        self._comparisons = Comparisons()
        self._happens: dict[type[Event], Callable[[Any, int, Random], Outputs]] = {
            Came: self._came,
            Went: self._went,
            Missed: self._missed,
            Heard: self._heard,
            Sending: self._sending,
            Carries: self._carries,
            Leaves: self._leaves,
            Took: self._took,
            Unlinked: self._unlinked,
            TookPush: self._took_push,
            Tick: self._tick,
        }
        self._to_us: dict[type[Message], Callable[[Peer, Any, int, Random], Outputs]] = {
            messages.Hello: self._hear_hello,
            messages.Spaces: self._hear_spaces,
            messages.Got: self._hear_got,
            messages.Ping: lambda peer, said, *_: peer.say(messages.Pong(said.number)) or [],
            messages.Pong: lambda *_: [],  # that it was heard is noted already
            messages.Seen: lambda peer, said, *_: [SeenAt(peer.key, said.address)],
        }
        self._about_spaces: dict[type[About], Callable[[Peer, bytes, Any], Outputs]] = {
            messages.Root: self._hear_root,
            **self._logs.hears,
            **self._spreading.hears,
            **self._lending.hears,
        }

    def handle(self, event: Event, now: int, chance: Random) -> Outputs:
        """Return what is to be done about an event at `now` (ms)."""
        return self._happens[type(event)](event, now, chance)

    def next_message(self, peer: bytes) -> Message | None:
        """Return what is to be sent to a peer next, if anything."""
        return self.peers[peer].next_message() if peer in self.peers else None

    def has_message(self, peer: bytes) -> bool:
        """Say whether something waits to be sent to a peer."""
        return peer in self.peers and self.peers[peer].is_waited_for

    def root(self, space: bytes) -> bytes:
        """Return the root of a space: equal where the same logs are held."""
        return self._tries.of(space).digest()

    def operations(self, space: bytes) -> int:
        """Return how many operations the logs of a space hold here, up to forks."""
        return self._tries.of(space).operations

    def coming(self, space: bytes) -> int:
        """Return how many operations of logs of a space neighbours have been asked for."""
        trie = self._tries.of(space)
        asked = self._fetching.on_the_way(space).items()
        held = ((seq, trie.get(key)) for key, seq in asked)
        return sum(max(0, seq - (entry.seq if entry else -1)) for seq, entry in held)

    def sharing(self, space: bytes) -> list[Peer]:
        """Return the neighbours that carry the space too."""
        return [peer for peer in self.peers.values() if peer.shares(space)]

    def _came(self, event: Came, now: int, _: Random) -> Outputs:
        self.overlays.came(event.peer)
        peer = Peer(event.peer, event.nonce, now, event.range, dialled=event.dialled)
        self.peers[event.peer] = peer
        peer.say(messages.Hello(VERSION, event.nonce))
        if event.address:
            peer.say(messages.Seen(event.address))
        return []

    def _went(self, event: Went, now: int, chance: Random) -> Outputs:
        gone = self.peers.pop(event.peer, None)
        self._fetching.give_up(event.peer)
        # It may have told us what it could tell nobody else.
        self._comparisons.note(*(gone.shared if gone else ()))
        self._compare_due(now)
        return self.overlays.lost(event.peer, now, chance)

    def _missed(self, event: Missed, now: int, chance: Random) -> Outputs:
        if event.peer not in self.peers:
            return self.overlays.lost(event.peer, now, chance)
        self.overlays.came(event.peer)  # by itself, while it was dialled in vain
        return []

    def _heard(self, event: Heard, now: int, chance: Random) -> Outputs:
        peer, said = self.peers.get(event.peer), event.message
        if peer is None or peer.is_let_go:
            return []
        peer.heard = now
        if isinstance(said, messages.Hello) == peer.is_greeted:
            return peer.let_go("It did not greet once, and first of all.")
        outputs = self._hear(peer, said, now, chance)
        if peer.is_overrun:
            outputs += peer.let_go("It reads too little of what it makes us say.")
        return outputs

    def _sending(self, event: Sending, now: int, _: Random) -> Outputs:
        if event.peer in self.peers:
            self.peers[event.peer].stirred = now
            self._fetching.wait_on(event.peer, now)
        return []

    def _hear(self, peer: Peer, said: Message, now: int, chance: Random) -> Outputs:
        if not isinstance(said, About):
            return self._to_us[type(said)](peer, said, now, chance)
        space = peer.space(said.space)
        if space is None:
            return []  # about a space that we do not carry, or have not named, nothing is learnt
        if type(said) in self.overlays.hears:
            return self.overlays.hears[type(said)](peer, space, said, now, chance)
        return self._about_spaces[type(said)](peer, space, said)

    def _hear_hello(self, peer: Peer, said: messages.Hello, now: int, chance: Random) -> Outputs:
        if said.version != VERSION or said.nonce == peer.nonce:
            return peer.let_go(f"It speaks version {said.version}, and we {VERSION}.")
        peer.greet(said.nonce)
        return self._name(peer, self._replica.spaces(), now, chance)

    def _hear_spaces(self, peer: Peer, said: messages.Spaces, now: int, chance: Random) -> Outputs:
        before = set(peer.shared)
        if not peer.hear_names(said.tags):
            return peer.let_go("It names more spaces than one node may.")
        return self._begin(peer, [each for each in peer.shared if each not in before], now, chance)

    def _hear_got(self, peer: Peer, said: messages.Got, _: int, __: Random) -> Outputs:
        held = peer.confirm(said.numbers)
        for space in [space for space in peer.behind if peer.shares(space)]:
            self._logs.compare(peer, space)
        return [Holds(peer.key, space, name) for space, name in held]

    def _hear_root(self, peer: Peer, space: bytes, said: messages.Root) -> Outputs:
        self._lending.tell_loose(peer, space)
        if self._is_unfounded(space):
            peer.say(messages.Find(peer.number(space), (space,)))
            return []
        return self._logs.hear_root(peer, space, said)

    def _carries(self, event: Carries, now: int, chance: Random) -> Outputs:
        greeted = [peer for peer in self.peers.values() if peer.is_greeted]
        outputs = [
            each for peer in greeted for each in self._name(peer, [event.space], now, chance)
        ]
        return outputs + self.overlays.carry(event.space, event.nodes, now, chance)

    def _leaves(self, event: Leaves, _: int, __: Random) -> Outputs:
        return leave(event.space, self.peers, self._logs, self._lending, self.overlays)

    def _name(self, peer: Peer, spaces: Sequence[bytes], now: int, chance: Random) -> Outputs:
        before = set(peer.shared)
        for tags in cut_pages(peer.name(self.key, spaces), SPACES):
            peer.say(messages.Spaces(tags))
        return self._begin(peer, [each for each in peer.shared if each not in before], now, chance)

    def _begin(self, peer: Peer, spaces: Sequence[bytes], now: int, chance: Random) -> Outputs:
        """Begin to speak about spaces of which both now know that both carry them."""
        outputs: Outputs = []
        for space in spaces:
            outputs += self.overlays.begin(peer, space, now, chance)
            self._catch_up(peer, space)
        return outputs

    def _catch_up(self, peer: Peer, space: bytes) -> None:
        """Find out what either of two who are now neighbours has and the other lacks."""
        self._lending.hurry(space)
        self._lending.tell_loose(peer, space)
        self._logs.ask_about_own(peer, space)
        if self._is_unfounded(space):
            peer.say(messages.Find(peer.number(space), (space,)))
        elif self.key < peer.key:  # one of the two is enough
            self._logs.compare(peer, space)

    def _is_unfounded(self, space: bytes) -> bool:
        """Say whether the space's first operation is not here, without which nothing is let in."""
        return self._replica.last_arrival(space) == 0

    def _took(self, event: Took, now: int, _: Random) -> Outputs:
        if event.entry is not None:
            self._tries.update(event.space, event.entry, event.arrival)
            if event.peer is not None:
                self.overlays.of(event.space).book.credit(event.peer, now)
        self._spreading.take(event, now)
        if event.last == event.space:
            self._compare_with_all(event.space)
        if self._has_ended(event, now):
            self._comparisons.note(event.space)
            self._compare_due(now)
        return []

    def _has_ended(self, event: Took, now: int) -> bool:
        """Say whether this was the last that was on its way; past a fork nothing is waited for."""
        entry = self._tries.of(event.space).get(event.key)
        if entry is None:
            return False
        seq = entry.seq if entry.fork < 0 else INTEGER
        return self._fetching.arrived(event.space, event.key, seq, event.peer, now)

    def _unlinked(self, event: Unlinked, _: int, __: Random) -> Outputs:
        peer = self.peers.get(event.peer)
        if peer is None or not peer.shares(event.space):
            return []
        if self._is_unfounded(event.space):
            peer.say(messages.Find(peer.number(event.space), (event.space,)))
        else:
            self._logs.link(peer, event.space, event.key, event.seq)
        return []

    def _took_push(self, event: TookPush, _: int, __: Random) -> Outputs:
        if event.peer in self.peers:
            self.peers[event.peer].got(event.number)
        return []

    def _tick(self, _: Tick, now: int, chance: Random) -> Outputs:
        self._fetching.expire(now)
        self._spreading.tick(now)
        for space in self._replica.spaces():
            self._lending.ask(self.sharing(space), space, now)
        self._compare_due(now)
        if self.peers and self._comparisons.is_round_due(now):
            self._compare_with(self.peers[chance.choice(sorted(self.peers))])
        outputs = self.overlays.tick(now, chance)
        for peer in self.peers.values():
            if (reason := peer.attend(now)) is not None:
                outputs += peer.let_go(reason)
        return outputs

    def _compare_with(self, peer: Peer) -> None:
        for space in peer.shared:
            self._logs.compare(peer, space)

    def _compare_due(self, now: int) -> None:
        for space in self._comparisons.take_due(now):
            self._compare_with_all(space)

    def _compare_with_all(self, space: bytes) -> None:
        for peer in self.sharing(space):
            self._logs.compare(peer, space)
