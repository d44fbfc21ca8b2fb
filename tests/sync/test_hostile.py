"""Whatever a peer says, a node keeps little of it, answers briefly, and agrees with honest ones."""

import random
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from hashlib import sha256

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from beanjar.base.clock import HOUR
from beanjar.base.limits import (
    ADDRESSES_KEPT,
    ADDRESSES_TOLD,
    ASK_AGAIN,
    ASK_OTHERS,
    ASKED_AT_ONCE,
    CARD_LIFE,
    COMPARE_EVERY,
    CONFIRM_WITHIN,
    HEADS_AT_ONCE,
    INTEGER,
    LISTINGS_AT_ONCE,
    LOGS_ASKED,
    NEWCOMERS_AT_ONCE,
    PUSH_BYTES_WAITING,
    PUSHES_WAITING,
    REPLIES_WAITING,
    RUN_BYTES,
    SAID_WAITING,
    SILENT_FOR,
    SPACES,
    TOLD,
    WALK,
)
from beanjar.lab.weighing import find_excess, weigh
from beanjar.ops.alone import write_alone
from beanjar.ops.errors import Refused
from beanjar.ops.fork import prove_fork
from beanjar.ops.log import head_of
from beanjar.ops.operation import Operation
from beanjar.ops.run import write_run
from beanjar.sync import events, messages
from beanjar.sync.codec import BadMessage, read_message, write_message
from beanjar.sync.membership import Cards, Newcomer, Shuffle, Shuffled
from beanjar.sync.messages import VERSION, Listing, LogHead, Message
from beanjar.sync.pages import cut_pages
from beanjar.sync.trie import Entry, Trie, place_of
from beanjar.sync.walk import digests_we_lack, heads_named, list_node
from beanjar.testing.people import make_key
from tests.ops.logs import unsigned, write_log
from tests.seeded import seeded
from tests.sync.shelf import describe
from tests.sync.stranger import Stranger
from tests.sync.test_agreeing import make_world, write
from tests.sync.world import Member

RUBBISH = sha256(b"rubbish").digest()
LISTED_BYTES = 512
"""The most that one listing may have."""
SECONDS = 1_000


class Scene:
    """Two honest nodes that know one another, and a stranger who knows their space."""

    def __init__(self, name: str) -> None:
        self.world, self.space = make_world("ab", seeded(name))
        self.host, self.friend = self.world.members
        self.ada = write(make_key("ada"), self.space, 5)
        self.host.say(self.space, *self.ada)
        self.world.connect(self.host, self.friend)
        self.world.run(1)
        self.stranger = Stranger(self.world, "stranger", self.space)
        self.stranger.meet(self.host)
        self.stranger.hear()

    def assert_agreed(self, seconds: float = 1) -> None:
        """Check that the honest two agree, also on what is said from now on."""
        self.host.say(self.space, *write(make_key("ben"), self.space, 3))
        self.world.run(seconds)
        assert self.host.root(self.space) == self.friend.root(self.space)
        assert self.host.shelf.ids_of(self.space) == self.friend.shelf.ids_of(self.space)
        assert len(self.friend.shelf.logs[self.space][make_key("ben").public]) == 3


def strangers(count: int, name: str = "device") -> list[bytes]:
    """Return device keys that nobody has heard of."""
    return [sha256(f"{name} {n}".encode()).digest() for n in range(count)]


def promise(keys: Sequence[bytes], seq: int = INTEGER) -> Iterator[Message]:
    """Yield messages that say how far these logs go."""
    for start in range(0, len(keys), HEADS_AT_ONCE):
        page = keys[start : start + HEADS_AT_ONCE]
        yield messages.Heads(0, tuple(LogHead(key, seq, RUBBISH) for key in page))


# What is no message.

