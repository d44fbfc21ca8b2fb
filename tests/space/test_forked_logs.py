"""From the fork on nothing in a log counts, but what a settled question names."""

from collections.abc import Sequence

import pytest

from beanjar.ops.body import Body
from beanjar.ops.fork import prove_fork
from beanjar.ops.operation import Operation
from beanjar.space.charter import Profile
from beanjar.space.space import Space
from beanjar.testing.gathering import Gathering
from beanjar.testing.people import Device, Person
from tests.seeded import seeded
from tests.space.tiny import (
    TINY,
    Count,
    Note,
    TinyAsk,
    facts_of,
    gather,
    look,
    present,
    reorder,
    replay,
    see_all,
)
from tests.told import is_sentence


def ask(table: Gathering, *, sealed: bool = False) -> str:
    return table.ask(table.founder, TinyAsk(table.terms(sealed=sealed)))


def write(table: Gathering, device: Device, *bodies: Body) -> list[Operation]:
    """Sign bodies one after the other, and hand them to nobody."""
    return [device.write(table.space.id, body, table.now) for body in bodies]


def both_sides(
    table: Gathering, one: Sequence[Operation], other: Sequence[Operation]
) -> tuple[Space, Space]:
    """Return what two nodes make of a fork, of which each had seen another branch first."""
    proof = prove_fork(one, other)
    left, right = (replay(table, [*table.operations, *branch]) for branch in (one, other))
    left.cut(proof)
    right.cut(proof)
    return left, right


def name_of(space: Space, person: Person) -> str:
    members = space.members.view(None).members
    return next(each.name for each in members if each.person == person.id)


def test_from_the_fork_on_nothing_counts_whichever_branch_was_seen_first(
    ada: Person, ben: Person
) -> None:
    table = gather(ada)
    question = ask(table)
    table.say(ben.device, Profile("Ben"))
    table.answer(ben.device, question, Count(5))
    twin, terms = ben.device.copied(), table.terms()
    one = write(table, ben.device, Profile("One"), Note(question, "one"), TinyAsk(terms))
    other = write(table, twin, Profile("Other"), Note(question, "other"), TinyAsk(terms, 7))
    left, right = both_sides(table, one, other)
    for space in (left, right):
        assert name_of(space, ben) == "Ben"
        assert look(space, question).notes == []
        assert look(space, question).choices == {ben.id: 5}
    [left_ask, _], [right_ask, _] = left.subjects(TINY), right.subjects(TINY)
    for space, asked in ((left, left_ask), (right, right_ask)):
        facts = facts_of(space, asked)
        assert facts.state == "void"
        assert is_sentence(facts.reason)
    assert see_all(left)[0] == see_all(right)[0]
    assert look(left, question) == look(right, question)


def test_a_log_that_forks_at_its_first_entry_makes_no_member(ada: Person, ben: Person) -> None:
    table = gather(ada)
    eve = Person("Eve")
    one = [ben.device.join(table.space.id, table.now)]
    twin = Device(eve.key, "Ben's phone")
    other = [twin.join(table.space.id, table.now)]
    assert one[0].key == other[0].key
    left, right = both_sides(table, one, other)
    for space in (left, right):
        assert not space.members.has(ben.id)
        assert not space.members.has(eve.id)
    assert see_all(left) == see_all(right)


def test_a_space_stands_when_its_founders_log_forks_after_the_first_entry(
    ada: Person, ben: Person
) -> None:
    table = gather(ada)
    table.say(ben.device, Profile("Ben"))
    twin = ada.device.copied()
    one, other = write(table, ada.device, Profile("One")), write(table, twin, Profile("Other"))
    left, right = both_sides(table, one, other)
    for space in (left, right):
        view = space.members.view(None)
        assert (view.name, view.founder) == ("The table", ada.id)
        assert present(space) == {ada.id, ben.id}
        assert name_of(space, ada) not in {"One", "Other"}
    assert see_all(left) == see_all(right)


def test_a_founder_cannot_bring_a_space_down_by_joining_it(ada: Person, ben: Person) -> None:
    table = gather(ada)
    table.say(ben.device, Profile("Ben"))
    fresh = Device(ada.key, "Ada's phone")
    joins = [fresh.copied().join(table.space.id, table.now + later) for later in (0, 1)]
    founding = table.operations[0]
    for proof in (
        prove_fork([founding], joins[:1]),
        prove_fork(joins[:1], joins[1:]),
    ):
        for early in (True, False):
            space = Space(table.space.id, [TINY])
            if early:
                space.cut(proof)
            for operation in table.operations:
                space.add(operation)
            if not early:
                space.cut(proof)
            assert space.members.view(None).name == "The table"
            assert present(space) == {ada.id, ben.id}


