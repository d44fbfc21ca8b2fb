"""The neighbours of one node in all its spaces, which share connections."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from random import Random
from typing import Any

from beanjar.base.limits import ACTIVE, ACTIVE_LEAST, ADDRESSES_TOLD, LINKS
from beanjar.sync.acts import Acts, Membership, Reach
from beanjar.sync.book import Book, Known
from beanjar.sync.events import Dial, Output
from beanjar.sync.membership import (
    Card,
    Cards,
    Far,
    Near,
    Newcomer,
    Shuffle,
    Shuffled,
)
from beanjar.sync.messages import About
from beanjar.sync.overlay import Overlay
from beanjar.sync.pages import cut_pages
from beanjar.sync.peer import Peer
from beanjar.sync.portrait import Portrait
from beanjar.sync.replica import Replica
from beanjar.sync.tries import Tries


class Overlays:
    """Says with whom to have a connection, and passes on where nodes are. Spaces have 32 bytes."""

    def __init__(
        self,
        key: bytes,
        replica: Replica,
        tries: Tries,
        peers: Mapping[bytes, Peer],
        books: dict[bytes, Book] | None,
        *,
        again: Callable[[Peer, bytes], None],
    ) -> None:
        """Speak for a node, with the peers with which it has connections.

        `again` is called with a peer that is a neighbour in a space again, on a connection on
        which for a while it was not: meanwhile neither pushed anything to the other.
        """
        self.books = {} if books is None else books
        self._key = key
        self._replica = replica
        self._tries = tries
        self._peers = peers
        self._again = again
        self._overlays: dict[bytes, Overlay] = {}
        self._portraits: dict[bytes, Portrait] = {}
        self._dialling: set[bytes] = set()
        self.hears: dict[type[About], Callable[[Peer, bytes, Any, int, Random], list[Output]]] = {
            Cards: self._hear_cards,
            **dict.fromkeys((Near, Far, Newcomer, Shuffle, Shuffled), self._hear),
        }

    def of(self, space: bytes) -> Overlay:
        """Return the overlay of a space that is carried."""
        if space not in self._overlays:
            book = self.books.setdefault(space, Book())
            overlay = Overlay(
                self._key,
                book,
                lambda peer: self._peers[peer].number(space),
                partial(self._note, space),
            )
            self._overlays[space] = overlay
            self._portraits[space] = Portrait(space, self._replica, self._tries, overlay)
        return self._overlays[space]

    def carry(
        self, space: bytes, nodes: Iterable[tuple[bytes, tuple[str, ...]]], now: int, chance: Random
    ) -> list[Output]:
        """Carry a further space; nodes that have it are where a ticket says."""
        overlay = self.of(space)
        acts: Acts = []
        for node, addresses in nodes:
            overlay.book.note_ticket(node, addresses, now)
            known = overlay.book.nodes.get(node, Known(node, addresses))
            acts += overlay.ask(known, "join", now, chance)
        return self._do(space, acts + overlay.tick(now, chance), now, chance)

    def leave(self, space: bytes) -> None:
        """Have no more neighbours in a space; where its nodes are stays in its book."""
        self._overlays.pop(space, None)
        self._portraits.pop(space, None)

    def begin(self, peer: Peer, space: bytes, now: int, chance: Random) -> list[Output]:
        """Take as a neighbour a peer that turns out to carry the space too."""
        self.of(space)
        portrait = self._portraits[space]
        for page in cut_pages(portrait.tell_newcomer(now, chance), ADDRESSES_TOLD):
            peer.say(Cards(peer.number(space), tuple(page)))
        return self._meet(peer, space, now, chance)

    def came(self, peer: bytes) -> None:
        """Note that a connection stands."""
        self._dialling.discard(peer)

    def lost(self, peer: bytes, now: int, chance: Random) -> list[Output]:
        """Note that there is no connection with a peer, or none any more."""
        self._dialling.discard(peer)
        outputs: list[Output] = []
        for space, overlay in list(self._overlays.items()):
            outputs += self._do(space, overlay.lose(peer, now, chance), now, chance)
        return outputs

    def tick(self, now: int, chance: Random) -> list[Output]:
        """Do what time brings."""
        outputs: list[Output] = []
        spaces = self._replica.spaces()
        most = max(ACTIVE_LEAST, min(ACTIVE, LINKS // max(len(spaces), 1)))
        for space in spaces:
            overlay = self.of(space)
            overlay.most = most
            acts = overlay.tick(now, chance)
            self._portraits[space].tick(now)
            self._tell_news(space)
            outputs += self._do(space, acts, now, chance)
        return outputs

    def _tell_news(self, space: bytes) -> None:
        portrait = self._portraits[space]
        for peer in [each for each in self._peers.values() if each.gets_news(space)]:
            for page in cut_pages(portrait.news_for(peer.key), ADDRESSES_TOLD):
                peer.say(Cards(peer.number(space), tuple(page)))
        portrait.forget_news()

    def _meet(self, peer: Peer, space: bytes, now: int, chance: Random) -> list[Output]:
        was_far = space in peer.far
        peer.far.discard(space)
        acts = self.of(space).meet(peer.key, peer.range, now, chance, dialled=peer.dialled)
        outputs = self._do(space, acts, now, chance)
        if was_far and peer.shares(space):
            self._again(peer, space)
        return outputs

    def _hear(
        self, peer: Peer, space: bytes, said: Membership, now: int, chance: Random
    ) -> list[Output]:
        outputs: list[Output] = []
        if not peer.allowance.take(now):
            return outputs
        overlay = self.of(space)
        if isinstance(said, Near) and peer.key not in overlay.active:
            outputs += self._meet(peer, space, now, chance)
        if isinstance(said, Far):
            peer.far.add(space)
        return outputs + self._do(space, overlay.hear(peer.key, said, now, chance), now, chance)

    def _note(self, space: bytes, card: Card, now: int) -> bool:
        return self._portraits[space].note(card, now)

    def _hear_cards(
        self, peer: Peer, space: bytes, said: Cards, now: int, chance: Random
    ) -> list[Output]:
        overlay = self.of(space)
        for card in said.cards:
            if peer.allowance.take(now) and self._portraits[space].note(card, now, peer.key):
                overlay.keep(card.node, chance)
        return []

    def _do(self, space: bytes, acts: Acts, now: int, chance: Random) -> list[Output]:
        outputs: list[Output] = []
        for act in acts:
            peer = self._peers.get(act.peer)
            if isinstance(act, Reach):
                outputs += self._reach(act, space, now, chance)
            elif peer is not None:
                peer.say(act.message)
                if isinstance(act.message, Far):
                    peer.far.add(space)
        return outputs

    def _reach(self, act: Reach, space: bytes, now: int, chance: Random) -> list[Output]:
        """Have a connection with a node, if there is none."""
        peer = self._peers.get(act.peer)
        if peer is not None:  # it begins when it names the space, if it has not yet
            return self._meet(peer, space, now, chance) if peer.names(space) else []
        if act.peer in self._dialling:
            return []
        self._dialling.add(act.peer)
        return [Dial(act.peer, act.addresses)]
