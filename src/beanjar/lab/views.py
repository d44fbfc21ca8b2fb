"""Overlays of thousands of nodes in virtual time, with nothing else: who is whose neighbour."""

import heapq
from collections.abc import Iterable
from functools import partial
from itertools import count
from random import Random
from typing import Any

from beanjar.base.clock import SECOND
from beanjar.base.limits import ACTIVE, PASSIVE
from beanjar.sync.acts import Acts, Membership, Reach
from beanjar.sync.book import Book
from beanjar.sync.membership import Card
from beanjar.sync.overlay import Overlay

LATENCY = 50
"""How long a message takes, and a connection until it stands, in ms."""
TICK = 5 * SECOND
"""How often a node looks at its clock: as seldom as changes nothing, since it costs most."""
NOTICED = (10_000, 15_000)
"""How long until a neighbour's death is noticed by the pings, in ms."""


class Crowd:
    """Nodes of one space that all reach one another. A node is known by its number."""

    def __init__(self, chance: Random, active: int = ACTIVE, passive: int = PASSIVE) -> None:
        """Begin with nobody; each node shall have views of these sizes."""
        self.now = 1
        self.heals = True
        """Whether nodes look for neighbours beyond their views; for those that come from now on."""
        self.alive: list[bool] = []
        self.overlays: list[Overlay] = []
        self.chance = chance
        self._sizes = {"most": active, "others": passive}
        self._numbers: dict[bytes, int] = {}
        self._cards: list[Card] = []
        self._apart: set[int] = set()
        self._order = count()
        self._due: list[tuple[int, int, str, tuple[Any, ...]]] = []
        """What happens when: by its name, so that a crowd can be copied whole."""

    def add(self, contact: int | None = None) -> int:
        """Let a node come, which knows one other."""
        number = len(self.overlays)
        key = number.to_bytes(8, "big") + bytes(24)
        book = Book()
        overlay = Overlay(key, book, _count_none, partial(_note, book), **self._sizes)
        overlay.heals = self.heals
        overlay.card = Card(key, (str(number),), 1, (), 0, bytes(8), bytes(64))
        self.overlays.append(overlay)
        self._cards.append(overlay.card)
        self.alive.append(True)
        self._numbers[key] = number
        if contact is not None:
            _note(overlay.book, self._cards[contact], self.now)
            known = self.overlays[contact].key
            self._do(number, overlay.ask(overlay.book.nodes[known], "join", self.now, self.chance))
        self._at(self.chance.randrange(TICK), "_tick", number)
        return number

    def kill(self, numbers: Iterable[int]) -> None:
        """Let nodes fall silent at once; their neighbours notice it in time."""
        for number in numbers:
            self.alive[number] = False
        for number in numbers:
            for key in list(self.overlays[number].active):
                near = self._numbers[key]
                self._at(self.chance.randint(*NOTICED), "_lose", near, number)

    def part(self, numbers: Iterable[int]) -> None:
        """Let some nodes and all others reach one another no more; with none, all do again."""
        self._apart = set(numbers)
        for near, overlay in enumerate(self.overlays):
            for far in [self._numbers[key] for key in overlay.active]:
                if not self._may_meet(near, far):
                    self._at(self.chance.randint(*NOTICED), "_lose", near, far)

    def run(self, milliseconds: int) -> None:
        """Let time pass."""
        end = self.now + milliseconds
        while self._due and self._due[0][0] <= end:
            self.now, _, name, told = heapq.heappop(self._due)
            getattr(self, name)(*told)
        self.now = end

    def neighbours(self, number: int) -> list[int]:
        """Return whom a node counts as its neighbours, dead or alive."""
        return [self._numbers[key] for key in self.overlays[number].active]

    def share(self) -> float:
        """Return the share of living nodes that a message from one of them reaches, on average."""
        unseen = {number for number, lives in enumerate(self.alive) if lives}
        count, pairs = len(unseen), 0
        while unseen:
            reached = self.flood(next(iter(unseen)))
            pairs += len(reached) ** 2
            unseen -= reached
        return pairs / count**2

    def flood(self, source: int) -> set[int]:
        """Return the living nodes that a message reaches which each passes on to its neighbours."""
        reached, waiting = {source}, [source]
        while waiting:
            source = waiting.pop()
            for near in self.neighbours(source):
                if self._may_meet(source, near) and near not in reached:
                    reached.add(near)
                    waiting.append(near)
        return reached

    def _at(self, delay: int, name: str, *told: Any) -> None:  # noqa: ANN401 - whatever that takes
        heapq.heappush(self._due, (self.now + delay, next(self._order), name, told))

    def _tick(self, number: int) -> None:
        if self.alive[number]:
            self._do(number, self.overlays[number].tick(self.now, self.chance))
            self._at(TICK, "_tick", number)

    def _lose(self, near: int, far: int) -> None:
        if self.alive[near]:
            key = self.overlays[far].key
            self._do(near, self.overlays[near].lose(key, self.now, self.chance))

    def _do(self, number: int, acts: Acts) -> None:
        for act in acts:
            far = self._numbers[act.peer]
            if isinstance(act, Reach):
                self._reach(number, far)
            else:
                self._send(number, far, act.message)

    def _reach(self, near: int, far: int) -> None:
        if self._may_meet(near, far):
            self._at(LATENCY, "_connect", near, far)
        else:
            self._at(SECOND, "_lose", near, far)

    def _connect(self, near: int, far: int) -> None:
        if self._may_meet(near, far):
            for one, other, dialled in ((far, near, False), (near, far, True)):
                overlay = self.overlays[one]
                key, now = self.overlays[other].key, self.now
                _note(overlay.book, self._cards[other], now)
                if key not in overlay.active or dialled:
                    self._do(one, overlay.meet(key, "", now, self.chance, dialled=dialled))
        elif self.alive[near]:
            self._lose(near, far)

    def _send(self, near: int, far: int, message: Membership) -> None:
        self._at(LATENCY, "_arrive", near, far, message)

    def _arrive(self, near: int, far: int, message: Membership) -> None:
        if self._may_meet(near, far):
            key, overlay = self.overlays[near].key, self.overlays[far]
            self._do(far, overlay.hear(key, message, self.now, self.chance))

    def _may_meet(self, near: int, far: int) -> bool:
        both = self.alive[near] and self.alive[far]
        return both and (near in self._apart) == (far in self._apart)


def _count_none(_: bytes) -> int:
    """Return the number of the only space."""
    return 0


def _note(book: Book, card: Card, now: int) -> bool:
    """Take a card, all of which are signed here."""
    if card.node not in book.nodes:
        book.note(card, now)
    return True
