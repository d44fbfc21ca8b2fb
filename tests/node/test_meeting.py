"""What becomes of nodes of which somebody says that they are there."""

import asyncio

from beanjar.base.limits import STRANGER_AGAIN, STRANGER_FOR, STRANGER_LOST, STRANGERS_AT_ONCE
from beanjar.net.endpoint import CarrierEndpoint, Patience
from beanjar.net.link import Endpoint
from beanjar.net.memory import MemoryCarrier
from beanjar.node.standing import look_around
from beanjar.ops.signing import SigningKey
from tests.node.street import Home, Live, Street


def meet(a: Home, b: Home) -> None:
    a.peers.meet(b.key, b.peers.endpoint.addresses())


def are_joined(a: Home, b: Home) -> bool:
    return b.key in a.peers.neighbours and a.key in b.peers.neighbours


def are_apart(*homes: Home) -> bool:
    return not any(home.peers.neighbours for home in homes)


async def pass_time(street: Street, milliseconds: int) -> None:
    street.clock.pass_time(milliseconds)
    for home in street.homes:
        home.peers.tick()
    for _ in range(50):
        await asyncio.sleep(0)


def test_nodes_that_meet_and_share_a_space_stay(live: Live) -> None:
    async def story(street: Street) -> None:
        a, b = await street.open("a"), await street.open("b")
        await a.found()
        await b.carry(a.id)
        meet(a, b)
        await street.until(street.is_agreed)
        await pass_time(street, 2 * STRANGER_FOR // 3)
        await pass_time(street, 2 * STRANGER_FOR // 3)
        assert are_joined(a, b)

    live(story)


def test_nodes_that_share_nothing_part_soon_and_do_not_meet_again_for_long(live: Live) -> None:
    async def story(street: Street) -> None:
        a, b = await street.open("a"), await street.open("b")
        await a.found()
        meet(a, b)
        await street.until(lambda: are_joined(a, b))
        await pass_time(street, STRANGER_FOR // 2)
        await pass_time(street, STRANGER_FOR // 2)
        await street.until(lambda: are_apart(a, b))
        meet(a, b)
        meet(b, a)
        await pass_time(street, STRANGER_AGAIN - 1)
        assert are_apart(a, b)
        await pass_time(street, 1)
        meet(a, b)
        await street.until(lambda: are_joined(a, b))

    live(story)


def test_a_node_that_carries_something_new_meets_all_anew(live: Live) -> None:
    async def story(street: Street) -> None:
        a, b = await street.open("a"), await street.open("b")
        await a.found()
        meet(b, a)
        await street.until(lambda: are_joined(a, b))
        await pass_time(street, STRANGER_FOR // 2)
        await pass_time(street, STRANGER_FOR // 2)
        await street.until(lambda: are_apart(a, b))
        await b.carry(a.id)
        meet(b, a)
        await street.until(street.is_agreed)

    live(story)


def test_a_space_that_is_founded_while_nodes_are_joined_is_shared_with_who_carries_it_then(
    live: Live,
) -> None:
    async def story(street: Street) -> None:
        a, b = await street.open("a"), await street.open("b")
        meet(a, b)
        await street.until(lambda: are_joined(a, b))
        await a.found()
        await b.carry(a.id)
        await street.until(street.is_agreed)
        assert a.root == b.root

    live(story)


def test_names_of_nobody_cost_few_dials_and_keep_nobody_waiting_for_long(live: Live) -> None:
    async def story(street: Street) -> None:
        a, b = await street.open("a"), await street.open("b")
        await a.found()
        await b.carry(a.id)
        for number in range(1_000):
            a.peers.meet(number.to_bytes(32, "big"), ["10.9.9.9:1"])
        meet(a, b)  # there is no room for the moment
        await pass_time(street, 1_000)
        assert are_apart(a, b)
        meet(a, b)
        await street.until(street.is_agreed)
        await pass_time(street, STRANGER_LOST)

    live(story)


def test_of_many_strangers_few_are_tried_at_a_time(live: Live) -> None:
    async def story(street: Street) -> None:
        first, *others = [await street.open(f"node {number}") for number in range(7)]
        for other in others:
            meet(first, other)
        await street.until(lambda: len(first.peers.neighbours) == STRANGERS_AT_ONCE)
        meet(first, first)
        assert first.key not in first.peers.neighbours

    live(story)


def told_of(home: Home, other: Home) -> tuple[str, ...]:
    """Return where a node says that it can be reached, as far as another has heard."""
    card = home.peers.books[home.id].card(other.key)
    return card.addresses if card else ()


def test_an_address_that_is_too_long_to_be_told_is_left_out(live: Live) -> None:
    async def story(street: Street) -> None:
        far_off = f"https://{'relay.' * 10}example"

        async def bind(key: SigningKey) -> Endpoint:
            carrier = Relayed(street.board, key.public, "10.9.9.9:1")
            carrier.relay = far_off
            street.board.add(carrier)
            return CarrierEndpoint(carrier, Patience(), only_loopback=False)

        a, b = await street.open("a", bind), await street.open("b")
        assert a.peers.endpoint.addresses() == (far_off, "10.9.9.9:1")
        await a.found()
        await b.carry(a.id, a)
        await street.in_time(lambda: told_of(b, a) == ("10.9.9.9:1",))

    live(story)


class Relayed(MemoryCarrier):
    """An endpoint's place that is also reached by a relay."""

    relay: str

    def addresses(self) -> tuple[str, ...]:
        return (self.relay, *super().addresses())


def test_a_node_lets_itself_be_dialled_where_two_neighbours_see_it(live: Live) -> None:
    async def story(street: Street) -> None:
        homes = await street.open_all("abc")
        await street.until(street.is_agreed)
        a = homes[0]
        seen, (b, c) = "192.0.2.7:61000", homes[1:]
        known = a.peers.endpoint.addresses()
        assert {each.sees for each in look_around(a.peers).neighbours} == set(known)
        a.peers.sightings.note(b.key, seen)
        a.peers.sightings.note(b.key, "nonsense")
        assert a.peers.sightings.addresses() == known
        a.peers.sightings.note(c.key, seen)
        await street.in_time(lambda: told_of(b, a) == (*known, seen))

    live(story)
