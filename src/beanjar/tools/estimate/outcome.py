"""How close it all was, once the truth is known: worked out once, when nothing changes any more."""

from collections.abc import Mapping
from fractions import Fraction
from typing import NamedTuple

import msgspec

from beanjar.tools.estimate.choice_crowd import ChoiceCrowd, Picked
from beanjar.tools.estimate.crowd import Crowd
from beanjar.tools.estimate.figures import write_decimal
from beanjar.tools.estimate.number_outcome import NumberOutcome
from beanjar.tools.estimate.schema import EstimateAsk, Guess
from beanjar.tools.estimate.views import (
    BRIER_PLACES,
    LOSS_PARTS,
    Brier,
    Chosen,
    Guessed,
    Outcome,
    Scores,
)


class Reckoning(NamedTuple):
    """What the truth makes of a crowd: its view with how far off it was, and all the rest."""

    crowd: Guessed | Chosen
    outcome: Outcome
    scores: Scores


def reckon(
    ask: EstimateAsk, crowd: Crowd, guesses: Mapping[str, Guess], truth: int
) -> Reckoning | None:
    """Compare everybody's guess, by person, with the truth; nobody's cannot be compared."""
    if not guesses:
        return None
    if isinstance(crowd, ChoiceCrowd):
        return _reckon_choices(ask, crowd, guesses, truth)
    numbers = NumberOutcome(ask, crowd, guesses, truth)
    return Reckoning(numbers.crowd(), numbers.outcome(), numbers.scores())


def _reckon_choices(
    ask: EstimateAsk, crowd: ChoiceCrowd, guesses: Mapping[str, Guess], truth: int
) -> Reckoning:
    losses = {
        person: 0 if guess.value == truth else LOSS_PARTS for person, guess in guesses.items()
    }
    chances = _chances(crowd, ask)
    loss = None if chances is None else _brier(chances, truth)
    people, right = len(guesses), crowd.counts[truth]
    brier = Brier(
        crowd=None if loss is None else write_decimal(loss, 0, BRIER_PLACES),
        individual=write_decimal(Fraction(people - right, people), 0, BRIER_PLACES),
    )
    return Reckoning(
        crowd=_mark(crowd, truth),
        outcome=Outcome(people, right=right, brier=brier),
        scores=Scores(losses=losses, crowd_loss=loss),
    )


def _mark(crowd: ChoiceCrowd, truth: int) -> Chosen:
    """Return the crowd's view, saying of each way to pick an option whether it was right."""
    view = crowd.view()
    figures = [
        msgspec.structs.replace(each, right=each.options == [truth]) if each.options else each
        for each in view.figures
    ]
    return msgspec.structs.replace(view, figures=figures)


def _chances(crowd: ChoiceCrowd, ask: EstimateAsk) -> tuple[Fraction, ...] | None:
    """Return the chance that the crowd as a whole gives each option.

    Where most chosen counts, its shares; otherwise it is sure of what that figure picks.
    """
    shares = crowd.shares()
    if ask.figure == "most_chosen":
        return shares
    picked: Picked = crowd.picks()[ask.figure]
    if isinstance(picked, str):
        return None
    return tuple(Fraction(place in picked, len(picked)) for place in range(len(shares)))


def _brier(chances: tuple[Fraction, ...], truth: int) -> Fraction:
    """Return half of Brier's sum of squares, so that 0 is best and 1 worst, as for a probability.

    Source: Brier, Monthly Weather Review 78:1-3 (1950).
    """
    return sum((each - (place == truth)) ** 2 for place, each in enumerate(chances)) / Fraction(2)
