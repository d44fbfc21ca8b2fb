"""What all counts in stages share: who has how many votes, and how a tie is broken."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from beanjar.wisdom.counting.lots import Lot, find_turns


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of a count."""

    votes: tuple[int, ...]
    """Of every option, in the unit of the count; 0 for whoever has left it."""
    exhausted: int
    """Votes that count for nobody any more, in the same unit."""
    elected: tuple[int, ...]
    """Who is elected at this stage, the one with most votes first; of equals, by lot."""
    surplus: int | None = None
    """Whose surplus is handed on after this stage."""
    excluded: int | None = None
    """Who leaves the count after this stage."""
    by_lot: tuple[int, ...] = ()
    """Among whom the lot chose whose surplus that is, or who leaves, the chosen first."""


class Standings:
    """Who had more votes than whom: now, else at the latest stage that tells them apart."""

    def __init__(self, options: int, lot: Lot) -> None:
        """Begin before the first stage, where nothing tells anybody apart."""
        self._ranks = np.zeros(options, np.int64)
        self._turns = find_turns(lot)

    def take(self, votes: Sequence[int]) -> None:
        """Take the votes of the next stage."""
        order = np.lexsort((self._ranks, np.array(votes)))
        now = np.array(votes)[order], self._ranks[order]
        rises = (np.diff(now[0]) != 0) | (np.diff(now[1]) != 0)
        ranks = np.empty_like(self._ranks)
        ranks[order] = np.concatenate(([0], np.cumsum(rises)))
        self._ranks = ranks

    def most(self, among: Collection[int]) -> tuple[int, ...]:
        """Return who had most votes; several only where nothing tells them apart.

        The first is the one that the lot favours.
        """
        top = max(self._ranks[option] for option in among)
        return self._tied(among, top, 1)

    def fewest(self, among: Collection[int]) -> tuple[int, ...]:
        """Return who had fewest votes; the first is the one that the lot lets fall."""
        least = min(self._ranks[option] for option in among)
        return self._tied(among, least, -1)

    def _tied(self, among: Collection[int], rank: int, sign: int) -> tuple[int, ...]:
        tied = (option for option in among if self._ranks[option] == rank)
        return tuple(sorted(tied, key=lambda option: sign * self._turns[option]))
