"""A machine's clock is set while its node speaks with others."""

import pytest

from beanjar.base.clock import HOUR, MINUTE, SECOND
from beanjar.base.limits import CLOCK_SET, SILENT_FOR
from beanjar.space.charter import Profile
from beanjar.testing.people import Person
from tests.node.intruder import Intruder
from tests.node.street import Home, Live, Street
from tests.node.test_meeting import told_of


def set_clock(street: Street, by: int) -> None:
    street.clock.set_to(street.clock.now() + by)


def link_of(home: Home, other: Home) -> object:
    return home.peers.neighbours[other.key].link


@pytest.mark.parametrize("by", [SILENT_FOR, CLOCK_SET, -SILENT_FOR, -CLOCK_SET])
def test_a_clock_that_is_set_by_little_ends_no_connection_but_those_of_the_silent(
    live: Live, by: int
) -> None:
    async def story(street: Street) -> None:
        a, b = await street.open_all("ab")
        silent = Intruder(street)
        await silent.meet(a)
        await street.pass_time()
        links = link_of(a, b), link_of(b, a)
        set_clock(street, by)
        await street.pass_time()
        assert silent.key in a.peers.neighbours
        for _ in range(SILENT_FOR // SECOND):
            await street.pass_time()
        assert silent.key not in a.peers.neighbours
        assert (link_of(a, b), link_of(b, a)) == links

    live(story)


@pytest.mark.parametrize("by", [HOUR, -HOUR])
def test_when_a_clock_is_set_by_much_neighbours_are_met_anew_at_once(
    live: Live, ben: Person, by: int
) -> None:
    async def story(street: Street) -> None:
        a, b = await street.open_all("ab")
        await street.pass_time(MINUTE)
        await street.in_time(lambda: a.key in b.peers.neighbours)
        silent = Intruder(street)
        await silent.meet(a)
        set_clock(street, by)
        for _ in range(SILENT_FOR // SECOND + 1):
            await street.pass_time()
        assert silent.key not in a.peers.neighbours
        assert {a.key, b.key} == {*a.peers.neighbours, *b.peers.neighbours}
        said = await a.say(ben.device, Profile("Ben"))
        await street.until(lambda: b.has(said))

    live(story)


def test_what_a_node_says_of_itself_after_its_clock_was_set_right_is_dated_by_it(
    live: Live,
) -> None:
    async def story(street: Street) -> None:
        a, b = await street.open_all("ab")
        set_clock(street, HOUR)
        await street.in_time(lambda: told_of(b, a) == a.peers.endpoint.addresses())
        now = street.clock.now()
        await street.in_time(lambda: card_time(b, a) >= now)

    live(story)


def card_time(home: Home, other: Home) -> int:
    card = home.peers.books[home.id].card(other.key)
    return card.time if card else 0
