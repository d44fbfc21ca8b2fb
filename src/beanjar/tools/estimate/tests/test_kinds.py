import pytest

from beanjar.testing.people import Person
from beanjar.tools.estimate.schema import (
    Choice,
    Date,
    EstimateResolve,
    Guess,
    Number,
    Probability,
)
from beanjar.tools.estimate.tests.looks import favourite, figure, guessed
from beanjar.tools.estimate.tests.table import Table
from beanjar.tools.estimate.views import Chosen

PHILADELPHIA, HARRISBURG = 0, 1
CAPITAL = Choice(("Philadelphia", "Harrisburg"))


def test_more_people_say_harrisburg_than_people_expect(table: Table) -> None:
    question = table.ask(CAPITAL, "surprisingly_popular", others=True)
    shares = [(90, 10), (80, 20), (90, 10), (70, 30), (70, 30)]
    votes = [PHILADELPHIA] * 3 + [HARRISBURG] * 2
    guesses = [Guess(vote, shares=each) for vote, each in zip(votes, shares, strict=True)]
    view = table.play(question, guesses, truth=HARRISBURG)
    assert favourite(view, "most_chosen").options == [PHILADELPHIA]
    assert not favourite(view, "most_chosen").right
    assert favourite(view, "surprisingly_popular").options == [HARRISBURG]
    assert favourite(view, "surprisingly_popular").right
    assert isinstance(view.crowd, Chosen)
    assert [each.expected for each in view.crowd.options] == ["80.000", "20.000"]
    assert [each.share for each in view.crowd.options] == ["60.000", "40.000"]


def test_a_tie_is_shown_as_a_tie_and_is_not_right(table: Table) -> None:
    view = table.play(table.ask(CAPITAL, "most_chosen"), [0, 1], truth=1)
    assert favourite(view, "most_chosen").options == [0, 1]
    assert favourite(view, "most_chosen").right is False
    assert view.outcome is not None
    assert view.outcome.right == 1


def test_what_people_expect_of_the_others_corrects_their_mean(table: Table) -> None:
    """The example of the Three Gorges Dam, with figures published with the R package metaggR."""
    question = table.ask(Number("m"), "knowledge_weighted", others=True)
    own, others = [50, 134, 206, 290, 326, 374], [26, 92, 116, 218, 218, 206]
    for place in range(6):
        table.answer(table.guesser(place), question, Guess(own[place], others=others[place]))
        if place == 3:
            assert table.view(question).crowd is None
    view = table.close(question)
    assert figure(view, "knowledge_weighted").value == "329.305"
    assert guessed(view).expected == "146.000"


def test_a_figure_that_cannot_be_had_says_why(table: Table, ben: Person) -> None:
    question = table.ask(Number("m"), "knowledge_weighted", others=True, sealed=False)
    table.answer(ben, question, Guess(-3, others=4))
    view = table.view(question)
    assert figure(view, "knowledge_weighted").value is None
    assert "five people" in figure(view, "knowledge_weighted").why
    assert "above zero" in figure(view, "geometric_mean").why


def test_the_geometric_mean_tames_the_wild_guesses(table: Table) -> None:
    view = table.play(table.ask(figure="geometric_mean"), [10, 100, 1_000], truth=99)
    assert figure(view, "geometric_mean").value == "100.000"
    assert figure(view, "geometric_mean").error == "1.000"
    assert figure(view, "mean").value == "370.000"


def test_ranges_are_averaged_and_the_truth_is_looked_for_in_each(table: Table) -> None:
    guesses = [Guess(100, 50, 150), Guess(200, 180, 220), Guess(300)]
    view = table.play(table.ask(), guesses, truth=190)
    ranges = guessed(view).ranges
    assert ranges is not None
    assert (ranges.people, ranges.low, ranges.high, ranges.held) == (2, "115.000", "185.000", 1)


def test_a_hostile_few_move_the_mean_by_what_the_page_says(table: Table) -> None:
    honest = [1_000 + place for place in range(-19, 20)]
    calm = table.play(table.ask(), [*honest, 1_000], truth=1_000)
    moved = table.play(table.ask(), [*honest, 5_000], truth=1_000)
    assert guessed(calm).shift == "0.000"
    assert figure(moved, "mean").value == "1100.000"
    # One guess of forty goes at each end: 981 and 5,000 leave 38 that add up to 38,019.
    assert guessed(moved).shift == "-99.500"


def test_a_day_is_estimated_in_days(table: Table) -> None:
    view = table.play(table.ask(Date(), "median"), [20_000, 20_001], truth=20_003)
    assert figure(view, "median").value == "20000.500"
    assert view.outcome is not None
    assert view.outcome.error == "2.500"


@pytest.mark.parametrize(
    ("truth", "crowd", "members"), [(100, "0.1600", "0.1960"), (0, "0.3600", "0.3960")]
)
def test_chances_are_scored_by_brier(table: Table, truth: int, crowd: str, members: str) -> None:
    view = table.play(table.ask(Probability(), "median"), [30, 60, 60, 60, 90], truth)
    assert view.outcome is not None
    assert view.outcome.brier is not None
    assert (view.outcome.brier.crowd, view.outcome.brier.individual) == (crowd, members)


def test_a_truth_that_the_question_cannot_have_means_nothing(table: Table, ben: Person) -> None:
    question = table.ask(Probability(1))
    table.answer(ben, question, 375)
    table.close(question)
    table.say(table.asker, EstimateResolve(question, 500))
    assert table.view(question).truth is None
    table.say(table.asker, EstimateResolve(question, 1_000))
    assert table.view(question).truth is not None


def test_nobody_answered_is_no_error(table: Table) -> None:
    for kind in (Number(), CAPITAL):
        question = table.ask(kind, "mean" if isinstance(kind, Number) else "most_chosen")
        view = table.play(question, [], truth=0)
        assert view.crowd is not None
        assert view.crowd.people == 0
        assert "Nobody has answered" in view.crowd.figures[0].why
        assert view.outcome is None
