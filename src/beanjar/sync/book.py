"""Where the nodes of one space can be reached: what they signed, and what tickets say."""

from collections.abc import Collection, Container, Iterable
from itertools import chain
from random import Random

from msgspec import Struct

from beanjar.base.limits import (
    ADDRESSES_KEPT,
    CARD_LIFE,
    DIAL_AGAIN,
    DIAL_SELDOM,
    DIAL_SOON,
    FUTURE,
    MET_KEPT,
    MET_LIFE,
    NODE_ADDRESSES,
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
    """When it was last there, as far as is known."""
    brought: int = 0
    """When it last brought something that was new here."""
    due: int = 0
    """When it may be dialled next."""
    patience: int = DIAL_AGAIN
    """How long to wait after that."""
    is_told: bool = False
    """Whether a ticket has named it."""

    @property
    def is_vain(self) -> bool:
        """Whether it was tried again and again, and not reached."""
        return self.patience > 2 * DIAL_AGAIN

    @property
    def met(self) -> int:
        """When there was last proof that it is there."""
        return max(self.reached, self.brought)


class Book:
    """The nodes of a space that one node knows of, so many at most, none of them for ever."""

    def __init__(self, known: Iterable[Known] = ()) -> None:
        """Begin with these, in their order."""
        self.nodes = {each.node: each for each in known}
        self._bringers = {node: None for node, each in self.nodes.items() if each.brought}
        self._vain = {node: None for node, each in self.nodes.items() if each.is_vain}
        """Who has ever brought something or was tried in vain, and may have gone since."""
        self.in_mind: Collection[bytes] = ()
        """Those that are not to be forgotten for others, because they may be needed soon."""
        self.changed = False

    def note_ticket(self, node: bytes, addresses: tuple[str, ...], now: int) -> None:
        """Take what a ticket says of a node, and let it be dialled at once, there first."""
        known = self.nodes.get(node)
        if known is None:
            self._keep(Known(node, addresses, noted=now, is_told=True), now, is_there=True)
        else:
            every = dict.fromkeys((*addresses, *known.addresses))
            known.addresses = tuple(every)[:NODE_ADDRESSES]
            known.due, known.patience, known.is_told = 0, DIAL_AGAIN, True
            self.changed = True

    def is_news(self, card: Card, now: int) -> bool:
        """Say whether a card is newer than what is here, and of these days."""
        held = self.card(card.node)
        return is_timely(card, now) and (held is None or held.time < card.time)

    def note(self, card: Card, now: int, *, is_there: bool = False) -> bool:
        """Take a node's own signed word, which is news; say whether it pushes out no other.

        What does would be news again to those who had forgotten it, and go round for ever.
        `is_there` says that it came on a connection with that node.
        """
        known = self.nodes.get(card.node)
        # A word may be told on for long after its node has gone.
        noted = now if is_there else min(now, card.time)
        if known is None:
            there = Known(card.node, card.addresses, card, noted=noted)
            return self._keep(there, now, is_there=is_there)
        if known.addresses != card.addresses:
            known.due, known.patience = 0, DIAL_AGAIN
        known.card, known.addresses, known.noted = card, card.addresses, max(noted, known.noted)
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
            is_first = not known.met
            known.reached = known.noted = now
            known.due, known.patience = 0, DIAL_AGAIN
            if is_first:
                self._bound_met()
            self.changed = True

    def credit(self, node: bytes, now: int) -> None:
        """Note that a node has brought something that was new here."""
        if node in self.nodes:
            known = self.nodes[node]
            is_first = not known.met
            known.brought = now
            self._bringers[node] = None
            if is_first:  # this comes with everything that is new
                self._bound_met()
            self.changed = True

    def proven(self, nodes: Container[bytes]) -> list[bytes]:
        """Return which of these nodes have ever brought anything new, first who did so last."""
        known = (self.nodes.get(each) for each in self._bringers if each in nodes)
        found = [each for each in known if each and each.brought]
        return [each.node for each in sorted(found, key=lambda each: -each.brought)]

    def trusted(self, nodes: Iterable[bytes]) -> list[bytes]:
        """Return which of these nodes were there already, or are named by a ticket.

        Of others there may be any number that are not there: names cost nothing.
        """
        found = [each for each in map(self.nodes.get, nodes) if each]
        return [each.node for each in found if each.reached or each.brought or each.is_told]

    def try_later(self, node: bytes, now: int, chance: Random) -> None:
        """Note that a node is dialled, and shall be left alone for a while if it is in vain."""
        if node in self.nodes:
            known = self.nodes[node]
            known.due = now + chance.randint(known.patience // 2, known.patience)
            most = DIAL_SOON if now - known.reached < STALE else DIAL_SELDOM
            known.patience = min(2 * known.patience, most)
            if known.is_vain:
                self._vain[node] = None

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
        for several in (self._bringers, self._vain):
            for node in [each for each in several if each not in self.nodes]:
                del several[node]
        self.changed |= bool(old)

    def _bound_met(self) -> None:
        """Let the oldest of those that were met be a mere name again, if there are too many."""
        others = (each for node, each in self.nodes.items() if node not in self.in_mind)
        met = [each for each in others if each.met]
        if len(met) > MET_KEPT:
            oldest = min(met, key=lambda each: (each.brought > 0, each.met))
            oldest.reached, oldest.brought, oldest.is_told = 0, 0, False

    def _keep(self, known: Known, now: int, *, is_there: bool) -> bool:
        """Keep a further node, if there is room; say whether that pushes out no other."""
        is_full = len(self.nodes) >= ADDRESSES_KEPT
        if is_full:
            spare = self._find_spare(known, now, is_there=is_there)
            if spare is None:
                return False
            del self.nodes[spare.node]
        self.nodes[known.node] = known
        self.changed = True
        return not is_full

    def _find_spare(self, further: Known, now: int, *, is_there: bool) -> Known | None:
        """Return which node may go for a further one.

        Who floods us with names of nodes that are not there must not push out those that are, or
        that a ticket told of: who was tried in vain goes first, then whoever came last; who was
        reached or is proven stays for long. Only for a node that is there goes one that was
        reached, and never brought anything; only for one that a ticket tells of another such.
        """
        vain = (each for each in self._vain if each in self.nodes and self.nodes[each].is_vain)
        for node in chain(vain, reversed(self.nodes)):
            each = self.nodes[node]
            is_name = not (each.reached or each.brought) and node not in self.in_mind
            if is_name and (further.is_told or not each.is_told):
                return each
        met = (each for node, each in self.nodes.items() if each.met and node not in self.in_mind)
        old = (e for e in met if e.met < now - MET_LIFE or (is_there and not e.brought))
        return min(old, key=lambda each: each.met, default=None)


def is_timely(card: Card, now: int) -> bool:
    """Say whether a card is neither from a future nor so old that its node is forgotten."""
    return now - CARD_LIFE < card.time <= now + FUTURE
