"""A crowd that guesses at a number, a date or a probability, with its figures always at hand."""

from collections.abc import Iterable
from fractions import Fraction

import numpy as np

from beanjar.tools.estimate.figures import Figures, Found, decimals, find, write_figure
from beanjar.tools.estimate.schema import EstimateAsk, FigureName, Guess, Number
from beanjar.tools.estimate.views import Bins, Figure, Guessed, Ranges
from beanjar.wisdom.averages import TWENTIETH, cut_from_each_end
from beanjar.wisdom.histogram import round_edges
from beanjar.wisdom.knowledge import estimate_from_sums, sum_pairs
from beanjar.wisdom.tally import Tally

MOST_BINS = 20
OUTSIDE = 100  # one in so many guesses at each end may lie outside the bins


class NumberCrowd:
    """Guesses at a number, a date or a probability."""

    def __init__(self, ask: EstimateAsk, guesses: Iterable[Guess]) -> None:
        """Begin with some guesses."""
        held = list(guesses)
        self._ask = ask
        self._decimals = decimals(ask.kind)
        self._tally = Tally.of([each.value for each in held])
        pairs = [(each.value, each.others) for each in held if each.others is not None]
        self._pairs = sum_pairs([own for own, _ in pairs], [others for _, others in pairs])
        ranged = [each for each in held if each.low is not None]
        self._ranged = len(ranged)
        self._lows = sum(each.low or 0 for each in ranged)
        self._highs = sum(each.high or 0 for each in ranged)

    def change(self, guess: Guess, times: int) -> None:
        """Take a guess in, or out where `times` is -1."""
        if times > 0:
            self._tally.add(guess.value)
        else:
            self._tally.remove(guess.value)
        if guess.others is not None:
            self._pairs = self._pairs.plus(guess.value, guess.others, times)
        if guess.low is not None and guess.high is not None:
            self._ranged += times
            self._lows += times * guess.low
            self._highs += times * guess.high

    def figures(self) -> Figures:
        """Return the figures that make sense for the question, exactly."""
        tally = self._tally
        found: Figures = {
            "mean": find(lambda: tally.mean),
            "median": find(lambda: tally.median),
            "trimmed_mean": find(tally.trimmed_mean),
        }
        if isinstance(self._ask.kind, Number):
            found["geometric_mean"] = find(lambda: tally.geometric_mean)
        if self._ask.others:
            found["knowledge_weighted"] = find(lambda: estimate_from_sums(self._pairs))
        return found

    def view(self) -> Guessed:
        """Return what the guesses add up to."""
        people = len(self._tally)
        robust = cut_from_each_end(people, TWENTIETH / 2) > 0
        shift = self._tally.shift_without_extremes() if robust else None
        return Guessed(
            people=people,
            figures=[self._figure(*each) for each in self.figures().items()],
            bins=self._bins(people) if people else None,
            shift=None if shift is None else self._write(shift),
            expected=self._mean(self._pairs.others, self._pairs.count),
            predicting=self._pairs.count,
            ranges=self._ranges(),
        )

    def _figure(self, name: FigureName, found: Found) -> Figure:
        counts = name == self._ask.figure
        if isinstance(found, str):
            return Figure(name, counts, None, found)
        return Figure(name, counts, self._write(found))

    def _bins(self, people: int) -> Bins:
        ordered = self._tally.values
        cut = people // OUTSIDE
        edges = round_edges(int(ordered[cut]), int(ordered[people - 1 - cut]), MOST_BINS)
        places = np.searchsorted(ordered, edges).tolist()
        counts = np.diff(places).tolist()
        return Bins(list(edges), counts, places[0], people - places[-1])

    def _ranges(self) -> Ranges | None:
        low, high = self._mean(self._lows, self._ranged), self._mean(self._highs, self._ranged)
        return None if low is None or high is None else Ranges(self._ranged, low, high)

    def _mean(self, total: int, count: int) -> str | None:
        return self._write(Fraction(total, count)) if count else None

    def _write(self, exact: Fraction) -> str:
        return write_figure(exact, self._decimals)
