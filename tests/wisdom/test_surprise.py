import csv
from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from operator import itemgetter

import pytest

from beanjar.wisdom.errors import NoFigure
from beanjar.wisdom.surprise import Surprise, surprisingly_popular
from tests.data_files import data_file

NO, YES = 0, 1


def test_the_answer_that_more_give_than_expected_beats_the_majority() -> None:
    # Three in five think that Philadelphia is the capital of Pennsylvania, and everyone expects
    # even more to think so.
    found = surprisingly_popular([YES, YES, YES, NO, NO], [90, 80, 90, 70, 70])
    assert found.majority == (YES,)
    assert found.winners == (NO,)
    assert found.margins == (Fraction(1, 5), Fraction(-1, 5))


def test_two_options_may_be_predicted_as_one_share_or_as_two() -> None:
    votes, shares = [YES, NO, YES], [55, 60, 72]
    both = [[100 - share, share] for share in shares]
    assert surprisingly_popular(votes, shares) == surprisingly_popular(votes, both)


def test_among_several_options_the_greatest_surprise_wins() -> None:
    found = surprisingly_popular([0, 0, 0, 1, 2, 2], [[70, 20, 10], [60, 20, 20]])
    assert found.actual == (Fraction(1, 2), Fraction(1, 6), Fraction(1, 3))
    assert found.predicted == (Fraction(13, 20), Fraction(1, 5), Fraction(3, 20))
    assert found.winners == (2,)


def test_an_option_that_nobody_chose_can_still_be_predicted() -> None:
    found = surprisingly_popular([0, 0], [[50, 0, 50]])
    assert found.actual == (Fraction(1), Fraction(0), Fraction(0))
    assert found.winners == (0,)


def test_ties_are_all_reported() -> None:
    found = surprisingly_popular([YES, NO], [50, 50])
    assert found.winners == found.majority == (NO, YES)


def test_thirds_tie_exactly() -> None:
    found = surprisingly_popular([0, 1, 2], [[1, 1, 1]], whole=3)
    assert set(found.margins) == {Fraction(0)}
    assert found.winners == (0, 1, 2)


@pytest.mark.parametrize(
    ("votes", "predictions", "message"),
    [
        ([], [50], "Nobody"),
        ([YES], [], "Nobody"),
        ([2], [50], "one of the 2 options"),
        ([-1], [50], "one of the 2 options"),
        ([YES], [101], "between 0 and 100"),
        ([YES], [-1], "between 0 and 100"),
        ([YES], [0.5], "whole numbers"),
        ([YES], [[50, 49]], "add up to 100"),
        ([YES], [[50, 50], [100]], "a share for every option"),
        ([YES], [[[50, 50]]], "deeper table"),
    ],
)
def test_data_that_do_not_fit_are_refused_with_a_reason(
    votes: list[int], predictions: list[int], message: str
) -> None:
    with pytest.raises(NoFigure, match=message):
        surprisingly_popular(votes, predictions)


def test_a_whole_has_a_sensible_number_of_parts() -> None:
    with pytest.raises(NoFigure, match="between 1 and"):
        surprisingly_popular([YES], [0], whole=0)


@pytest.mark.parametrize(
    ("study", "majority_right", "majority_ties", "surprising_right"),
    [("1a", 29, 0, 34), ("1b", 34, 4, 43), ("1c", 31, 0, 45)],
)
def test_surprise_answers_more_of_the_fifty_questions_on_capitals_than_the_majority(
    study: str, majority_right: int, majority_ties: int, surprising_right: int
) -> None:
    questions = read_study(study)
    assert len(questions) == 50
    assert sum(found.majority == (truth,) for found, truth in questions) == majority_right
    assert sum(len(found.majority) > 1 for found, _ in questions) == majority_ties
    assert sum(found.winners == (truth,) for found, truth in questions) == surprising_right


def read_study(study: str) -> list[tuple[Surprise, int]]:
    """Return what is surprising about each question, and the right answer to it."""
    with data_file(f"prelec_sp/study{study}.csv").open(encoding="utf-8") as lines:
        rows = sorted(csv.DictReader(lines), key=itemgetter("state"))
    return [read_question(list(answers)) for _, answers in groupby(rows, key=itemgetter("state"))]


def read_question(answers: list[dict[str, str]]) -> tuple[Surprise, int]:
    votes = [int(answer["own"]) for answer in answers]
    percent = [int(Decimal(answer["meta"]) * 100) for answer in answers]
    return surprisingly_popular(votes, percent), int(answers[0]["actual"])
