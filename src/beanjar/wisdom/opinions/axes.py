"""The two directions in which a crowd differs most: principal axes, exact to a stated place.

Whoever did not vote on a statement stands at the mean of those who did. Products of whole numbers
are summed as doubles, which is exact below 2**53 in any order; the rest is done number by number.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from beanjar.wisdom.integers import IntArray
from beanjar.wisdom.opinions.votes import Votes

FINE = 2**18
"""Entries of an axis are whole numbers up to this."""
COVARIANCE = 2**22
"""Entries of the covariance are rounded to whole numbers up to this."""
ROUNDS = 1_000
SCATTER, STRIDE = 40_503, 7_919
BLOCK = 8_192
"""People whose votes are worked with at a time."""
PLACE = 10_000
"""Places are told in ten-thousandths."""
TOGETHER = 2

Whole = npt.NDArray[np.float64]
"""Doubles that hold whole numbers, so that sums of products are exact and quick."""


@dataclass(frozen=True)
class Axes:
    """The axes of a crowd and what it holds on average."""

    means: Whole
    """Mean sign of each statement, shape (statements,)."""
    directions: IntArray
    """Shape (2, statements), in units in which the largest entry is `FINE`; zeros where the crowd
    differs in fewer directions."""

    def place(self, votes: Votes) -> IntArray:
        """Return where people stand, shape (people, 2), in ten-thousandths.

        A person's place is scaled up by the root of (statements / votes), so that who voted seldom
        does not stand in the middle for that alone.
        """
        share = np.sqrt(votes.signs.shape[1] / np.maximum(votes.voted, 1))
        places = [self._project(votes, axis) * share for axis in self.directions]
        rounded: IntArray = np.rint(np.stack(places, axis=1) * PLACE).astype(np.int64)
        return rounded

    def _project(self, votes: Votes, axis: IntArray) -> Whole:
        fine = axis.astype(np.float64)
        length = np.sqrt(fine @ fine)
        if not length:
            return np.zeros(len(votes.signs))
        middle = np.rint(self.means * fine)
        blocks = [signs @ fine - seen @ middle for signs, seen in _cut_blocks(votes)]
        result: Whole = np.concatenate([np.zeros(0), *blocks]) / length
        return result


@dataclass
class Moments:
    """What the axes of a crowd are made of: sums over all its people, each exact.

    Shapes (statements, statements): of the products of two signs, of signs on the one where the
    other was seen, and of how many saw both.
    """

    both: Whole
    mixed: Whole
    pairs: Whole

    @classmethod
    def of(cls, votes: Votes) -> "Moments":
        """Add up votes."""
        width = votes.signs.shape[1]
        sums = cls(*(np.zeros((width, width)) for _ in range(3)))
        for signs, seen in _cut_blocks(votes):
            sums.both += signs.T @ signs
            sums.mixed += signs.T @ seen
            sums.pairs += seen.T @ seen
        return sums

    def only(self, columns: IntArray, places: IntArray, width: int) -> "Moments":
        """Return those of some statements, at these places among so many; others have none."""
        here, there = np.ix_(columns, columns), np.ix_(places, places)
        found = [np.zeros((width, width)) for _ in range(3)]
        for sums, known in zip(found, (self.both, self.mixed, self.pairs), strict=True):
            sums[there] = known[here]
        return Moments(*found)

    def hiding(self, statements: IntArray) -> "Moments":
        """Return those of the votes that hide some statements, see `Votes.hiding`.

        What is left of these columns is multiplied by their means, which are zero.
        """
        both, mixed = self.both.copy(), self.mixed.copy()
        both[statements] = both[:, statements] = mixed[statements] = 0
        return Moments(both, mixed, self.pairs)


def find_axes(votes: Votes, moments: Moments | None = None) -> Axes:
    """Return the two principal axes of a crowd, whose `moments` may be known.

    Each is found by power iteration from a stated start, and points to where its largest entry, the
    first of several, is positive. Where a crowd differs almost as much in a third direction, what
    is found after `ROUNDS` may lie between the two; it is the same on every machine all the same.
    """
    means = np.sum(votes.signs, axis=0, dtype=np.int64) / np.maximum(votes.answered, 1)
    covariance = _covariance(moments or Moments.of(votes), means)
    directions: list[Whole] = []
    for _ in range(TOGETHER):
        directions.append(_find_axis(covariance, directions))
    return Axes(means, np.array(directions).astype(np.int64))


def _covariance(moments: Moments, means: Whole) -> Whole:
    across = moments.mixed * means
    full = moments.both - across - across.T + np.outer(means, means) * moments.pairs
    largest = np.abs(full).max(initial=0.0)
    result: Whole = np.rint(full * (COVARIANCE / largest)) if largest else np.zeros_like(full)
    return result


def _cut_blocks(votes: Votes) -> Iterator[tuple[Whole, Whole]]:
    """Yield signs and seen of so many people at a time, as doubles."""
    for start in range(0, len(votes.signs), BLOCK):
        rows = slice(start, start + BLOCK)
        yield votes.signs[rows].astype(np.float64), votes.seen[rows].astype(np.float64)


def _find_axis(covariance: Whole, found: list[Whole]) -> Whole:
    axis = _straighten(_scale(covariance @ _scatter(len(covariance), len(found))), found)
    for _ in range(ROUNDS):
        further = _straighten(_scale(covariance @ axis), found)
        if np.array_equal(further, axis):
            break
        axis = further
    is_backward = axis.size > 0 and axis[np.abs(axis).argmax()] < 0
    return -axis if is_backward else axis


def _scatter(count: int, turn: int) -> Whole:
    """Return whole numbers of which no axis is likely to be at right angles to all.

    Another turn has others: where two directions matter alike, what is left of the same start once
    the first is taken out would be nothing.
    """
    places = np.arange(1, count + 1)
    scattered = (places * places * SCATTER + places * STRIDE * (turn + 1)) % FINE - FINE // 2
    result: Whole = scattered.astype(np.float64)
    return result


def _scale(axis: Whole) -> Whole:
    largest = np.abs(axis).max(initial=0.0)
    return np.rint(axis * (FINE / largest)) if largest else axis


def _straighten(axis: Whole, found: list[Whole]) -> Whole:
    """Return an axis without what it has of those that were found."""
    for other in found:
        if length := other @ other:
            axis = axis - (axis @ other) / length * other
    return _scale(axis)
