"""When pages about a space's network are told that it looks otherwise than they show it."""

from collections.abc import Mapping
from typing import NamedTuple

from beanjar.base.limits import SIGHT_EVERY
from beanjar.node.absences import Absences
from beanjar.sync.book import Known


class Sight(NamedTuple):
    """What pages were told last, and when (ms): the neighbours, how many nodes, what these said."""

    near: frozenset[bytes] = frozenset()
    nodes: int = 0
    said: frozenset[tuple[object, ...]] = frozenset()
    time: int = 0


class Tidings:
    """What pages were told of each space."""

    def __init__(self, absences: Absences) -> None:
        """Begin with nothing told. `absences` says which neighbours were lost."""
        self._absences = absences
        self._told: dict[bytes, Sight] = {}

    def is_news(
        self, space: bytes, near: frozenset[bytes], known: Mapping[bytes, Known], now: int
    ) -> bool:
        """Say whether to tell pages of a space's network at `now` (ms), and note that they are.

        They are told at once who came, went or is `near` no more. Whom the others are linked with
        and what they hold changes all the time, so that waits for `SIGHT_EVERY`.
        """
        told = self._told.get(space, Sight())
        is_new = (near, len(known)) != (told.near, told.nodes)
        if not is_new and now - told.time < SIGHT_EVERY:
            return False
        said = self._sum_up(known)
        if not is_new and said == told.said:
            return False
        self._told[space] = Sight(near, len(known), said, now)
        return True

    def _sum_up(self, known: Mapping[bytes, Known]) -> frozenset[tuple[object, ...]]:
        """Return of what nodes said of themselves that which a page shows."""
        return frozenset(
            (node, card.neighbours, card.operations, card.root, self._absences.since(node))
            for node, each in known.items()
            if (card := each.card) is not None
        )
