import msgspec
import pytest

from beanjar.base.clock import DAY, HOUR
from beanjar.base.limits import ANSWERS_PER_PERSON, BATCH_PAIRS
from beanjar.fold.engine import UnknownSubject
from beanjar.space.ballot import NotOpen
from beanjar.space.charter import Leave
from beanjar.space.hpke import CannotSeal
from beanjar.space.question import Accept, Close, End, Open, Precommit, RollPart, Seen
from beanjar.space.space import Space
from beanjar.testing.gathering import Gathering
from beanjar.testing.people import Person, make_key
from tests.seeded import seeded
from tests.space.panel import publish, settle_by
from tests.space.tiny import (
    TINY,
    Count,
    TinyAnswer,
    TinyAsk,
    facts_of,
    gather,
    look,
    reorder,
    replay,
    see_all,
)
from tests.told import told

both_forms = pytest.mark.parametrize("sealed", [True, False], ids=["sealed", "in the clear"])


def ask(table: Gathering, *roll: Person, sealed: bool = True, **more: bool) -> str:
    terms = table.terms(sealed=sealed, listed=bool(roll), **more)
    return table.ask(table.founder, TinyAsk(terms), roll)


def result(table: Gathering, question: str) -> dict[str, int]:
    """Close the question and return what counts, by person."""
    table.close(question)
    choices = look(table.space, question).choices
    assert facts_of(table.space, question).state == "opened"
    assert choices is not None
    return choices


def histories(table: Gathering) -> list[Space]:
    """Return the space as it was after each entry from the ask on."""
    lengths = range(1, len(table.operations) + 1)
    spaces = [replay(table, table.operations[:length]) for length in lengths]
    return [space for space in spaces if space.subjects(TINY)]


@both_forms
def test_a_question_goes_from_asked_over_open_and_closing_to_opened(
    ada: Person, ben: Person, *, sealed: bool
) -> None:
    table = gather(ada)
    question = ask(table, sealed=sealed)
    table.answer(ben.device, question, Count(5))
    assert result(table, question) == {ben.id: 5}
    states = [facts_of(space, space.subjects(TINY)[0]).state for space in histories(table)]
    expected = ["asked", "open", "closing", "settled", "opened"]
    assert list(dict.fromkeys(states)) == [
        state for state in expected if sealed or state != "settled"
    ]


def test_before_a_sealed_question_is_opened_nobody_can_read_a_choice(
    ada: Person, ben: Person, cal: Person
) -> None:
    table = gather(ada)
    question = ask(table)
    table.answer(ben.device, question, Count(5))
    table.answer(cal.device, question, Count(99))
    table.answer(ben.device, question, None)
    table.close(question)
    for space in histories(table)[:-1]:
        view = space.closing(space.subjects(TINY)[0]).view(None)
        assert view is not None
        assert view.answers is None
    view = table.space.closing(question).view(None)
    assert view is not None
    assert view.answers is not None


def test_a_sealed_answer_has_one_length_whatever_it_says(ada: Person, ben: Person) -> None:
    table = gather(ada)
    question = ask(table)
    said = [table.prepare(ben.device, question, Count(n)) for n in (0, 7, 100, 99_999)]
    assert len({len(msgspec.json.encode(each)) for each in said}) == 1


@both_forms
def test_how_many_have_answered_is_told_before_it_closes(
    ada: Person, ben: Person, cal: Person, *, sealed: bool
) -> None:
    table = gather(ada)
    question = ask(table, sealed=sealed)
    assert facts_of(table.space, question).answers == 0
    table.answer(ben.device, question, Count(5))
    table.answer(cal.device, question, Count(7))
    table.answer(ben.device, question, Count(6))
    assert facts_of(table.space, question).answers == 2
    table.answer(ben.device, question, None)
    assert facts_of(table.space, question).answers == 1


@both_forms
def test_the_latest_answer_of_each_person_counts(
    ada: Person, ben: Person, cal: Person, *, sealed: bool
) -> None:
    table = gather(ada)
    question = ask(table, sealed=sealed)
    for person, n in ((ben, 5), (cal, 7), (ben, 6), (ben, 9), (cal, 8)):
        table.answer(person.device, question, Count(n))
        table.attend(question)
    assert result(table, question) == {ben.id: 9, cal.id: 8}


