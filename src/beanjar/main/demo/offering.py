"""What people have said, kept until it is safe and offered to another node otherwise.

Taken by a node means: on its disk. Safe means: on the disks of `SAFE_AT` more, as the node knows
from its neighbours, or as whoever handed it in there too knows. Where fewer nodes answer, it is
safe on all of them.
"""

import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from msgspec import Struct

from beanjar.base.errors import BeanjarError
from beanjar.base.limits import ASKED_AT_ONCE, SAFE_AT
from beanjar.client.client import Client
from beanjar.client.line import NodeAway
from beanjar.main.demo.voice import Said

T = TypeVar("T")
LOOK_EVERY = 10.0
"""Seconds after which a client asks whether what it keeps is safe. Busy nodes need as long."""
LOOK = 1.0
"""Seconds between two looks of a client that has nothing else to do."""
OFFER_AGAIN = 30.0
"""Seconds after which what is not safe is offered to a node that has not taken it."""
PATIENCE = 300
"""Seconds that nodes have to make everything safe."""


class NotSafe(BeanjarError):
    """Something said that nodes do not pass on."""


class Kept(Struct):
    """Something said, the nodes (by their places) that took it, and when the last one did."""

    said: Said
    taken: list[int]
    offered: float = 0


class Offering:
    """One client's dealings in one space with several nodes, some of which may die.

    It is used by one thread.
    """

    def __init__(self, urls: Sequence[str], first: int = 0) -> None:
        """Speak to the nodes at these addresses, in turns, beginning at the place `first`."""
        self.again = 0
        """How many times something was handed in at a further node."""
        self._doors = {place: Client(url) for place, url in enumerate(urls)}
        self._turn = first
        self._kept: list[Kept] = []
        self._looked = time.monotonic()

    def hand_in(self, said: Said) -> None:
        """Return once a node has taken it; it is kept until it is safe. Raises `NodeAway`."""
        kept = Kept(said, [])
        self._offer(kept)
        self._kept.append(kept)
        if time.monotonic() - self._looked > LOOK_EVERY:
            self._look_after()

    def see_through(self) -> None:
        """Return once all that was said is safe. Raises `NotSafe`, `NodeAway`."""
        end = time.monotonic() + PATIENCE
        self._look_after()
        while self._kept:
            if time.monotonic() > end:
                raise NotSafe("The nodes do not pass on what people say: they are overloaded.")
            time.sleep(LOOK)
            self._look_after()

    def close(self) -> None:
        """Let go of the connections."""
        for door in self._doors.values():
            door.close()

    def _look_after(self) -> None:
        """Let go of what is safe; offer to another node what is not after a while."""
        unsafe = [kept for group in self._groups() for kept in self._unsafe(*group)]
        self._looked = time.monotonic()
        for kept in unsafe:
            if self._doors.keys().isdisjoint(kept.taken):
                for _ in range(self._needed):  # at as many at once: nobody else may know of it
                    self._offer_again(kept)
            elif self._looked - kept.offered > OFFER_AGAIN:
                self._offer_again(kept)
        # What enough nodes have taken is safe, whatever they know of one another.
        self._kept = [
            kept for kept in unsafe if len(self._doors.keys() & kept.taken) < self._needed
        ]

    def _groups(self) -> Iterator[tuple[int | None, list[Kept]]]:
        """Yield what is kept by a node that took it and answers, as much as is asked at once."""
        by_place = defaultdict(list)
        for kept in self._kept:
            place = next((each for each in kept.taken if each in self._doors), None)
            by_place[place].append(kept)
        for place, all_kept in by_place.items():
            for start in range(0, len(all_kept), ASKED_AT_ONCE):
                yield place, all_kept[start : start + ASKED_AT_ONCE]

    def _unsafe(self, place: int | None, group: list[Kept]) -> list[Kept]:
        """Return what of this, which the node at a place took, is not safe."""
        if place is None:
            return group
        space, ids = group[0].said.space, [kept.said.id for kept in group]
        holdings = self._try(place, lambda door: door.holdings(space, ids))
        if holdings is None:
            return group
        return [
            kept
            for kept, holding in zip(group, holdings, strict=True)
            if holding.others + 1 < self._needed
        ]

    @property
    def _needed(self) -> int:
        """On the disks of how many nodes something is safe."""
        return min(SAFE_AT + 1, len(self._doors))

    def _offer_again(self, kept: Kept) -> None:
        self._offer(kept)
        self.again += 1

    def _offer(self, kept: Kept) -> None:
        """Hand in at the next node that has not taken it, if there is one that answers."""
        said = kept.said
        for place in self._in_turn():
            if place in kept.taken:
                continue
            if self._try(place, lambda door: door.submit(said.space, said.run)) is not None:
                kept.taken.append(place)
                kept.offered = time.monotonic()
                return
        if self._doors.keys().isdisjoint(kept.taken):
            raise NodeAway("None of the nodes answers any more.")

    def _in_turn(self) -> list[int]:
        """Return the places of the nodes that answer, another one first each time."""
        places = list(self._doors)
        start = self._turn % len(places) if places else 0
        self._turn += 1
        return places[start:] + places[:start]

    def _try(self, place: int, ask: Callable[[Client], T]) -> T | None:
        """Return what the node answers; `None` if it does not, and then it is not asked again."""
        door = self._doors.get(place)
        try:
            return ask(door) if door is not None else None
        except NodeAway:
            self._doors.pop(place).close()
            return None
