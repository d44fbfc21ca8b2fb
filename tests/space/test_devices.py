"""Several devices of one person: lost, revoked, restored from the 24 words."""

import pytest

from beanjar.ops.device import LastWord, revoke_device
from beanjar.ops.operation import Operation
from beanjar.ops.signing import SigningKey
from beanjar.ops.words import spell, unspell
from beanjar.space.charter import Profile, Revoke
from beanjar.testing.gathering import Gathering
from beanjar.testing.people import Device, Person
from tests.seeded import seeded
from tests.space.tiny import (
    Count,
    Note,
    TinyAsk,
    facts_of,
    gather,
    look,
    reorder,
    replay,
    see_all,
)
from tests.told import is_sentence


def revoke(person: Person, last: Operation, signed_by: SigningKey | None = None) -> Revoke:
    """Return the person's word that nothing in a log counts after its operation `last`."""
    word = LastWord(last.effective_space, last.key, last.seq, last.id)
    signature = revoke_device(signed_by or person.key, word)
    return Revoke(last.key.hex(), last.seq, last.id.hex(), signature)


def last_of(table: Gathering, device: Device) -> Operation:
    return [each for each in table.operations if each.key == device.key.public][-1]


def name_of(table: Gathering, person: Person) -> str:
    members = table.space.members.view(None).members
    return next(each.name for each in members if each.person == person.id)


def ask(table: Gathering, *, sealed: bool = False) -> str:
    return table.ask(table.founder, TinyAsk(table.terms(sealed=sealed)))


def test_nothing_that_a_lost_device_said_after_the_named_entry_counts(
    ada: Person, ben: Person
) -> None:
    table = gather(ada)
    question = ask(table)
    laptop = ben.new_device("laptop")
    table.say(ben.device, Profile("Ben"))
    table.answer(ben.device, question, Count(5))
    word = revoke(ben, last_of(table, ben.device))
    table.say(ben.device, Profile("The thief"))
    table.answer(ben.device, question, Count(99))
    table.say(ben.device, Note(question, "I am Ben"))
    assert name_of(table, ben) == "The thief"
    table.say(laptop, word)
    table.say(ben.device, Profile("The thief again"))
    assert name_of(table, ben) == "Ben"
    assert look(table.space, question).choices == {ben.id: 5}
    assert look(table.space, question).notes == []
    table.close(question)
    assert look(table.space, question).choices == {ben.id: 5}
    assert see_all(replay(table)) == see_all(table.space)


def test_a_person_whose_device_was_revoked_goes_on_with_another(ada: Person, ben: Person) -> None:
    table = gather(ada)
    question = ask(table)
    laptop = ben.new_device("laptop")
    table.answer(ben.device, question, Count(5))
    table.say(laptop, revoke(ben, last_of(table, ben.device)))
    table.answer(laptop, question, Count(6))
    table.close(question)
    assert look(table.space, question).choices == {ben.id: 6}


def test_a_revocation_may_come_before_the_log_that_it_names(ada: Person, ben: Person) -> None:
    table = gather(ada)
    table.say(ben.device, Profile("Ben"))
    word = revoke(ben, last_of(table, ben.device))
    table.say(ben.device, Profile("The thief"))
    table.say(ada.device, word)
    founding, *rest = table.operations
    stolen = [each for each in rest if each.key == ben.device.key.public]
    others = [each for each in rest if each not in stolen]
    assert see_all(replay(table, [founding, *others, *stolen])) == see_all(table.space)
    assert name_of(table, ben) == "Ben"


def test_a_revocation_counts_whoever_passes_it_on(ada: Person, ben: Person, cal: Person) -> None:
    table = gather(ada)
    table.say(ben.device, Profile("Ben"))
    word = revoke(ben, last_of(table, ben.device))
    table.say(ben.device, Profile("The thief"))
    table.say(cal.device, word)
    assert name_of(table, ben) == "Ben"


def test_a_revocation_counts_in_a_log_that_is_itself_revoked(
    ada: Person, ben: Person, cal: Person
) -> None:
    table = gather(ada)
    table.say(ben.device, Profile("Ben"))
    table.say(cal.device, Profile("Cal"))
    ends = [revoke(person, last_of(table, person.device)) for person in (ben, cal)]
    table.say(ben.device, Profile("The thief"))
    table.say(ada.device, ends[1])
    table.say(cal.device, ends[0])
    assert name_of(table, ben) == "Ben"


