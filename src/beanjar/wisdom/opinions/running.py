"""Votes that come one by one, with what the axes are made of always at hand.

It is there for speed alone: what it hands out is what all the votes at once come to.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from beanjar.wisdom.errors import NoFigure
from beanjar.wisdom.opinions.axes import Moments
from beanjar.wisdom.opinions.votes import (
    AGREE,
    DISAGREE,
    NO_VOTE,
    PASS,
    Votes,
    check_size,
)

ROOM = 16
"""Rows and columns that there is room for at first; doubled whenever there is none."""


class RunningVotes:
    """The votes of people on statements, both known by their names."""

    def __init__(self) -> None:
        """Begin with nobody."""
        self._rows: dict[str, int] = {}
        self._columns: dict[str, int] = {}
        self._signs, self._seen = np.zeros((ROOM, ROOM), np.int8), np.zeros((ROOM, ROOM), bool)
        self._moments = Moments(*(np.zeros((ROOM, ROOM)) for _ in range(3)))

    def vote(self, person: str, statement: str, sign: int | None) -> None:
        """Let somebody's vote be `sign` from now on; None takes it back.

        Raises `NoFigure` for any other sign, and for more people or statements than can be mapped.
        """
        if sign not in {AGREE, PASS, DISAGREE, None}:
            raise NoFigure(NO_VOTE)
        known = person in self._rows, statement in self._columns
        check_size(len(self._rows) + (not known[0]), len(self._columns) + (not known[1]))
        row, column = self._find_row(person), self._find_column(statement)
        self._count(row, column, -1)
        self._signs[row, column], self._seen[row, column] = sign or 0, sign is not None
        self._count(row, column, 1)

    def look(self, statements: Sequence[str]) -> tuple[tuple[str, ...], Votes, Moments]:
        """Return who has voted on any of these statements, in the order of their names, and how.

        Votes and their moments have a column for each statement, in the order given.
        """
        places = [self._columns.get(each, -1) for each in statements]
        known = np.flatnonzero(np.array(places, np.int64) >= 0)
        columns = np.array(places, np.int64)[known]
        names = sorted(self._rows)
        rows = np.array([self._rows[name] for name in names], np.int64)
        signs, seen = self._signs[np.ix_(rows, columns)], self._seen[np.ix_(rows, columns)]
        voted = np.asarray(seen.any(axis=1))
        people = tuple(name for name, has in zip(names, voted, strict=True) if has)
        table = Votes.of((), len(people), len(statements))
        table.signs[:, known], table.seen[:, known] = signs[voted], seen[voted]
        return people, table, self._moments.only(columns, known, len(statements))

    def _find_row(self, person: str) -> int:
        row = self._rows.setdefault(person, len(self._rows))
        if row == len(self._signs):
            self._signs, self._seen = (_grow(each, axes=(0,)) for each in (self._signs, self._seen))
        return row

    def _find_column(self, statement: str) -> int:
        column = self._columns.setdefault(statement, len(self._columns))
        if column == self._signs.shape[1]:
            self._signs, self._seen = (_grow(each, axes=(1,)) for each in (self._signs, self._seen))
            known = self._moments
            sums = (known.both, known.mixed, known.pairs)
            self._moments = Moments(*(_grow(each, axes=(0, 1)) for each in sums))
        return column

    def _count(self, row: int, column: int, times: int) -> None:
        """Add what a vote adds to the moments, or take it out: one row and one column of each."""
        signs, seen = self._signs[row].astype(np.float64), self._seen[row].astype(np.float64)
        known = self._moments
        sign, has = times * signs[column], times * seen[column]
        for sums, own, others, left, right in (
            (known.both, sign, sign, signs, signs),
            (known.mixed, sign, has, seen, signs),
            (known.pairs, has, has, seen, seen),
        ):
            sums[column] += own * left
            sums[:, column] += others * right
            sums[column, column] -= own * left[column]  # it was added twice


def _grow(table: npt.NDArray[Any], axes: tuple[int, ...]) -> npt.NDArray[Any]:
    return np.pad(table, [(0, size if at in axes else 0) for at, size in enumerate(table.shape)])
