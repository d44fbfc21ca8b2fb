"""Where the nodes of one space can be reached: what they signed, and what tickets say."""

from collections.abc import Collection, Iterable
from random import Random

from msgspec import Struct

from beanjar.base.limits import (
    ADDRESSES_KEPT,
    CARD_LIFE,
    DIAL_AGAIN,
    DIAL_SELDOM,
    DIAL_SOON,
    FUTURE,
    STALE,
)
from beanjar.sync.membership import Card


class Known(Struct):
    """One node that carries the space. Times are in ms, 0 for never."""

    node: bytes
    addresses: tuple[str, ...]
    card: Card | None = None
    """Its own word, if that has come."""
    reached: int = 0
    """When this node last had a connection with it that it had dialled."""
    noted: int = 0
    """When something was last heard of it."""
    brought: int = 0
    """When it last brought something that was new here."""
    due: int = 0
    """When it may be dialled next."""
    patience: int = DIAL_AGAIN
    """How long to wait after that."""


class Book:
    """The nodes of a space that one node knows of, so many at most, none of them for ever."""

    def __init__(self, known: Iterable[Known] = ()) -> None:
        """Begin with these, in their order."""
        self.nodes = {each.node: each for each in known}
        self.in_mind: Collection[bytes] = ()
        """Those that are not to be forgotten for others, because they may be needed soon."""
        self.changed = False

    def note_ticket(self, node: bytes, addresses: tuple[str, ...], now: int) -> None:
        """Take what a ticket says of a node, and let it be dialled at once."""
        known = self.nodes.get(node)
        if known is None:
            self._keep(Known(node, addresses, noted=now))
        else:
            known.due, known.patience = 0, DIAL_AGAIN

    def is_news(self, card: Card, now: int) -> bool:
        """Say whether a card is newer than what is here, and not from a future."""
        held = self.card(card.node)
        return card.time <= now + FUTURE and (held is None or held.time < card.time)

    def note(self, card: Card, now: int) -> bool:
        """Take a node's own signed word, which is news; say whether it pushes out no other.

        What does would be news again to those who had forgotten it, and go round for ever.
        """
        known = self.nodes.get(card.node)
        if known is None:
            return self._keep(Known(card.node, card.addresses, card, noted=now))
        if known.addresses != card.addresses:
            known.due, known.patience = 0, DIAL_AGAIN
        known.card, known.addresses, known.noted = card, card.addresses, now
        self.changed = True
        return True

    def card(self, node: bytes) -> Card | None:
        """Return what a node has said of itself."""
        known = self.nodes.get(node)
        return known.card if known else None

    def sample(self, nodes: Iterable[bytes], most: int, chance: Random) -> tuple[Card, ...]:
        """Return the cards of some of these nodes, so many at most."""
        cards = [card for each in nodes if (card := self.card(each)) is not None]
        return tuple(chance.sample(cards, min(most, len(cards))))

    def reach(self, node: bytes, now: int) -> None:
        """Note that a node was reached, so that it is dialled soon once it is lost."""
        if node in self.nodes:
            known = self.nodes[node]
            known.reached = known.noted = now
            known.due, known.patience = 0, DIAL_AGAIN
            self.changed = True

    def credit(self, node: bytes, now: int) -> None:
        """Note that a node has brought something that was new here."""
        if node in self.nodes:
            self.nodes[node].brought = now
            self.changed = True

    def proven(self, nodes: Iterable[bytes]) -> list[bytes]:
        """Return which of these nodes have ever brought anything new, first who did so last."""
        found = [each for node in nodes if (each := self.nodes.get(node)) and each.brought]
        return [each.node for each in sorted(found, key=lambda each: -each.brought)]

    def try_later(self, node: bytes, now: int, chance: Random) -> None:
        """Note that a node is dialled, and shall be left alone for a while if it is in vain."""
        if node in self.nodes:
            known = self.nodes[node]
            known.due = now + chance.randint(known.patience // 2, known.patience)
            most = DIAL_SOON if now - known.reached < STALE else DIAL_SELDOM
            known.patience = min(2 * known.patience, most)

    def is_due(self, node: bytes, now: int) -> bool:
        """Say whether a node may be dialled."""
        return node in self.nodes and self.nodes[node].due <= now

    def due(self, now: int) -> list[bytes]:
        """Return who may be dialled, first those that were reached: names cost nothing."""
        found = [each for each in self.nodes.values() if each.due <= now]
        return [each.node for each in sorted(found, key=lambda each: -each.reached)]

    def expire(self, now: int) -> None:
        """Forget nodes of which nothing was heard for long, but for those that are in mind."""
        old = {node for node, each in self.nodes.items() if each.noted < now - CARD_LIFE}
        old -= set(self.in_mind)
        for node in old:
            del self.nodes[node]
        self.changed |= bool(old)

    def _keep(self, known: Known) -> bool:
        """Keep a further node, if there is room; say whether that pushes out no other.

        Who floods us with names of nodes that are not there must not push out those that are: who
        was tried in vain goes first, then whoever came last; who was reached or is proven stays.
        """
        is_full = len(self.nodes) >= ADDRESSES_KEPT
        if is_full:
            held = (n for n, each in self.nodes.items() if not each.reached | each.brought)
            names = [self.nodes[n] for n in held if n not in self.in_mind]
            if not names:
                return False
            vain = next((each for each in names if each.patience > 2 * DIAL_AGAIN), names[-1])
            del self.nodes[vain.node]
        self.nodes[known.node] = known
        self.changed = True
        return not is_full
