"""Estimates as they are typed and read at a terminal."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beanjar.tools.estimate.schema import AnyKind, Choice, Date, EstimateAsk, Number, Probability
from beanjar.tools.estimate.speech import NotAValue, read_words, show, write_words
from beanjar.tools.estimate.tests.looks import guessed
from beanjar.tools.estimate.tests.table import Table

MINUS = "\N{MINUS SIGN}"
VALUES = st.integers(-(10**12), 10**12)
UNITS = st.sampled_from(["", "lb", "%", "5", "kg CO2", "1,000 t", "e", "."])


@given(unit=UNITS, decimals=st.integers(0, 9), value=VALUES)
def test_what_is_shown_can_be_typed(unit: str, decimals: int, value: int) -> None:
    kind = Number(unit, decimals)
    assert read_words(kind, "value", write_words(kind, "value", value)) == value


@given(decimals=st.integers(0, 4), part=st.floats(0, 1))
def test_a_chance_that_is_shown_can_be_typed(decimals: int, part: float) -> None:
    kind = Probability(decimals)
    value = round(part * kind.whole)
    assert read_words(kind, "value", write_words(kind, "value", value)) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [("1287.5", 12875), ("1,287.5 lb", 12875), (f"{MINUS}0.5lb", -5), (" 7 ", 70)],
)
def test_a_number_is_typed_with_or_without_its_unit(text: str, value: int) -> None:
    assert read_words(Number("lb", 1), "value", text) == value


@pytest.mark.parametrize(
    "text", ["", "lb", "12,5", "1,2345", "1.25", "1e3", "0x10", "1_000", "∞", "nan", "--1"]
)
def test_what_is_no_number_of_the_question_is_told(text: str) -> None:
    with pytest.raises(NotAValue, match=r"is not a number|is too precise"):
        read_words(Number("lb", 1), "value", text)


def test_a_day_is_typed_as_year_month_and_day() -> None:
    assert read_words(Date(), "value", "1970-01-11") == 10
    with pytest.raises(NotAValue, match="2027-01-20"):
        read_words(Date(), "value", "11 January 1970")


@pytest.mark.parametrize(("text", "place"), [("A", 0), ("a", 1), ("3", 2), ("b", 3), ("1", 0)])
def test_an_option_is_typed_by_its_label_or_else_by_its_place(text: str, place: int) -> None:
    assert read_words(Choice(("A", "a", "3", "B")), "value", text) == place


def test_an_option_that_could_be_either_is_none() -> None:
    with pytest.raises(NotAValue, match="none of the options: Ja, JA"):
        read_words(Choice(("Ja", "JA")), "value", "jA")


def test_what_came_true_of_a_chance_is_yes_or_no() -> None:
    kind = Probability(1)
    assert [read_words(kind, "truth", text) for text in ("yes", "No ")] == [1_000, 0]
    assert write_words(kind, "truth", 1_000) == "yes"
    with pytest.raises(NotAValue, match="yes or no"):
        read_words(kind, "truth", "70")


def test_a_guess_beyond_the_range_is_told_and_a_truth_is_not(table: Table) -> None:
    ask = EstimateAsk(table.terms(), "How heavy?", Number(low=1, high=9), "mean")
    with pytest.raises(NotAValue, match="at least 1, at most 9"):
        read_words(ask, "value", "10")
    assert read_words(ask, "truth", "10") == 10


def test_a_sealed_question_shows_nothing_of_its_guesses(table: Table) -> None:
    question = table.ask()
    table.answer(table.guesser(0), question, 871)
    shown = show(table.view(question))
    assert (shown.figures, shown.bars) == ([], [])
    assert "871" not in " ".join([shown.title, *shown.sentences])


@pytest.mark.parametrize("kind", [Number("lb"), Number("lb", low=0, high=2_000)])
def test_every_guess_is_in_a_bar_and_every_mark_in_the_bar_where_it_lies(
    table: Table, kind: AnyKind
) -> None:
    guesses = [0, *range(800, 900), 2_000]
    view = table.play(table.ask(kind), guesses, 850)
    bins = guessed(view).bins
    assert bins is not None
    assert bins.below
    assert bins.above
    bars = show(view).bars
    assert sum(bar.count for bar in bars) == len(guesses)
    (marked,) = (place for place, bar in enumerate(bars) if "truth: 850 lb" in bar.note)
    assert bins.edges[marked - 1] <= 850 < bins.edges[marked]


@pytest.mark.parametrize(("truth", "place"), [(-5_000, 0), (9_000, -1)])
def test_a_truth_beyond_all_guesses_is_marked_at_the_edge(
    table: Table, truth: int, place: int
) -> None:
    view = table.play(table.ask(Number("lb")), range(100, 120), truth)
    assert "truth" in show(view).bars[place].note
