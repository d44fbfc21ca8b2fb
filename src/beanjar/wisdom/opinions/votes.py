"""Who agreed with what: a table with a row for each person and a column for each statement."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from beanjar.wisdom.errors import NoFigure
from beanjar.wisdom.integers import IntArray
from beanjar.wisdom.tables import MOST_CELLS

AGREE, PASS, DISAGREE = 1, 0, -1
FEWEST_VOTES = 7
"""Who has voted on fewer statements has no place on the map, unless there are few people or few
statements."""
FEWEST_PEOPLE = 15
"""Where fewer people have voted so often, these many who voted most have a place, and whoever voted
as often as the last of them."""
MOST_STATEMENTS = 2_000

NO_VOTE = "A vote is 1, 0 or -1, by one of the people on one of the statements."

Signs = npt.NDArray[np.int8]
Seen = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Votes:
    """All votes, the latest of each person on each statement."""

    signs: Signs
    """Shape (people, statements): `AGREE`, `DISAGREE`, or 0 for a pass or no vote."""
    seen: Seen
    """Of the same shape: whether there is a vote."""

    @classmethod
    def of(cls, votes: Iterable[tuple[int, int, int]], people: int, statements: int) -> "Votes":
        """Return votes that are given as (person, statement, sign); a later one replaces.

        Raises `NoFigure` where numbers are out of bounds.
        """
        check_size(people, statements)
        try:
            table = np.array([*votes] or np.zeros((0, 3), np.int64))
        except ValueError as error:
            raise NoFigure(NO_VOTE) from error
        if table.dtype.kind not in "iu" or table.shape[1:] != (3,):
            raise NoFigure(NO_VOTE)
        signs = np.zeros((people, statements), np.int8)
        seen = np.zeros((people, statements), bool)
        who, what, sign = table.T
        bounds = ((who, 0, people - 1), (what, 0, statements - 1), (sign, DISAGREE, AGREE))
        if any(each.size and (each.min() < low or each.max() > high) for each, low, high in bounds):
            raise NoFigure(NO_VOTE)
        signs[who, what] = sign
        seen[who, what] = True
        return cls(signs, seen)

    @cached_property
    def voted(self) -> IntArray:
        """On how many statements each person voted, shape (people,)."""
        return count(self.seen, axis=1)

    @cached_property
    def answered(self) -> IntArray:
        """How many people voted on each statement, shape (statements,)."""
        return count(self.seen, axis=0)

    @cached_property
    def agreed(self) -> IntArray:
        """How many people agreed with each statement, shape (statements,)."""
        return count(self.signs == AGREE, axis=0)

    @cached_property
    def disagreed(self) -> IntArray:
        """How many people disagreed with each statement, shape (statements,)."""
        return count(self.signs == DISAGREE, axis=0)

    def only(self, people: IntArray) -> "Votes":
        """Return the votes of some of the people, in this order."""
        return Votes(self.signs[people], self.seen[people])

    def hiding(self, statements: IntArray) -> "Votes":
        """Return the votes as if everybody had passed on some statements, as Polis has it."""
        signs, seen = self.signs.copy(), self.seen.copy()
        signs[:, statements], seen[:, statements] = PASS, True
        return Votes(signs, seen)

    def mapped(self) -> IntArray:
        """Return who has a place on the map, in ascending order."""
        needed = min(FEWEST_VOTES, int((self.answered > 0).sum()))
        enough = np.flatnonzero(self.voted >= max(needed, 1))
        if len(enough) >= FEWEST_PEOPLE or not len(self.voted):
            return enough
        often = np.sort(self.voted)[::-1][:FEWEST_PEOPLE]
        return np.flatnonzero(self.voted >= max(int(often[-1]), 1))


def check_size(people: int, statements: int) -> None:
    """Raise `NoFigure` for more than can be mapped."""
    fits = 0 <= statements <= MOST_STATEMENTS and people >= 0
    if not fits or people * statements > MOST_CELLS:
        raise NoFigure(
            f"{people:,} people and {statements:,} statements are more than can be mapped: at most "
            f"{MOST_STATEMENTS:,} statements, and {MOST_CELLS:,} people times statements."
        )


def count(table: Seen, *, axis: int) -> IntArray:
    """Return how many are true along an axis."""
    counts: IntArray = table.sum(axis=axis, dtype=np.int64)
    return counts
