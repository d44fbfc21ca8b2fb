"""What can be asked, answered and said on the pages of estimates."""

import json
import re
from collections.abc import Mapping
from html import unescape
from itertools import product

import pytest

from beanjar.base.limits import OPEN_FOR
from beanjar.testing.people import Person
from beanjar.tools.estimate.schema import (
    AnyKind,
    Choice,
    Date,
    EstimateAsk,
    EstimateEdit,
    EstimateResolve,
    EstimateWithdraw,
    Guess,
    Number,
    Probability,
    sensible_figures,
)
from beanjar.tools.estimate.tests.table import Table
from beanjar.tools.estimate.tests.test_pages import render, show, words
from beanjar.web.language import ENGLISH

FIGURE = re.compile(r'data-when="([^"]+)">\s*<label[^>]*><input[^>]*name="figure" value="(\w+)"')
BODY = re.compile(r'data-body="([^"]+)"')
PILE = re.compile(r'<tr data-from="(-?\d*)" data-to="(-?\d*)"><th[^>]*>([^<]*)')
KINDS: Mapping[str, AnyKind] = {
    "number": Number(),
    "date": Date(),
    "probability": Probability(),
    "choice": Choice(("a", "b")),
}


def ask_page(table: Table) -> str:
    return render(table, "ask", ENGLISH, view=table.board(), longest=OPEN_FOR)


def holds(conditions: str, chosen: Mapping[str, str]) -> bool:
    """Say whether conditions of a form hold, as the browser would."""
    for condition in conditions.split(","):
        name, sign, wanted = re.split("([=>])", condition)
        value = chosen.get(name, "")
        if sign == ">" and not (value and int(value) > int(wanted)):
            return False
        if sign == "=" and value not in wanted.split("|"):
            return False
    return True


@pytest.mark.parametrize(("name", "others", "low"), [*product(KINDS, (True, False), (None, 0, 1))])
def test_a_figure_can_be_chosen_just_where_it_makes_sense(
    table: Table,
    name: str,
    others: bool,  # noqa: FBT001 - both
    low: int | None,
) -> None:
    chosen = {"kind.is": name, "others": "yes" if others else ""}
    if low is not None:
        chosen["kind.low"] = str(low)
    figures = FIGURE.findall(unescape(ask_page(table)))
    kind = Number(low=low) if name == "number" else KINDS[name]
    offered = [figure for conditions, figure in figures if holds(conditions, chosen)]
    assert sorted(offered) == sorted(sensible_figures(kind, others=others))


def test_a_form_asks_for_all_that_can_be_said(table: Table) -> None:
    page = ask_page(table)
    names = set(re.findall(r' name="([^"]+)"', page))
    fields = {*EstimateAsk.__struct_fields__} - {"kind", "terms"}
    terms = {"closes", "sealed", "asker_may_end", "ends_when_all_answered"}
    kinds = {field for kind in KINDS.values() for field in kind.__struct_fields__}
    assert (
        fields | {f"terms.{each}" for each in terms} | {f"kind.{each}" for each in kinds} <= names
    )
    assert set(re.findall(r'name="kind.is" value="(\w+)"', page)) == {*KINDS}
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize(
    ("kind", "others", "controls"),
    [
        (Number("lb"), False, {"choice.value", "choice.low", "choice.high"}),
        (Date(), True, {"choice.value", "choice.low", "choice.high", "choice.others"}),
        (Probability(1), True, {"choice.value", "choice.low", "choice.high", "choice.others"}),
        (Choice(("a", "b")), True, {"choice.value", "choice.shares[]"}),
        (Choice(("a", "b")), False, {"choice.value"}),
    ],
)
def test_an_answer_says_what_was_asked_for(
    table: Table,
    kind: AnyKind,
    others: bool,  # noqa: FBT001 - both
    controls: set[str],
) -> None:
    figure = "most_chosen" if isinstance(kind, Choice) else "mean"
    question = table.ask(kind, figure, others=others)  # type: ignore[arg-type]
    page = show(table, question)
    assert set(re.findall(r'name="(choice[^"]*)"', page)) == controls
    assert "After that it is final" in words(page)
    assert 'data-act="withdraw"' in page


def test_days_outside_what_was_asked_cannot_be_chosen_but_can_come_true(table: Table) -> None:
    question = table.ask(Date(20_000, 20_010))
    assert 'min="2024-10-04" max="2024-10-14"' in show(table, question)
    table.close(question)
    page = show(table, question)
    assert 'name="truth" data-is="day"' in page
    assert 'min="2024' not in page


def test_who_is_not_on_the_roll_is_told_so_instead_of_asked(table: Table, ben: Person) -> None:
    form = 'aria-labelledby="answer" data-for="member counted"'
    listed, anyone = show(table, table.ask(roll=[ben])), show(table, table.ask())
    assert form in listed
    assert form in anyone
    assert f'data-roll="{"5b" * 32}"' in listed
    assert "so it does not count you. You can watch" in words(listed)
    assert "data-roll" not in anyone
    assert "does not count you" not in words(anyone)


def says(page: str) -> set[str]:
    """Return the tags of what can be said on a page besides an answer."""
    return {json.loads(unescape(body))["t"] for body in BODY.findall(page)}


def test_the_asker_can_say_what_is_due_and_nothing_else(table: Table, ben: Person) -> None:
    question = table.ask(asker_may_end=True)
    table.answer(ben, question, 7)
    edit, resolve, back = (
        str(each.__struct_config__.tag)
        for each in (EstimateEdit, EstimateResolve, EstimateWithdraw)
    )
    assert says(show(table, question)) == {"question.end", edit, back}
    table.close(question)
    assert says(show(table, question)) == {resolve, back}
    table.say(table.asker, EstimateResolve(question, 7))
    assert says(show(table, question)) == {resolve, back}
    table.say(table.asker, EstimateWithdraw(question))
    assert says(show(table, question)) == {resolve}


def test_every_guess_lies_in_the_row_that_says_so(table: Table) -> None:
    question = table.ask()
    guesses = [100, 900, *range(1_000, 1_200), 4_000]
    table.play(question, guesses, truth=1_210)
    rows = PILE.findall(show(table, question))
    edges = [(float(low or "-inf"), float(high or "inf")) for low, high, _ in rows]
    for guess in guesses:
        assert sum(low <= guess < high for low, high in edges) == 1
    assert edges == sorted(edges)


def test_a_page_tells_browsers_how_far_off_all_were_once_the_truth_is_known(table: Table) -> None:
    question = table.ask()
    table.answer(table.guesser(0), question, Guess(800))
    table.answer(table.guesser(1), question, Guess(1_300))
    table.close(question)
    assert "data-distances" not in show(table, question)
    table.say(table.asker, EstimateResolve(question, 1_210))
    assert 'data-truth="1210"' in show(table, question)
    assert 'data-distances="90 410"' in show(table, question)
