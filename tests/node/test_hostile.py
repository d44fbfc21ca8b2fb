"""Whatever a neighbour says, a node stays whole, and goes on to agree with the others."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Iterator
from hashlib import sha256
from itertools import count
from pathlib import Path

import msgspec
import pytest

from beanjar.base.clock import HOUR
from beanjar.base.ids import ZERO
from beanjar.base.limits import (
    ACTIVE,
    ADDRESSES_KEPT,
    ADDRESSES_TOLD,
    CROSSING,
    INTEGER,
    OVERLAY_EVERY,
    SAFE_AT,
    SPACES,
)
from beanjar.lab.weighing import weigh
from beanjar.ops.alone import write_alone
from beanjar.ops.fork import prove_fork, write_fork
from beanjar.ops.log import EMPTY, PURPOSE, Head, head_of, write_operation
from beanjar.ops.operation import LAYOUT, MAGIC, Operation, hash_body
from beanjar.ops.run import write_run
from beanjar.space.charter import Charter, Erase, Profile
from beanjar.sync import messages
from beanjar.sync.codec import write_message
from beanjar.sync.events import Event, Output
from beanjar.sync.membership import Cards
from beanjar.sync.messages import VERSION, Message
from beanjar.testing.clock import START
from beanjar.testing.people import Device, Person, make_key
from tests.node.intruder import Intruder
from tests.node.street import Home, Live, Street, open_street
from tests.ops.logs import unsigned
from tests.seeded import seeded
from tests.space.tiny import Count, Note, see_all
from tests.sync.shelf import describe

RUBBISH = sha256(b"rubbish").digest()


class Scene:
    """Two nodes that know one another, a member who means ill, and an intruder at one of them."""

    def __init__(self, street: Street) -> None:
        self.street = street
        self.intruder = Intruder(street)
        self.ben, self.mallory = Person("Ben"), Person("Mallory").device

    async def set(self) -> None:
        self.host, self.friend = await self.street.open_all("ab")
        await self.host.say(self.mallory, Profile("Mallory"))
        await self.street.until(self.street.is_agreed)
        await self.intruder.meet(self.host)

    async def tell(self, *said: Message) -> None:
        """Let the intruder say something, and the node do what comes of it."""
        await self.intruder.tell(*said)
        await self.street.settle()

    async def check_that_life_goes_on(self) -> None:
        """Check that the two nodes agree, now and about what is said next at either."""
        said = await self.host.say(self.ben.device, Profile("Ben"))
        await self.street.until(lambda: self.friend.has(said))
        said = await self.friend.say(Person("Cal").device, Profile("Cal"))
        await self.street.until(lambda: self.host.has(said))
        await self.street.in_time(self.street.is_agreed)
        assert self.host.export() == self.friend.export()
        for home in (self.host, self.friend):
            assert home.verify().problems == []
            assert see_all(home.space) == see_all(self.host.space) == see_all(home.recompute())

    def write(self, device: Device, text: str, *, head: Head | None = None) -> Operation:
        return self.host.write(device, Profile(text), head=head)[0]


Story = Callable[[Scene], Awaitable[None]]
Play = Callable[[Story], None]


@pytest.fixture
def play(live: Live) -> Play:
    """Play a story with an intruder."""

    async def play_it(street: Street, story: Story) -> None:
        scene = Scene(street)
        await scene.set()
        await story(scene)

    return lambda story: live(lambda street: play_it(street, story))


# What no honest node says: the intruder is let go.


def run_of(*operations: Operation) -> Message:
    return messages.Runs(0, (write_run(operations),))


def found_elsewhere(scene: Scene) -> Operation:
    """Return the operation that founds another space."""
    head, key = EMPTY, scene.mallory.key
    return write_operation(key, ZERO, head, b"elsewhere", salt=bytes(16), time=1)


def fork_elsewhere(scene: Scene) -> bytes:
    """Return the proof of a fork in another space."""
    first = found_elsewhere(scene)
    branches = [
        write_operation(
            scene.mallory.key, first.id, head_of(first), word, salt=bytes(16), time=first.time
        )
        for word in (b"one", b"other")
    ]
    return write_fork(prove_fork(branches[:1], branches[1:]))


def refused_runs(scene: Scene) -> Iterator[tuple[str, bytes | Message]]:
    """Yield, by name, runs that end a connection."""
    host, stranger = scene.host, Person("Stranger").device
    next_word = scene.write(scene.mallory, "next")
    join = host.write(stranger, host.join(stranger))[0]
    forged = msgspec.structs.replace(join, key=scene.mallory.key.public)
    yield "no run", messages.Runs(0, (b"no run",))
    yield "more than a run", messages.Push(0, 1, (), (write_run([join]) + b"!",))
    yield "a bad signature", run_of(unsigned(next_word))
    yield "somebody else's signature", run_of(forged)
    yield "another space", run_of(found_elsewhere(scene))
    yield "a log without a join", run_of(host.write(stranger, Profile("Nobody"))[0])
    yield "a join without its body", run_of(join.without_body())
    yield "a stolen certificate", run_of(host.write(stranger, host.join(scene.mallory))[0])


def refused(scene: Scene) -> Iterator[tuple[str, bytes | Message]]:
    """Yield, by name, what ends a connection."""
    yield from refused_runs(scene)
    next_word = scene.write(scene.mallory, "next")
    once = write_run([next_word.without_body()])
    length = len(once).to_bytes(4, "big")
    yield "garbage", b"\xc1\xff"
    yield "nothing", b""
    yield "a message cut short", write_message(run_of(next_word))[:-1]
    yield "no proof", messages.Fork(0, b"no proof")
    yield "a proof of one entry", messages.Fork(0, length + once + length + once)
    yield "a proof of another space", messages.Fork(0, fork_elsewhere(scene))
    yield "no operation", messages.Found(0, b"no operation")
    yield "an operation unsigned", messages.Found(0, write_alone(unsigned(next_word)))
    yield "an operation from elsewhere", messages.Found(0, write_alone(found_elsewhere(scene)))
    yield "spaces by the thousand", messages.Spaces((bytes(16),) * SPACES)
    yield "a second greeting", messages.Hello(VERSION, RUBBISH)


NAMES = (
    "no run", "more than a run", "a bad signature", "somebody else's signature", "another space",
    "a log without a join", "a join without its body", "a stolen certificate",
    "garbage", "nothing", "a message cut short", "no proof", "a proof of one entry",
    "a proof of another space", "no operation", "an operation unsigned",
    "an operation from elsewhere", "spaces by the thousand", "a second greeting",
)  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_who_says_what_no_node_says_is_let_go_and_changes_nothing(play: Play, name: str) -> None:
    async def story(scene: Scene) -> None:
        said = dict(refused(scene))
        assert tuple(said) == NAMES
        before = scene.host.export()
        data = said[name]
        await scene.intruder.link.send(data if isinstance(data, bytes) else write_message(data))
        await scene.intruder.see_the_end()
        await scene.street.until(lambda: scene.intruder.key not in scene.host.peers.neighbours)
        assert scene.host.export() == before
        await scene.check_that_life_goes_on()

    play(story)


def test_who_brings_somebody_that_was_not_invited_is_let_go(
    tmp_path: Path, empty_store: Path
) -> None:
    async def story() -> None:
        async with open_street(tmp_path, empty_store) as street:
            [home] = await street.open_all("a", Charter(admission="invitation"))
            intruder, before = Intruder(street), home.export()
            await intruder.meet(home)
            stranger = Person("Stranger").device
            await intruder.tell(run_of(*home.write(stranger, home.join(stranger))))
            await intruder.see_the_end()
            assert home.export() == before

    asyncio.run(story())


def test_a_newcomer_that_cannot_judge_yet_blames_nobody(play: Play) -> None:
    async def story(scene: Scene) -> None:
        newcomer = await scene.street.open("c")
        await newcomer.carry(scene.host.id)
        await scene.intruder.meet(newcomer)
        ben = scene.ben.device
        [join] = scene.host.write(ben, scene.host.join(ben))
        await scene.tell(messages.Push(0, 1, (), (write_run([join]),)))
        founding = scene.host.node.find_operation(scene.host.id, scene.host.id)
        assert founding is not None
        heard = await scene.intruder.ask()
        assert not [each for each in heard if isinstance(each, messages.Got)]
        await scene.tell(messages.Found(0, write_alone(founding)))
        await scene.tell(messages.Push(0, 2, (), (write_run([join]),)))
        assert newcomer.node.find_operation(newcomer.id, join.id) == join
        await newcomer.carry(scene.host.id, scene.host)
        await scene.check_that_life_goes_on()

    play(story)


def test_a_body_that_does_not_fit_ends_the_connection(play: Play) -> None:
    async def story(scene: Scene) -> None:
        said = scene.write(scene.mallory, "something")
        await scene.host.take(said.without_body())
        await scene.intruder.tell(messages.HeldBody(0, said.id, bytes(16), b"something else"))
        await scene.intruder.see_the_end()
        assert said.salt is not None
        assert said.body is not None
        await scene.intruder.meet(scene.host)
        await scene.tell(messages.HeldBody(0, said.id, said.salt, said.body))
        held = scene.host.node.find_operation(scene.host.id, said.id)
        assert held == said

    play(story)


# What changes nothing.


def not_wanted(scene: Scene) -> Iterator[Message]:
    """Yield what is passed over, because nobody asked for it and nothing here needs it."""
    host, ghost = scene.host, Person("Ghost").device
    later = host.write(scene.mallory, Profile("1"), Profile("2"))
    first = host.write(ghost, host.join(ghost))[0]
    branches = [scene.write(ghost, word, head=head_of(first)) for word in "ab"]
    yield messages.Chunk(0, b"a chunk that nobody named")
    yield messages.Found(0, write_alone(later[1]))
    yield messages.HeldBody(0, RUBBISH, bytes(16), b"a body of nothing")
    yield messages.HeldBody(0, host.id, bytes(16), b"a body of what has one")
    yield messages.Fork(0, write_fork(prove_fork(branches[:1], branches[1:])))
    yield messages.Runs(0, (write_run(later[1:]),))


def not_true(scene: Scene) -> Iterator[Message]:
    """Yield what says nothing that could be believed, and asks for nothing that is here."""
    mallory = scene.mallory.key.public
    yield messages.Same(0, bytes(8))
    yield messages.Got((1, 2, INTEGER))
    yield messages.Heads(0, (messages.LogHead(RUBBISH, INTEGER, RUBBISH),))
    yield messages.Heads(0, (messages.LogHead(mallory, -1, ZERO, 0),))
    yield messages.Ids(0, mallory, (0,), (RUBBISH,))
    yield messages.Ids(0, scene.host.node.device, (INTEGER,), (RUBBISH,))
    yield messages.Tell(0, (messages.Listing("f" * 64, leaf=True, digests=bytes(512)),))
    yield messages.Walk(0, (messages.Listing("0" * 64, leaf=False, digests=bytes(128)),))
    yield messages.Want(0, (messages.From(RUBBISH, INTEGER), messages.From(mallory, INTEGER)))
    yield messages.AskIds(0, mallory, (0, 1, INTEGER))
    yield messages.Loose(0, (RUBBISH,) * 256)
    yield messages.Root(SPACES - 1, bytes(8))


def test_what_is_not_wanted_changes_nothing(play: Play) -> None:
    async def story(scene: Scene) -> None:
        before = scene.host.export()
        for said in (*not_wanted(scene), *not_true(scene)):
            await scene.tell(said)
            await scene.intruder.ask()
        assert scene.host.export() == before
        assert not scene.host.peers.store.forks(scene.host.id)
        assert not list(scene.host.peers.store.alone(scene.host.id))
        await scene.check_that_life_goes_on()

    play(story)


def test_what_is_said_a_thousand_times_is_taken_once_and_passed_on_once(play: Play) -> None:
    async def story(scene: Scene) -> None:
        run = write_run([scene.write(scene.mallory, "again")])
        for number in range(1_000):
            await scene.intruder.tell(messages.Push(0, number, (), (run,)))
            if number % 100 == 0:
                await scene.intruder.ask()
        await scene.street.until(lambda: scene.host.root == scene.friend.root)
        link = scene.friend.peers.neighbours[scene.host.key].link
        received = link.received
        for number in range(50):
            await scene.intruder.tell(messages.Push(0, number, (), (run,)))
        await scene.intruder.ask()
        await scene.street.settle()
        assert link.received == received
        await scene.check_that_life_goes_on()

    play(story)


def test_a_body_that_was_erased_is_not_taken_back(play: Play) -> None:
    async def story(scene: Scene) -> None:
        said = scene.write(scene.mallory, "a slip")
        await scene.host.take(said)
        await scene.host.say(scene.mallory, Erase(said.id.hex()))
        await scene.street.pass_time()
        assert said.salt is not None
        assert said.body is not None
        held = messages.HeldBody(0, said.id, said.salt, said.body)
        await scene.tell(held, run_of(said))
        found = scene.host.node.find_operation(scene.host.id, said.id)
        assert found is not None
        assert found.body is None
        await scene.check_that_life_goes_on()

    play(story)


def test_a_body_that_has_expired_is_not_taken_back(play: Play) -> None:
    async def story(scene: Scene) -> None:
        until = scene.street.clock.now() + HOUR
        [said] = scene.host.write(scene.mallory, Profile("for an hour"), until=until)
        await scene.host.take(said)
        await scene.street.until(scene.street.is_agreed)
        await scene.street.pass_time(HOUR)
        await scene.intruder.meet(scene.host)
        assert said.salt is not None
        assert said.body is not None
        await scene.tell(messages.HeldBody(0, said.id, said.salt, said.body))
        found = scene.host.node.find_operation(scene.host.id, said.id)
        assert found == said.without_body()

    play(story)


def test_a_body_whose_author_lied_about_its_length_spoils_no_log(play: Play) -> None:
    async def story(scene: Scene) -> None:
        key, body, salt = scene.mallory.key, b"longer than it said", bytes(16)
        head = scene.host.node.head(scene.host.id, key.public)
        time = scene.street.clock.now()
        digest = hash_body(salt, body)
        fields = (scene.host.id, key.public, head.seq + 1, time, head.id, digest, 0, 3)
        name = sha256(LAYOUT.pack(MAGIC, *fields)).digest()
        liar = Operation(name, *fields, key.sign(PURPOSE, name), None, None)
        after = scene.write(scene.mallory, "after", head=head_of(liar))
        await scene.host.take(liar, after)
        await scene.tell(messages.HeldBody(0, liar.id, salt, body))
        assert scene.host.node.find_operation(scene.host.id, liar.id) == liar
        assert scene.host.node.find_operation(scene.host.id, after.id) == after
        await scene.check_that_life_goes_on()

    play(story)


def test_bodies_that_were_left_out_on_the_way_come_with_whoever_has_them(play: Play) -> None:
    async def story(scene: Scene) -> None:
        scene.street.board.part({scene.host.key, scene.intruder.key}, {scene.friend.key})
        said = scene.write(scene.mallory, "whole")
        await scene.friend.take(said)
        await scene.tell(run_of(said.without_body()))
        assert not bodied(scene.host, said)
        run = write_run([said])
        await scene.tell(messages.Push(0, 1, (), (run,)))
        assert bodied(scene.host, said)
        other = scene.write(scene.mallory, "asked for")
        await scene.friend.take(other)
        await scene.tell(run_of(other.without_body()))
        scene.street.board.part()
        await scene.street.in_time(lambda: bodied(scene.host, other))
        await scene.check_that_life_goes_on()

    play(story)


def bodied(home: Home, said: Operation) -> bool:
    return home.node.find_operation(home.id, said.id) == said


# Forks.


def test_a_proof_is_in_the_view_though_its_bringer_is_let_go_at_once(play: Play) -> None:
    async def story(scene: Scene) -> None:
        branches = [scene.write(scene.mallory, word) for word in ("one", "other")]
        await scene.host.take(branches[0])
        proof = write_fork(prove_fork(branches[:1], branches[1:]))
        await scene.intruder.tell(messages.Fork(0, proof))
        await scene.intruder.link.send(b"garbage")
        await scene.intruder.see_the_end()
        await scene.street.until(lambda: bool(scene.friend.peers.store.forks(scene.host.id)))
        await scene.check_that_life_goes_on()

    play(story)


def test_a_proof_against_this_nodes_own_device_ends_what_it_witnesses(play: Play) -> None:
    async def story(scene: Scene) -> None:
        await scene.host.keep()
        question = await scene.host.ask()
        log = scene.host.peers.store.read_log(scene.host.id, scene.host.node.device)
        device = scene.host.node.folder.device
        other = write_operation(
            device, scene.host.id, head_of(log[-2]), b"{}", salt=bytes(16), time=log[-1].time
        )
        proof = prove_fork(log[-1:], [other])
        await scene.tell(messages.Fork(0, write_fork(proof)))
        said = scene.host.own_log()
        await scene.street.pass_time(HOUR)
        await scene.street.pass_time()
        assert scene.host.own_log() == said
        assert (await scene.host.facts(question)).state == "open"

    play(story)


# Who is believed.


def test_a_node_never_says_that_it_holds_what_is_not_in_its_logs(play: Play) -> None:
    async def story(scene: Scene) -> None:
        host = scene.host
        before, after = host.write(scene.mallory, Profile("before"), Profile("after"))
        [ahead] = host.write(scene.ben.device, host.join(scene.ben.device), ahead=HOUR)
        [right] = host.write(Person("Cal").device, host.join(Person("Cal").device))
        for number, run in enumerate(([after], [ahead], [right])):
            await scene.tell(messages.Push(0, number, (), (write_run(run),)))
        heard = await scene.intruder.ask()
        await scene.street.settle()
        heard += await scene.intruder.ask()
        got = [each.numbers for each in heard if isinstance(each, messages.Got)]
        assert got == [(2,)]
        assert host.node.find_operation(host.id, right.id) == right
        other = scene.write(scene.mallory, "instead")
        await scene.tell(messages.Push(0, 3, (), (write_run([before, after]),)))
        await scene.tell(messages.Push(0, 4, (), (write_run([other]),)))
        got = [
            each.numbers for each in await scene.intruder.ask() if isinstance(each, messages.Got)
        ]
        assert got == [(3,)]

    play(story)


def test_a_neighbour_that_lies_about_what_it_holds_counts_as_one(play: Play) -> None:
    async def story(scene: Scene) -> None:
        scene.street.board.part({scene.host.key, scene.intruder.key}, {scene.friend.key})
        said = await scene.host.say(scene.ben.device, Profile("Ben"))
        for number in range(10):
            await scene.tell(messages.Got((number,)))
        roots = [each for each in await scene.intruder.ask() if isinstance(each, messages.Root)]
        await scene.tell(*(messages.Same(0, each.digest) for each in roots))
        await scene.street.settle()
        assert scene.host.others(said) == 1 < SAFE_AT

    play(story)


def test_the_word_of_two_neighbours_is_taken_whoever_they_are(play: Play) -> None:
    """Nodes are not vouched for, so who runs two can call safe what is not: docs/THREATS.md."""

    async def story(scene: Scene) -> None:
        accomplice = Intruder(scene.street, "accomplice")
        await accomplice.meet(scene.host)
        liars = {scene.intruder.key, accomplice.key}
        scene.street.board.part({scene.host.key, *liars}, {scene.friend.key})
        said = await scene.host.say(scene.ben.device, Profile("Ben"))
        for liar in (scene.intruder, accomplice):
            await liar.tell(*(messages.Got((number,)) for number in range(10)))
            await liar.ask()
        assert scene.host.others(said) == SAFE_AT

    play(story)


# Connections.


def test_of_many_connections_of_one_peer_one_stays_and_none_is_forgotten(play: Play) -> None:
    async def story(scene: Scene) -> None:
        links = [await scene.intruder.dial(scene.host) for _ in range(6)]
        await scene.street.settle()
        await scene.check_that_life_goes_on()
        neighbours = scene.host.peers.neighbours
        assert set(neighbours) == {scene.friend.key, scene.intruder.key}
        for link in links:
            await link.close("That was that.")
        await scene.street.until(lambda: set(neighbours) == {scene.friend.key})
        assert set(scene.host.peers.exchange.peers) == {scene.friend.key}
        await scene.intruder.meet(scene.host)
        await scene.check_that_life_goes_on()

    play(story)


def be_later(scene: Scene) -> Intruder:
    """Return one with a later key than the host: of two connections that cross the host's stays."""
    names = (f"node {n}" for n in range(100))
    name = next(each for each in names if make_key(f"node {each}").public > scene.host.key)
    return Intruder(scene.street, name)


