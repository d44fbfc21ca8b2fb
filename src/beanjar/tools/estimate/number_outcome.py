"""How close a crowd came that guessed at a number, a date or a probability."""

from collections.abc import Mapping
from fractions import Fraction
from functools import cached_property
from math import ceil

import msgspec
import numpy as np

from beanjar.tools.estimate.figures import (
    MORE_PLACES,
    Found,
    decimals,
    write_decimal,
    write_figure,
)
from beanjar.tools.estimate.number_crowd import NumberCrowd
from beanjar.tools.estimate.schema import EstimateAsk, Guess, Probability
from beanjar.tools.estimate.views import (
    BRIER_PLACES,
    LOSS_PARTS,
    Brier,
    Figure,
    Guessed,
    Outcome,
    Placed,
    Scores,
    Split,
)
from beanjar.wisdom.diversity import split_error
from beanjar.wisdom.integers import read_crowd
from beanjar.wisdom.ranks import distances_from, rank_by_distance

CLOSEST = 10
"""How many of those who came closest the view names."""

MOST_DISTANCES = 1_000
"""Of a larger crowd a page does not carry how far off everybody was."""


class NumberOutcome:
    """Everybody's guess beside the truth."""

    def __init__(
        self, ask: EstimateAsk, crowd: NumberCrowd, guesses: Mapping[str, Guess], truth: int
    ) -> None:
        """Compare guesses, by person, of which there is at least one."""
        self._ask = ask
        self._crowd = crowd
        self._guesses = guesses
        self._truth = truth
        self._decimals = decimals(ask.kind)
        self._values = read_crowd([guess.value for guess in guesses.values()])
        self._distances = np.sort(distances_from(truth, self._values))
        self._found = crowd.figures()

    def crowd(self) -> Guessed:
        """Return the crowd's view, saying of each figure how far off it was."""
        view = self._crowd.view()
        ranges = view.ranges and msgspec.structs.replace(view.ranges, held=self._held())
        figures = [self._measure(figure) for figure in view.figures]
        return msgspec.structs.replace(view, figures=figures, ranges=ranges)

    def outcome(self) -> Outcome:
        """Return how close it all was."""
        error = self._error(self._found[self._ask.figure])
        return Outcome(
            people=len(self._guesses),
            error=None if error is None else self._write(error),
            beats=None if error is None else self._beats(error),
            split=self._split(),
            closest=self._closest(),
            brier=self._brier() if isinstance(self._ask.kind, Probability) else None,
        )

    def scores(self) -> Scores:
        """Return what each guess was worth."""
        error = self._error(self._found[self._ask.figure])
        # As many are strictly closer as lie below the error rounded up: distances are whole.
        closer = None if error is None else int(self._distances.searchsorted(ceil(error)))
        return Scores(
            ranks=self._ranks,
            losses=self._losses(),
            crowd_rank=None if closer is None else closer + 1,
            crowd_loss=self._crowd_loss(),
            crowd_chance=self._crowd_chance(),
            distances=self._few_distances(),
        )

    @cached_property
    def _ranks(self) -> dict[str, int]:
        ranks = rank_by_distance(self._values, self._truth).tolist()
        return dict(zip(self._guesses, ranks, strict=True))

    def _few_distances(self) -> tuple[int, ...]:
        return tuple(self._distances.tolist()) if len(self._distances) <= MOST_DISTANCES else ()

    def _measure(self, figure: Figure) -> Figure:
        error = self._error(self._found[figure.name])
        if error is None:
            return figure
        return msgspec.structs.replace(figure, error=self._write(error), beats=self._beats(error))

    def _error(self, found: Found) -> Fraction | None:
        return None if isinstance(found, str) else abs(found - self._truth)

    def _beats(self, error: Fraction) -> int:
        """Return how many people are strictly farther off than `error`."""
        not_farther = self._distances.searchsorted(int(error), side="right")
        return len(self._guesses) - int(not_farther)

    def _held(self) -> int:
        return sum(
            guess.low <= self._truth <= guess.high
            for guess in self._guesses.values()
            if guess.low is not None and guess.high is not None
        )

    def _split(self) -> Split:
        split = split_error(self._values, self._truth)
        places = 2 * self._decimals + MORE_PLACES
        parts = (split.crowd, split.individual, split.diversity)
        return Split(*(write_decimal(part, 2 * self._decimals, places) for part in parts))

    def _closest(self) -> list[Placed]:
        first = sorted(self._guesses, key=lambda person: (self._ranks[person], person))[:CLOSEST]
        return [
            Placed(person, self._ranks[person], self._guesses[person].value) for person in first
        ]

    def _losses(self) -> dict[str, int]:
        if not isinstance(self._ask.kind, Probability):
            return {}
        unit = LOSS_PARTS // self._ask.kind.whole**2
        losses = (unit * distances_from(self._truth, self._values) ** 2).tolist()
        return dict(zip(self._guesses, losses, strict=True))

    def _crowd_chance(self) -> Fraction | None:
        found = self._found[self._ask.figure]
        if isinstance(found, str) or not isinstance(self._ask.kind, Probability):
            return None
        return found / self._ask.kind.whole

    def _crowd_loss(self) -> Fraction | None:
        chance = self._crowd_chance()
        return None if chance is None else (chance - (self._truth > 0)) ** 2

    def _brier(self) -> Brier:
        crowd, losses = self._crowd_loss(), self._losses()
        individual = Fraction(sum(losses.values()), LOSS_PARTS * len(losses))
        return Brier(
            crowd=None if crowd is None else write_decimal(crowd, 0, BRIER_PLACES),
            individual=write_decimal(individual, 0, BRIER_PLACES),
        )

    def _write(self, exact: Fraction) -> str:
        return write_figure(exact, self._decimals)
