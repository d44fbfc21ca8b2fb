from beanjar.testing.people import Person
from beanjar.tools.estimate.records import course, read_records
from beanjar.tools.estimate.schema import Choice, EstimateWithdraw, Number, Probability
from beanjar.tools.estimate.tests.table import Table

CHANCE = Probability()


def test_what_can_be_answered_stands_first_the_soonest_deadline_at_the_top(table: Table) -> None:
    done = table.ask()
    table.play(done, [5], truth=5)
    later = table.ask()
    table.gathering.clock.pass_time(-5_000)
    sooner = table.ask()
    board = table.board()
    roots = [table.gathering.space.find(name)[0] for name in (sooner, later, done)]
    assert [each.id for each in board.questions] == roots
    assert [each.state for each in board.questions] == ["open", "open", "resolved"]


def test_the_list_says_what_the_crowd_said_and_what_came_true(table: Table) -> None:
    table.play(table.ask(Number("lb", 1)), [10, 25], truth=20)
    table.play(table.ask(Choice(("a", "b")), "most_chosen"), [0, 1], truth=1)
    found = {each.figure: (each.value, each.truth) for each in table.board().questions}
    assert found == {"mean": ("1.7500", 20), "most_chosen": ("a / b", 1)}


def test_a_sealed_question_lists_no_figure(table: Table, ben: Person) -> None:
    table.answer(ben, table.ask(), 5)
    (listed,) = table.board().questions
    assert (listed.answers, listed.value, listed.truth) == (1, None, None)


def test_the_crowd_has_a_place_on_the_board_of_numbers(table: Table) -> None:
    table.play(table.ask(), [90, 100, 120], truth=101)
    table.play(table.ask(), [100, 40, 60], truth=67)
    board = table.board()
    assert board.numbers == 2
    people = [table.guesser(place).id for place in range(3)]
    # Off by 11, 1 and 19, the crowd by 2 1/3; then by 33, 27 and 7, the crowd by 1/3.
    assert [(each.person, each.score) for each in board.guessers] == [
        (people[1], "1.5"),
        (None, "1.5"),
        (people[2], "2.0"),
        (people[0], "2.5"),
    ]


def test_brier_scores_rank_people_and_the_crowd_among_them(table: Table) -> None:
    table.play(table.ask(CHANCE), [90, 30], truth=100)
    table.play(table.ask(CHANCE), [60, 20], truth=0)
    board = table.board()
    sure, wary = (table.guesser(place).id for place in range(2))
    assert [(each.person, each.score, each.questions) for each in board.forecasters] == [
        (None, "0.1600", 2),
        (sure, "0.1850", 2),
        (wary, "0.2650", 2),
    ]


def test_scores_over_time_run_from_the_first_truth_to_the_last(table: Table) -> None:
    names = [table.ask(CHANCE), table.ask(Choice(("a", "b")), "most_chosen")]
    table.play(names[0], [90, 30], truth=100)
    table.play(names[1], [0, 0], truth=1)
    assert [each.score for each in table.board().course] == ["0.1600", "0.5800"]
    views = {name: table.view(name) for name in names}
    mine = course(read_records(views), table.guesser(0).id)
    assert [each.score for each in mine] == ["0.0100", "0.5050"]
    assert course(read_records(views), "nobody") == []


def test_calibration_compares_the_crowds_chances_with_what_came_true(table: Table) -> None:
    for truth in (100, 100, 0):
        table.play(table.ask(CHANCE), [70, 80], truth)
    table.play(table.ask(CHANCE), [10], 0)
    low, high = table.board().calibration
    assert (low.low, low.high, low.count, low.came_true) == ("10.000", "20.000", 1, "0.000")
    assert (high.count, high.forecast, high.came_true) == (3, "75.000", "66.667")


def test_who_answered_less_than_half_of_the_questions_is_not_ranked(table: Table) -> None:
    for crowd in ([5, 6, 7], [5, 6], [5, 6]):
        table.play(table.ask(), crowd, truth=7)
    people = {each.person for each in table.board().guessers}
    assert people == {None, table.guesser(0).id, table.guesser(1).id}


def test_what_was_taken_back_is_on_nobodys_record(table: Table) -> None:
    question = table.ask()
    table.play(question, [5, 6], truth=7)
    table.say(table.asker, EstimateWithdraw(question))
    board = table.board()
    assert (board.numbers, board.guessers) == (0, [])
    assert board.questions[0].state == "withdrawn"


def test_a_space_without_questions_has_an_empty_board(table: Table) -> None:
    board = table.board()
    assert (board.questions, board.forecasters, board.course) == ([], [], [])
