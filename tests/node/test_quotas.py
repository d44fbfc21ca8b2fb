"""A space that takes as much of the disk as its keeper allows is carried no further, as a whole."""

import asyncio
from pathlib import Path

import pytest

from beanjar.base.clock import HOUR, MINUTE
from beanjar.node.quotas import OverQuota
from beanjar.space.charter import Profile
from beanjar.testing.people import Person
from tests.node.street import Home, Live, Street, open_street
from tests.space.tiny import Note

LONG = "a remark " * 5_000
PLENTY = 10**9


async def allow(home: Home, limit: int | None) -> None:
    await home.node.quotas.set(home.id, limit, home.node.writing)


def used(home: Home) -> int:
    return home.node.quotas.look_at(home.id).used


def test_a_space_over_its_quota_is_taken_in_from_nobody_until_it_has_more(
    live: Live, ben: Person
) -> None:
    async def story(street: Street) -> None:
        a, b = await street.open_all("ab")
        question = await a.ask()
        await street.until(street.is_agreed)
        await allow(b, used(b) + 60_000)
        for _ in range(2):
            await street.until(lambda: a.root == b.root)
            await a.say(ben.device, Note(question, LONG))
        await street.until(lambda: b.node.quotas.is_full(b.id))
        late = await a.say(ben.device, Note(question, LONG))
        await street.settle()
        assert not b.has(late)
        with pytest.raises(OverQuota, match="carries this space no further"):
            await b.say(ben.new_device("laptop"), Profile("Ben"))
        await street.pass_time(HOUR)
        assert not b.has(late)
        await allow(b, PLENTY)
        await street.in_time(street.is_agreed)
        assert b.has(late)
        assert not b.node.quotas.look_at(b.id).full

    live(story)


def test_other_spaces_of_the_node_go_on(live: Live, ben: Person) -> None:
    async def story(street: Street) -> None:
        a, b = await street.open_all("ab")
        await allow(b, 1)
        street.clock.pass_time()
        await a.found()
        await b.carry(a.id, a)
        await street.until(lambda: a.root == b.root)
        said = await a.say(ben.device, Profile("Ben"))
        await street.until(lambda: b.has(said))

    live(story)


def test_a_full_space_is_spoken_of_to_nobody_also_after_a_restart(live: Live, ben: Person) -> None:
    async def story(street: Street) -> None:
        a, b = await street.open_all("ab")
        await allow(b, 1)
        await street.close(b)
        b = await street.open("b")
        b.id = a.id
        said = await a.say(ben.device, Profile("Ben"))
        await street.pass_time(HOUR)
        assert not b.has(said)
        assert not a.peers.exchange.sharing(a.id)
        await allow(b, None)
        await street.in_time(street.is_agreed)

    live(story)


def test_a_space_goes_on_once_what_was_erased_has_made_room(live: Live, ben: Person) -> None:
    async def story(street: Street) -> None:
        a, b = await street.open_all("ab")
        question = await a.ask()
        await a.say(ben.device, Note(question, LONG), until=street.clock.now() + HOUR)
        await street.in_time(street.is_agreed)
        await allow(b, used(b) - 1)
        later = await a.say(ben.device, Note(question, "later"))
        await street.pass_time(MINUTE)
        assert not b.has(later)
        await street.pass_time(HOUR)  # the long one expires, and is looked for once a minute
        await street.pass_time(MINUTE)
        await street.in_time(lambda: b.has(later))

    live(story)


def test_a_witness_of_a_full_space_says_nothing(live: Live) -> None:
    async def story(street: Street) -> None:
        (a,) = await street.open_all("a")
        await a.keep()
        question = await a.ask()
        await allow(a, 1)
        said = a.own_log()
        await street.pass_time(2 * HOUR)
        assert a.own_log() == said
        await allow(a, None)
        await a.close(question)
        assert (await a.facts(question)).state == "opened"

    live(story)


def test_what_all_spaces_may_take_together_holds_for_a_new_one_too(
    tmp_path: Path, empty_store: Path
) -> None:
    async def story() -> None:
        async with open_street(tmp_path, empty_store) as street:
            a, b = await street.open_all("ab")
            b.node.quotas.in_all = 1
            b.node.quotas.look()
            with pytest.raises(OverQuota):
                await b.found()
            with pytest.raises(OverQuota):
                await b.carry(bytes(32), a)

    asyncio.run(story())
