"""What happens between neighbours: nodes with real stores, joined by wires in memory or by iroh."""

import shutil
from collections.abc import Iterable

from beanjar.base.clock import HOUR, MINUTE
from beanjar.base.limits import SAFE_AT
from beanjar.net.iroh import bind
from beanjar.net.link import Endpoint
from beanjar.ops.signing import SigningKey
from beanjar.space.charter import Erase, Profile
from beanjar.space.question import Open, Terms
from beanjar.testing.people import Person
from tests.node.street import Home, Live, Street
from tests.space.tiny import Note, TinyAsk, see_all


async def digests(homes: Iterable[Home], question: str) -> set[str]:
    return {await home.digest(question) for home in homes}


async def ask_all(street: Street, homes: list[Home], keepers: list[Person]) -> str:
    """Let every node witness one question, each as another person's; return the open's id."""
    first = homes[0]
    for home, keeper in zip(homes, keepers, strict=True):
        await home.lend(keeper)
    await street.until(street.is_agreed)
    witnesses = tuple(home.node.device.hex() for home in homes)
    asked = await first.say(first.ada.device, TinyAsk(Terms(street.clock.now() + HOUR, witnesses)))
    await street.in_time(lambda: len(first.space.closing(asked).accepts()) == len(homes))
    accepts = first.space.closing(asked).accepts()
    names = tuple(accepts[each].id for each in witnesses)
    opened = await first.say(first.ada.device, Open(asked, names))
    await street.in_time(lambda: all(home.has(opened) for home in street.homes))
    return opened


def test_what_is_said_at_one_door_is_in_the_view_of_every_other(
    live: Live, ben: Person, cal: Person
) -> None:
    async def story(street: Street) -> None:
        a, b, c = homes = await street.open_all("abc")
        await a.keep()
        question = await a.ask()
        await street.until(street.is_agreed)
        answers = [await b.answer(ben, question, 5), await c.answer(cal, question, 7)]
        await street.until(lambda: all(home.has(name) for home in homes for name in answers))
        await a.close(question)
        await street.until(street.is_agreed)
        assert (await c.look(question)).choices == {ben.id: 5, cal.id: 7}
        assert len(await digests(homes, question)) == 1

    live(story)


def test_what_two_others_hold_is_safe(live: Live, ben: Person) -> None:
    async def story(street: Street) -> None:
        a, *_ = await street.open_all("abc")
        said = await a.say(ben.device, Profile("Ben"))
        await street.until(lambda: a.others(said) == SAFE_AT)
        assert all(home.has(said) for home in street.homes)

    live(story)


def test_a_newcomer_with_only_an_address_shows_the_same(
    live: Live, ben: Person, cal: Person
) -> None:
    async def story(street: Street) -> None:
        a = await street.open("a")
        await a.found()
        await a.keep()
        question = await a.ask()
        for number, person in enumerate((ben, cal, Person("Dan"))):
            await a.answer(person, question, number)
        await a.close(question)
        newcomer = await street.open("b")
        await newcomer.carry(a.id, a)
        await street.until(street.is_agreed)
        assert len(await digests(street.homes, question)) == 1
        assert newcomer.verify().problems == []
        assert newcomer.export() == a.export()

    live(story)


def test_nodes_that_were_apart_merge(live: Live, ben: Person, cal: Person) -> None:
    async def story(street: Street) -> None:
        a, b, c = await street.open_all("abc")
        street.board.part({a.key, b.key}, {c.key})
        said = [await a.say(ben.device, Profile("Ben")), await c.say(cal.device, Profile("Cal"))]
        await street.until(lambda: b.has(said[0]))
        assert not c.has(said[0])
        assert not a.has(said[1])
        street.board.part()
        await street.in_time(street.is_agreed)
        assert all(see_all(home.space) == see_all(a.space) for home in street.homes)

    live(story)


def test_a_node_that_comes_back_to_its_folder_catches_up(
    live: Live, ben: Person, cal: Person
) -> None:
    async def story(street: Street) -> None:
        a, b = await street.open_all("ab")
        before = await b.say(ben.device, Profile("Ben"))
        await street.until(lambda: a.has(before))
        await street.close(b)
        meanwhile = await a.say(cal.device, Profile("Cal"))
        b = await street.open("b")
        assert b.has(before)
        await street.in_time(lambda: b.has(meanwhile))
        assert street.is_agreed()
        assert see_all(a.space) == see_all(b.space)

    live(story)


