"""One digest of everything that was counted, so that two nodes can compare counts at a glance."""

from collections.abc import Mapping
from hashlib import sha256

from beanjar.tools.estimate.schema import Guess


def digest(guesses: Mapping[str, Guess]) -> str:
    """Return the SHA-256, in hex, of one line for each person (hex), in the order of the persons.

    A line is the person and the value, then what else was given: "low", "high" and "others" each
    with a number, "shares" with the percent of each option; all separated by one space, in this
    order, and ended by a line feed.
    """
    lines = sorted(_line(person, guess) for person, guess in guesses.items())
    return sha256("".join(lines).encode()).hexdigest()


def _line(person: str, guess: Guess) -> str:
    words = [person, str(guess.value)]
    for name, value in (("low", guess.low), ("high", guess.high), ("others", guess.others)):
        if value is not None:
            words += [name, str(value)]
    if guess.shares:
        words += ["shares", *map(str, guess.shares)]
    return " ".join(words) + "\n"
