"""What may be erased, by whom, and that what is left adds up as if it had never been said."""

from beanjar.base.clock import DAY
from beanjar.ops.operation import Operation
from beanjar.space.charter import Charter, Erase, Founding, Leave, Profile, Revoke
from beanjar.space.question import End
from beanjar.testing.gathering import Gathering
from beanjar.testing.people import Person, make_key
from tests.seeded import seeded
from tests.space.tiny import TINY, Count, Note, TinyAsk, look, replay, see_all


def gather_with(founder: Person, erasers: int) -> tuple[Gathering, str]:
    """Return a table at which so many may erase together, and a question at it."""
    table = Gathering(founder, [TINY], Charter(erasers=erasers))
    table.add_witness(founder)
    return table, table.ask(founder, TinyAsk(table.terms()))


def erases(table: Gathering, name: str) -> bool:
    """Say whether an entry would be erased on every node."""
    return table.space.erases(table.find_operation(name))


def drop(table: Gathering, *names: str) -> list[Operation]:
    """Erase entries as a node does; return what is then left of all entries."""
    table.space.drop(bytes.fromhex(name) for name in names)
    return [each.without_body() if each.id.hex() in names else each for each in table.operations]


def test_an_author_may_erase_what_they_said_from_any_of_their_devices(
    ada: Person, ben: Person
) -> None:
    table, question = gather_with(ada, 0)
    one, two = [table.say(ben.device, Note(question, text)) for text in ("one", "two")]
    assert not erases(table, one)
    table.say(ben.device, Erase(one))
    table.say(ben.new_device("laptop"), Erase(two))
    assert erases(table, one)
    assert erases(table, two)


def test_a_stranger_may_not_erase_what_somebody_else_said(
    ada: Person, ben: Person, cal: Person
) -> None:
    table, question = gather_with(ada, 0)
    note = table.say(ben.device, Note(question, "Well"))
    for person in (ada, cal):
        table.say(person.device, Erase(note))
    assert not erases(table, note)


def test_as_many_as_the_charter_names_may_erase_together(
    ada: Person, ben: Person, cal: Person
) -> None:
    table, question = gather_with(ada, 2)
    note = table.say(ben.device, Note(question, "Well"))
    table.say(ada.device, Erase(note))
    table.say(ada.new_device("laptop"), Erase(note))
    assert not erases(table, note)
    table.say(cal.device, Erase(note))
    assert erases(table, note)


def test_who_is_no_member_does_not_help_to_erase(ada: Person, ben: Person, cal: Person) -> None:
    table, question = gather_with(ada, 2)
    note = table.say(ben.device, Note(question, "Well"))
    table.say(ada.device, Erase(note))
    table.say(cal.device, Leave())
    table.say(cal.device, Erase(note))
    assert not erases(table, note)


def test_a_second_founding_does_not_change_how_many_may_erase(
    ada: Person, ben: Person, cal: Person
) -> None:
    table, question = gather_with(ada, 2)
    note = table.say(ben.device, Note(question, "Well"))
    certificate = cal.device.certificate(bytes(32))
    table.say(cal.device, Founding("Mine", certificate, "", Charter(erasers=1)))
    table.say(cal.device, Erase(note))
    assert not erases(table, note)


def test_what_a_question_needs_cannot_be_erased_by_anyone(
    ada: Person, ben: Person, cal: Person
) -> None:
    table, question = gather_with(ada, 1)
    table.answer(ben.device, question, Count(5))
    table.say(ada.device, End(question))
    table.close(question)
    said = [each.id.hex() for each in table.operations]
    kinds = {(each.body or b"").split(b'"')[3] for each in table.operations}
    assert len(kinds) == 12
    laptop = ben.new_device("laptop")
    for name in said:
        for device in (ada.device, laptop, cal.device, table.witnesses[0].device):
            table.say(device, Erase(name))
    assert not [name for name in said if erases(table, name)]


def test_a_revocation_can_neither_be_erased_nor_expire(ada: Person, ben: Person) -> None:
    table, _ = gather_with(ada, 1)
    word = Revoke(ben.device.name, 0, "00" * 32, "00" * 64)
    name = table.say(ben.device, word)
    table.say(ben.device, Erase(name))
    assert not erases(table, name)
    assert table.space.add(ben.device.write(table.space.id, word, table.now, table.now + 1)) is None


def test_an_erasure_may_come_before_what_it_erases(ada: Person, ben: Person) -> None:
    table, question = gather_with(ada, 0)
    phone, laptop = ben.device, ben.new_device("laptop")
    table.say(phone, Profile("Ben"))
    note = phone.copied().write(table.space.id, Note(question, "Well"), table.now)
    table.say(laptop, Erase(note.id.hex()))
    assert table.space.erasures.targets() == {note.id.hex()}
    table.take(note)
    assert erases(table, note.id.hex())


def test_what_nobody_asked_to_erase_stays(ada: Person, ben: Person) -> None:
    table, question = gather_with(ada, 1)
    one, two = [table.say(ben.device, Note(question, text)) for text in ("one", "two")]
    table.say(ben.device, Erase(one))
    table.say(ben.device, Erase(make_key("nothing").public.hex()))
    assert not erases(table, two)


def test_what_was_erased_adds_up_as_if_it_had_never_been_said(
    ada: Person, ben: Person, cal: Person
) -> None:
    table, question = gather_with(ada, 0)
    table.say(ben.device, Profile("Ben"))
    slip = table.say(ben.device, Profile("Bne"))
    notes = [table.say(cal.device, Note(question, text)) for text in ("one", "two", "three")]
    early = table.say(cal.device, Note(make_key("to come").public.hex(), "nowhere"))
    left = drop(table, slip, notes[1], early)
    assert look(table.space, question).notes == ["one", "three"]
    assert table.space.members.view(None).members[1].name == "Ben"
    assert see_all(table.space) == see_all(replay(table, left))


def test_a_leave_that_is_erased_was_never_said(ada: Person, ben: Person) -> None:
    table, _ = gather_with(ada, 0)
    leave = table.say(ben.device, Leave())
    assert not table.space.members.has(ben.id)
    left = drop(table, leave)
    assert table.space.members.has(ben.id)
    assert see_all(table.space) == see_all(replay(table, left))


def test_warm_and_cold_agree_after_anything_was_erased(scale: int) -> None:
    chance = seeded("erasures")
    for _ in range(10 * scale):
        table, question = gather_with(Person("Ada"), 1)
        people = [Person(name) for name in ("Ben", "Cal", "Dan")]
        said = []
        for number in range(20):
            device = chance.choice(people).device
            body = chance.choice(
                [Note(question, f"note {number}"), Profile(f"name {number}"), Leave()]
            )
            said.append(table.say(device, body))
            if chance.random() < 0.3:
                said.append(table.say(device, Erase(chance.choice(said))))
        gone = [name for name in said if erases(table, name)]
        assert see_all(replay(table, drop(table, *gone))) == see_all(table.space)


def test_the_body_of_a_lasting_entry_means_nothing_with_a_date_on_it(
    ada: Person, ben: Person
) -> None:
    table, question = gather_with(ada, 0)
    body = table.prepare(ben.device, question, Count(5))
    table.say(ben.device, Profile("Ben"))
    table.say(ben.device, body, until=table.now + DAY)
    table.say(ada.device, TinyAsk(table.terms()), until=table.now + DAY)
    assert len(table.space.subjects(TINY)) == 1
    table.close(question)
    assert look(table.space, question).choices == {}
