"""Those who mean harm, on real connections: what they say goes by iroh over loopback.

What else they may do is in `test_hostile.py`, on wires in memory.
"""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from hashlib import sha256

import pytest

from beanjar.base.clock import HOUR
from beanjar.base.ids import ZERO
from beanjar.base.limits import (
    ACTIVE,
    ADDRESSES_KEPT,
    ADDRESSES_TOLD,
    ARRIVALS_WAITING,
    HEADS_AT_ONCE,
    INTEGER,
    LOGS_ASKED,
    REPLIES_WAITING,
    RUNS_AT_ONCE,
    WALK,
)
from beanjar.lab.weighing import find_excess, weigh
from beanjar.net.iroh import bind
from beanjar.net.link import Endpoint, LinkLost
from beanjar.ops.log import EMPTY, head_of, write_operation
from beanjar.ops.operation import Operation
from beanjar.ops.run import write_run
from beanjar.ops.signing import SigningKey
from beanjar.space.charter import Profile
from beanjar.sync import messages
from beanjar.sync.membership import Cards, Far, Near, Newcomer, Shuffle
from beanjar.sync.messages import SHORT, From, Listing, LogHead, Message
from beanjar.testing.clock import START
from beanjar.testing.people import Person, make_key
from tests.node.intruder import Intruder
from tests.node.street import Live, Street
from tests.seeded import seeded
from tests.sync.shelf import describe

RUBBISH = sha256(b"rubbish").digest()
YEAR = 365 * 24 * HOUR


async def bind_on_loopback(key: SigningKey) -> Endpoint:
    return await bind(key.seed, "127.0.0.1:0")


class Scene:
    """Two nodes that know one another, a member who means ill, and an intruder at one of them."""

    def __init__(self, street: Street) -> None:
        self.street = street
        self.ben, self.mallory = Person("Ben"), Person("Mallory").device

    async def set(self) -> None:
        self.host, self.friend = [await self.street.open(name, bind_on_loopback) for name in "ab"]
        await self.host.found()
        await self.friend.carry(self.host.id, self.host)
        await self.host.say(self.mallory, Profile("Mallory"))
        await self.street.until(self.street.is_agreed)
        self.intruder = await self.send("intruder")

    async def send(self, name: str) -> Intruder:
        """Let an intruder come to the host."""
        endpoint = await bind(make_key(f"node {name}").seed, "127.0.0.1:0")
        intruder = Intruder(self.street, name, endpoint)
        await intruder.meet(self.host)
        return intruder

    async def tell(self, said: Sequence[Message]) -> None:
        """Let the intruder say something, and the node hear all of it."""
        await self.intruder.tell(*said)
        await self.intruder.ask()

    async def check_that_life_goes_on(self) -> None:
        """Check that the two agree at once about what is said next, and keep only so much."""
        said = [
            await self.host.say(self.ben.device, Profile("Ben")),
            await self.friend.say(Person("Cal").device, Profile("Cal")),
        ]
        await self.street.until(lambda: self.friend.has(said[0]) and self.host.has(said[1]))
        await self.street.until(self.street.is_agreed)
        assert self.host.export() == self.friend.export()
        assert find_excess(self.host.peers.exchange) is None

    def write(self, text: str, *, ahead: int = 0) -> Operation:
        return self.host.write(self.mallory, Profile(text), ahead=ahead)[0]


Story = Callable[[Scene], Awaitable[None]]
Play = Callable[[Story], None]


@pytest.fixture
def play(live: Live) -> Play:
    """Play a story with an intruder on real connections."""

    async def play_it(street: Street, story: Story) -> None:
        scene = Scene(street)
        await scene.set()
        await story(scene)
        await scene.check_that_life_goes_on()

    return lambda story: live(lambda street: play_it(street, story))


def test_who_surround_a_node_and_pass_nothing_on(play: Play) -> None:
    async def story(scene: Scene) -> None:
        await scene.friend.say(Person("Dan").device, Profile("Dan"))
        await scene.street.until(scene.street.is_agreed)
        crowd = [scene.intruder, *[await scene.send(f"of many {n}") for n in range(ACTIVE)]]
        space = scene.host.id
        cards = tuple(
            describe(make_key(f"node of many {n}"), space, "127.0.0.1:9", START)
            for n in range(ACTIVE)
        )
        for each in crowd:
            await each.tell(Near(0, "high"), Cards(0, cards), Newcomer(0, cards[0], WALK))
            await each.tell(Shuffle(0, 1, (), cards))
            await each.ask()
        overlay = scene.host.peers.exchange.overlays.of(space)
        assert scene.friend.key in overlay.active  # it has brought something
        assert len(overlay.active) <= ACTIVE

    play(story)


