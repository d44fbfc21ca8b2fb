"""The passive view of an overlay: nodes that could become neighbours, by their keys."""

from random import Random

from beanjar.base.limits import SHUFFLED_PASSIVE
from beanjar.sync.book import Book
from beanjar.sync.membership import Card


class Passive:
    """So many nodes of a book at most, others with time."""

    def __init__(self, book: Book, most: int) -> None:
        """Begin with what is in the book."""
        self._book = book
        self._most = most
        self.nodes = book.in_mind = dict.fromkeys([*book.nodes][:most])
        self._told: list[bytes] = []

    def keep(self, node: bytes, chance: Random) -> None:
        """Keep a node; one of which others were told last goes for it, or any."""
        if node in self.nodes or node not in self._book.nodes:
            return
        if len(self.nodes) >= self._most:
            told = [each for each in self._told if each in self.nodes]
            self.drop(told[0] if told else chance.choice(list(self.nodes)))
        self.nodes[node] = None

    def drop(self, node: bytes) -> None:
        """Keep a node no longer."""
        self.nodes.pop(node, None)

    def tell(self, chance: Random, most: int = SHUFFLED_PASSIVE) -> tuple[Card, ...]:
        """Return the cards of some of them."""
        told = self._book.sample(list(self.nodes), most, chance)
        self._told = [each.node for each in told]
        return told
