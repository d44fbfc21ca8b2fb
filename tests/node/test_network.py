"""What a node knows of the network of a space."""

import asyncio
from collections.abc import Callable
from itertools import pairwise

from msgspec.structs import replace

from beanjar.base.clock import MINUTE, SECOND
from beanjar.base.limits import CARD_FRESH, NODES_AT_ONCE, SIGHT_EVERY
from beanjar.node.changes import Change
from beanjar.node.network import NetworkView, look_at_network
from beanjar.space.charter import Profile
from beanjar.testing.people import Person
from tests.node.street import TURNS, Home, Live, Street
from tests.sights import believe, key_of, ring, star


class Watcher:
    """Counts how often pages are told of a space, and notes when it was last (ms)."""

    def __init__(self, home: Home, street: Street) -> None:
        self.times: list[int] = []
        self._watching = asyncio.ensure_future(self._watch(home, street))

    async def _watch(self, home: Home, street: Street) -> None:
        async for change in home.node.changes():
            assert change == Change(home.id.hex(), None)
            self.times.append(street.clock.now())

    def stop(self) -> None:
        self._watching.cancel()


async def look(home: Home, without: str = "") -> NetworkView:
    return await look_at_network(home.node, home.peers, home.id, without)


async def see(street: Street, home: Home, is_so: Callable[[NetworkView], bool]) -> NetworkView:
    """Return what a node sees once it is so."""
    for _ in range(TURNS):
        view = await look(home)
        if is_so(view):
            return view
        await street.pass_time()
    raise AssertionError("It did not come about, however much time passed.")


async def believing(street: Street, *links: tuple[str, str]) -> Home:
    """Open a node that believes in these others."""
    home = await street.open("a")
    await home.found()
    believe(home.peers, home.id, links, street.clock.now())
    return home


def name(*names: str) -> set[str]:
    return {key_of(each).hex() for each in names}


def test_three_nodes_see_one_another_all_their_links_and_copies(live: Live) -> None:
    async def story(street: Street) -> None:
        a, *_ = homes = await street.open_all("abc")
        views = [await see(street, home, lambda view: len(view.links) == 3) for home in homes]
        keys = {home.key.hex() for home in homes}
        for home, view in zip(homes, views, strict=True):
            assert view.me == view.nodes[0].key == home.key.hex()
            assert {each.key for each in view.nodes} == keys
            assert all(each.lately for each in view.nodes)
            assert [each.neighbour for each in view.nodes] == [False, True, True]
            assert (view.copies.nodes, view.copies.whole) == (3, 3)
            assert view.outlook.kind.name == "distributed"
        assert views[0].nodes[1].addresses
        assert views[0].operations == a.peers.exchange.operations(a.id)

    live(story)


def test_a_node_that_lacks_something_holds_fewer(live: Live, ben: Person) -> None:
    async def story(street: Street) -> None:
        a, b = await street.open_all("ab")
        await see(street, a, lambda view: view.copies.whole == 2 and view.nodes[1].operations == 1)
        street.board.part({a.key}, {b.key})
        await a.say(ben.device, Profile("Ben"))
        view = await look(a)
        assert [each.holds for each in view.nodes] == ["all", "fewer"]
        assert (view.nodes[1].operations, view.operations) == (1, 3)
        assert (view.copies.nodes, view.copies.whole) == (2, 1)
        street.board.part()
        await see(street, a, lambda view: view.copies.whole == 2)

    live(story)


def test_of_a_node_that_is_silent_it_is_known_since_when_and_it_counts_no_more(live: Live) -> None:
    async def story(street: Street) -> None:
        a, b = await street.open_all("ab")
        await see(street, a, lambda view: view.nodes[1].operations == 1)
        await street.close(b)
        await see(street, a, lambda view: not view.nodes[1].neighbour)
        gone = (await look(a)).nodes[1]
        assert gone.lately
        assert gone.heard <= street.clock.now()
        street.clock.pass_time(CARD_FRESH)
        view = await look(a)
        assert view.nodes[1] == replace(gone, lately=False)
        assert (view.copies.nodes, view.links, view.outlook.kind.name) == (1, (), "small")

    live(story)


def test_a_neighbour_that_was_lost_counts_no_more_once_it_was_dialled_in_vain(live: Live) -> None:
    async def story(street: Street) -> None:
        a, b = await street.open_all("ab")
        await see(street, a, lambda view: view.copies.whole == 2)
        await street.close(b)
        gone = await see(street, a, lambda view: view.nodes[1].lost)
        assert street.clock.now() - gone.nodes[1].heard < MINUTE
        assert not gone.nodes[1].lately
        assert (gone.copies.nodes, gone.copies.whole, gone.links) == (1, 1, ())
        await street.open("b")
        back = await see(street, a, lambda view: view.nodes[1].neighbour)
        assert (back.nodes[1].lost, back.copies.nodes) == (False, 2)

    live(story)


