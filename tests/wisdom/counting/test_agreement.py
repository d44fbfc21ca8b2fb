from fractions import Fraction

import pytest

from beanjar.wisdom.counting.agreement import Stances, consensus, consent, majority
from beanjar.wisdom.errors import NoFigure

TWO_THIRDS = Fraction(2, 3)


@pytest.mark.parametrize(
    ("said", "lacks"),
    [
        (Stances(agree=18), ()),
        (Stances(agree=10, reservations=8), ()),
        (Stances(agree=10, aside=8), ()),
        (Stances(agree=17, block=1), ("blocks",)),
        (Stances(agree=8, block=2), ("quorum", "blocks", "share")),
        (Stances(aside=18), ("share",)),
        (Stances(), ("quorum", "share")),
    ],
)
def test_consensus_needs_a_quorum_few_blocks_and_nine_tenths(
    said: Stances, lacks: tuple[str, ...]
) -> None:
    verdict = consensus(said, needed=11)
    assert verdict.lacks == lacks
    assert verdict.passes == (not lacks)
    assert verdict.answered == said.answered


def test_some_blocks_may_be_allowed() -> None:
    assert consensus(Stances(agree=18, block=2), needed=1, blocks=2).passes
    found = consensus(Stances(agree=17, block=2), needed=1, blocks=2)
    assert (found.lacks, found.share) == (("share",), Fraction(17, 19))


def test_one_objection_is_one_too_many_for_consent() -> None:
    assert consent(0, 5, needed=5).passes
    assert consent(1, 5, needed=5).lacks == ("objections",)
    assert consent(0, 4, needed=5).lacks == ("quorum",)


@pytest.mark.parametrize(
    ("yes", "no", "share", "passes"),
    [
        (6, 5, Fraction(1, 2), True),
        (5, 5, Fraction(1, 2), False),
        (4, 2, TWO_THIRDS, True),
        (5, 3, TWO_THIRDS, False),
        (0, 0, Fraction(1, 2), False),
    ],
)
def test_a_half_is_exceeded_and_two_thirds_are_reached(
    yes: int, no: int, share: Fraction, *, passes: bool
) -> None:
    assert majority(yes, no, needed=0, share=share).passes is passes


def test_who_abstains_counts_for_the_quorum_alone() -> None:
    assert majority(3, 1, 6, needed=10).passes
    assert majority(3, 1, 5, needed=10).lacks == ("quorum",)


def test_counts_that_cannot_be_are_refused() -> None:
    with pytest.raises(NoFigure, match="fewer than nobody"):
        Stances(agree=-1)
    with pytest.raises(NoFigure, match="cannot have said so"):
        consent(3, 2, needed=1)
    with pytest.raises(NoFigure, match="cannot have said so"):
        majority(5, -2, needed=0)
