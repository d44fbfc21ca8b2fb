"""Ballot papers on piles: each lies with the best option that is still in the count.

A paper ends where its voter ranked several options alike, for it cannot lie on two piles, and
where nothing that is left on it is still in the count.
"""

import numpy as np

from beanjar.wisdom.counting.rankings import UNRANKED, Rankings, Ranks
from beanjar.wisdom.integers import IntArray


class Papers:
    """All papers of a count, and the pile on which each lies.

    Piles have the numbers of their options; the last, `exhausted`, is that of papers which count
    for nobody any more. A paper is worth `worth[paper]` for each of the people who cast it.
    """

    def __init__(self, ballots: Rankings, worth: int = 1) -> None:
        """Lay every paper on the pile of its first choice."""
        self._choices = order_choices(ballots)
        self._counts = ballots.counts
        self.exhausted = ballots.options
        self.worth = np.full(len(ballots.ranks), worth, np.int64)
        self._open = np.ones(ballots.options + 2, bool)
        self._open[ballots.options + 1] = False
        self._pile = np.empty(len(ballots.ranks), np.int16)
        self._lay(np.arange(len(ballots.ranks)))

    def votes(self) -> IntArray:
        """Return what every pile is worth, that of exhausted papers last: shape (options + 1,)."""
        votes = np.zeros(self.exhausted + 1, np.int64)
        np.add.at(votes, self._pile, self.worth * self._counts)
        return votes

    def close(self, option: int) -> None:
        """Let no more papers come to an option: it was elected, or has left the count."""
        self._open[option] = False

    def on(self, option: int) -> IntArray:
        """Return which papers lie on a pile."""
        return np.flatnonzero(self._pile == option)

    def hand_on(self, option: int) -> None:
        """Close an option, and lay its papers on the piles of the next choices still open."""
        self.close(option)
        self._lay(self.on(option))

    def _lay(self, papers: IntArray) -> None:
        choices = self._choices[papers]
        place = self._open[choices].argmax(axis=1)
        self._pile[papers] = choices[np.arange(len(papers)), place]


def order_choices(ballots: Rankings) -> Ranks:
    """Return each paper's options from the first choice on, shape (ballots, options + 1).

    The number `options` stands where a paper ends, `options` + 1 where it leaves out a rank.
    """
    options = ballots.options
    end, gap = options, options + 1
    choices = np.full((len(ballots.ranks), options + 1), gap, np.int16)
    tied = np.zeros(choices.shape, bool)
    for option in range(options):
        papers = np.flatnonzero(ballots.ranks[:, option] != UNRANKED)
        places = ballots.ranks[papers, option] - 1
        tied[papers, places] |= choices[papers, places] != gap
        choices[papers, places] = option
    choices[np.logical_or.accumulate(tied, axis=1)] = end
    choices[:, -1] = end
    return choices
