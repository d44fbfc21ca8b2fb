"""Groups of points on a plane: k-means on whole numbers, from a start that follows from them.

A. Likas, N. Vlassis, J. J. Verbeek, The global k-means clustering algorithm, Pattern Recognition
36:451-461 (2003), in its fast form: each further centre begins at the point that promises most.
"""

from dataclasses import dataclass

import numpy as np

from beanjar.wisdom.integers import IntArray

LEAVES = 128
"""So many points at most are grouped; where there are more, neighbours are put together first."""
ROUNDS = 50
MOST_GROUPS = 5
MILLE = 1_000


@dataclass(frozen=True)
class Points:
    """Points on a plane, each with the weight of those that were put together in it."""

    places: IntArray
    """Shape (points, 2)."""
    weights: IntArray
    """Shape (points,)."""


def gather(places: IntArray) -> Points:
    """Return at most `LEAVES` points for places of shape (people, 2).

    The people are halved at the median of the wider direction, again and again.
    """
    leaves = [np.arange(len(places))]
    while len(leaves) < LEAVES:
        split = [half for leaf in leaves for half in _halve(places, leaf)]
        if len(split) == len(leaves) or len(split) > LEAVES:
            break
        leaves = split
    means = [_mean(places[leaf], np.ones(len(leaf), np.int64)) for leaf in leaves]
    weights = [len(leaf) for leaf in leaves]
    return Points(np.array(means, np.int64).reshape(-1, 2), np.array(weights, np.int64))


def _halve(places: IntArray, leaf: IntArray) -> list[IntArray]:
    spread = np.ptp(places[leaf], axis=0)
    if not spread.any():
        return [leaf]
    wide = int(spread.argmax())
    # Whoever stands at the same place is alike here, so no order of people makes a difference.
    ordered = leaf[np.lexsort((places[leaf, 1 - wide], places[leaf, wide]))]
    middle = len(ordered) // 2
    return [ordered[:middle], ordered[middle:]]


def find_centres(points: Points, most: int = MOST_GROUPS) -> list[IntArray]:
    """Return centres of 1, 2, ... up to `most` groups, each of shape (groups, 2).

    There are fewer where fewer points differ.
    """
    centres = _mean(points.places, points.weights)[None, :]
    found = [centres]
    apart = _distances(points.places, points.places)
    while len(found) < most:
        near = _distances(points.places, centres).min(axis=1)
        gains = np.maximum(near - apart, 0) @ points.weights
        if not gains.any():
            break
        further = points.places[[int(gains.argmax())]]
        centres = settle(points, np.concatenate((centres, further)))
        found.append(centres)
    return found


def settle(points: Points, centres: IntArray) -> IntArray:
    """Move centres into the middle of those nearest to them, until they stay (Lloyd)."""
    for _ in range(ROUNDS):
        labels = assign(points.places, centres)
        moved = np.array(
            [
                _mean(points.places[labels == each], points.weights[labels == each])
                if (labels == each).any()
                else centre
                for each, centre in enumerate(centres)
            ]
        )
        if np.array_equal(moved, centres):
            break
        centres = moved
    return centres


def assign(places: IntArray, centres: IntArray) -> IntArray:
    """Return the nearest centre of each place, the first of several, shape (places,)."""
    nearest: IntArray = _distances(places, centres).argmin(axis=1)
    return nearest


def silhouette(points: Points, labels: IntArray) -> int:
    """Return how well groups are told apart, from -1,000 to 1,000.

    P. J. Rousseeuw, Silhouettes, Journal of Computational and Applied Mathematics 20:53-65 (1987):
    the mean, over all people, of how much closer they are to their own group than to the next.
    Who is alone in a group counts 0.
    """
    apart = np.rint(np.sqrt(_distances(points.places, points.places))).astype(np.int64)
    groups = np.unique(labels)
    if len(groups) < 2:  # noqa: PLR2004 - there is no next one
        return 0
    member = (labels[:, None] == groups) * points.weights[:, None]
    sums, sizes = apart @ member, member.sum(axis=0)
    own = np.searchsorted(groups, labels)
    rows = np.arange(len(labels))
    others = sizes[own] - 1
    within = sums[rows, own] / np.maximum(others, 1)
    means = sums / sizes
    means[rows, own] = np.inf
    next_ = means.min(axis=1)
    width = (next_ - within) / np.maximum(np.maximum(next_, within), 1)
    scores = np.where(others > 0, np.rint(width * MILLE), 0).astype(np.int64)
    return int(np.rint((scores @ points.weights) / points.weights.sum()))


def _mean(places: IntArray, weights: IntArray) -> IntArray:
    sums = weights @ places
    mean: IntArray = np.rint(sums / weights.sum()).astype(np.int64)
    return mean


def _distances(places: IntArray, others: IntArray) -> IntArray:
    """Return squared distances, shape (places, others)."""
    apart = places[:, None, :] - others[None, :, :]
    squares: IntArray = (apart * apart).sum(axis=2)
    return squares