@both_forms
def test_a_withdrawn_answer_does_not_count_and_may_be_given_again(
    ada: Person, ben: Person, cal: Person, *, sealed: bool
) -> None:
    table = gather(ada)
    question = ask(table, sealed=sealed)
    for person, choice in ((ben, Count(5)), (cal, Count(7)), (ben, None), (cal, None)):
        table.answer(person.device, question, choice)
    table.answer(cal.device, question, Count(8))
    assert result(table, question) == {cal.id: 8}
    facts = facts_of(table.space, question)
    assert (facts.answers, facts.void) == (1, 0)


@both_forms
def test_of_two_devices_of_one_person_the_later_answer_counts(
    ada: Person, ben: Person, *, sealed: bool
) -> None:
    table = gather(ada)
    question = ask(table, sealed=sealed)
    phone, laptop = ben.device, ben.new_device("laptop")
    table.answer(phone, question, Count(5))
    table.answer(laptop, question, Count(6))
    assert facts_of(table.space, question).answers == 1
    table.answer(phone, question, Count(7))
    assert result(table, question) == {ben.id: 7}


@both_forms
def test_a_choice_that_the_ask_does_not_allow_is_void(
    ada: Person, ben: Person, cal: Person, *, sealed: bool
) -> None:
    table = gather(ada)
    question = ask(table, sealed=sealed)
    table.answer(ben.device, question, Count(101))
    table.answer(cal.device, question, Count(100))
    assert result(table, question) == {cal.id: 100}
    facts = facts_of(table.space, question)
    assert (facts.answers, facts.void) == (1, 1)


def test_a_void_answer_takes_the_place_of_the_good_one_before(ada: Person, ben: Person) -> None:
    table = gather(ada)
    question = ask(table)
    table.answer(ben.device, question, Count(5))
    table.answer(ben.device, question, Count(101))
    assert result(table, question) == {}


def test_an_answer_in_the_clear_is_void_on_a_sealed_question(
    ada: Person, ben: Person, cal: Person
) -> None:
    table = gather(ada)
    question = ask(table)
    sealed = table.prepare(cal.device, question, Count(5))
    table.say(ben.device, TinyAnswer(question, choice=Count(5)))
    table.say(cal.device, TinyAnswer(question, sealed.sealed, Count(5)))
    facts = facts_of(table.space, question)
    assert (facts.answers, facts.void) == (0, 2)
    assert result(table, question) == {}
    assert facts_of(table.space, question).void == 2


def test_a_sealed_answer_is_void_on_an_open_question(ada: Person, ben: Person, cal: Person) -> None:
    table = gather(ada)
    sealed = table.prepare(ben.device, ask(table), Count(5)).sealed
    question = ask(table, sealed=False)
    table.say(ben.device, TinyAnswer(question, sealed))
    table.say(cal.device, TinyAnswer(question, sealed, Count(5)))
    assert result(table, question) == {}
    assert facts_of(table.space, question).void == 2


@pytest.mark.parametrize(
    "held", [b"", b"5", b'{"n":5.0}', b'{"n":5,"n":5}', b'{"n":5,"m":1}', b'{"n":-5}']
)
def test_a_sealed_answer_that_holds_something_else_is_void(
    ada: Person, ben: Person, held: bytes
) -> None:
    table = gather(ada)
    question = ask(table)
    raw = msgspec.Raw(held)
    table.answer(ben.device, question, raw)  # type: ignore[arg-type] # what a broken client seals
    assert result(table, question) == {}
    assert facts_of(table.space, question).void == 1


def test_a_choice_that_is_too_long_is_refused_before_it_is_signed(ada: Person, ben: Person) -> None:
    table = gather(ada)
    question = ask(table)
    with told(CannotSeal, "Shorten it"):
        table.prepare(ben.device, question, Count(10**15 * 9))


