"""A node that leaves a space keeps nothing of it, tells nothing of it, and may come back."""

import asyncio
from pathlib import Path

import pytest

from beanjar.base.clock import HOUR
from beanjar.node.ownlog import Behind
from beanjar.node.spaces import UnknownSpace
from beanjar.ops.errors import Refused
from beanjar.ops.run import write_run
from beanjar.space.charter import Profile
from beanjar.testing.people import Person
from tests.node.house import open_house
from tests.node.street import Home, Live, Street
from tests.node.test_erasing import REMARK, on_disk
from tests.node.test_neighbours import ask_all, digests
from tests.space.tiny import Note


async def leave(home: Home) -> None:
    await home.node.leave(home.id)
    home.peers.leave(home.id)


async def pass_a_minute(street: Street) -> None:
    """Let neighbours compare what they hold, without letting go of one another."""
    for _ in range(60):
        await street.pass_time()


def test_a_space_that_was_left_is_in_no_file_any_more(live: Live, ben: Person) -> None:
    async def story(street: Street) -> None:
        a, b = await street.open_all("ab")
        await b.lend(Person("Keeper"))
        question = await b.ask()  # a sealed one, for which the node keeps a key of its own
        await b.say(ben.device, Note(question, REMARK))
        key = b.node.folder.store.private(next(iter(b.node.folder.store.private_names())))
        await street.pass_time()
        folder = b.node.folder.path
        assert key is not None
        traces = [REMARK.encode(), b.id, ben.device.key.public, a.key, key]
        assert all(each in on_disk(folder) for each in traces)
        await leave(b)
        assert b.node.spaces() == []
        assert [each for each in [*traces, b.id.hex().encode()] if each in on_disk(folder)] == []
        with pytest.raises(UnknownSpace):
            b.node.space(b.id)

    live(story)


def test_the_other_spaces_of_a_node_go_on_on_the_same_connections(live: Live, ben: Person) -> None:
    async def story(street: Street) -> None:
        a, b = await street.open_all("ab")
        left = a.id
        street.clock.pass_time()
        await a.found()
        await b.carry(a.id, a)
        await street.until(lambda: a.root == b.root)
        links = {key: each.link for key, each in b.peers.neighbours.items()}
        kept, a.id, b.id = a.id, left, left
        await leave(b)
        unheard = await a.say(ben.device, Profile("Ben"))
        a.id = b.id = kept
        heard = await a.say(ben.device, Profile("Ben"))
        await street.until(lambda: b.has(heard))
        await pass_a_minute(street)
        assert b.node.spaces() == [kept]
        assert not b.node.find_operation(left, bytes.fromhex(unheard))
        assert {key: each.link for key, each in b.peers.neighbours.items()} == links

    live(story)


def test_what_was_on_its_way_to_a_node_that_left_does_not_bring_the_space_back(
    live: Live, ben: Person
) -> None:
    async def story(street: Street) -> None:
        a, b = await street.open_all("ab")
        for n in range(20):
            await a.say(ben.new_device(f"phone {n}"), Profile("Ben"))
        await leave(b)  # while they are being pushed
        await street.settle()
        await pass_a_minute(street)
        assert b.node.spaces() == []
        assert b.peers.neighbours

    live(story)


def test_a_space_that_was_left_can_be_carried_again_on_the_same_connection(
    live: Live, ben: Person
) -> None:
    async def story(street: Street) -> None:
        a, b = await street.open_all("ab")
        await leave(b)
        said = await a.say(ben.device, Profile("Ben"))
        await b.carry(a.id, a)
        await street.in_time(lambda: b.has(said) and a.root == b.root)
        again = await a.say(ben.device, Profile("Benjamin"))
        await street.until(lambda: b.has(again))

    live(story)


def test_a_space_that_was_left_can_be_founded_again(live: Live, ben: Person) -> None:
    async def story(street: Street) -> None:
        a, b = await street.open_all("ab")
        await leave(b)
        founding = a.peers.store.read_log(a.id, a.ada.device.key.public)
        await b.node.found(write_run(founding))
        said = await a.say(ben.device, Profile("Ben"))
        await street.in_time(lambda: b.has(said) and a.root == b.root)

    live(story)


def test_a_node_carries_a_space_without_being_able_to_write_in_it(live: Live, ben: Person) -> None:
    async def story(street: Street) -> None:
        a, b = await street.open_all("ab")
        said = await a.say(ben.device, Profile("Ben"))
        await street.until(lambda: a.others(said) == 1)
        with pytest.raises(Refused, match="no member's"):
            await b.node.offer(b.id)
        await street.pass_time(HOUR)
        assert b.own_log() == []

    live(story)


def test_a_node_that_comes_back_says_nothing_before_all_that_it_said_is_back(
    tmp_path: Path,
) -> None:
    async def story() -> None:
        async with open_house(tmp_path) as house:
            await house.found()
            await house.keep()
            await house.node.offer(house.id)
            store, device = house.node.folder.store, house.node.device
            founding = store.read_log(house.id, house.ada.device.key.public)
            own = store.read_log(house.id, device)
            await house.node.leave(house.id)
            await house.node.found(write_run(founding))
            await house.take(*own[:1])
            with pytest.raises(Behind, match="has not come back"):
                await house.node.offer(house.id)
            await house.node.tick()
            assert store.read_log(house.id, device) == own[:1]
            await house.take(*own[1:])
            assert (await house.node.offer(house.id)).seq == len(own)
            assert not store.forks(house.id)

    asyncio.run(story())


def test_a_witness_that_left_and_came_back_says_no_more_in_what_it_had_accepted(
    live: Live, ben: Person
) -> None:
    async def story(street: Street) -> None:
        homes = await street.open_all("abcd")
        keepers = [Person("Ada"), *(Person(f"Keeper {n}") for n in range(3))]
        question = await ask_all(street, homes, keepers)
        a, b, *_ = homes
        await a.answer(ben, question, 5)
        await street.in_time(street.is_agreed)
        said = b.own_log()
        await leave(b)
        await b.carry(a.id, a)
        await street.in_time(lambda: b.own_log() == said)
        await street.pass_time(HOUR)
        for _ in range(30):
            await street.pass_time()
        assert b.own_log() == said
        assert (await b.facts(question)).state == "opened"
        assert len(await digests(homes, question)) == 1
        await b.node.offer(b.id)  # of what is new it goes on speaking, in the same log
        await street.in_time(street.is_agreed)
        assert len(a.peers.store.read_log(a.id, b.node.device)) == len(said) + 1
        assert not a.peers.store.forks(a.id)

    live(story)