def test_who_dials_again_and_again_is_let_in_at_once_each_time(play: Play) -> None:
    async def story(scene: Scene) -> None:
        again = be_later(scene)
        for _ in range(3):  # it is killed each time, and back before its death is noticed
            await again.meet(scene.host)
        await scene.check_that_life_goes_on()

    play(story)


def test_of_two_nodes_that_dial_each_other_at_once_both_keep_the_same_connection(
    play: Play,
) -> None:
    async def story(scene: Scene) -> None:
        again = be_later(scene)
        await again.be_dialled(scene.host)
        await again.ask()
        await again.dial(scene.host)
        await again.see_the_end()
        assert scene.host.peers.neighbours[again.key].dialled

    play(story)


def test_a_node_that_was_dialled_and_killed_is_let_in_again_before_its_death_is_noticed(
    play: Play,
) -> None:
    async def story(scene: Scene) -> None:
        again = be_later(scene)
        await again.be_dialled(scene.host)
        await again.ask()
        scene.street.clock.pass_time(CROSSING)
        await again.meet(scene.host)
        assert not scene.host.peers.neighbours[again.key].dialled
        await scene.check_that_life_goes_on()

    play(story)


def test_a_peer_that_never_reads_holds_up_nobody(play: Play) -> None:
    async def story(scene: Scene) -> None:
        chance = seeded("what cannot be packed")
        for _ in range(30):
            note = Note("ab" * 32, chance.randbytes(30_000).hex())
            said = await scene.host.say(scene.ben.device, note)
        await scene.street.until(lambda: scene.friend.has(said))
        assert weigh(scene.host.peers.exchange)["exchange.peers[]._pushes._waiting"] > 10
        await scene.check_that_life_goes_on()

    play(story)