@both_forms
def test_a_copied_sealed_answer_is_void_whoever_copied_it(
    ada: Person, ben: Person, cal: Person, *, sealed: bool
) -> None:
    table = gather(ada)
    question, other = ask(table), ask(table)
    copied = table.prepare(ben.device, question, Count(5)).sealed
    elsewhere = table.prepare(ada.device, other, Count(5)).sealed
    table.say(ben.device, TinyAnswer(question, copied))
    table.say(cal.device, TinyAnswer(question, copied))
    table.say(ada.device, TinyAnswer(question, elsewhere))
    if not sealed:  # by another device of the same person
        table.say(ben.new_device("laptop"), TinyAnswer(question, copied))
    assert result(table, question) == ({ben.id: 5} if sealed else {})
    assert facts_of(table.space, question).void == (2 if sealed else 3)


def test_once_a_witness_has_closed_a_client_is_told_that_it_is_too_late(
    ada: Person, ben: Person
) -> None:
    table = gather(ada)
    question = ask(table)
    table.close(question)
    with told(NotOpen, "closed"):
        table.prepare(ben.device, question, Count(5))


def test_before_it_is_opened_a_client_is_told_that_it_is_too_early(
    ada: Person, ben: Person
) -> None:
    table = gather(ada)
    asked = table.say(ada.device, TinyAsk(table.terms()))
    with told(NotOpen, "not open yet"):
        table.prepare(ben.device, asked, Count(5))


@both_forms
def test_an_answer_that_arrives_after_the_close_does_not_count_whatever_time_it_claims(
    ada: Person, ben: Person, cal: Person, *, sealed: bool
) -> None:
    table = gather(ada)
    question = ask(table, sealed=sealed)
    table.answer(ben.device, question, Count(5))
    in_time = table.now + 1
    late = [table.prepare(person.device, question, Count(9)) for person in (ben, cal)]
    result(table, question)
    table.take(ben.device.write(table.space.id, late[0], in_time))
    table.take(cal.device.join(table.space.id, in_time))
    table.take(cal.device.write(table.space.id, late[1], in_time))
    assert look(table.space, question).choices == {ben.id: 5}
    assert look(replay(table), question).choices == {ben.id: 5}


def test_a_clock_that_is_behind_changes_nothing(ada: Person, ben: Person, cal: Person) -> None:
    table = gather(ada)
    question = ask(table, sealed=False)
    for person in (ben, cal):
        table.take(person.device.join(table.space.id, table.now - DAY))
        body = TinyAnswer(question, choice=Count(5))
        table.take(person.device.write(table.space.id, body, table.now - DAY))
    table.answer(cal.device, question, Count(6))
    assert result(table, question) == {ben.id: 5, cal.id: 6}


def test_a_clock_that_jumped_back_does_not_keep_the_second_answer_from_counting(
    ada: Person, ben: Person
) -> None:
    table = gather(ada)
    question = ask(table)
    table.answer(ben.device, question, Count(5))
    second = table.prepare(ben.device, question, Count(6))
    table.take(ben.device.write(table.space.id, second, table.now - HOUR))
    assert result(table, question) == {ben.id: 6}


@both_forms
def test_the_asker_may_end_a_question_early_where_the_ask_says_so(
    ada: Person, ben: Person, *, sealed: bool
) -> None:
    table = gather(ada)
    question = ask(table, sealed=sealed, asker_may_end=True)
    table.answer(ben.device, question, Count(5))
    table.say(ben.device, End(question))
    table.attend(question)
    assert facts_of(table.space, question).state == "open"
    table.say(ada.new_device("laptop"), End(question))
    table.attend(question)
    assert facts_of(table.space, question).state == "opened"
    assert look(table.space, question).choices == {ben.id: 5}


def test_the_asker_cannot_end_a_question_early_where_the_ask_does_not_say_so(ada: Person) -> None:
    table = gather(ada)
    question = ask(table)
    table.say(ada.device, End(question))
    table.attend(question)
    assert facts_of(table.space, question).state == "open"


