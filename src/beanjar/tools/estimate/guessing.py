"""Which guesses and which truths a question allows."""

from msgspec import Struct

from beanjar.base.limits import INTEGER
from beanjar.space.question import Ask
from beanjar.tools.estimate.schema import (
    FIRST_DAY,
    LAST_DAY,
    AnyKind,
    Choice,
    Date,
    EstimateAsk,
    Guess,
    Number,
    Probability,
)

ALL = 100  # percent


def fits(ask: Ask, guess: Struct) -> bool:
    """Say whether the question allows the guess; one that it does not allow is void."""
    if not isinstance(ask, EstimateAsk) or not isinstance(guess, Guess):
        return False
    if not ask.others and (guess.others is not None or guess.shares):
        return False
    if isinstance(ask.kind, Choice):
        return _fits_options(ask.kind, guess)
    return not guess.shares and _fits_range(ask.kind, guess)


def fits_truth(kind: AnyKind, truth: int) -> bool:
    """Say whether this can come true; a truth may lie outside the range that was asked for."""
    match kind:
        case Number():
            return True
        case Date():
            return FIRST_DAY <= truth <= LAST_DAY
        case Probability():
            return truth in {0, kind.whole}
        case Choice():
            return 0 <= truth < len(kind.options)


def bounds(kind: AnyKind) -> tuple[int, int]:
    """Return the lowest and the highest value that may be guessed."""
    match kind:
        case Number():
            lowest, highest = kind.low, kind.high
            return (
                -INTEGER if lowest is None else lowest,
                INTEGER if highest is None else highest,
            )
        case Date():
            first, last = kind.low, kind.high
            return FIRST_DAY if first is None else first, LAST_DAY if last is None else last
        case Probability():
            return 0, kind.whole
        case Choice():
            return 0, len(kind.options) - 1


def _fits_options(kind: Choice, guess: Guess) -> bool:
    low, high = bounds(kind)
    plain = guess.low is None and guess.high is None and guess.others is None
    shared = len(guess.shares) == len(kind.options) and sum(guess.shares) == ALL
    return plain and low <= guess.value <= high and (not guess.shares or shared)


def _fits_range(kind: Number | Date | Probability, guess: Guess) -> bool:
    if (guess.low is None) != (guess.high is None):
        return False
    lowest, highest = bounds(kind)
    low = guess.value if guess.low is None else guess.low
    high = guess.value if guess.high is None else guess.high
    others = guess.value if guess.others is None else guess.others
    return lowest <= low <= guess.value <= high <= highest and lowest <= others <= highest