RAW = msgspec.msgpack.encode


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xc1",
        b"\xdd\xff\xff\xff\xff",
        b"\x91" * 100_000,
        RAW({"tag": "ping"}),
        RAW(["nonsense"]),
        RAW(["ping"]),
        RAW(["ping", 1, 2]),
        RAW(["ping", -1]),
        RAW(["ping", INTEGER + 1]),
        RAW(["ping", 1.0]),
        RAW(["ping", 1]).replace(b"ping", b"p\xffng"),
        RAW(["walk", 0, [["\n", False, b""]]]),
        RAW(["walk", 0, [["0" * 65, False, b""]]]),
        RAW(["root", SPACES, bytes(8)]),
        RAW(["spaces", [bytes(16)] * (SPACES + 1)]),
        RAW(["heads", 0, [[RUBBISH, 0, RUBBISH]] * (HEADS_AT_ONCE + 1)]),
        RAW(["walk", 0, [["", True, b""]] * (LISTINGS_AT_ONCE + 1)]),
        RAW(["find", 0, [RUBBISH] * (ASKED_AT_ONCE + 1)]),
        RAW(["push", 0, 1, [bytes(8)] * (TOLD + 1), [b""]]),
        RAW(["cards", 0, [[RUBBISH, [], 0, [], 0, bytes(8), bytes(64)]] * (ADDRESSES_TOLD + 1)]),
        RAW(["cards", 0, [[RUBBISH, ["1.2.3.4:1\n1.2.3.5:1"], 0, [], 0, bytes(8), bytes(64)]]]),
        RAW(["cards", 0, [[RUBBISH, [""], 0, [], 0, bytes(8), bytes(64)]]]),
    ],
)
def test_what_is_no_message_is_refused_in_one_way(data: bytes) -> None:
    with pytest.raises(BadMessage):
        read_message(data)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_message_or_refused(data: bytes) -> None:
    try:
        message = read_message(data)
    except BadMessage:
        return
    assert read_message(write_message(message)) == message


# Greeting.


@pytest.mark.parametrize(
    "said",
    [
        lambda _: [messages.Ping(1)],
        lambda _: [messages.Hello(VERSION + 1, RUBBISH)],
        lambda nonce: [messages.Hello(VERSION, nonce)],
        lambda _: [messages.Hello(VERSION, RUBBISH), messages.Hello(VERSION, RUBBISH)],
    ],
    ids=["none", "another version", "our own nonce", "twice"],
)
def test_who_does_not_greet_as_a_node_does_is_let_go_once(
    said: Callable[[bytes], list[Message]],
) -> None:
    scene = Scene("greeting")
    other = Stranger(scene.world, "another", scene.space)
    scene.world.connect(scene.host, other)
    scene.world.run(0.001)
    done = other.tell_unread(scene.host, *said(other.host_nonce), messages.Ping(2))
    assert [type(each) for each in done] == [events.Drop]
    assert not scene.host.exchange.has_message(other.key)
    scene.assert_agreed()


def test_of_one_that_was_let_go_nothing_more_is_heard() -> None:
    scene = Scene("let go")
    run = write_run(write(make_key("late"), scene.space, 1))
    said = [messages.Hello(VERSION, RUBBISH), messages.Push(0, 1, (), (run,)), messages.Ping(1)]
    done = scene.stranger.tell_unread(scene.host, *said)
    assert [type(each) for each in done] == [events.Drop]