def test_an_erased_body_stays_away_and_a_wanted_one_arrives(
    live: Live, ben: Person, cal: Person
) -> None:
    async def story(street: Street) -> None:
        a, b = await street.open_all("ab")
        await a.keep()
        question = await a.ask()
        gone = await a.say(ben.device, Note(question, "gone"))
        await a.say(ben.device, Erase(gone))
        await a.say(cal.device, Profile("Cal"))
        whole = a.write(cal.device, Note(question, "here"))
        await a.take(*(each.without_body() for each in whole))
        await street.in_time(street.is_agreed)
        newcomer = await street.open("c")
        await newcomer.carry(a.id, b)
        await street.in_time(street.is_agreed)
        assert [(await home.look(question)).notes for home in street.homes] == [[], [], []]
        await b.take(*whole)
        notes = ["here"]
        await street.in_time(lambda: all(bodies(home, whole[0].id) for home in street.homes))
        assert [(await home.look(question)).notes for home in street.homes] == [notes] * 3
        assert not any(bodies(home, bytes.fromhex(gone)) for home in street.homes)

    live(story)


def bodies(home: Home, name: bytes) -> bool:
    """Say whether the body of an entry is on a node."""
    held = home.node.find_operation(home.id, name)
    return held is not None and held.body is not None


def test_a_forked_device_is_proved_everywhere_and_counts_alike(
    live: Live, ben: Person, cal: Person
) -> None:
    async def story(street: Street) -> None:
        a, b, c = homes = await street.open_all("abc")
        await a.say(ben.device, Profile("Ben"))
        await street.until(street.is_agreed)
        street.board.part({a.key, c.key}, {b.key})
        await a.say(ben.device, Profile("Ben at one door"))
        await b.say(ben.device, Profile("Ben at another"))
        await b.say(ben.device, Profile("and on"))
        await c.say(cal.device, Profile("Cal"))
        street.board.part()
        await street.in_time(lambda: all(home.peers.store.forks(a.id) for home in homes))
        await street.in_time(street.is_agreed)
        assert len({home.peers.store.forks(a.id)[0].seq for home in homes}) == 1
        for home in homes:
            assert see_all(home.space) == see_all(a.space) == see_all(home.recompute())
            names = {each.name for each in home.space.members.view(None).members}
            assert {"Ben", "Cal"} < names
            assert names.isdisjoint({"Ben at one door", "Ben at another", "and on"})

    live(story)


def test_of_a_space_that_a_neighbour_does_not_carry_it_learns_nothing(
    live: Live, ben: Person
) -> None:
    async def story(street: Street) -> None:
        a, b = await street.open_all("ab")
        c = await street.open("c")
        shared, a.id = a.id, bytes(32)
        street.clock.pass_time()
        await a.found()
        secret = a.id
        await c.carry(secret, a)
        await street.until(lambda: a.root == c.root)
        said = await c.say(ben.device, Profile("Ben"))
        await street.until(lambda: a.has(said))
        await street.pass_time(MINUTE)
        assert (b.node.spaces(), c.node.spaces()) == ([shared], [secret])
        assert b.key not in {peer.key for peer in a.peers.exchange.sharing(secret)}
        assert c.key not in {peer.key for peer in a.peers.exchange.sharing(shared)}
        # Where a node can be reached is shown to those who share a space with it, and to no other.
        assert set(b.peers.books[shared].nodes) == {a.key}

    live(story)


