"""Which single loss would cut somebody off: bridges and cut nodes, exactly."""

from collections.abc import Iterator

from beanjar.wisdom.resilience.network import N, Network

NOBODY = -1


class Weakness:
    """All bridges and cut nodes of a network, found in one walk (Hopcroft and Tarjan 1973).

    The walk goes into depth, so that whoever hangs below a node stands right behind it in the order
    of the walk.
    """

    def __init__(self, network: Network[N]) -> None:
        """Walk the network."""
        self._neighbours = network.neighbours
        self._order: list[int] = []
        self._entered, self._parents, self._roots = ([NOBODY] * len(network) for _ in range(3))
        for place in range(len(network)):
            if self._entered[place] == NOBODY:
                self._walk(place)
        self._sizes, self._earliest = self._look_back()
        self.bridges = sorted(self._find_bridges())
        """Links whose loss alone cuts somebody off, as pairs of places."""
        self._hanging = self._find_hanging()
        self.cut_nodes = {place: self._count_cut_off(place) for place in sorted(self._hanging)}
        """Nodes whose loss alone cuts others off: how many, by place."""

    def cut_off_by(self, place: int) -> list[int]:
        """Return who would be cut off without a node: all that hung together but the largest rest.

        Of rests that are equally large, the one stays in which the network's first node is.
        """
        if place not in self.cut_nodes:
            return []
        below = {first: self._below(first) for first in self._hanging[place]}
        largest = max(below, key=lambda first: len(below[first]))
        if self._above(place) >= len(below[largest]):
            return sorted(it for each in below.values() for it in each)
        stays = {place, *below[largest]}
        return sorted(it for it in self._below(self._roots[place]) if it not in stays)

    def _walk(self, root: int) -> None:
        self._enter(root, NOBODY, root)
        path = [(root, iter(self._neighbours[root]))]
        while path:
            place, others = path[-1]
            fresh = next((it for it in others if self._entered[it] == NOBODY), NOBODY)
            if fresh == NOBODY:
                path.pop()
            else:
                self._enter(fresh, place, root)
                path.append((fresh, iter(self._neighbours[fresh])))

    def _enter(self, place: int, parent: int, root: int) -> None:
        self._entered[place] = len(self._order)
        self._order.append(place)
        self._parents[place], self._roots[place] = parent, root

    def _look_back(self) -> tuple[list[int], list[int]]:
        """Return how many hang below each node, itself among them, and how far up they link."""
        sizes, earliest = [1] * len(self._order), list(self._entered)
        for place in reversed(self._order):
            parent = self._parents[place]
            for other in self._neighbours[place]:
                if other != parent:
                    earliest[place] = min(earliest[place], self._entered[other])
            if parent != NOBODY:
                sizes[parent] += sizes[place]
                earliest[parent] = min(earliest[parent], earliest[place])
        return sizes, earliest

    def _find_bridges(self) -> Iterator[tuple[int, int]]:
        for place, parent in enumerate(self._parents):
            if parent != NOBODY and self._earliest[place] > self._entered[parent]:
                yield min(place, parent), max(place, parent)

    def _find_hanging(self) -> dict[int, list[int]]:
        """Return for each cut node the first of each group that it alone holds to the rest."""
        hanging: dict[int, list[int]] = {}
        for place in self._order:
            parent = self._parents[place]
            if parent != NOBODY and self._earliest[place] >= self._entered[parent]:
                hanging.setdefault(parent, []).append(place)
        roots = [place for place in hanging if self._parents[place] == NOBODY]
        for root in roots:
            if len(hanging[root]) == 1:
                del hanging[root]
        return hanging

    def _below(self, place: int) -> list[int]:
        start = self._entered[place]
        return self._order[start : start + self._sizes[place]]

    def _above(self, place: int) -> int:
        """Return how many a cut node leaves together besides those that hang on it alone."""
        hanging = sum(self._sizes[first] for first in self._hanging[place])
        return self._sizes[self._roots[place]] - 1 - hanging

    def _count_cut_off(self, place: int) -> int:
        largest = max(self._sizes[first] for first in self._hanging[place])
        together = self._sizes[self._roots[place]] - 1
        return together - max(largest, self._above(place))
