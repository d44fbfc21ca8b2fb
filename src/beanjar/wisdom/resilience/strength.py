"""Where links lead one way only: who reaches one another both ways."""

from collections.abc import Iterable, Sequence

from beanjar.wisdom.errors import NoFigure


def strong_part(size: int, links: Iterable[tuple[int, int]]) -> list[int]:
    """Return the largest group of the places 0 to `size` - 1 in which each reaches each.

    A link leads from its first place to its second. Of groups that are equally large it is any.
    Two walks, as Kosaraju and Sharir have it. Raises `NoFigure` for a place that is not there.
    """
    onward: list[list[int]] = [[] for _ in range(size)]
    back: list[list[int]] = [[] for _ in range(size)]
    for here, there in links:
        if not (0 <= here < size and 0 <= there < size):
            raise NoFigure(f"The link from {here} to {there} leads outside of {size} places.")
        onward[here].append(there)
        back[there].append(here)
    left = [place for group in _walk(onward, range(size)) for place in group]
    groups = _walk(back, left[::-1])
    largest: list[int] = max(groups, key=len, default=[])
    return sorted(largest)


def _walk(ways: Sequence[Sequence[int]], starts: Iterable[int]) -> list[list[int]]:
    """Return whom one reaches from each start and not before, in the order in which one leaves."""
    seen = [False] * len(ways)
    return [_leave(ways, start, seen) for start in starts if not seen[start]]


def _leave(ways: Sequence[Sequence[int]], start: int, seen: list[bool]) -> list[int]:
    seen[start] = True
    path = [(start, iter(ways[start]))]
    left = []
    while path:
        place, others = path[-1]
        fresh = next((it for it in others if not seen[it]), None)
        if fresh is None:
            left.append(place)
            path.pop()
        else:
            seen[fresh] = True
            path.append((fresh, iter(ways[fresh])))
    return left
