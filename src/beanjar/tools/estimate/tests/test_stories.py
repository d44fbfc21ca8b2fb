from decimal import Decimal

from beanjar.testing.people import Person
from beanjar.tools.estimate.schema import (
    Choice,
    EstimateEdit,
    EstimateResolve,
    EstimateWithdraw,
    Number,
)
from beanjar.tools.estimate.tests.looks import figure, guessed
from beanjar.tools.estimate.tests.table import Table

PHILADELPHIA, HARRISBURG = 0, 1
CAPITAL = Choice(("Philadelphia", "Harrisburg"))


def test_a_sealed_jar_shows_nothing_but_how_many_answered(
    table: Table, ben: Person, cal: Person
) -> None:
    question = table.ask()
    empty = table.view(question)
    table.answer(ben, question, 1_200)
    table.answer(cal, question, 1_500)
    view = table.view(question)
    assert view.facts.answers == 2
    assert (view.crowd, view.outcome, view.tally, view.scores) == (None, None, None, None)
    assert view.facts.void == empty.facts.void == 0


def test_after_the_close_everyone_reads_what_the_crowd_says(
    table: Table, ben: Person, cal: Person
) -> None:
    question = table.ask(figure="median")
    table.answer(ben, question, 1_200)
    table.answer(cal, question, 1_501)
    view = table.close(question)
    assert view.facts.state == "opened"
    assert guessed(view).people == 2
    assert figure(view, "mean").value == "1350.500"
    assert [each.name for each in guessed(view).figures if each.counts] == ["median"]
    assert view.tally is not None


def test_who_changes_their_mind_counts_once_and_who_withdraws_not_at_all(
    table: Table, ada: Person, ben: Person, cal: Person
) -> None:
    question = table.ask()
    table.answer(ben, question, 900)
    table.answer(ben, question, 1_000)
    table.answer(cal, question, 4_000)
    table.answer(cal, question, None)
    table.answer(ada, question, 2_000)
    view = table.close(question)
    assert guessed(view).people == view.facts.answers == 2
    assert figure(view, "mean").value == "1500.000"


def test_an_open_jar_shows_the_crowd_as_it_grows_but_no_digest_before_it_is_settled(
    table: Table, ben: Person, cal: Person
) -> None:
    question = table.ask(sealed=False)
    table.answer(ben, question, 10)
    assert figure(table.view(question), "mean").value == "10.000"
    table.answer(cal, question, 20)
    table.answer(ben, question, 40)
    view = table.view(question)
    assert figure(view, "mean").value == "30.000"
    assert view.tally is None
    assert table.close(question).tally is not None


def test_the_truth_says_how_close_the_crowd_came_and_whom_it_beat(table: Table) -> None:
    view = table.play(table.ask(), [800, 1_000, 1_300, 1_700], truth=1_210)
    assert view.outcome is not None
    assert (view.outcome.error, view.outcome.beats, view.outcome.people) == ("10.000", 4, 4)
    assert figure(view, "median").error == "60.000"
    assert figure(view, "median").beats == 4
    assert [(each.rank, each.value) for each in view.outcome.closest] == [
        (1, 1_300),
        (2, 1_000),
        (3, 800),
        (4, 1_700),
    ]


def test_the_crowds_error_is_the_average_error_less_the_diversity(table: Table) -> None:
    pounds = Number("lb", decimals=1)
    view = table.play(table.ask(pounds), [8_000, 10_000, 13_000, 17_000], truth=12_100)
    assert view.outcome is not None
    assert view.outcome.split is not None
    split = view.outcome.split
    assert split.crowd == "100.00000"
    assert Decimal(split.crowd) == Decimal(split.individual) - Decimal(split.diversity)