@pytest.mark.parametrize("sealed", [True, False], ids=["sealed", "in the clear"])
def test_what_a_settled_question_counts_stays_when_the_log_forks(
    ada: Person, ben: Person, cal: Person, *, sealed: bool
) -> None:
    table = gather(ada)
    table.say(ben.device, Profile("Ben"))
    before = len(table.operations)
    twins = [person.device.copied() for person in (ada, ben)]
    question = ask(table, sealed=sealed)
    table.answer(ben.device, question, Count(5))
    table.answer(cal.device, question, Count(6))
    table.close(question)
    expected = look(table.space, question)
    assert expected.choices == {ben.id: 5, cal.id: 6}
    said = table.operations[before:]
    for twin in twins:
        first = next(each for each in said if each.key == twin.key.public)
        table.fork(first, write(table, twin, Profile("A thief"))[0])
    assert look(table.space, question) == expected
    assert look(replay(table), question) == expected


def test_an_answer_past_the_fork_is_not_admitted_any_more(
    ada: Person, ben: Person, cal: Person
) -> None:
    table = gather(ada)
    question = ask(table)
    table.answer(cal.device, question, Count(6))
    table.say(ben.device, Profile("Ben"))
    twin = ben.device.copied()
    table.answer(ben.device, question, Count(5))
    table.fork(table.operations[-1], write(table, twin, Profile("A thief"))[0])
    assert look(table.space, question).choices == {cal.id: 6}
    table.close(question)
    assert look(table.space, question).choices == {cal.id: 6}


def test_a_question_past_the_fork_has_no_result(ada: Person) -> None:
    table = gather(ada)
    twin = ada.device.copied()
    question = ask(table)
    first = next(each for each in table.operations if each.seq == 1 and each.key == twin.key.public)
    table.fork(first, write(table, twin, Profile("A thief"))[0])
    table.close(question)
    facts = facts_of(table.space, question)
    assert facts.state == "void"
    assert is_sentence(facts.reason)
    assert see_all(replay(table)) == see_all(table.space)


def test_a_person_whose_log_forked_goes_on_with_another_device(ada: Person, ben: Person) -> None:
    table = gather(ada)
    question = ask(table)
    table.say(ben.device, Profile("Ben"))
    twin = ben.device.copied()
    table.answer(ben.device, question, Count(5))
    table.fork(table.operations[-1], write(table, twin, Profile("A thief"))[0])
    table.answer(ben.new_device("laptop"), question, Count(6))
    table.close(question)
    assert look(table.space, question).choices == {ben.id: 6}


def test_a_lower_fork_that_is_found_later_lets_less_count_in_any_order(
    ada: Person, ben: Person
) -> None:
    table = gather(ada)
    table.say(ben.device, Profile("First"))
    low = ben.device.copied()
    table.say(ben.device, Profile("Second"))
    high = ben.device.copied()
    table.say(ben.device, Profile("Third"))
    second, third = table.operations[-2:]
    proofs = [
        prove_fork([third], write(table, high, Profile("A thief"))),
        prove_fork([second], write(table, low, Profile("A thief"))),
    ]
    assert name_of(replay(table, forks=proofs[:1]), ben) == "Second"
    for order in (proofs, proofs[::-1]):
        assert name_of(replay(table, forks=order), ben) == "First"


def test_a_fork_comes_to_the_same_whenever_it_becomes_known(
    ada: Person, ben: Person, cal: Person, scale: int
) -> None:
    table = gather(ada)
    settled = ask(table, sealed=True)
    table.say(ben.device, Profile("Ben"))
    twins = [ben.device.copied(), ada.device.copied()]
    places = len(table.operations)
    table.answer(ben.device, settled, Count(5))
    table.close(settled)
    running = ask(table)
    for device in (ben.device, cal.device):
        table.answer(device, running, Count(6))
        table.say(device, Note(running, "Well"))
    for twin in twins:
        said = table.operations[places:]
        first = next(each for each in said if each.key == twin.key.public)
        table.fork(first, write(table, twin, Profile("A thief"))[0])
    assert facts_of(table.space, running).state == "void"
    assert look(table.space, settled).choices == {ben.id: 5}
    expected, chance = see_all(table.space), seeded("a fork")
    for _ in range(30 * scale):
        space = Space(table.space.id, [TINY])
        waiting = list(table.forks)
        for operation in reorder(table.operations, chance):
            if waiting and chance.random() < 0.05:
                space.cut(waiting.pop())
            space.add(operation)
        for proof in waiting:
            space.cut(proof)
        assert see_all(space) == expected
