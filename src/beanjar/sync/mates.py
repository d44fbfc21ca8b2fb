"""The neighbours of a node in one space, and which of them may go when there are too many."""

from collections.abc import Mapping

from msgspec import Struct

from beanjar.base.limits import OWN_CHOICE
from beanjar.sync.allowance import Allowance
from beanjar.sync.book import Book


class Mate(Struct):
    """A neighbour. `range` is that of its address, or nothing where that says nothing.

    `chosen` says whether it was this node that asked.
    """

    chosen: bool
    range: str
    allowance: Allowance


def find_spare(active: Mapping[bytes, Mate], newcomer: bytes, book: Book, most: int) -> list[bytes]:
    """Return who may go for a newcomer: who never brought anything, but for a few that one chose.

    Keys cost nothing. Who crowds around a node with many of them, and passes nothing on, takes
    places of its own kind.
    """
    half = min(OWN_CHOICE, most // 2)
    others = [each for each in active if each != newcomer]
    chosen = [each for each in others if active[each].chosen]
    proven = book.proven(others)
    strangers = [each for each in others if each not in proven]
    free = [each for each in strangers if len(chosen) > half or each not in chosen]
    return free or strangers or proven[half:]