class Panel:
    """Four nodes that witness one question, of which one is restored from an older copy."""

    def __init__(self, street: Street) -> None:
        self.street = street
        self.said: list[str] = []

    async def open(self, ben: Person) -> None:
        """Open the question; let the node say more than is on the copy, and stop it."""
        homes = await self.street.open_all("abcd")
        keepers = [Person("Ada"), *(Person(f"Keeper {n}") for n in range(3))]
        self.question = await ask_all(self.street, homes, keepers)
        self.asker, node, *_ = homes
        copy = shutil.copytree(node.node.folder.path, self.street.top / "copy")
        on_copy = node.own_log()
        await self.asker.answer(ben, self.question, 5)
        await self.street.in_time(lambda: node.own_log() > on_copy)
        await self.street.in_time(self.street.is_agreed)
        self.said = node.own_log()
        folder = await self.street.close(node)
        shutil.rmtree(folder)
        copy.rename(folder)

    async def restore(self) -> Home:
        """Start the node on the copy."""
        node = await self.street.open("b")
        node.id = self.asker.id
        assert node.own_log() == self.said[: len(node.own_log())] != self.said
        return node

    async def pass_deadline(self) -> None:
        await self.street.pass_time(HOUR)
        for _ in range(90):
            await self.street.pass_time()


def test_a_node_restored_from_an_older_copy_says_no_more_in_what_it_had_accepted(
    live: Live, ben: Person
) -> None:
    async def story(street: Street) -> None:
        panel = Panel(street)
        await panel.open(ben)
        node = await panel.restore()
        await street.in_time(lambda: node.own_log() == panel.said)
        await panel.pass_deadline()
        assert node.own_log() == panel.said
        assert (await node.facts(panel.question)).state == "opened"
        assert len(await digests(street.homes, panel.question)) == 1
        assert not node.peers.store.forks(node.id)

    live(story)


def test_a_restored_node_that_spoke_before_it_knew_says_no_more_either(
    live: Live, ben: Person
) -> None:
    async def story(street: Street) -> None:
        panel = Panel(street)
        await panel.open(ben)
        others = {home.key for home in street.homes}
        street.board.part(others)
        node = await panel.restore()
        await node.node.offer(node.id)  # contradicts what the others hold of its log
        street.board.part()
        await street.in_time(lambda: bool(node.peers.store.forks(node.id)))
        # From now on it meets only newcomers, who know nothing of its log that it lacks.
        street.board.part(others)
        newcomers = [await street.open(name) for name in "efg"]
        street.board.part(others, {node.key, *(home.key for home in newcomers)})
        for home in newcomers:
            await home.carry(node.id, node)
        await street.in_time(lambda: {home.root for home in newcomers} == {node.root})
        log = node.own_log()
        await panel.pass_deadline()
        assert node.own_log() == log
        closing = node.space.closing(panel.question)
        opening = closing.opening()
        assert opening is not None
        assert not closing.closers(opening)

    live(story)


async def bind_on_loopback(key: SigningKey) -> Endpoint:
    return await bind(key.seed, "127.0.0.1:0")


def test_neighbours_speak_over_iroh_as_they_do_in_memory(
    live: Live, ben: Person, cal: Person
) -> None:
    async def story(street: Street) -> None:
        a, b = [await street.open(name, bind_on_loopback) for name in "ab"]
        await a.found()
        await a.keep()
        question = await a.ask()
        await b.carry(a.id, a)
        await street.until(street.is_agreed)
        answers = [await a.answer(ben, question, 5), await b.answer(cal, question, 7)]
        await street.until(lambda: a.has(answers[1]) and b.has(answers[0]))
        await a.close(question)
        await street.until(street.is_agreed)
        assert len(await digests(street.homes, question)) == 1
        assert a.others(answers[0]) == 1

    live(story)


def doors_of(home: Home) -> list[str]:
    return home.space.doors.view(home.space.members.has)


def test_a_node_tells_where_its_pages_are_and_tells_it_anew_when_others_vouch_for_its_log(
    live: Live,
) -> None:
    async def story(street: Street) -> None:
        a, *others = await street.open_all("abc")
        a.node.door = "http://ada.local:2326"
        await a.lend(a.ada)
        await street.in_time(lambda: all(map(doors_of, others)))
        said = a.own_log()
        await street.close(a)
        again = await street.open("a")
        again.id, again.node.door = others[0].id, "https://beans.example"
        await again.node.tick()
        assert again.own_log() == said  # nobody has vouched for its log yet
        await street.in_time(lambda: doors_of(others[1]) == ["https://beans.example"])
        assert len(again.own_log()) == len(said) + 1
        await street.pass_time()
        assert len(again.own_log()) == len(said) + 1

    live(story)
