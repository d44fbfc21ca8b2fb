"""What programs get by that the command line does not use, or says otherwise."""

from math import inf

import pytest
from msgspec import Struct

from beanjar.base.clock import HOUR
from beanjar.base.limits import ROLL_PART
from beanjar.client import (
    AlreadyJoined,
    Change,
    NotAllowed,
    NotCounted,
    Participant,
    Question,
    TookTooLong,
)
from beanjar.ops.errors import Refused
from beanjar.space.ballot import NotOpen
from beanjar.space.charter import Charter, Leave, Profile
from beanjar.space.question import Terms
from beanjar.space.ticket import Ticket
from beanjar.tools.estimate import TOOL
from beanjar.tools.estimate.schema import EstimateAsk, Guess, Number
from beanjar.tools.estimate.views import BoardView, EstimateView
from tests.client.programs import Programs


def test_two_programs_come_to_one_result(programs: Programs) -> None:
    ada, ben = programs.begin("Ada"), programs.begin("Ben")
    space = programs.found(ada)
    ben.join(Ticket(space.hex()))
    question = programs.ask(ada, space)
    ada.answer(question, Guess(840))
    ben.answer(Question(programs.client, TOOL, space, question.id), Guess(860))
    ada.end(question)
    view = question.wait(
        EstimateView, lambda view: view.crowd is not None, pause=lambda _: programs.node.tick()
    )
    assert view.facts.answers == 2
    assert [each.title for each in programs.client.board(space, "estimate", BoardView).questions]


class Title(Struct):
    title: str


def test_a_program_reads_only_the_fields_that_it_names(programs: Programs) -> None:
    ada = programs.begin("Ada")
    question = programs.ask(ada, programs.found(ada))
    assert question.view(Title) == Title("How many?")


def test_what_does_not_come_about_is_told_in_the_end(programs: Programs) -> None:
    ada = programs.begin("Ada")
    question = programs.ask(ada, programs.found(ada))
    looks: list[float] = []
    with pytest.raises(TookTooLong, match=question.id):
        question.wait(Title, lambda view: not view.title, 2, looks.append)
    assert looks == [0.5] * 4


def test_a_program_may_wait_for_ever(programs: Programs) -> None:
    ada = programs.begin("Ada")
    space = programs.found(ada)
    terms = Terms(programs.node.clock.now() + HOUR, ada.draw_witnesses(space))
    ask = EstimateAsk(terms, "How many?", Number("beans", low=1), "mean")
    question = ada.ask(space, TOOL, ask, seconds=inf)
    ada.answer(question, Guess(840))
    heard = question.wait(
        EstimateView, lambda view: view.facts.answers > 0, inf, lambda _: programs.node.tick()
    )
    assert heard.facts.answers == 1


def test_a_question_whose_witness_is_away_can_be_opened_later(programs: Programs) -> None:
    ada = programs.begin("Ada")
    space = programs.found(ada)
    patient = Participant(ada.home, programs.client, programs.node.clock, lambda _: None)
    ask = EstimateAsk(
        Terms(programs.node.clock.now() + HOUR, ("ab" * 32,)), "How many?", Number(), "mean"
    )
    with pytest.raises(TookTooLong, match="Open it later"):
        patient.ask(space, TOOL, ask)
    (asked,) = programs.client.space(space).subjects["estimate"]
    with pytest.raises(NotOpen):
        ada.end(Question(programs.client, TOOL, space, asked))


def test_an_answer_that_does_not_fit_is_never_signed(programs: Programs) -> None:
    ada = programs.begin("Ada")
    space = programs.found(ada)
    question, before = programs.ask(ada, space), len(ada.home.log(space))
    with pytest.raises(NotAllowed, match="does not allow"):
        ada.answer(question, Guess(-1))
    assert len(ada.home.log(space)) == before


def test_an_answer_that_would_not_count_is_never_signed(programs: Programs) -> None:
    ada, ben, cal = map(programs.begin, ("Ada", "Ben", "Cal"))
    space = programs.found(ada)
    ben.join(Ticket(space.hex()))
    question = programs.ask(ada, space, ada)
    programs.node.pass_time(1)
    cal.join(Ticket(space.hex()))
    for who, why in ((ben, "not among them"), (cal, "You came after")):
        with pytest.raises(NotCounted, match=why):
            who.answer(question, Guess(840))
    assert ada.answer(question, Guess(840)).unsent == 0


def test_a_roll_may_be_longer_than_one_entry_holds(programs: Programs) -> None:
    ada = programs.begin("Ada")
    space = programs.found(ada)
    others = [f"{number:064x}" for number in range(ROLL_PART)]
    terms = Terms(programs.node.clock.now() + HOUR, ada.draw_witnesses(space), listed=True)
    ask = EstimateAsk(terms, "How many?", Number("beans", low=1), "mean")
    question = ada.ask(space, TOOL, ask, [*others, ada.home.me.person])
    assert question.look().facts.roll == ROLL_PART + 1
    assert ada.answer(question, Guess(840)).unsent == 0


def test_who_is_not_invited_does_not_come_in(programs: Programs) -> None:
    ada, ben = programs.begin("Ada"), programs.begin("Ben")
    space = programs.found(ada, Charter("invitation"))
    with pytest.raises(Refused):
        ben.join(Ticket(space.hex()))
    assert not len(ben.home.log(space))


def test_who_left_comes_back_with_the_same_log(programs: Programs) -> None:
    ada, ben = programs.begin("Ada"), programs.begin("Ben")
    space = programs.found(ada)
    ben.join(Ticket(space.hex()))
    with pytest.raises(AlreadyJoined):
        ben.join(Ticket(space.hex()))
    ben.say(space, Leave())
    ben.home.log(space).change_note(left=True)
    assert ben.join(Ticket(space.hex())).unsent == 0
    assert len(programs.client.space(space).members.members) == 2


def test_who_follows_a_space_is_told_of_that_space_alone(programs: Programs) -> None:
    ada = programs.begin("Ada")
    space, other = programs.found(ada), programs.found(ada)
    with programs.client.follow(space) as changes:
        ada.say(other, Profile("Ada", "elsewhere"))
        ada.say(space, Profile("Ada", "here"))
        assert next(changes) == Change(space.hex(), None)
