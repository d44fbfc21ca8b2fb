"""Ranked ballots in arrays: what is first for whom, and for how many."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
import numpy.typing as npt

from beanjar.wisdom.errors import NoFigure
from beanjar.wisdom.integers import IntArray, Integers, exact_sum, read_integers
from beanjar.wisdom.tables import MOST_CELLS

UNRANKED = 0
MOST_OPTIONS = 1_000
"""Some counts take a time that grows with the cube of the options."""
MOST_VOTERS = 500_000_000
"""So that sums over voters fit an int64, whatever each of them says."""

Ranks = npt.NDArray[np.int16]
Tiers = Sequence[Sequence[int]]
"""One ballot in words: options, from 0, in tiers from the best; those of one tier tie."""


@dataclass(frozen=True, slots=True, eq=False)
class Rankings:
    """Ranked ballots, each perhaps cast by several people."""

    ranks: Ranks
    """Shape (ballots, options): 1 is best, equal ranks tie, 0 is not ranked, which is below all
    that is ranked."""
    counts: IntArray
    """Shape (ballots,): how many people cast this ballot."""

    @classmethod
    def of(cls, ranks: npt.ArrayLike, counts: Integers | None = None) -> "Rankings":
        """Return checked ballots; without `counts`, each was cast by one person.

        Raises `NoFigure` for tables that do not fit together and for numbers out of bounds.
        """
        table = read_table(ranks)
        options = check_options(table.shape[1])
        if table.size and (table.min() < UNRANKED or table.max() > options):
            raise NoFigure(f"A rank lies between 1 and {options}; 0 is for what is not ranked.")
        return cls(table.astype(np.int16), read_counts(counts, len(table)))

    @classmethod
    def of_tiers(cls, ballots: Iterable[tuple[int, Tiers]], options: int) -> "Rankings":
        """Return ballots that are given as (how many people, tiers).

        Raises `NoFigure` where a ballot names an option twice, or one that is not there.
        """
        check_options(options)
        cast = []
        for ballot in ballots:
            cast.append(ballot)
            check_cells(len(cast), options)
        ranks = np.zeros((len(cast), options), np.int16)
        for row, (_, tiers) in zip(ranks, cast, strict=True):
            _rank(tiers, row)
        return cls(ranks, read_counts([count for count, _ in cast], len(cast)))

    @property
    def options(self) -> int:
        """How many options there are."""
        return int(self.ranks.shape[1])

    @property
    def voters(self) -> int:
        """How many people cast these ballots."""
        return exact_sum(self.counts)

    def tiers(self) -> Iterator[tuple[int, Tiers]]:
        """Yield every ballot as `of_tiers` takes it."""
        for count, row in zip(self.counts.tolist(), self.ranks.tolist(), strict=True):
            ranked = sorted({rank for rank in row if rank != UNRANKED})
            yield (
                count,
                [[option for option, rank in enumerate(row) if rank == tier] for tier in ranked],
            )


def read_table(rows: npt.ArrayLike) -> npt.NDArray[np.integer]:
    """Return rows of whole numbers, shape (ballots, options), or raise `NoFigure`."""
    try:
        table = np.asarray(rows)
    except ValueError as error:
        raise NoFigure("Every ballot must say something of every option.") from error
    table = table.astype(np.int64) if table.dtype == bool or not table.size else table
    if table.ndim != 2 or table.dtype.kind not in "iu" or not table.shape[1]:  # noqa: PLR2004 - a table
        raise NoFigure("Give one row of whole numbers for each ballot, one for every option.")
    check_cells(*table.shape)
    return table


def read_counts(counts: Integers | None, ballots: int) -> IntArray:
    """Return how many people cast each of so many ballots: 1 where `counts` is None.

    Raises `NoFigure` where a count is missing or under 1, or where they are too many together.
    """
    if counts is None:
        return np.ones(ballots, np.int64)
    read = read_integers(counts)
    if read.size != ballots:
        raise NoFigure(f"There are {ballots} ballots and {read.size} counts of who cast them.")
    if ballots and read.min() < 1:
        raise NoFigure("Every ballot was cast by somebody: give a count of at least 1.")
    if exact_sum(read) > MOST_VOTERS:
        raise NoFigure(f"At most {MOST_VOTERS:,} people can be counted.")
    return read


def check_options(options: int) -> int:
    """Return how many options there are, or raise `NoFigure` where they are too many, or none."""
    if not 1 <= options <= MOST_OPTIONS:
        raise NoFigure(f"From 1 to {MOST_OPTIONS:,} options can be counted, and not {options:,}.")
    return options


def check_cells(ballots: int, options: int) -> None:
    """Raise `NoFigure` where a table would be too large."""
    if ballots * options > MOST_CELLS:
        raise NoFigure(
            f"{ballots:,} ballots of {options:,} options are too many to be counted at once."
        )


def _rank(tiers: Tiers, row: Ranks) -> None:
    """Write the ranks of a ballot into its row."""
    ranked = list(chain(*tiers))
    for option in ranked:
        if not 0 <= option < len(row):
            raise NoFigure(f"A ballot ranks option {option + 1}, and there are {len(row)}.")
    if len(set(ranked)) < len(ranked):
        twice = next(each for each in ranked if ranked.count(each) > 1)
        raise NoFigure(f"A ballot ranks option {twice + 1} twice.")
    if not all(tiers):
        raise NoFigure("A ballot leaves a rank empty.")
    for rank, tier in enumerate(tiers, start=1):
        row[list(tier)] = rank
