"""The whole picture: who stands where, in which groups, and what all of them share."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from beanjar.wisdom.errors import NoFigure
from beanjar.wisdom.integers import IntArray, read_integers
from beanjar.wisdom.opinions.axes import Moments, find_axes
from beanjar.wisdom.opinions.clusters import (
    Points,
    assign,
    find_centres,
    gather,
    settle,
    silhouette,
)
from beanjar.wisdom.opinions.statements import (
    SHOWN,
    Sides,
    Told,
    find_consensus,
    find_typical,
    measure_division,
    measure_sharing,
    rank_division,
    rank_sharing,
)
from beanjar.wisdom.opinions.votes import AGREE, DISAGREE, Votes

NEARLY = 10
"""Fewer groups are taken where their silhouette is worse by no more than this, of 1,000."""


@dataclass(frozen=True)
class Group:
    """People who think alike."""

    people: IntArray
    """Who they are, in ascending order."""
    typical: tuple[Told, ...]
    """What they think and others think less; see `find_typical`."""


@dataclass(frozen=True)
class OpinionMap:
    """What a crowd thinks."""

    people: IntArray
    """Who has a place, in ascending order: shape (mapped,)."""
    places: IntArray
    """Where each of them stands, shape (mapped, 2), in ten-thousandths."""
    groups: tuple[Group, ...]
    """The largest first; one where no two can be told apart, none where nobody has a place."""
    silhouette: int
    """How well groups are told apart, from -1,000 to 1,000."""
    consensus: tuple[Told, ...]
    """What the crowd agrees on, then what it disagrees with."""
    shared: tuple[tuple[int, int, Fraction], ...]
    """Statements and sides that one of each group would most likely all take, and how likely."""
    dividing: tuple[tuple[int, Fraction], ...]
    """Statements on which groups are furthest apart, and by how much of the chance to agree."""


def find_opinion_map(
    votes: Votes, hidden: Sequence[int] = (), moments: Moments | None = None
) -> OpinionMap:
    """Return the map of a crowd; `hidden` statements have no part in it.

    `moments` are those of the votes, where they are known: it is quicker then. Raises `NoFigure`
    where a hidden statement is none.
    """
    people, out = votes.mapped(), read_integers(hidden)
    every = np.arange(votes.signs.shape[1])
    if not np.isin(out, every).all():
        raise NoFigure("What is hidden must be among the statements.")
    shown = np.setdiff1d(every, out)
    seen, known = votes.hiding(out), moments.hiding(out) if moments else None
    places = find_axes(seen, known).place(seen.only(people))
    labels, width = _group(places)
    members = [np.flatnonzero(labels == each) for each in np.unique(labels)]
    members.sort(key=lambda each: (-len(each), each[0]))
    sides = [Sides.of(votes.only(people[each])) for each in members]
    crowd = Sides.of(votes.only(people))
    groups = tuple(
        Group(people[each], find_typical(side, crowd, shown) if len(members) > 1 else ())
        for each, side in zip(members, sides, strict=True)
    )
    return OpinionMap(
        people,
        places,
        groups,
        width,
        find_consensus(Sides.of(votes), shown),
        _share(sides, shown) if sides else (),
        _divide(sides, shown) if len(sides) > 1 else (),
    )


def _group(places: IntArray) -> tuple[IntArray, int]:
    """Return the group of each place, and how well they are told apart."""
    if not len(places):
        return np.zeros(0, np.int64), 0
    points = gather(places)
    centres = find_centres(points)
    widths = [silhouette(points, assign(points.places, each)) for each in centres]
    best = next(at for at, width in enumerate(widths) if width >= max(widths) - NEARLY)
    crowd = Points(places, np.ones(len(places), np.int64))
    return assign(places, settle(crowd, centres[best])), widths[best]


def _share(sides: Sequence[Sides], shown: IntArray) -> tuple[tuple[int, int, Fraction], ...]:
    likely = [
        (-float(chance), int(each), side)
        for side in (AGREE, DISAGREE)
        for each, chance in zip(shown, rank_sharing(sides, side)[shown], strict=True)
    ]
    best = sorted(likely)[:SHOWN]
    return tuple((each, side, measure_sharing(sides, side, each)) for _, each, side in best)


def _divide(sides: Sequence[Sides], shown: IntArray) -> tuple[tuple[int, Fraction], ...]:
    gaps = rank_division(sides)[shown]
    best = sorted((-float(gap), int(each)) for each, gap in zip(shown, gaps, strict=True) if gap)
    return tuple((each, measure_division(sides, each)) for _, each in best[:SHOWN])
