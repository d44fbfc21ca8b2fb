"""The Schulze method: who beats whom, directly or by a chain of others.

M. Schulze, A new monotonic, clone-independent, reversal symmetric, and Condorcet-consistent
single-winner election method, Social Choice and Welfare 36:267-303 (2011), with winning votes.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from beanjar.wisdom.counting.lots import Lot, find_turns
from beanjar.wisdom.counting.rankings import UNRANKED, Rankings, read_table
from beanjar.wisdom.errors import NoFigure
from beanjar.wisdom.integers import IntArray, check_integers

BLOCK = 8_192
"""Ballots that are compared at a time, so that what is compared stays close at hand."""


@dataclass(frozen=True, slots=True)
class SchulzeOrder:
    """Options from the best on."""

    order: tuple[int, ...]
    ties: tuple[tuple[int, ...], ...]
    """Options that no chain of wins told apart, in the order that the lot gave them."""


def pairwise(ballots: Rankings) -> IntArray:
    """Return in row i, column j how many people rank option i above option j.

    Shape (options, options). What is ranked is above what is not.
    """
    ranks = np.where(ballots.ranks == UNRANKED, np.iinfo(np.int16).max, ballots.ranks)
    wins = np.zeros((ballots.options, ballots.options))
    for start in range(0, len(ranks), BLOCK):
        columns = np.ascontiguousarray(ranks[start : start + BLOCK].T)
        counts = ballots.counts[start : start + BLOCK].astype(np.float64)
        for option, one in enumerate(columns):
            # Sums of whole numbers below 2**53 are exact in doubles, whatever their order.
            wins[option] += (one < columns).astype(np.float64) @ counts
    return wins.astype(np.int64)


def schulze(wins: IntArray | Sequence[Sequence[int]], lot: Lot) -> SchulzeOrder:
    """Order options by a pairwise table, shape (options, options), as `pairwise` returns it.

    First comes who is beaten by no chain of wins; then who is, of all that remain. Where there are
    several, the lot orders them. Raises `NoFigure` where the table is not square.
    """
    table = check_integers(read_table(wins))
    if table.shape[0] != table.shape[1]:
        raise NoFigure("Give a row and a column for every option.")
    strengths = strongest_chains(table)
    beaten_by, turns = strengths < strengths.T, find_turns(lot)
    order: list[int] = []
    ties: list[tuple[int, ...]] = []
    remaining = np.ones(len(table), bool)
    while remaining.any():
        unbeaten = remaining & ~beaten_by[:, remaining].any(axis=1)
        best = sorted(np.flatnonzero(unbeaten).tolist(), key=turns.__getitem__)
        order += best
        if len(best) > 1:
            ties.append(tuple(best))
        remaining &= ~unbeaten
    return SchulzeOrder(tuple(order), tuple(ties))


def strongest_chains(wins: IntArray) -> IntArray:
    """Return how strong the strongest chain from i to j is: the votes of its weakest win."""
    strengths = np.where(wins > wins.T, wins, 0)
    for middle in range(len(strengths)):
        through = np.minimum(strengths[:, [middle]], strengths[[middle], :])
        strengths = np.maximum(strengths, through)
    return strengths
