from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from beanjar.wisdom.ranks import beats_share, rank_by_distance

LARGEST = 2**62 - 1
NUMBERS = st.one_of(st.integers(-9, 9), st.integers(-LARGEST, LARGEST))
CROWDS = st.lists(NUMBERS, min_size=1, max_size=50)


def test_people_at_the_same_distance_share_the_better_rank() -> None:
    assert rank_by_distance([110, 90, 100, 130, 90], 100).tolist() == [2, 2, 1, 5, 2]


@given(CROWDS, NUMBERS)
def test_a_rank_is_one_more_than_the_number_of_people_strictly_closer(
    guesses: list[int], truth: int
) -> None:
    distances = [abs(guess - truth) for guess in guesses]
    expected = [1 + sum(other < mine for other in distances) for mine in distances]
    assert rank_by_distance(guesses, truth).tolist() == expected


@given(CROWDS, NUMBERS)
def test_the_crowd_beats_those_strictly_farther_from_the_truth(
    guesses: list[int], truth: int
) -> None:
    error = abs(Fraction(sum(guesses), len(guesses)) - truth)
    beaten = sum(abs(guess - truth) > error for guess in guesses)
    assert beats_share(guesses, truth) == Fraction(beaten, len(guesses))


def test_a_third_of_a_unit_decides_whom_the_crowd_beats() -> None:
    # The mean, 1/3, is farther from 0 than the zeros are and closer than the one is.
    assert beats_share([0, 0, 1], 0) == Fraction(1, 3)
    # The mean, 2, is exactly as far from the truth as one of the guesses.
    assert beats_share([2, 0, 4], 0) == Fraction(1, 3)