@both_forms
def test_a_question_closes_when_everyone_on_the_roll_has_answered(
    ada: Person, ben: Person, cal: Person, *, sealed: bool
) -> None:
    table = gather(ada)
    question = ask(table, ben, cal, sealed=sealed, ends_when_all_answered=True)
    assert facts_of(table.space, question).roll == 2
    for device, n in ((ben.device, 5), (ben.new_device("laptop"), 6)):
        table.answer(device, question, Count(n))
        table.attend(question)
        assert facts_of(table.space, question).state == "open"
    table.answer(cal.device, question, Count(7))
    table.attend(question)
    assert facts_of(table.space, question).state == "opened"
    assert look(table.space, question).choices == {ben.id: 6, cal.id: 7}


def test_a_roll_that_has_answered_keeps_its_time_where_the_ask_says_nothing_else(
    ada: Person, ben: Person
) -> None:
    table = gather(ada)
    question = ask(table, ben)
    table.answer(ben.device, question, Count(5))
    table.attend(question)
    assert facts_of(table.space, question).state == "open"


@both_forms
def test_who_is_not_on_the_roll_does_not_count(
    ada: Person, ben: Person, cal: Person, *, sealed: bool
) -> None:
    table = gather(ada)
    question = ask(table, ben, sealed=sealed)
    table.answer(ben.device, question, Count(5))
    table.answer(cal.device, question, Count(6))
    table.answer(ada.device, question, Count(7))
    assert facts_of(table.space, question).answers == 1
    assert result(table, question) == {ben.id: 5}


@both_forms
def test_who_has_left_before_answering_does_not_count_and_who_leaves_afterwards_does(
    ada: Person, ben: Person, cal: Person, *, sealed: bool
) -> None:
    table = gather(ada)
    question = ask(table, sealed=sealed)
    table.say(ben.device, Leave())
    table.answer(ben.device, question, Count(5))
    table.answer(cal.device, question, Count(6))
    table.attend(question)
    table.say(cal.device, Leave())
    assert result(table, question) == {cal.id: 6}


def open_in_parts(table: Gathering, parts: list[tuple[Person, list[Person]]]) -> tuple[str, str]:
    """Open a question whose roll is in parts, each said by somebody; return the ids."""
    asked = table.say(table.founder.device, TinyAsk(table.terms(listed=True)))
    table.attend(asked)
    accepts = tuple(each.id for each in table.space.closing(asked).accepts().values())
    names = [
        table.say(speaker.device, RollPart(asked, tuple(person.id for person in persons)))
        for speaker, persons in parts
    ]
    opened = table.say(table.founder.device, Open(asked, accepts, parts=tuple(names)))
    table.attend(opened)
    return asked, opened


def test_a_long_roll_comes_in_parts(ada: Person, ben: Person, cal: Person) -> None:
    table = gather(ada)
    _, question = open_in_parts(table, [(ada, [ben, ada]), (ada, [cal])])
    dan = Person("Dan")
    for person, n in ((ben, 5), (cal, 6), (dan, 7), (ada, 8)):
        table.answer(person.device, question, Count(n))
    assert facts_of(table.space, question).roll == 3
    assert result(table, question) == {ada.id: 8, ben.id: 5, cal.id: 6}


def test_a_question_is_not_open_before_each_part_of_its_roll_is_here(
    ada: Person, ben: Person, cal: Person
) -> None:
    table = gather(ada)
    asked, question = open_in_parts(table, [(ada, [ben]), (ada, [cal])])
    parts = [each for each in table.operations if b'"question.roll"' in (each.body or b"")]
    without = [each for each in table.operations if each not in parts]
    space = replay(table, [*without, parts[1]])
    assert facts_of(space, asked).state == "asked"
    space.add(parts[0])
    assert facts_of(space, question).state == "open"


def test_a_part_of_the_roll_that_somebody_else_wrote_opens_nothing(
    ada: Person, ben: Person, cal: Person
) -> None:
    table = gather(ada)
    asked, question = open_in_parts(table, [(ada, [ben]), (ben, [cal])])
    assert facts_of(table.space, asked).state == "asked"
    with told(NotOpen):
        table.prepare(ben.device, question, Count(5))


