"""Who offers to witness, for whom others vouch, and whose node may be drawn."""

from collections.abc import Sequence
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from beanjar.fold.statement import Statement
from beanjar.ops.device import LastWord, revoke_device
from beanjar.space.charter import Charter, Erase, Leave, Profile, Revoke
from beanjar.space.offers import Offer, Offered, Offers, Stop, Unvouch, Vouch
from beanjar.testing.gathering import Gathering
from beanjar.testing.people import Device, Person
from beanjar.testing.statements import make_names, statements
from tests.space.tiny import TINY, replay


def gather(founder: Person, *others: Person, witnesses: tuple[str, ...] = ()) -> Gathering:
    """Return a table at which all of these have said who they are."""
    table = Gathering(founder, [TINY], Charter(witnesses=witnesses))
    for person in (founder, *others):
        table.say(person.device, Profile(person.name))
    return table


def offer(table: Gathering, person: Person, node: str = "node") -> Device:
    """Let a node of a person's offer to witness."""
    device = person.new_device(node)
    table.say(device, Offer())
    return device


def drawable(table: Gathering) -> list[str]:
    """Return whose nodes may be drawn."""
    return [each.person for each in table.space.offers() if each.may_be_drawn]


def test_an_offer_says_whose_node_it_is_and_why_it_may_be_drawn(ada: Person, ben: Person) -> None:
    table = gather(ada, ben)
    node = ada.new_device("node")
    name = table.say(node, Offer())
    assert table.space.offers() == [
        Offered(ada.id, node.name, name, named=True, vouched_by=0, may_be_drawn=True)
    ]


def test_nobody_witnesses_who_has_not_offered(ada: Person, ben: Person) -> None:
    table = gather(ada, ben, witnesses=(ada.id, ben.id))
    assert table.space.offers() == []


def test_whom_the_charter_names_may_be_drawn_and_then_its_founder_not(
    ada: Person, ben: Person, cal: Person
) -> None:
    table = gather(ada, ben, cal, witnesses=(ben.id, cal.id))
    for person in (ada, ben):
        offer(table, person)
    assert drawable(table) == [ben.id]
    assert [each.named for each in table.space.offers()] == [False, True]


def test_for_anyone_else_two_other_members_have_to_vouch(
    ada: Person, ben: Person, cal: Person
) -> None:
    table = gather(ada, ben, cal)
    offer(table, ben)
    table.say(ben.device, Vouch(ben.id))
    table.say(ada.device, Vouch(ben.id))
    table.say(ada.new_device("laptop"), Vouch(ben.id))
    assert [each.vouched_by for each in table.space.offers()] == [1]
    assert drawable(table) == []
    table.say(cal.device, Vouch(ben.id))
    assert [each.vouched_by for each in table.space.offers()] == [2]
    assert drawable(table) == [ben.id]


def test_who_vouches_may_take_it_back_or_leave(ada: Person, ben: Person, cal: Person) -> None:
    table = gather(ada, ben, cal)
    offer(table, ben)
    for person in (ada, cal):
        table.say(person.device, Vouch(ben.id))
    table.say(ada.new_device("laptop"), Unvouch(ben.id))
    assert drawable(table) == []
    table.say(ada.device, Vouch(ben.id))
    assert drawable(table) == [ben.id]
    table.say(cal.device, Leave())
    assert drawable(table) == []


def test_one_may_vouch_before_somebody_offers(ada: Person, ben: Person, cal: Person) -> None:
    table = gather(ada, ben, cal)
    for person in (ada, cal):
        table.say(person.device, Vouch(ben.id))
    offer(table, ben)
    assert drawable(table) == [ben.id]


def test_a_person_offers_one_node_the_one_that_offered_last(ada: Person) -> None:
    table = gather(ada)
    offer(table, ada, "cellar")
    attic = offer(table, ada, "attic")
    assert [each.device for each in table.space.offers()] == [attic.name]


def test_an_offer_ends_when_its_person_says_so_on_any_device(ada: Person, ben: Person) -> None:
    table = gather(ada, ben)
    node = offer(table, ada)
    table.say(ben.device, Stop())
    assert drawable(table) == [ada.id]
    table.say(ada.device, Stop())
    assert table.space.offers() == []
    table.say(node, Offer())
    assert drawable(table) == [ada.id]
    table.say(node, Stop())
    assert table.space.offers() == []


def test_who_has_left_offers_nothing(ada: Person, ben: Person) -> None:
    table = gather(ada, ben)
    offer(table, ben)
    table.say(ben.device, Leave())
    assert table.space.offers() == []


def test_a_node_that_was_given_up_as_lost_offers_nothing_any_more(ada: Person) -> None:
    table = gather(ada)
    node = offer(table, ada)
    offered = table.find_operation(table.space.offers()[0].offer)
    word = LastWord(table.space.id, node.key.public, offered.seq, offered.id)
    signature = revoke_device(ada.key, word)
    table.say(ada.device, Revoke(node.name, offered.seq, offered.id.hex(), signature))
    assert table.space.offers() == []
    assert replay(table).offers() == []


def test_a_node_that_was_copied_offers_nothing_any_more(ada: Person) -> None:
    table = gather(ada)
    node = offer(table, ada)
    thief = node.copied().write(table.space.id, Profile("Mallory"), table.now)
    table.fork(thief, table.find_operation(table.say(node, Profile("Ada"))))
    assert table.space.offers() == []
    assert replay(table).offers() == []


def test_an_offer_that_is_erased_was_never_made(ada: Person) -> None:
    table = gather(ada)
    cellar = offer(table, ada, "cellar")
    offer(table, ada, "attic")
    name = table.space.offers()[0].offer
    table.say(ada.device, Erase(name))
    assert table.space.erases(table.find_operation(name))
    table.space.drop([bytes.fromhex(name)])
    assert [each.device for each in table.space.offers()] == [cellar.name]


def work_out(said: Sequence[Statement], members: set[str]) -> dict[str, tuple[str, int]]:
    """Return by person the offer and how many vouch, found the slow way: by trying every pair."""
    said = sorted(said, key=lambda each: each.stamp)
    offers = {each.person: each for each in said if isinstance(each.body, Offer | Stop)}
    words = {
        (each.person, each.body.person): each.body
        for each in said
        if isinstance(each.body, Vouch | Unvouch) and each.person != each.body.person
    }
    return {
        person: (
            each.id,
            len([1 for member in members if isinstance(words.get((member, person)), Vouch)]),
        )
        for person, each in offers.items()
        if isinstance(each.body, Offer) and person in members
    }


NAMES = make_names("Ada", "Ben", "Cal", "Dan")
TALKS = statements([Offer, Stop, Vouch, Unvouch], NAMES, most=30)
MEMBERS = st.sets(st.sampled_from(sorted(NAMES.devices.values())))


@given(said=TALKS, members=MEMBERS, chance=st.randoms(use_true_random=False))
def test_neither_order_nor_repeats_make_a_difference_to_who_offers(
    said: list[Statement], members: set[str], chance: Random
) -> None:
    offers = Offers()
    again = [*said, *chance.choices(said, k=10)] if said else []
    for each in chance.sample(again, len(again)):
        offers.add(each)
    expected = work_out(said, members)
    view = offers.view(members.__contains__)
    assert {each.person: (each.offer, each.vouched_by) for each in view} == expected
    assert [each.may_be_drawn for each in view] == [each.vouched_by >= 2 for each in view]
