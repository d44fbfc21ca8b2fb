from fractions import Fraction
from statistics import mean

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from beanjar.wisdom.errors import NoFigure
from beanjar.wisdom.knowledge import PairSums, knowledge_weighted_estimate, sum_pairs

# The example of the Three Gorges Dam, with figures published with the R package metaggR.
ESTIMATES = [50, 134, 206, 290, 326, 374]
PREDICTIONS = [26, 92, 116, 218, 218, 206]

NUMBERS = st.integers(-1000, 1000)
Row = list[Fraction]
PEOPLE = st.lists(st.tuples(NUMBERS, NUMBERS), min_size=5, max_size=12)


def test_the_estimate_of_the_three_gorges_dam_is_the_published_one() -> None:
    assert round(float(knowledge_weighted_estimate(ESTIMATES, PREDICTIONS)), 4) == 329.305


@pytest.mark.parametrize(
    ("estimate", "prediction", "published"), [(200, 200, 314.8606), (1000, 400, 630.0491)]
)
def test_a_seventh_person_moves_it_to_the_published_figure(
    estimate: int, prediction: int, published: float
) -> None:
    found = knowledge_weighted_estimate([*ESTIMATES, estimate], [*PREDICTIONS, prediction])
    assert round(float(found), 4) == published


@given(PEOPLE, st.data())
def test_no_weights_have_a_smaller_knowledge_gap(
    people: list[tuple[int, int]], data: st.DataObject
) -> None:
    guesses, predictions = zip(*people, strict=True)
    assume(len(set(guesses)) > 1)
    found = knowledge_weighted_estimate(guesses, predictions)
    own, others = list(map(Fraction, guesses)), list(map(Fraction, predictions))
    least = knowledge_gap(own, others, weights_that_give(found, own))

    nearby = weights_that_give(found + Fraction(1, 100), own)
    assert least <= knowledge_gap(own, others, nearby)
    parts = data.draw(st.lists(NUMBERS, min_size=len(own), max_size=len(own)))
    assume(sum(parts) != 0)
    anyhow = [Fraction(part, sum(parts)) for part in parts]
    assert least <= knowledge_gap(own, others, anyhow)


@given(PEOPLE, st.integers(-50, 50), st.integers(1, 9))
def test_another_unit_and_zero_point_give_the_same_estimate(
    people: list[tuple[int, int]], zero: int, unit: int
) -> None:
    own, others = zip(*people, strict=True)
    found = knowledge_weighted_estimate(own, others)
    moved = knowledge_weighted_estimate(
        [unit * x + zero for x in own], [unit * x + zero for x in others]
    )
    assert moved == unit * found + zero


@given(PEOPLE, st.lists(st.tuples(NUMBERS, NUMBERS), max_size=4))
def test_sums_kept_pair_by_pair_agree_whoever_came_and_went(
    people: list[tuple[int, int]], passing: list[tuple[int, int]]
) -> None:
    sums = PairSums()
    for own, others in [*passing, *people]:
        sums = sums.plus(own, others)
    for own, others in passing:
        sums = sums.plus(own, others, -1)
    assert sums == sum_pairs(*zip(*people, strict=True))


def test_people_of_one_mind_are_taken_at_their_word() -> None:
    assert knowledge_weighted_estimate([7] * 5, [1, 2, 3, 4, 5]) == 7


def test_the_mean_stands_where_everyone_expects_the_same_of_all_of_us() -> None:
    own, others = [0, 4, 8, 12, 16], [5, 4, 3, 2, 1]
    assert {x + 4 * p for x, p in zip(own, others, strict=True)} == {20}
    assert knowledge_weighted_estimate(own, others) == 8


def test_too_few_people_or_unpaired_answers_are_refused() -> None:
    with pytest.raises(NoFigure, match="needs five people, and there are 4"):
        knowledge_weighted_estimate([1, 2, 3, 4], [1, 2, 3, 4])
    with pytest.raises(NoFigure, match="6 values on one side and 5 on the other"):
        knowledge_weighted_estimate(ESTIMATES, PREDICTIONS[:5])


def weights_that_give(estimate: Fraction, own: Row) -> Row:
    """Return weights that add up to 1 and whose weighted mean is `estimate`."""
    n, apart = len(own), deviations(own)
    lean = (estimate - mean(own)) / dot(apart, apart)
    return [Fraction(1, n) + lean * distance for distance in apart]


def knowledge_gap(own: Row, others: Row, weights: Row) -> Fraction:
    """Return the gap by its definition, with each person's residual worked out one by one."""
    n, share = len(own), Fraction(len(own) - 1, len(own))
    apart, others_apart = deviations(own), deviations(others)
    slope = dot(apart, others_apart) / dot(apart, apart)
    residuals = [p - slope * x for x, p in zip(apart, others_apart, strict=True)]
    everyone = [
        x / n + share * (p - residual)
        for x, p, residual in zip(own, others, residuals, strict=True)
    ]
    noise = dot(residuals, residuals) / (n - 2)
    mistrust = share**2 * Fraction(n - 2, n * (n - 4)) * noise
    shift = dot(weights, own) - mean(own)
    spread = dot(apart, apart) / n
    return (dot(weights, everyone) - mean(own)) ** 2 + mistrust * (1 + shift**2 / spread)


def deviations(values: Row) -> Row:
    centre = mean(values)
    return [value - centre for value in values]


def dot(first: Row, second: Row) -> Fraction:
    return sum((a * b for a, b in zip(first, second, strict=True)), Fraction(0))
