"""Nodes and the links between them, as plain data."""

from collections.abc import Collection, Hashable, Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from beanjar.wisdom.errors import NoFigure

N = TypeVar("N", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Network(Generic[N]):
    """Nodes by their places from 0, and for each the places of those it is linked with."""

    nodes: tuple[N, ...]
    neighbours: tuple[tuple[int, ...], ...]

    @classmethod
    def of(cls, nodes: Iterable[N], links: Iterable[tuple[N, N]]) -> "Network[N]":
        """Return the network of these nodes, in this order.

        A link counts once, whichever way it is given, and a link of a node with itself not at all.
        Raises `NoFigure` for a link with a node that is not there.
        """
        places = {node: place for place, node in enumerate(dict.fromkeys(nodes))}
        linked: list[set[int]] = [set() for _ in places]
        for one, other in links:
            if one not in places or other not in places:
                raise NoFigure(f"The link between {one} and {other} needs both among the nodes.")
            if one != other:
                linked[places[one]].add(places[other])
                linked[places[other]].add(places[one])
        return cls(tuple(places), tuple(tuple(sorted(each)) for each in linked))

    def __len__(self) -> int:
        """Return how many nodes there are."""
        return len(self.nodes)

    @property
    def links(self) -> int:
        """How many links there are."""
        return sum(map(len, self.neighbours)) // 2

    def parts(self, lost: Collection[int] = ()) -> list[list[int]]:
        """Return who hangs together once some are lost: the largest first, then by place."""
        seen = set(lost)
        found = [
            sorted(self._reach(place, seen)) for place in range(len(self)) if place not in seen
        ]
        return sorted(found, key=len, reverse=True)

    def only(self, places: Iterable[int]) -> "Network[N]":
        """Return the network of some of the nodes, in the order of their places."""
        kept = sorted(set(places))
        anew = {place: at for at, place in enumerate(kept)}
        return Network(
            tuple(self.nodes[place] for place in kept),
            tuple(
                tuple(anew[other] for other in self.neighbours[place] if other in anew)
                for place in kept
            ),
        )

    def main(self) -> "Network[N]":
        """Return its largest part, or the network as it is where all hangs together."""
        parts = self.parts()
        return self.only(parts[0]) if len(parts) > 1 else self

    def _reach(self, start: int, seen: set[int]) -> Iterator[int]:
        """Yield whom one reaches from `start`, adding them to those seen."""
        seen.add(start)
        waiting = [start]
        while waiting:
            place = waiting.pop()
            yield place
            for other in self.neighbours[place]:
                if other not in seen:
                    seen.add(other)
                    waiting.append(other)