def test_a_lost_neighbour_of_which_others_bring_a_new_word_counts(live: Live) -> None:
    async def story(street: Street) -> None:
        a, b, c = await street.open_all("abc")
        await see(street, a, lambda view: len(view.links) == 3)
        street.board.part({a.key, c.key}, {b.key, c.key})
        lost = await see(street, a, lambda view: any(each.lost for each in view.nodes))
        assert [each.key for each in lost.nodes if each.lost] == [b.key.hex()]
        await see(street, a, lambda view: not any(each.lost for each in view.nodes))
        assert b.key not in a.peers.neighbours
        assert c.key in a.peers.neighbours

    live(story)


def test_a_link_counts_only_where_both_ends_name_it(live: Live) -> None:
    async def story(street: Street) -> None:
        home = await believing(street, ("b", "c"))
        believe(
            home.peers, home.id, [("c", "d")], street.clock.now() + 1
        )  # c says nothing of b now
        view = await look(home)
        assert [set(each) for each in view.links] == [name("c", "d")]
        assert len(view.nodes) == 4
        assert view.outlook.apart == 2

    live(story)


def test_without_a_node_there_is_what_is_left(live: Live) -> None:
    async def story(street: Street) -> None:
        home = await believing(street, *star(9))
        hub = key_of("hub").hex()
        assert (await look(home)).left is None
        left = (await look(home, hub)).left
        assert left is not None
        assert left.kind is not None
        assert (left.loss.cut_off.many, left.kind.name) == (7, "small")
        leaf = (await look(home, key_of("leaf 1").hex())).left
        assert leaf is not None
        assert leaf.kind is not None
        assert (leaf.loss.cut_off.many, leaf.kind.name) == (0, "centralized")
        assert (await look(home, "ab" * 32)).left is None

    live(story)


def test_this_node_can_be_taken_away_too_and_a_lonely_one_leaves_nobody(live: Live) -> None:
    async def story(street: Street) -> None:
        home = await believing(street)
        alone = await look(home, home.key.hex())
        assert alone.left is not None
        assert alone.left.kind is None
        believe(home.peers, home.id, ring(5), street.clock.now())
        among = (await look(home, home.key.hex())).left
        assert among is not None
        assert among.kind is not None
        assert among.kind.nodes == 5

    live(story)


def test_a_node_that_speaks_with_nobody_knows_of_itself(live: Live) -> None:
    async def story(street: Street) -> None:
        home = await believing(street)
        view = await look_at_network(home.node, None, home.id)
        assert view.me == home.key.hex()
        assert (view.operations, view.copies.nodes, len(view.nodes)) == (None, 1, 1)

    live(story)


def test_the_same_network_is_told_the_same(live: Live) -> None:
    async def story(street: Street) -> None:
        home = await believing(street, *ring(20))
        first = await look(home)
        street.clock.pass_time(1)
        assert (await look(home)).outlook == first.outlook

    live(story)


def test_a_large_network_is_worked_out_while_the_node_does_other_things(live: Live) -> None:
    async def story(street: Street) -> None:
        home = await believing(street, *ring(NODES_AT_ONCE))
        looking = asyncio.create_task(look(home))
        turns = 0
        while not looking.done():
            turns += 1
            await asyncio.sleep(0)
        assert (await looking).copies.nodes == NODES_AT_ONCE + 1
        assert turns > 2

    live(story)


def test_pages_are_told_when_a_neighbour_comes_and_goes(live: Live) -> None:
    async def story(street: Street) -> None:
        a = await street.open("a")
        await a.found()
        await street.pass_time()
        changes = a.node.changes()
        coming = asyncio.ensure_future(anext(changes))
        await street.pass_time()
        assert not coming.done()
        b = await street.open("b")
        await b.carry(a.id, a)
        await street.in_time(coming.done)
        assert coming.result() == Change(a.id.hex(), None)
        await street.pass_time()
        going = asyncio.ensure_future(anext(changes))
        await street.pass_time()
        assert not going.done()
        await street.close(b)
        await street.in_time(going.done)
        assert going.result() == Change(a.id.hex(), None)

    live(story)


def test_pages_are_told_now_and_then_how_other_nodes_stand(live: Live) -> None:
    async def story(street: Street) -> None:
        home = await believing(street, *ring(5))
        await street.pass_time(SIGHT_EVERY)
        watcher = Watcher(home, street)
        for turn in range(4 * SIGHT_EVERY // SECOND):  # every second somebody says something new
            now = street.clock.now()
            believe(home.peers, home.id, ring(5), now, more=turn)
            await street.pass_time()
        assert len(watcher.times) == 4
        assert {b - a for a, b in pairwise(watcher.times)} == {SIGHT_EVERY}
        believe(
            home.peers, home.id, [*ring(5), ("ring 1", "ring 3")], street.clock.now(), more=turn
        )
        await street.pass_time(SIGHT_EVERY)
        assert len(watcher.times) == 5
        watcher.stop()

    live(story)


def test_pages_are_not_told_that_a_node_says_the_same_again(live: Live) -> None:
    async def story(street: Street) -> None:
        home = await believing(street, *ring(5))
        await street.pass_time(SIGHT_EVERY)
        watcher = Watcher(home, street)
        for _ in range(3):
            believe(home.peers, home.id, ring(5), street.clock.now())
            await street.pass_time(SIGHT_EVERY)
        assert watcher.times == []
        watcher.stop()

    live(story)
