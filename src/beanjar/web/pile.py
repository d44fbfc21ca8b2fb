"""Where beans lie in a jar: a dot histogram, piled up bin by bin between its walls."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import ceil

from msgspec import Struct

from beanjar.wisdom.histogram import round_steps

MOST_BEANS = 400
"""Up to so many answers have a bean each; then one bean stands for several."""

LEFT, RIGHT = 26.0, 374.0
"""The walls between which the beans lie, in the picture's own unit."""
TOP, FLOOR = 96.0, 302.0
"""How high they may be piled up, and on what they lie."""
LARGEST_BEAN = 14.0


class Beans(Struct, frozen=True):
    """A histogram: `counts[i]` answers lie from `edges[i]` to `edges[i + 1]`.

    `below` and `above` lie outside; they are piled up along the walls. `ticks` are words under the
    floor, each at a place in the unit of the edges. `note` stands in the neck of the jar.
    """

    edges: Sequence[float]
    counts: Sequence[int]
    below: int = 0
    above: int = 0
    ticks: Sequence[tuple[float, str]] = ()
    note: str = ""


def answers_per_bean(answers: int) -> int:
    """Return how many answers a bean stands for: 1, or a round number."""
    return next(step for step in round_steps() if answers <= step * MOST_BEANS)


class Pile:
    """Where beans lie: bins of one width between the walls, with those outside along the walls."""

    def __init__(self, beans: Beans) -> None:
        """Pile them up; there is at least one bin."""
        self._beans = beans
        left = [beans.below] if beans.below else []
        right = [beans.above] if beans.above else []
        self._first = len(left)
        counts = [*left, *beans.counts, *right]
        per = answers_per_bean(sum(counts))
        self._piles = [ceil(count / per) for count in counts]
        self._width = (RIGHT - LEFT) / len(counts)
        self._columns, self.bean = _pack(max(self._piles), self._width)

    def place(self, at: float) -> float:
        """Return where a value stands between the walls."""
        low, high = self._beans.edges[0], self._beans.edges[-1]
        part = (at - low) / (high - low) * len(self._beans.counts)
        return min(max(LEFT + (self._first + part) * self._width, LEFT), RIGHT)

    def spans(self) -> Iterator[tuple[float | None, float | None]]:
        """Yield from what value up to what other each pile goes; the outermost may go on."""
        edges = [None, *self._beans.edges] if self._first else list(self._beans.edges)
        return pairwise([*edges, None] if self._beans.above else edges)

    def others(self, own: float | None) -> Iterator[list[tuple[float, float]]]:
        """Yield where the beans of each pile lie, but for the reader's own."""
        mine = self._bin(own)
        for place, count in enumerate(self._piles):
            yield [self._lie(place, i, count) for i in range(count - (place == mine))]

    def own(self, own: float | None) -> Iterator[tuple[float, float]]:
        """Yield where the reader's own bean lies: on top of its pile."""
        mine = self._bin(own)
        if mine is not None and self._piles[mine]:
            yield self._lie(mine, self._piles[mine] - 1, self._piles[mine])

    def _bin(self, value: float | None) -> int | None:
        if value is None:
            return None
        edges = self._beans.edges
        inside = sum(edge <= value for edge in edges) - 1 + self._first
        return min(max(inside, 0), len(self._piles) - 1)

    def _lie(self, place: int, i: int, count: int) -> tuple[float, float]:
        row, column = divmod(i, self._columns)
        in_row = min(self._columns, count - row * self._columns)
        middle = LEFT + (place + 0.5) * self._width
        x = middle + (column - (in_row - 1) / 2) * self.bean
        return x, FLOOR - (row + 0.5) * self.bean


def _pack(most: int, width: float) -> tuple[int, float]:
    """Return in how many columns beans fit into a bin of this width, and how large they can be."""
    columns, size = 1, min(LARGEST_BEAN, width)
    while ceil(most / columns) * size > FLOOR - TOP:
        columns += 1
        size = min(LARGEST_BEAN, width / columns)
    return columns, size
