"""Crowds that were really asked, through real operations and the real fold."""

import csv
from decimal import Decimal
from itertools import groupby
from operator import itemgetter

import pytest

from beanjar.space.view import encode_view
from beanjar.tools.estimate.schema import Choice, Guess, Number
from beanjar.tools.estimate.tests.looks import favourite, figure
from beanjar.tools.estimate.tests.table import Table
from beanjar.tools.estimate.views import EstimateView
from tests.data_files import data_file

POUND = 10**9
"""The finest guess at the cow is 948361848 billionths of a pound."""
COW = 1_355 * POUND
SEALED = 500
"""Sealing and opening takes a millisecond a person, so not everybody's guess is sealed here."""


def read_cow_guesses() -> list[int]:
    with data_file("planetmoney_cow/guesses.csv").open(encoding="utf-8") as lines:
        return [int(Decimal(row["guess_lb"]) * POUND) for row in csv.DictReader(lines)]


def test_seventeen_thousand_people_guess_the_weight_of_a_cow(table: Table) -> None:
    question = table.ask(Number("lb", 9), sealed=False)
    view = table.play_fast(question, read_cow_guesses(), COW)
    assert view.facts.answers == 17_184
    assert round(Decimal(figure(view, "mean").value or 0), 1) == Decimal("1287.1")
    assert Decimal(figure(view, "median").value or 0) == 1_245
    assert view.outcome is not None
    assert view.outcome.beats is not None
    assert round(view.outcome.beats / view.outcome.people, 3) == 0.893
    assert view.outcome.split is not None
    split = [Decimal(part) for part in (view.outcome.split.crowd, view.outcome.split.individual)]
    assert split[0] < split[1] / 50
    assert len(encode_view(view)) < 20_000


def test_some_of_them_guess_sealed_and_the_jar_opens_on_the_same_figures(table: Table) -> None:
    some = read_cow_guesses()[:: 17_184 // SEALED]
    plain = table.play(table.ask(Number("lb", 9), sealed=False), some, COW)
    sealed = table.play(table.ask(Number("lb", 9)), some, COW)
    assert sealed.facts.sealed
    assert sealed.crowd == plain.crowd
    assert sealed.outcome == plain.outcome
    assert sealed.tally == plain.tally


def test_the_middle_of_galtons_centiles_is_his_middlemost_guess(table: Table) -> None:
    with data_file("galton/VoxPopuli.csv").open(encoding="utf-8") as lines:
        centiles = [int(row["estimate"]) for row in csv.DictReader(lines)]
    view = table.play(table.ask(figure="median"), centiles, 1_198)
    assert figure(view, "median").value == "1207.000"
    assert figure(view, "median").error == "9.000"


@pytest.mark.parametrize(
    ("study", "majority", "surprising"), [("1a", 29, 34), ("1b", 34, 43), ("1c", 31, 45)]
)
def test_more_is_known_about_capitals_than_the_majority_says(
    table: Table, study: str, majority: int, surprising: int
) -> None:
    with data_file(f"prelec_sp/study{study}.csv").open(encoding="utf-8") as lines:
        rows = sorted(csv.DictReader(lines), key=itemgetter("state"))
    views = [
        ask_about_capital(table, list(answers))
        for _, answers in groupby(rows, key=itemgetter("state"))
    ]
    assert len(views) == 50
    assert sum(map(chose_right, views)) == majority
    assert sum(map(was_surprisingly_right, views)) == surprising


def ask_about_capital(table: Table, answers: list[dict[str, str]]) -> EstimateView:
    question = table.ask(Choice(("no", "yes")), "surprisingly_popular", others=True, sealed=False)
    guesses = [read_answer(answer) for answer in answers]
    return table.play(question, guesses, int(answers[0]["actual"]))


def read_answer(answer: dict[str, str]) -> Guess:
    percent = int(Decimal(answer["meta"]) * 100)
    return Guess(int(answer["own"]), shares=(100 - percent, percent))


def chose_right(view: EstimateView) -> bool:
    return is_right(view, "most_chosen")


def was_surprisingly_right(view: EstimateView) -> bool:
    return is_right(view, "surprisingly_popular")


def is_right(view: EstimateView, name: str) -> bool:
    return favourite(view, name).right is True
