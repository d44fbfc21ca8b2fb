"""In which order nodes are lost, and how large the largest part is after each loss."""

from collections.abc import Callable, MutableSequence, Sequence
from heapq import heapify, heappop, heappush
from typing import Any, Protocol

from beanjar.wisdom.resilience.network import N, Network


class Chance(Protocol):
    """Where chance comes from: a `random.Random` fits."""

    def shuffle(self, x: MutableSequence[Any], /) -> None:
        """Put it into another order."""
        ...


Order = Callable[[Network[Any], Chance], list[int]]
"""In which order the places of a network are lost, all of them."""


def at_random(network: Network[N], chance: Chance) -> list[int]:
    """Lose any node next."""
    order = list(range(len(network)))
    chance.shuffle(order)
    return order


def by_degree(network: Network[N], chance: Chance) -> list[int]:
    """Lose the node next that had most links at the start; chance decides between equals."""
    order = at_random(network, chance)
    return sorted(order, key=lambda place: -len(network.neighbours[place]))


def by_degree_anew(network: Network[N], chance: Chance) -> list[int]:
    """Lose the node next that has most links left; chance decides between equals."""
    links = [len(each) for each in network.neighbours]
    ranks = at_random(network, chance)
    waiting = [(-count, ranks[place], place) for place, count in enumerate(links)]
    heapify(waiting)
    order: list[int] = []
    lost = [False] * len(network)
    while waiting:
        count, _, place = heappop(waiting)
        if lost[place] or -count != links[place]:
            continue  # it has lost a link since, and waits with fewer
        lost[place] = True
        order.append(place)
        for other in network.neighbours[place]:
            if not lost[other]:
                links[other] -= 1
                heappush(waiting, (-links[other], ranks[other], other))
    return order


def largest_after(network: Network[N], order: Sequence[int]) -> list[int]:
    """Return how large the largest part is after 0, 1, 2, … losses, down to none left.

    Worked out from the end, where each node that comes back joins parts (Newman and Ziff 2001).
    """
    groups, sizes = list(range(len(network))), [0] * len(network)
    largest = [0]
    for place in reversed(order):
        sizes[place] = 1
        for other in network.neighbours[place]:
            if sizes[other]:
                _join(groups, sizes, place, other)
        largest.append(max(largest[-1], sizes[_find(groups, place)]))
    return largest[::-1]


def _join(groups: list[int], sizes: list[int], one: int, other: int) -> None:
    small, large = sorted((_find(groups, one), _find(groups, other)), key=sizes.__getitem__)
    if small != large:
        groups[small] = large
        sizes[large] += sizes[small]


def _find(groups: list[int], place: int) -> int:
    while groups[place] != place:
        groups[place] = groups[groups[place]]
        place = groups[place]
    return place
