"""What the nodes of one space say of themselves: one's own word, and those of others."""

from random import Random

from beanjar.base.limits import (
    ADDRESSES_TOLD,
    CARD_AGAIN,
    CARD_EVERY,
    CARD_EVERY_NODE,
    CARD_NEIGHBOURS,
    OVERLAY_BURST,
    OVERLAY_EVERY,
)
from beanjar.sync.allowance import Allowance
from beanjar.sync.membership import Card
from beanjar.sync.messages import SHORT
from beanjar.sync.overlay import Overlay
from beanjar.sync.replica import Replica
from beanjar.sync.secrecy import is_card_signed
from beanjar.sync.tries import Tries


class Portrait:
    """The network of one space as one node knows it, kept in its book; see `Card`."""

    def __init__(self, space: bytes, replica: Replica, tries: Tries, overlay: Overlay) -> None:
        """Draw the network around this node."""
        self._space = space
        self._replica = replica
        self._tries = tries
        self._overlay = overlay
        self._news: dict[bytes, tuple[Card, set[bytes]]] = {}
        """By node: a card that is new here, and who has brought it."""
        self._passed_on = Allowance(OVERLAY_BURST, OVERLAY_EVERY, 0)

    def note(self, card: Card, now: int, bringer: bytes = b"") -> bool:
        """Take a card; say whether it is signed, as far as that had to be looked at."""
        if card.node == self._overlay.key or not self._overlay.book.is_news(card, now):
            new, bringers = self._news.get(card.node, (None, set()))
            if card == new:
                bringers.add(bringer)
            return True
        if not is_card_signed(self._space, card):
            return False
        is_there = card.node == bringer
        if self._overlay.book.note(card, now, is_there=is_there) and self._passed_on.take(now):
            self._news[card.node] = (card, {bringer})
        return True

    def tick(self, now: int) -> None:
        """Say anew how this node stands, if that has changed or was long ago."""
        said = self._overlay.card
        if said is not None and now - said.time < self._pause():
            return
        self._overlay.book.expire(now)
        card = self._draw(now)
        if said is None or now - said.time >= CARD_AGAIN or _differs(card, said):
            self._overlay.card = card
            self._news[card.node] = (card, set())

    def tell_newcomer(self, now: int, chance: Random) -> list[Card]:
        """Return what a new neighbour is told: about this node, and some others."""
        if self._overlay.card is None:
            self._overlay.card = self._draw(now)
        book = self._overlay.book
        return [self._overlay.card, *book.sample(book.nodes, ADDRESSES_TOLD - 1, chance)]

    def news_for(self, peer: bytes) -> list[Card]:
        """Return what is new since the last look, but for what this peer knows."""
        news = self._news.values()
        return [card for card, bringers in news if peer not in bringers and peer != card.node]

    def forget_news(self) -> None:
        """Have nothing new to tell."""
        self._news.clear()

    def _pause(self) -> int:
        """How long to wait, so that what all say together stays the same however many they are."""
        return CARD_EVERY + CARD_EVERY_NODE * len(self._overlay.book.nodes)

    def _draw(self, now: int) -> Card:
        trie = self._tries.of(self._space)
        near = sorted(each[:SHORT] for each in self._overlay.active)[:CARD_NEIGHBOURS]
        facts = (now, tuple(near), trie.operations, trie.digest()[:SHORT])
        return self._replica.sign_card(self._space, *facts)


def _differs(card: Card, said: Card) -> bool:
    return (card.neighbours, card.root, card.addresses) != (
        said.neighbours,
        said.root,
        said.addresses,
    )
