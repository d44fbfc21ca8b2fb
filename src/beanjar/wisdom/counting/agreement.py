"""Whether one proposal passes: by consensus, by consent, or by a majority."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from beanjar.wisdom.errors import NoFigure

Lack = Literal["quorum", "share", "blocks", "objections"]
"""What a proposal lacks: enough who answered, enough who agree, or too many are against it."""

NINE_TENTHS = Fraction(9, 10)
HALF = Fraction(1, 2)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a proposal passes, and if not, all that it lacks."""

    lacks: tuple[Lack, ...]
    answered: int
    share: Fraction
    """Of those who took a side, how many agree; 0 where nobody did."""

    @property
    def passes(self) -> bool:
        """Whether it lacks nothing."""
        return not self.lacks


@dataclass(frozen=True, slots=True)
class Stances:
    """How many people said what about a proposal."""

    agree: int = 0
    reservations: int = 0
    """They agree, and say what they would rather have."""
    aside: int = 0
    """They do not agree, and do not stand in the way."""
    block: int = 0

    def __post_init__(self) -> None:
        """Raise `NoFigure` for counts below zero."""
        if min(self.agree, self.reservations, self.aside, self.block) < 0:
            raise NoFigure("No fewer than nobody can have said something.")

    @property
    def answered(self) -> int:
        """How many people answered."""
        return self.agree + self.reservations + self.aside + self.block


def consensus(
    said: Stances, *, needed: int, blocks: int = 0, share: Fraction = NINE_TENTHS
) -> Verdict:
    """Decide by consensus: at most so many `blocks`, and a `share` of those who take a side agrees.

    `needed` is the quorum, how many have to answer. Who stands aside has answered and takes no
    side.
    """
    agreed = said.agree + said.reservations
    reached = _share(agreed, agreed + said.block)
    lacks: list[Lack] = []
    if said.answered < needed:
        lacks.append("quorum")
    if said.block > blocks:
        lacks.append("blocks")
    if reached < share:
        lacks.append("share")
    return Verdict(tuple(lacks), said.answered, reached)


def consent(objections: int, answered: int, *, needed: int) -> Verdict:
    """Decide by consent: a quorum `needed` has answered, and nobody objects."""
    _check(objections, answered)
    lacks: list[Lack] = ["quorum"] if answered < needed else []
    if objections:
        lacks.append("objections")
    return Verdict(tuple(lacks), answered, _share(answered - objections, answered))


def majority(
    yes: int, no: int, abstained: int = 0, *, needed: int, share: Fraction = HALF
) -> Verdict:
    """Decide by a majority: more than a `share` of those who say yes or no say yes.

    A share above a half has to be reached, as two thirds; a half has to be exceeded. Who abstains
    counts for the quorum `needed` alone.
    """
    _check(min(yes, no, abstained), yes + no + abstained)
    answered, reached = yes + no + abstained, _share(yes, yes + no)
    lacks: list[Lack] = ["quorum"] if answered < needed else []
    if reached < share or (share <= HALF and reached == share):
        lacks.append("share")
    return Verdict(tuple(lacks), answered, reached)


def _share(part: int, whole: int) -> Fraction:
    return Fraction(part, whole) if whole else Fraction(0)


def _check(part: int, whole: int) -> None:
    if not 0 <= part <= whole:
        raise NoFigure(f"{part} of {whole} cannot have said so.")