def test_people_who_tie_share_a_rank_and_the_view_names_only_the_first_ten(table: Table) -> None:
    view = table.play(table.ask(), [100 + 10 * (place // 2) for place in range(24)], truth=1)
    assert view.outcome is not None
    assert view.scores is not None
    assert [each.rank for each in view.outcome.closest] == [1, 1, 3, 3, 5, 5, 7, 7, 9, 9]
    assert len(view.scores.ranks) == 24
    assert view.scores.ranks[table.guesser(23).id] == 23
    assert view.scores.crowd_rank == 13


def test_without_a_truth_nobody_is_ranked(table: Table, ben: Person) -> None:
    question = table.ask()
    table.answer(ben, question, 5)
    table.close(question)
    assert table.view(question).outcome is None
    table.say(ben, EstimateResolve(question, 5))
    assert table.view(question).outcome is None, "only who asked can say what came true"


def test_the_latest_truth_counts_and_all_that_was_said_stays_visible(
    table: Table, ben: Person
) -> None:
    question = table.ask()
    table.answer(ben, question, 100)
    table.close(question)
    table.say(table.asker, EstimateResolve(question, 90, "the butcher"))
    assert table.view(question).outcome is not None
    table.say(table.asker, EstimateResolve(question, 97, "the butcher, again"))
    view = table.view(question)
    assert view.truth is not None
    assert (view.truth.value, view.truth.note) == (97, "the butcher, again")
    assert view.outcome is not None
    assert view.outcome.error == "3.000"
    assert [(each.act, each.truth) for each in view.history] == [("resolved", 90), ("resolved", 97)]


def test_a_truth_said_before_the_close_ranks_nobody_until_then(table: Table, ben: Person) -> None:
    question = table.ask()
    table.answer(ben, question, 100)
    table.say(table.asker, EstimateResolve(question, 90))
    assert table.view(question).outcome is None
    assert table.close(question).outcome is not None


def test_an_edit_before_the_deadline_counts_and_the_older_words_stay(
    table: Table, ben: Person
) -> None:
    question = table.ask()
    table.say(table.asker, EstimateEdit(question, "How heavy is the ox, dressed?", "As sold."))
    table.say(ben, EstimateEdit(question, "How heavy is Ada?"))
    table.close(question)
    table.say(table.asker, EstimateEdit(question, "How heavy was the cow?"))
    view = table.view(question)
    assert (view.title, view.details) == ("How heavy is the ox, dressed?", "As sold.")
    assert view.ask.title == "How heavy is the ox?"
    assert [each.act for each in view.history] == ["edited"]


def test_a_long_history_is_counted_and_its_end_shown(table: Table) -> None:
    question = table.ask()
    for number in range(20):
        table.say(table.asker, EstimateEdit(question, f"Wording {number}"))
    view = table.view(question)
    assert view.changes == 20
    assert [each.title for each in view.history] == [f"Wording {n}" for n in range(12, 20)]


def test_a_question_taken_back_has_no_truth_until_the_asker_says_one(
    table: Table, ben: Person
) -> None:
    question = table.ask()
    view = table.play(question, [10, 20], truth=15)
    assert view.outcome is not None
    table.say(ben, EstimateWithdraw(question, "I do not like it"))
    assert not table.view(question).withdrawn
    table.say(table.asker, EstimateWithdraw(question, "The ox ran away"))
    view = table.view(question)
    assert view.withdrawn
    assert (view.truth, view.outcome, view.scores) == (None, None, None)
    assert guessed(view).people == 2, "what is settled cannot be hidden"
    table.say(table.asker, EstimateResolve(question, 16))
    assert not table.view(question).withdrawn


def test_a_guess_out_of_range_is_void_and_said_to_be(
    table: Table, ben: Person, cal: Person
) -> None:
    question = table.ask(Number("lb", low=1, high=100))
    table.answer(ben, question, 101)
    table.answer(cal, question, 100)
    view = table.close(question)
    assert (view.facts.answers, view.facts.void) == (1, 1)
    assert figure(view, "mean").value == "100.000"