def test_spaces_by_the_thousand_are_not_kept() -> None:
    scene = Scene("thousand")
    tags = [sha256(bytes([n // 256, n % 256])).digest()[:16] for n in range(SPACES)]
    done = scene.stranger.tell_unread(scene.host, *[messages.Spaces(tuple(tags))] * 50)
    assert [type(each) for each in done] == [events.Drop]
    assert weigh(scene.host.exchange)["exchange.peers[]._names._theirs"] <= SPACES
    scene.assert_agreed()


# Spaces.


def test_of_a_space_that_a_peer_cannot_name_it_learns_nothing_whatever_it_asks() -> None:
    scene = Scene("secret")
    other = Stranger(scene.world, "another")
    other.meet(scene.host)
    [named] = [each for each in other.hear() if isinstance(each, messages.Spaces)]
    # Neither what another was told, nor what it is told itself, is a name that it may use.
    other.tell(scene.host, messages.Spaces(scene.stranger.tags(scene.space)), named)
    for number in (0, 1, 2, SPACES - 1):
        other.tell(scene.host, *ask_everything(scene, number))
    kinds = {type(each) for each in other.hear()}
    assert kinds <= {messages.Hello, messages.Spaces, messages.Ping}


def ask_everything(scene: Scene, space: int) -> list[Message]:
    """Return every question there is, about a space by its number."""
    log, name = scene.ada[0].key, scene.ada[0].id
    everything = Listing("", leaf=True, digests=b"")
    return [
        messages.Root(space, bytes(8)),
        messages.Walk(space, (everything,)),
        messages.Tell(space, (everything,)),
        messages.Heads(space, (LogHead(log, 9, RUBBISH),)),
        messages.Want(space, (messages.From(log, 0),)),
        messages.AskIds(space, log, (0, 1)),
        messages.WantFork(space, log),
        messages.Loose(space, (RUBBISH,)),
        messages.Find(space, (name,)),
        messages.WantBodies(space, (name,)),
        messages.WantChunks(space, (RUBBISH,)),
    ]


# Comparing.


def test_a_walk_that_never_ends_is_answered_step_by_step_and_nothing_piles_up() -> None:
    scene = Scene("endless")
    for name in range(200):
        scene.host.say(scene.space, *write(make_key(f"{name}"), scene.space, 1))
    chance = seeded("endless walk")
    prefixes = ["", "0", "00", "f" * 64, place_of(scene.ada[0].key)]
    for _ in range(300):
        listing = Listing(chance.choice(prefixes), chance.random() < 0.5, chance.randbytes(128))
        scene.stranger.tell(scene.host, messages.Walk(0, (listing,) * 3))
    scene.stranger.hear()
    assert not scene.host.exchange.has_message(scene.stranger.key)
    assert weigh(scene.host.exchange)["exchange.peers[]._replies"] == 0
    scene.assert_agreed()


def test_a_listing_of_rubbish_makes_nobody_search_a_whole_space() -> None:
    trie, asked = Trie(), 0

    def shorten(digest: bytes) -> bytes:
        nonlocal asked
        asked += 1
        return digest[:8]

    for key in strangers(5_000):
        trie.put(Entry(key, 0, RUBBISH))
    for prefix in ("", "7", "7a"):
        rubbish = Listing(prefix, leaf=True, digests=RUBBISH[:8])
        assert digests_we_lack(trie, rubbish, shorten) == RUBBISH[:8]
        assert not list(heads_named(trie, prefix, RUBBISH[:8], shorten))
    assert asked <= 3 * 32


def test_what_is_asked_for_and_not_here_leaves_nothing_to_be_answered() -> None:
    scene = Scene("nothing")
    for name in range(100):
        scene.host.say(scene.space, *write(make_key(f"{name}"), scene.space, 1))
    ids, keys = tuple(strangers(ASKED_AT_ONCE)), strangers(HEADS_AT_ONCE)
    trie = Trie()
    for entry in scene.host.shelf.entries(scene.space):
        trie.put(entry)
    held = [
        list_node(trie, f"{a:x}{b:x}", lambda each: scene.stranger.shorten(scene.host, each))
        for a in range(16)
        for b in range(16)
    ]
    done = scene.stranger.tell_unread(
        scene.host,
        messages.Find(0, ids),
        messages.WantBodies(0, ids),
        messages.WantChunks(0, ids),
        messages.WantFork(0, ids[0]),
        messages.Want(0, tuple(messages.From(key, 0) for key in keys)),
        messages.Want(0, (messages.From(scene.ada[0].key, INTEGER),)),
        messages.Tell(0, tuple(Listing("", leaf=True, digests=each[:8]) for each in ids)),
        messages.Walk(0, tuple(held)),
    )
    assert not done
    assert not scene.host.exchange.has_message(scene.stranger.key)


# Promises.


def test_promises_of_logs_that_are_nowhere_are_kept_in_bounds_and_forgotten() -> None:
    scene = Scene("promises")
    keys = strangers(LOGS_ASKED + 5 * HEADS_AT_ONCE)
    for said in promise(keys):
        scene.stranger.tell(scene.host, said)
    assert scene.host.exchange.coming(scene.space) == LOGS_ASKED * (INTEGER + 1)
    scene.world.run(ASK_AGAIN / SECONDS + 1)
    assert not scene.host.exchange.coming(scene.space)
    scene.assert_agreed()


def test_a_promise_takes_little_memory() -> None:
    scene = Scene("small promises")
    keys = strangers(10 * HEADS_AT_ONCE)
    tracemalloc.start()
    try:
        scene.stranger.tell_unread(scene.host, *promise(keys))
        kept, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert kept <= 256 * len(keys)


def test_a_log_is_asked_for_once_however_often_it_is_promised() -> None:
    scene = Scene("ever longer")
    for seq in range(10, 2_000):
        scene.stranger.tell(scene.host, *promise(strangers(1), seq))
    wants = [each for each in scene.stranger.hear() if isinstance(each, messages.Want)]
    assert len(wants) == 1


def test_false_promises_keep_nobody_else_from_bringing_the_logs() -> None:
    scene = Scene("false promises")
    logs = [write(make_key(f"{n}"), scene.space, 3) for n in range(50)]
    keys = [log[0].key for log in logs]
    scene.world.part([scene.friend], [scene.host])
    for log in logs:
        scene.friend.say(scene.space, *log)
    scene.stranger.tell(scene.host, *promise(keys))
    scene.world.connect(scene.host, scene.friend)
    for _ in range((ASK_AGAIN + COMPARE_EVERY) // SECONDS + 5):
        scene.stranger.tell(scene.host, messages.Ping(1), *promise(keys))
        scene.world.run(1)
    scene.assert_agreed()


def test_who_sends_a_little_of_what_it_promised_holds_up_nothing_for_long() -> None:
    scene = Scene("little by little")
    logs = [write(make_key(f"{n}"), scene.space, 40) for n in range(20)]
    scene.world.part([scene.friend], [scene.host])
    for log in logs:
        scene.friend.say(scene.space, *log)
    keys = [log[0].key for log in logs]
    scene.stranger.tell(scene.host, *promise(keys))
    scene.world.connect(scene.host, scene.friend)
    for second in range((ASK_OTHERS + COMPARE_EVERY) // SECONDS + 10):
        drop = write_run(logs[0][second // 4 : second // 4 + 1])
        scene.stranger.tell(scene.host, messages.Runs(0, (drop,)), *promise(keys))
        scene.world.run(1)
    scene.assert_agreed()


# Floods.


def floods(scene: Scene) -> dict[str, Message]:
    log, name = scene.ada[0].key, scene.ada[0].id
    return {
        "logs": messages.Want(0, (messages.From(log, 0),)),
        "operations": messages.Find(0, (name,)),
        "bodies": messages.WantBodies(0, (name,)),
        "ids": messages.AskIds(0, log, (0, 1)),
        "walks": messages.Walk(0, (Listing("", leaf=True, digests=b""),)),
        "roots": messages.Root(0, bytes(8)),
        "pings": messages.Ping(1),
        "rubbish": messages.Loose(0, tuple(strangers(ASKED_AT_ONCE))),
        "heads": messages.Heads(0, (LogHead(log, 4, RUBBISH),)),
    }


@pytest.mark.parametrize("kind", floods(Scene("kinds of floods")))
def test_who_asks_on_and_on_and_reads_nothing_is_let_go(kind: str) -> None:
    scene = Scene("flood")
    message, most = floods(scene)[kind], SAID_WAITING
    done = scene.stranger.tell_unread(scene.host, *[message] * (2 * most))
    assert [type(each) for each in done] == [events.Drop]
    assert find_excess(scene.host.exchange) is None
    scene.assert_agreed()


def heavy_floods(scene: Scene) -> dict[str, Message]:
    """Return what is cheap to say, and has much to be kept until it is answered."""
    log, name = scene.ada[0].key, scene.ada[0].id
    rubbish = RUBBISH * (LISTED_BYTES // len(RUBBISH))
    return {
        "leaves": messages.Walk(0, (Listing("", leaf=True, digests=rubbish),) * LISTINGS_AT_ONCE),
        "nodes": messages.Walk(0, (Listing("f" * 64, leaf=False, digests=b""),) * LISTINGS_AT_ONCE),
        "logs": messages.Want(0, (messages.From(log, 0),) * HEADS_AT_ONCE),
        "operations": messages.Find(0, (name,) * ASKED_AT_ONCE),
        "rubbish": messages.Loose(0, tuple(strangers(ASKED_AT_ONCE))),
    }


@pytest.mark.parametrize("kind", heavy_floods(Scene("kinds of heavy floods")))
def test_what_waits_for_one_that_reads_nothing_is_bounded_in_bytes(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    most = 512 * 1024  # as much as the limits say would take long
    monkeypatch.setattr("beanjar.sync.peer.REPLY_BYTES_WAITING", most)
    monkeypatch.setattr("beanjar.sync.peer.SAID_BYTES_WAITING", most)
    scene = Scene("heavy")
    message = heavy_floods(scene)[kind]
    flood = [message] * (5 * most // len(write_message(message)))
    tracemalloc.start()
    try:
        scene.stranger.tell_unread(scene.host, *flood)
        kept, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert kept <= (3 if kind == "rubbish" else 2) * most


def test_a_request_that_was_passed_over_is_answered_when_it_is_made_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    scene = Scene("passed over")
    want = messages.Want(0, (messages.From(scene.ada[0].key, 0),))
    monkeypatch.setattr("beanjar.sync.peer.REPLY_BYTES_WAITING", 100)
    assert not scene.stranger.tell_unread(scene.host, *[want] * 9)
    for said, answers in ((messages.Ping(1), 2), (want, 1)):
        scene.stranger.tell(scene.host, said)
        heard = [each for each in scene.stranger.hear() if isinstance(each, messages.Runs)]
        assert len(heard) == answers


def test_who_pushes_on_and_on_and_reads_nothing_is_let_go() -> None:
    scene = Scene("pushes")
    exchange, key = scene.host.exchange, scene.stranger.key
    push = messages.Push(0, 1, (), (write_run(scene.ada),))
    dropped = 0
    for number in range(2 * PUSHES_WAITING):
        exchange.handle(events.TookPush(key, number), scene.world.now, scene.world.chance)
        done = scene.stranger.tell_unread(scene.host, push)
        dropped += any(isinstance(each, events.Drop) for each in done)
    assert dropped == 1
    assert weigh(exchange)["exchange.peers[]._got"] <= 2 * PUSHES_WAITING
    scene.assert_agreed()


def test_for_one_that_never_reads_only_so_much_is_kept_to_be_pushed() -> None:
    scene = Scene("never reads")
    log = write_log([bytes(60_000)] * 16, key=make_key("large"), space=scene.space)
    exchange = scene.host.exchange
    pushed = write_run(log)
    for _ in range(50):
        took = events.Took(scene.space, log[0].key, log[-1].id, run=pushed)
        exchange.handle(took, scene.world.now, scene.world.chance)
    assert exchange.peers[scene.stranger.key].behind == {scene.space}
    waiting = 0
    while (message := exchange.next_message(scene.stranger.key)) is not None:
        waiting += len(write_message(message))
    assert len(pushed) < waiting <= PUSH_BYTES_WAITING + RUN_BYTES


def test_one_that_takes_pushes_and_confirms_none_is_left_to_compare() -> None:
    scene = Scene("confirms nothing")
    exchange, key = scene.host.exchange, scene.stranger.key
    log = write(make_key("cal"), scene.space, 2 * PUSHES_WAITING)
    taken: list[Message | None] = []
    for start in range(0, len(log), 8):
        part = log[start : start + 8]
        took = events.Took(scene.space, part[0].key, part[-1].id, run=write_run(part))
        exchange.handle(took, scene.world.now, scene.world.chance)
        taken.append(exchange.next_message(key))
    assert exchange.peers[key].behind == {scene.space}
    numbers = [each.number for each in taken if isinstance(each, messages.Push)]
    said = (messages.Got(page) for page in cut_pages(numbers, ASKED_AT_ONCE))
    assert len(scene.stranger.tell_unread(scene.host, *said)) == PUSHES_WAITING


def test_one_that_never_confirms_is_told_again_of_what_is_new_after_a_while() -> None:
    scene = Scene("is full")
    peer = scene.host.exchange.peers[scene.stranger.key]
    push_on(scene, write(make_key("cal"), scene.space, PUSHES_WAITING))
    while peer.next_message() is not None:
        pass
    news = write(make_key("dan"), scene.space, 1)
    push_on(scene, news)
    assert peer.next_message() is None
    for turn in (1, 2):
        now = scene.world.now + turn * CONFIRM_WITHIN
        peer.heard = peer.served = now
        peer.attend(now)
    push_on(scene, news)
    assert any(isinstance(each, messages.Push) for each in iter(peer.next_message, None))


def push_on(scene: Scene, log: Sequence[Operation]) -> None:
    """Let the host pass on what it has taken in at its door."""
    for start in range(0, len(log), 8):
        part = log[start : start + 8]
        took = events.Took(scene.space, part[0].key, part[-1].id, run=write_run(part))
        scene.host.exchange.handle(took, scene.world.now, scene.world.chance)


def test_one_that_says_nothing_is_let_go_in_time() -> None:
    scene = Scene("silent")
    scene.world.run(SILENT_FOR / SECONDS + 1)
    assert [each.peer for each in scene.host.dropped] == [scene.stranger.key]
    scene.assert_agreed()


# What a peer says that it holds.


def test_got_for_what_was_never_pushed_says_nothing() -> None:
    scene = Scene("got")
    assert not scene.stranger.tell_unread(scene.host, messages.Got((0, 1, INTEGER)))


def test_whoever_lies_about_what_it_holds_lies_for_itself_alone() -> None:
    scene = Scene("lies")
    scene.host.held.clear()
    run = write(make_key("cal"), scene.space, 1)
    scene.host.say(scene.space, *run)
    said = [each for each in scene.stranger.hear() if isinstance(each, messages.Push)]
    scene.stranger.tell(scene.host, *[messages.Got((each.number,)) for each in said] * 3)
    liars = [each for each in scene.host.held if each.peer == scene.stranger.key]
    assert [each.id for each in liars] == [run[0].id]
    assert {each.peer for each in scene.host.held} <= {scene.stranger.key, scene.friend.key}


def test_same_counts_only_for_the_root_that_was_said() -> None:
    scene = Scene("same")
    assert not scene.stranger.tell_unread(scene.host, messages.Same(0, bytes(8)))


def test_who_says_that_all_are_told_keeps_them_from_it_only_until_they_compare() -> None:
    scene = Scene("told")
    run = write(make_key("cal"), scene.space, 1)
    told = (scene.friend.key[:8],)
    scene.stranger.tell(scene.host, messages.Push(0, 1, told, (write_run(run),)))
    scene.world.run(0.1)
    assert scene.host.root(scene.space) != scene.friend.root(scene.space)
    for _ in range(4 * COMPARE_EVERY // SECONDS):
        scene.stranger.tell(scene.host, messages.Ping(1))
        scene.world.run(1)
    assert scene.host.root(scene.space) == scene.friend.root(scene.space)


# Forks and ids.


def test_ids_that_never_settle_anything_are_asked_for_one_by_one() -> None:
    scene = Scene("ping-pong")
    key = scene.ada[0].key
    ids = {each.seq: each.id for each in scene.ada}
    other = write(make_key("ada"), scene.space, 1, "other", head_of(write_one(scene, "odd")))
    scene.stranger.tell(scene.host, messages.Runs(0, (write_run(other),)))
    for _ in range(500):
        asked = [each for each in scene.stranger.hear() if isinstance(each, messages.AskIds)]
        assert len(asked) <= 1
        seqs = asked[0].seqs if asked else (0,)
        told = tuple(ids.get(seq, RUBBISH) for seq in seqs)
        scene.stranger.tell(scene.host, messages.Ids(0, key, seqs, told))
    assert max(weigh(scene.host.exchange).values()) <= 100
    scene.assert_agreed()


def write_one(scene: Scene, word: str) -> Operation:
    """Return what could follow Ada's log and does not."""
    return write(make_key("ada"), scene.space, 1, word, head_of(scene.ada[-1]))[0]


def test_a_node_that_has_contradicted_itself_is_told_so_by_its_neighbour() -> None:
    world, space = make_world("ab", seeded("own fork"))
    a, b = world.members
    log = write(a.device, space, 9)
    a.say(space, *log[:6], *write(a.device, space, 1, "instead", head_of(log[5])))
    b.say(space, *log)
    world.connect(a, b)
    world.run(1)
    assert [each.shelf.forks[space][a.device.public].seq for each in (a, b)] == [6, 6]
    assert a.root(space) == b.root(space)
    assert not a.vouching


def test_what_was_spoilt_on_the_way_is_not_passed_on_by_itself() -> None:
    scene = Scene("spoilt")
    spoilt, whole = write(make_key("cal"), scene.space, 2)
    scene.stranger.tell(scene.host, messages.Runs(0, (write_run([unsigned(spoilt), whole]),)))
    scene.stranger.tell(scene.host, messages.Find(0, (spoilt.id, whole.id)))
    told = [each for each in scene.stranger.hear() if isinstance(each, messages.Found)]
    assert [each.operation for each in told] == [write_alone(whole)]


def test_a_fork_reaches_one_that_does_not_read_as_a_note_and_not_as_a_proof() -> None:
    scene = Scene("forks")
    exchange = scene.host.exchange
    proof = prove_fork([write_one(scene, "left")], [write_one(scene, "right")])
    took = events.Took(scene.space, proof.key, proof.left[0].id, fork=proof)
    for _ in range(REPLIES_WAITING + 1):
        exchange.handle(took, scene.world.now, scene.world.chance)
    done = scene.stranger.tell_unread(scene.host, messages.Ping(1))
    assert [type(each) for each in done] == [events.Drop]
    assert weigh(exchange)["exchange.peers[]._said"] <= 10


# Addresses.


def test_of_addresses_only_those_that_their_nodes_signed_for_this_space_are_kept() -> None:
    scene = Scene("addresses")
    key, now = make_key("a node"), scene.world.now
    true = describe(key, scene.space, "127.0.0.1:1", now - 3)
    elsewhere = describe(key, bytes(32), "127.0.0.1:3", now - 1)
    future = describe(key, scene.space, "127.0.0.1:4", now + HOUR)
    gone = describe(make_key("gone"), scene.space, "127.0.0.1:5", now - CARD_LIFE)
    unsigned = msgspec.structs.replace(true, signature=bytes(64))
    moved = msgspec.structs.replace(true, addresses=("127.0.0.1:2",))
    younger = msgspec.structs.replace(true, time=now - 2)
    stolen = msgspec.structs.replace(true, node=make_key("another").public)
    no_key = msgspec.structs.replace(true, node=bytes(32))
    said = (unsigned, moved, younger, stolen, no_key, elsewhere, future, gone, true)
    scene.stranger.tell_unread(scene.host, Cards(0, said))
    book = scene.host.books[scene.space]
    assert book.card(true.node) == true
    assert not {stolen.node, no_key.node, gone.node} & book.nodes.keys()


@pytest.mark.parametrize("late", [HOUR, -CARD_LIFE])
@pytest.mark.parametrize("steps", [0, WALK])
def test_a_newcomer_that_is_not_of_these_days_is_neither_dialled_nor_passed_on(
    steps: int, late: int
) -> None:
    scene = Scene("newcomers")
    card = describe(make_key("nobody"), scene.space, "127.0.0.1:1", scene.world.now + late)
    assert not scene.stranger.tell_unread(scene.host, Newcomer(0, card, steps))
    scene.world.run(1)
    assert not [each for each in map(read_message, scene.world.said) if isinstance(each, Newcomer)]
    scene.assert_agreed()


def test_of_many_newcomers_few_are_dialled_at_a_time_and_the_book_need_not_hold_them() -> None:
    scene = Scene("many")
    book, now = scene.host.books[scene.space], scene.world.now
    for number in range(ADDRESSES_KEPT):
        book.note_ticket(number.to_bytes(32, "big"), ("127.0.0.1:1",), now)
        book.credit(number.to_bytes(32, "big"), now)
    names = (make_key(f"newcomer {number}") for number in range(3 * NEWCOMERS_AT_ONCE))
    cards = [describe(each, scene.space, "127.0.0.1:1", now) for each in names]
    said = [Newcomer(0, card, 0) for card in cards]
    assert scene.stranger.tell_unread(scene.host, *said) == [
        events.Dial(card.node, card.addresses) for card in cards[:NEWCOMERS_AT_ONCE]
    ]


def test_a_shuffle_that_names_more_nodes_on_its_way_than_there_may_be_ends_no_link() -> None:
    scene = Scene("shuffles")
    path = tuple(number.to_bytes(8, "big") for number in range(WALK))
    scene.stranger.tell(scene.host, Shuffle(0, WALK, path, ()))
    assert [each for each in scene.stranger.hear() if isinstance(each, Shuffled)]
    scene.assert_agreed()


# Anything at all.


class Vandal:
    """Says what honest nodes have said, whole or broken, to several nodes."""

    def __init__(
        self, stranger: Stranger, recorded: Sequence[bytes], chance: random.Random
    ) -> None:
        self._stranger = stranger
        self._recorded = recorded
        self._chance = chance

    def strike(self, host: Member) -> None:
        """Say one thing; a node that hears what no node says ends the connection."""
        world, stranger = self._stranger.world, self._stranger
        known = host.exchange.peers.get(stranger.key)
        if known is None or not known.is_greeted:
            world.part([host], [stranger])
            stranger.meet(host)
        data = self._chance.choice(self._recorded)
        if self._chance.random() < 0.7:
            data = self._break(data)
        try:
            stranger.tell(host, read_message(data))
        except (BadMessage, Refused):
            world.disconnect(host, stranger)

    def _break(self, data: bytes) -> bytes:
        if self._chance.random() < 0.2:
            place = self._chance.randrange(len(data))
            return data[:place] + self._chance.randbytes(1) + data[place + 1 :]
        parts = msgspec.msgpack.decode(data)
        place = self._chance.randrange(1, len(parts))
        parts[place] = self._twist(parts[place])
        return msgspec.msgpack.encode(parts)

    def _twist(self, part: object) -> object:
        """Return something else of the same kind."""
        chance = self._chance
        match part:
            case bool():
                return not part
            case int():
                return chance.choice([0, 1, part + 1, max(0, part - 1), INTEGER, -1])
            case bytes() if part:
                at = chance.randrange(len(part))
                return part[:at] + bytes([part[at] ^ 1 << chance.randrange(8)]) + part[at + 1 :]
            case str():
                return chance.choice([part[:-1], part + "0", part + "f" * 20, "\n"])
            case list() if part:
                at = chance.randrange(len(part))
                some = [*part[:at], self._twist(part[at]), *part[at + 1 :]]
                return chance.choice([some, part * 2, part[::-1], part[:at]])
        return part


@cache
def record() -> Sequence[bytes]:
    """Return all that honest nodes said when they came to agree about the same space."""
    chance = seeded("honest talk")
    world, space = make_world("xyz", chance)
    common = [write(make_key(f"device {n}"), space, 6) for n in range(40)]
    for place, member in enumerate(world.members):
        for log in common:
            member.say(space, *log[: chance.randrange(1, 7)])
        member.say(space, *write(make_key("forked"), space, 3, f"on {place}"))
        member.say(space, *write(make_key(f"own {place}"), space, 3))
    loose = write(make_key("loose"), space, 3)[2]
    world.members[0].shelf.apart[space][loose.id] = loose
    bodiless = write(make_key("bodiless"), space, 2)
    world.members[2].say(space, *[each.without_body() for each in bodiless])
    world.members[0].say(space, *bodiless)
    world.connect_all()
    world.run(5)
    return list(dict.fromkeys(world.said))


@settings(max_examples=max(5, settings().max_examples // 10))
@given(seed=st.integers(0, 2**32))
def test_two_honest_replicas_agree_whatever_a_vandal_says_to_them(seed: int) -> None:
    chance = seeded(f"vandal {seed}")
    world, space = make_world("ab", chance)
    honest = list(world.members)
    for place, member in enumerate(honest):
        for n in range(40):
            log = write(make_key(f"device {n}"), space, 6)
            member.say(space, *log[: 1 + (n + place) % 6])
    world.connect(*honest)
    stranger = Stranger(world, "vandal", space)
    vandal = Vandal(stranger, record(), chance)
    for _ in range(60):
        vandal.strike(chance.choice(honest))
        world.run(chance.choice([0.001, 0.01, 0.2]))
    world.part(honest, [stranger])
    world.run((ASK_OTHERS + 2 * COMPARE_EVERY) / SECONDS)
    assert honest[0].root(space) == honest[1].root(space)
    assert honest[0].shelf.ids_of(space) == honest[1].shelf.ids_of(space)
    assert all(weight <= REPLIES_WAITING for weight in weigh(honest[0].exchange).values())