def test_between_any_two_messages_of_a_flood_others_may_speak(play: Play) -> None:
    async def story(scene: Scene) -> None:
        exchange, turns, turn = scene.host.peers.exchange, set[int](), 0
        handle = exchange.handle

        def note(event: Event, now: int, chance: random.Random) -> list[Output]:
            turns.add(turn)
            return handle(event, now, chance)

        async def others() -> None:
            nonlocal turn
            while True:
                turn += 1
                await asyncio.sleep(0)

        exchange.handle = note  # type: ignore[method-assign]
        speaking = asyncio.create_task(others())
        ask = messages.AskIds(0, scene.mallory.key.public, (0,))
        await scene.intruder.tell(*[ask] * 500)
        await scene.intruder.ask()
        speaking.cancel()
        assert len(turns) >= 500
        await scene.check_that_life_goes_on()

    play(story)


def test_who_makes_a_node_work_is_heard_again_only_after_as_long(
    play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def story(scene: Scene) -> None:
        host = scene.host
        worked = count(0, 3_600)  # what one neighbour brings costs an hour
        monkeypatch.setattr("beanjar.node.neighbour.process_time", lambda: next(worked))
        runs = [host.write(each, host.join(each)) for each in map(device_of, ("Cal", "Dan"))]
        pushes = [messages.Push(0, n, (), (write_run(run),)) for n, run in enumerate(runs)]
        await scene.tell(*pushes)
        await scene.street.settle()
        assert [host.has(run[0].id.hex()) for run in runs] == [True, False]
        await scene.friend.take(*host.write(scene.ben.device, host.join(scene.ben.device)))
        await scene.street.until(lambda: host.space.knows(scene.ben.device.key.public))

    play(story)


def device_of(name: str) -> Device:
    return Person(name).device


def test_strangers_at_the_door_keep_a_node_from_dialling_nobody(play: Play) -> None:
    async def story(scene: Scene) -> None:
        strangers = [Intruder(scene.street, f"stranger {n}") for n in range(ACTIVE)]
        for stranger in strangers:
            await stranger.meet(scene.host)
        other = await scene.street.open("c")
        await other.node.carry(scene.host.id)
        other.id = scene.host.id
        await scene.host.carry(scene.host.id, other)
        await scene.street.until(lambda: other.root == scene.host.root)
        for stranger in strangers:
            await stranger.ask()  # they are still there
        await scene.check_that_life_goes_on()

    play(story)


def test_a_flood_of_addresses_pushes_out_none_that_was_reached(play: Play) -> None:
    async def story(scene: Scene) -> None:
        home = scene.friend  # it dialled the host
        await scene.intruder.meet(home)
        keys = [make_key(f"nobody {n}") for n in range(2 * ADDRESSES_KEPT)]
        signed = [describe(key, home.id, "10.9.9.9:9", START) for key in keys]
        for start in range(0, len(signed), ADDRESSES_TOLD):
            nodes = tuple(signed[start : start + ADDRESSES_TOLD])
            await scene.intruder.tell(Cards(0, nodes))
            await scene.street.pass_time(ADDRESSES_TOLD * OVERLAY_EVERY)
        await scene.intruder.ask()
        known = home.peers.books[home.id].due(INTEGER)
        assert len(known) == ADDRESSES_KEPT
        assert known[0] == scene.host.key
        await scene.check_that_life_goes_on()

    play(story)


def test_an_answer_whose_signature_was_spoilt_on_the_way_is_mended_and_counts(play: Play) -> None:
    async def story(scene: Scene) -> None:
        host, friend, ben = scene.host, scene.friend, scene.ben.device
        await host.keep()
        question = await host.ask()
        await scene.street.until(scene.street.is_agreed)
        scene.street.board.part({host.key, scene.intruder.key}, {friend.key})
        join = friend.write(ben, friend.join(ben))
        said = (friend.prepare(ben, question, Count(5)), Profile("Ben"))
        answer, name = friend.write(ben, *said, head=head_of(join[0]))
        await friend.take(*join, answer, name)
        await scene.tell(run_of(*join, unsigned(answer), name))
        await scene.street.pass_time()
        assert host.space.closing(question).receipts(answer.id.hex()) == 0
        scene.street.board.part()
        await scene.street.in_time(lambda: host.node.find_operation(host.id, answer.id) == answer)
        await scene.street.pass_time()
        await host.close(question)
        assert (await host.look(question)).choices == {scene.ben.id: 5}
        await scene.check_that_life_goes_on()

    play(story)