def test_of_two_revocations_the_one_that_names_less_holds_in_any_order(
    ada: Person, ben: Person
) -> None:
    table = gather(ada)
    ends = []
    for name in ("Ben", "Ben?", "Not Ben"):
        table.say(ben.device, Profile(name))
        ends.append(revoke(ben, last_of(table, ben.device)))
    for end in (ends[2], ends[0], ends[1]):
        table.say(ada.device, end)
    assert name_of(table, ben) == "Ben"
    chance = seeded("two revocations")
    for _ in range(20):
        order = reorder(table.operations, chance)
        assert see_all(replay(table, order)) == see_all(table.space)


@pytest.mark.parametrize("forger", ["stranger", "device", "other place", "other space", "noise"])
def test_a_forged_revocation_changes_nothing(
    ada: Person, ben: Person, cal: Person, forger: str
) -> None:
    table = gather(ada)
    table.say(ben.device, Profile("Ben"))
    early = last_of(table, ben.device)
    table.say(ben.device, Profile("Benjamin"))
    word = LastWord(table.space.id, early.key, early.seq, early.id)
    elsewhere = LastWord(bytes(31) + b"1", early.key, early.seq, early.id)
    later = LastWord(table.space.id, early.key, early.seq + 1, early.id)
    signature = {
        "stranger": revoke_device(cal.key, word),
        "device": revoke_device(ben.device.key, word),
        "other place": revoke_device(ben.key, later),
        "other space": revoke_device(ben.key, elsewhere),
        "noise": "ab" * 64,
    }[forger]
    table.say(cal.device, Revoke(early.key.hex(), early.seq, early.id.hex(), signature))
    assert name_of(table, ben) == "Benjamin"


def test_a_revocation_of_a_device_that_is_nowhere_changes_nothing(ada: Person, ben: Person) -> None:
    table = gather(ada)
    table.say(ada.device, Profile("Ada"))
    nowhere = ben.device.join(table.space.id, table.now)
    table.say(ada.device, revoke(ben, nowhere))
    assert name_of(table, ada) == "Ada"


def test_a_space_stands_when_its_founders_device_is_revoked_from_the_first_entry_on(
    ada: Person, ben: Person
) -> None:
    table = gather(ada)
    table.say(ada.device, Profile("The thief"))
    table.say(ben.device, revoke(ada, table.operations[0]))
    view = table.space.members.view(None)
    assert (view.name, view.founder) == ("The table", ada.id)
    assert table.space.members.has(ada.id)
    assert name_of(table, ada) != "The thief"


def test_what_a_settled_question_counts_stays_when_the_device_is_revoked(
    ada: Person, ben: Person
) -> None:
    table = gather(ada)
    question = ask(table, sealed=True)
    table.answer(ben.device, question, Count(5))
    word = revoke(ben, table.operations[-2])
    table.close(question)
    table.say(ben.new_device("laptop"), word)
    assert look(table.space, question).choices == {ben.id: 5}
    assert look(replay(table), question).choices == {ben.id: 5}


def test_an_answer_of_a_revoked_device_is_not_admitted(
    ada: Person, ben: Person, cal: Person
) -> None:
    table = gather(ada)
    question = ask(table)
    table.answer(cal.device, question, Count(6))
    table.answer(ben.device, question, Count(5))
    table.say(ben.new_device("laptop"), revoke(ben, table.operations[-2]))
    table.close(question)
    assert look(table.space, question).choices == {cal.id: 6}


def test_a_question_of_a_revoked_device_has_no_result_unless_it_was_settled(
    ada: Person, ben: Person
) -> None:
    table = gather(ada)
    first, second = ask(table), ask(table)
    table.answer(ben.device, first, Count(5))
    table.say(ben.device, Note(first, "Well"))
    table.clock.pass_time(table.space.closing(first).ask.terms.closes - table.now)
    table.attend(first)
    table.say(ada.new_device("laptop"), revoke(ada, table.operations[0]))
    assert look(table.space, first).choices == {ben.id: 5}
    facts = facts_of(table.space, second)
    assert facts.state == "void"
    assert is_sentence(facts.reason)
    table.attend(second)
    assert see_all(replay(table)) == see_all(table.space)


def test_the_24_words_make_a_new_device_while_the_old_one_goes_on(ada: Person, ben: Person) -> None:
    table = gather(ada)
    question = ask(table)
    table.say(ben.device, Profile("Ben"))
    table.answer(ben.device, question, Count(5))
    restored = Device(SigningKey(unspell(spell(ben.key.seed))), "Ben's new phone")
    table.answer(restored, question, Count(6))
    table.say(ben.device, Profile("Ben on the old phone"))
    table.answer(ben.device, question, Count(7))
    assert name_of(table, ben) == "Ben on the old phone"
    assert [len(each.devices) for each in table.space.members.view(None).members] == [2, 2]
    table.close(question)
    assert look(table.space, question).choices == {ben.id: 7}
    assert see_all(replay(table)) == see_all(table.space)