def test_a_listed_question_without_a_roll_is_not_open(ada: Person) -> None:
    table = gather(ada)
    asked, _ = open_in_parts(table, [])
    assert facts_of(table.space, asked).state == "asked"


def test_a_witness_admits_at_most_64_answers_of_a_person(
    ada: Person, ben: Person, cal: Person
) -> None:
    table = gather(ada)
    question = ask(table, sealed=False)
    for n in range(ANSWERS_PER_PERSON + 1):
        table.answer(ben.device, question, Count(n))
    table.answer(cal.device, question, Count(5))
    assert result(table, question) == {ben.id: ANSWERS_PER_PERSON - 1, cal.id: 5}


def test_a_witness_says_what_it_has_seen_in_batches_that_chain(ada: Person, ben: Person) -> None:
    table = gather(ada)
    question = ask(table, sealed=False)
    crowd = [ben.new_device(f"phone {n}") for n in range(7)]
    people = [Person(f"P{n}") for n in range(BATCH_PAIRS // 8)]
    for device in [*(person.device for person in people for _ in range(8)), *crowd]:
        table.answer(device, question, Count(1))
    assert len(result(table, question)) == len(people) + 1
    opening = table.space.closing(question).opening()
    assert opening is not None
    batches = table.space.closing(question).about(opening, Seen)
    sizes = [len(each.body.pairs) for each in batches if isinstance(each.body, Seen)]
    links = [each.body.before for each in batches if isinstance(each.body, Seen)]
    assert sizes == [0, BATCH_PAIRS, 7]
    assert links == [None, *(each.id for each in batches[:-1])]


def test_an_answer_without_a_good_signature_of_its_own_is_not_admitted(
    ada: Person, ben: Person, cal: Person
) -> None:
    table = gather(ada)
    question = ask(table)
    table.answer(cal.device, question, Count(6))
    table.take(ben.device.join(table.space.id, table.now))
    body = table.prepare(ben.device, question, Count(5))
    spoilt = ben.device.write(table.space.id, body, table.now)
    spoilt = msgspec.structs.replace(spoilt, signature=bytes(64))
    table.take(spoilt, ben.device.write(table.space.id, Leave(), table.now))
    assert result(table, question) == {cal.id: 6}


def test_of_two_openings_the_one_that_its_witness_serves_counts(
    ada: Person, ben: Person, cal: Person
) -> None:
    table = gather(ada)
    served = ask(table)
    asked = table.space.find(served)[0]
    table.answer(ben.device, served, Count(5))
    table.attend(served)
    accepts = tuple(each.id for each in table.space.closing(asked).accepts().values())
    laptop = ada.new_device("laptop")
    table.take(laptop.join(table.space.id, table.now - HOUR))
    backdated = laptop.write(table.space.id, Open(asked, accepts), table.now - HOUR)
    second = table.take(backdated)
    assert facts_of(table.space, served).open == served
    table.answer(cal.device, served, Count(6))
    table.say(cal.new_device("laptop"), TinyAnswer(second, choice=Count(9)))
    assert result(table, served) == {ben.id: 5, cal.id: 6}


def test_an_open_by_somebody_else_opens_nothing(ada: Person, ben: Person) -> None:
    table = gather(ada)
    asked = table.say(ada.device, TinyAsk(table.terms()))
    table.attend(asked)
    accepts = tuple(each.id for each in table.space.closing(asked).accepts().values())
    table.say(ben.device, Open(asked, accepts))
    table.attend(asked)
    assert facts_of(table.space, asked).state == "asked"


@pytest.mark.parametrize("key", ["00" * 32, "01" + "00" * 31, "ed" + "ff" * 30 + "7f"])
def test_an_accept_with_a_key_to_which_nobody_can_seal_opens_nothing(ada: Person, key: str) -> None:
    table = gather(ada)
    asked = table.say(ada.device, TinyAsk(table.terms()))
    witness = table.witnesses[0].device
    accept = table.say(witness, Accept(asked, key))
    table.say(ada.device, Open(asked, (accept,)))
    assert facts_of(table.space, asked).state == "asked"


def test_two_witnesses_of_one_person_open_nothing(ada: Person, ben: Person, cal: Person) -> None:
    dan = Person("Dan")
    honest = gather(ada, ada, ben, cal, dan)
    assert facts_of(honest.space, ask(honest)).state == "open"
    table = gather(ada, ada, ben, cal)
    second = cal.new_device("second node")
    named = (*(witness.device.name for witness in table.witnesses), second.name)
    terms = msgspec.structs.replace(honest.terms(), witnesses=named)
    asked = table.say(ada.device, TinyAsk(terms))
    table.attend(asked)
    table.say(second, Accept(asked, publish(make_key("one-time").seed).hex()))
    accepts = table.space.closing(asked).accepts()
    table.say(ada.device, Open(asked, tuple(accepts[device].id for device in named)))
    assert len(accepts) == 4
    assert facts_of(table.space, asked).state == "asked"


def test_a_later_accept_of_a_witness_does_not_change_what_answers_are_sealed_to(
    ada: Person, ben: Person
) -> None:
    table = gather(ada)
    question = ask(table)
    asked = table.space.find(question)[0]
    table.say(table.witnesses[0].device, Accept(asked, publish(make_key("another").seed).hex()))
    table.answer(ben.device, question, Count(5))
    assert result(table, question) == {ben.id: 5}


@pytest.mark.parametrize("witnesses", [2, 3, 5, 6])
def test_a_number_of_witnesses_that_has_no_quorum_is_no_question(
    ada: Person, witnesses: int
) -> None:
    table = gather(ada, *(Person(f"W{n}") for n in range(witnesses)))
    asked = table.say(ada.device, TinyAsk(table.terms()))
    assert table.space.subjects(TINY) == []
    with told(UnknownSubject, "never agree"):
        table.space.find(asked)


def test_answers_that_come_before_their_question_count_as_well(
    ada: Person, ben: Person, cal: Person
) -> None:
    table = gather(ada)
    question = ask(table)
    table.answer(ben.device, question, Count(5))
    table.answer(cal.device, question, Count(6))
    result(table, question)
    founding, *rest = table.operations
    own = [each for each in rest if each.key == founding.key]
    late = [each for each in rest if each.key != founding.key]
    assert see_all(replay(table, [founding, *late, *own])) == see_all(table.space)


def test_a_whole_story_comes_to_the_same_in_every_order(
    ada: Person, ben: Person, cal: Person, scale: int
) -> None:
    table = gather(ada)
    laptop = ben.new_device("laptop")
    for sealed in (True, False):
        question = ask(table, ben, cal, sealed=sealed, asker_may_end=True)
        for person, choice in ((ben, Count(5)), (cal, Count(7)), (ben, None), (ada, Count(1))):
            table.answer(person.device, question, choice)
        table.attend(question)
        table.answer(laptop, question, Count(101))
        table.say(cal.device, TinyAnswer(question, choice=Count(3)))
        table.say(ada.device, End(question))
        table.attend(question)
        table.say(cal.device, TinyAnswer(question, choice=Count(4)))
    expected = see_all(table.space)
    chance = seeded("a whole story")
    for _ in range(30 * scale):
        assert see_all(replay(table, reorder(table.operations, chance))) == expected


def test_a_witness_whose_copy_settled_otherwise_falls_silent(ada: Person, ben: Person) -> None:
    table = gather(ada)
    question = ask(table)
    table.answer(ben.device, question, Count(5))
    table.attend(question)
    device = table.witnesses[0].device
    twin = device.copied()
    table.close(question)
    closing = table.space.closing(question)
    [opening] = closing.openings()
    first = closing.about(opening, Seen)[0].id
    closed = twin.write(table.space.id, Close(question, first), table.now)
    vote = twin.write(table.space.id, Precommit(question, 0, (closed.id.hex(),)), table.now)
    table.say(ben.device, settle_by(question, [vote]))
    said = len(table.operations)
    assert facts_of(table.space, question).state == "void"
    table.attend(question)
    assert len(table.operations) == said