def test_who_promises_much_and_sends_nothing(play: Play) -> None:
    async def story(scene: Scene) -> None:
        chance = seeded("promises")
        for _ in range(LOGS_ASKED // HEADS_AT_ONCE + 2):
            keys = (chance.randbytes(32) for _ in range(HEADS_AT_ONCE))
            await scene.tell([messages.Heads(0, tuple(LogHead(k, INTEGER, RUBBISH) for k in keys))])
        mallory = LogHead(scene.mallory.key.public, 9, RUBBISH)
        await scene.tell([messages.Heads(0, (mallory,)), messages.Loose(0, (RUBBISH,))])
        asked = weigh(scene.host.peers.exchange)["exchange._fetching._counts[]"]
        assert asked == LOGS_ASKED

    play(story)


def test_who_says_the_same_hundreds_of_times(play: Play) -> None:
    async def story(scene: Scene) -> None:
        run = write_run([scene.write("again")])
        pushes = [
            messages.Push(0, n, (), (run,) * RUNS_AT_ONCE) for n in range(5 * ARRIVALS_WAITING)
        ]
        await scene.tell(pushes)
        assert len(scene.host.peers.store.read_log(scene.host.id, scene.mallory.key.public)) == 3

    play(story)


def test_who_asks_for_everything_and_reads_nothing(play: Play) -> None:
    async def story(scene: Scene) -> None:
        want = messages.Want(0, (From(scene.mallory.key.public, 0),))
        with suppress(LinkLost):
            await scene.intruder.tell(*[want] * 8 * REPLIES_WAITING)
        await scene.street.until(lambda: scene.intruder.key not in scene.host.peers.neighbours)

    play(story)


def test_who_names_heads_of_logs_that_there_are_not(play: Play) -> None:
    async def story(scene: Scene) -> None:
        chance = seeded("false heads")
        heads = (LogHead(scene.mallory.key.public, n, chance.randbytes(32)) for n in range(100))
        await scene.tell([messages.Heads(0, (each,)) for each in heads])
        await scene.tell([messages.Ids(0, scene.mallory.key.public, (0, 1), (RUBBISH, RUBBISH))])
        assert not scene.host.peers.store.forks(scene.host.id)

    play(story)


def test_who_says_in_one_space_what_was_said_in_another(play: Play) -> None:
    async def story(scene: Scene) -> None:
        elsewhere = write_operation(
            scene.mallory.key, ZERO, EMPTY, b"elsewhere", salt=bytes(16), time=1
        )
        await scene.intruder.tell(messages.Push(0, 1, (), (write_run([elsewhere]),)))
        await scene.intruder.see_the_end()
        assert not scene.host.has(elsewhere.id.hex())

    play(story)


def test_who_contradicts_itself(play: Play) -> None:
    async def story(scene: Scene) -> None:
        one, other = scene.write("one"), scene.write("other")
        assert head_of(one) != head_of(other)
        await scene.tell(
            [messages.Push(0, n, (), (write_run([each]),)) for n, each in enumerate((one, other))]
        )
        await scene.street.until(
            lambda: all(home.peers.store.forks(home.id) for home in scene.street.homes)
        )

    play(story)


def test_whose_clock_is_years_off(play: Play) -> None:
    async def story(scene: Scene) -> None:
        late = scene.write("in a year", ahead=YEAR)
        await scene.tell([messages.Push(0, 1, (), (write_run([late]),))])
        assert not scene.host.has(late.id.hex())
        past = scene.write("a year ago", ahead=-YEAR)
        await scene.tell([messages.Push(0, 2, (), (write_run([past]),))])

    play(story)


def test_who_lets_a_comparison_never_end(play: Play) -> None:
    async def story(scene: Scene) -> None:
        chance = seeded("endless walk")
        for _ in range(200):
            prefix = chance.randbytes(32).hex()[: chance.randrange(64)]
            digests = chance.randbytes(16 * SHORT)
            await scene.tell(
                [messages.Walk(0, (Listing(prefix, leaf=False, digests=digests),) * 4)]
            )

    play(story)


def test_who_names_nodes_that_are_not_there(play: Play) -> None:
    async def story(scene: Scene) -> None:
        keys = [make_key(f"nobody {n}") for n in range(ADDRESSES_KEPT + 2 * ADDRESSES_TOLD)]
        signed = [describe(key, scene.host.id, "nowhere", START) for key in keys]
        for start in range(0, len(signed), ADDRESSES_TOLD):
            await scene.tell([Cards(0, tuple(signed[start : start + ADDRESSES_TOLD]))])
        assert scene.friend.key in scene.host.peers.books[scene.host.id].nodes

    play(story)


def test_who_is_nobodys_neighbour(play: Play) -> None:
    async def story(scene: Scene) -> None:
        await scene.tell([Far(0, ()), Near(0, "high"), Far(0, ())])

    play(story)
