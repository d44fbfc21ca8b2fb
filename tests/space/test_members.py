import msgspec
import pytest

from beanjar.ops.errors import Refused
from beanjar.space.admission import admit
from beanjar.space.charter import Charter, Erase, Founding, Join, Leave, Profile
from beanjar.space.members import MembersView, NotFounded
from beanjar.space.offers import Offer, Vouch
from beanjar.space.space import Space, know
from beanjar.testing.gathering import Gathering
from beanjar.testing.people import Person
from tests.seeded import seeded
from tests.space.tiny import TINY, gather, present, reorder, replay, see_all
from tests.told import told


def members(table: Gathering) -> MembersView:
    return table.space.members.view(None)


def names(table: Gathering) -> list[str]:
    """Return the names of those who are here, in the order in which they are listed."""
    return [member.name for member in members(table).members if not member.left]


def test_the_founder_comes_first_and_the_others_as_they_joined(
    ada: Person, ben: Person, cal: Person
) -> None:
    table = Gathering(ada, [TINY])
    for person in (cal, ben, ada):
        table.say(person.device, Profile(person.name))
    assert names(table) == ["Ada", "Cal", "Ben"]
    view = members(table)
    assert (view.name, view.founder, view.founded) == (
        "The table",
        ada.id,
        table.operations[0].time,
    )


def test_a_person_goes_by_the_name_that_they_said_last(ada: Person, ben: Person) -> None:
    table = Gathering(ada, [TINY])
    laptop = ben.new_device("laptop")
    table.say(ben.device, Profile("Ben", line="I bake."))
    table.say(laptop, Profile("Benjamin"))
    assert names(table)[1:] == ["Benjamin"]
    assert members(table).members[1].line == ""


def test_who_has_said_no_name_is_someone(ada: Person, ben: Person) -> None:
    table = Gathering(ada, [TINY])
    table.take(ben.device.join(table.space.id, table.now))
    assert names(table) == [f"someone ({person.id[:6]})" for person in (ada, ben)]


def test_two_devices_of_a_person_are_one_member(ada: Person, ben: Person) -> None:
    table = Gathering(ada, [TINY])
    laptop = ben.new_device("laptop")
    for device in (ben.device, laptop):
        table.take(device.join(table.space.id, table.now))
    assert [member.devices for member in members(table).members] == [
        [ada.device.name],
        sorted([ben.device.name, laptop.name]),
    ]


def test_who_has_left_is_no_member_until_they_join_again(ada: Person, ben: Person) -> None:
    table = Gathering(ada, [TINY])
    table.say(ben.device, Profile("Ben"))
    table.say(ben.device, Leave())
    assert not table.space.members.has(ben.id)
    assert [member.left for member in members(table).members] == [False, True]
    table.say(ben.device, Join(ben.device.certificate(table.space.id)))
    assert table.space.members.has(ben.id)
    table.say(ben.device, Leave())
    assert not table.space.members.has(ben.id)
    table.clock.pass_time()
    table.say(ben.new_device("laptop"), Profile("Ben"))
    assert table.space.members.has(ben.id)


def test_who_never_joined_is_no_member(ada: Person, ben: Person) -> None:
    table = Gathering(ada, [TINY])
    assert not table.space.members.has(ben.id)
    assert present(table.space) == {ada.id}


def test_nobody_can_join_for_somebody_else_from_their_own_log(
    ada: Person, ben: Person, cal: Person
) -> None:
    table = Gathering(ada, [TINY])
    table.say(ben.device, Join(cal.device.certificate(table.space.id)))
    assert not table.space.members.has(cal.id)
    assert members(table).members[-1].devices == [ben.device.name]


def test_a_second_founding_changes_nothing_whoever_says_it(ada: Person, ben: Person) -> None:
    table = Gathering(ada, [TINY], Charter(erasers=2))
    expected = members(table)
    for person in (ada, ben):
        certificate = person.device.certificate(bytes(32))
        table.say(person.device, Founding("Mine now", certificate, "", Charter("open", 1)))
        view = members(table)
        assert (view.name, view.founder, view.founded, view.charter) == (
            expected.name,
            expected.founder,
            expected.founded,
            expected.charter,
        )


def test_a_space_whose_first_entry_is_not_here_says_so(ada: Person) -> None:
    space = Space(gather(ada).space.id, [TINY])
    with told(NotFounded, "not arrived"):
        space.members.view(None)


def test_one_key_can_found_two_spaces(ada: Person, ben: Person) -> None:
    one = Gathering(ada, [TINY])
    certificate = ada.device.certificate(bytes(32))
    founded = ada.device.found(Founding("Another table", certificate), one.now)
    other = Space(founded.id, [TINY])
    other.add(founded)
    profile = ada.device.write(founded.id, Profile("Ada, there"), one.now)
    other.add(profile)
    one.say(ada.device, Profile("Ada, here"))
    one.say(ben.device, Profile("Ben"))
    assert names(one) == ["Ada, here", "Ben"]
    view = other.members.view(None)
    assert [member.name for member in view.members] == ["Ada, there"]
    assert (one.operations[0].seq, founded.seq, profile.seq) == (0, 0, 1)


def test_what_members_say_comes_to_the_same_in_every_order(
    ada: Person, ben: Person, cal: Person, scale: int
) -> None:
    table = Gathering(ada, [TINY])
    laptop = ben.new_device("laptop")
    for device, body in (
        (ben.device, Profile("Ben")),
        (cal.device, Profile("Cal")),
        (laptop, Profile("Benjamin")),
        (ben.device, Leave()),
        (cal.device, Leave()),
        (laptop, Join(laptop.certificate(table.space.id))),
        (ada.device, Profile("Ada")),
        (cal.device, Founding("Mine", cal.device.certificate(bytes(32)))),
    ):
        table.say(device, body)
    expected = see_all(table.space)
    assert names(table) == ["Ada", "Benjamin"]
    chance = seeded("members")
    for _ in range(30 * scale):
        assert see_all(replay(table, reorder(table.operations, chance))) == expected


def test_a_node_cannot_speak_for_the_person_who_lets_it_witness(ada: Person, ben: Person) -> None:
    table = Gathering(ada, [TINY])
    table.say(ben.device, Profile("Ben"))
    node = ben.new_device("node")
    table.take(node.join_as_node(table.space.id, table.now))
    offer = table.say(node, Offer())
    for body in (Profile("Ben is mine"), Vouch(ada.id), Leave(), Erase(offer)):
        table.say(node, body)
    assert names(table)[1:] == ["Ben"]
    assert [each.offer for each in table.space.offers()] == [offer]
    assert see_all(table.space) == see_all(replay(table))


def test_a_node_with_the_certificate_of_a_node_is_let_in_as_nothing_else(
    ada: Person, ben: Person
) -> None:
    table = Gathering(ada, [TINY])
    node = ben.new_device("node")
    honest = node.join_as_node(table.space.id, table.now)
    body = know([TINY]).read(honest.body or b"")
    assert isinstance(body, Join)
    sly = ben.new_device("node").write(
        table.space.id, msgspec.structs.replace(body, node=False), table.now
    )
    assert admit(honest, table.operations[0]) == ben.id
    with pytest.raises(Refused, match="did not say that this device is theirs"):
        admit(sly, table.operations[0])
