"""Vectors of what nodes say to one another."""

from hashlib import sha256
from typing import Any

from beanjar.base.ids import ZERO
from beanjar.ops.alone import write_alone
from beanjar.ops.fork import prove_fork, write_fork
from beanjar.ops.run import write_run
from beanjar.sync import messages
from beanjar.sync.codec import write_message
from beanjar.sync.membership import Card, Cards, Far, Near, Newcomer, Shuffle, Shuffled
from beanjar.sync.messages import From, Listing, LogHead, Message
from beanjar.sync.secrecy import mix_salt, name_space, shorten, sign_card
from beanjar.sync.trie import Entry, Trie
from beanjar.sync.walk import list_node
from beanjar.testing.clock import START
from beanjar.testing.people import make_key
from tests.wire.record_ops import KEY, LOG, SPACE, write

Row = dict[str, Any]

NODE, OTHER = make_key("a node"), make_key("another node")
NONCE, OTHER_NONCE = sha256(b"a nonce").digest(), sha256(b"another nonce").digest()
SALT = mix_salt(NONCE, OTHER_NONCE)
CARD = sign_card(
    NODE,
    SPACE,
    Card(
        NODE.public,
        ("192.0.2.1:2327", "[2001:db8::1]:2327"),
        START,
        (OTHER.public[:8],),
        7,
        sha256(b"a root").digest()[:8],
        b"",
    ),
)
FORK = prove_fork(LOG[:1], write(b"something else"))


def make_entries() -> list[Entry]:
    """Return entries of sixty logs: enough that the root is no leaf."""
    keys = [sha256(b"log %d" % n).digest() for n in range(60)]
    entries = [Entry(key, n, sha256(key).digest()) for n, key in enumerate(keys)]
    return [*entries[:-2], Entry(keys[-2], 4, entries[-2].id, 5), Entry(keys[-1], -1, ZERO, 0)]


def say_all() -> dict[str, Message]:
    """Return a message of every kind, by its tag."""
    listing = Listing("a7", leaf=True, digests=bytes(range(16)))
    said: list[Message] = [
        messages.Hello(messages.VERSION, NONCE),
        messages.Seen("192.0.2.1:2327"),
        messages.Spaces((name_space(SPACE, NODE.public, NONCE, OTHER_NONCE),)),
        messages.Root(0, bytes(8)),
        messages.Same(0, bytes(8)),
        messages.Walk(0, (Listing("", leaf=False, digests=bytes(128)), listing)),
        messages.Tell(0, (listing,)),
        messages.Heads(1, (LogHead(KEY.public, 1, LOG[1].id), LogHead(KEY.public, -1, ZERO, 0))),
        messages.Want(1, (From(KEY.public, 2),)),
        messages.Runs(0, (write_run(LOG),)),
        messages.Lazy(0),
        messages.Push(0, 1, (NODE.public[:8],), (write_run(LOG[:1]),)),
        messages.Got((1, 2, 300)),
        messages.AskIds(0, KEY.public, (0, 1, 2)),
        messages.Ids(0, KEY.public, (0, 1), (LOG[0].id, LOG[1].id)),
        messages.WantFork(0, KEY.public),
        messages.Fork(0, write_fork(FORK)),
        messages.Loose(0, (LOG[0].id,)),
        messages.Find(0, (LOG[0].id,)),
        messages.Found(0, write_alone(LOG[0])),
        messages.WantBodies(0, (LOG[0].id,)),
        messages.HeldBody(0, LOG[0].id, LOG[0].salt or b"", LOG[0].body or b""),
        messages.WantChunks(0, (sha256(b"a chunk").digest(),)),
        messages.Chunk(0, b"a chunk"),
        Cards(0, (CARD,)),
        Near(0, "join"),
        Far(0, ()),
        Newcomer(0, CARD, 6),
        Shuffle(0, 5, (OTHER.public[:8],), (CARD,)),
        Shuffled(0, (), (CARD,)),
        messages.Ping(7),
        messages.Pong(7),
    ]
    return {str(each.__struct_config__.tag): each for each in said}


def record_messages() -> Row:
    """Record every message as bytes, and bytes that are none."""
    good = {tag: write_message(message).hex() for tag, message in say_all().items()}
    hello = write_message(messages.Hello(1, NONCE))
    bad = {
        "nothing": b"",
        "no array": b"\x01",
        "an unknown tag": hello.replace(b"hello", b"hallo"),
        "cut off": hello[:-1],
        "something after it": hello + b"\0",
        "a nonce too short": write_message(messages.Hello(1, NONCE[:-1])),
        "a field too many": b"\x94" + hello[1:] + b"\0",
        "a field too few": b"\x92" + hello[1:-34],
        "a number below zero": write_message(messages.Ping(-1)),
        "a number too large": write_message(messages.Ping(2**53)),
        "too many tags": write_message(messages.Spaces((bytes(16),) * 1025)),
        "a prefix that is none": write_message(
            messages.Walk(0, (Listing("A7", leaf=True, digests=b""),))
        ),
        "a space that nobody can have named": write_message(messages.Root(1024, bytes(8))),
    }
    return {"good": good, "bad": {name: data.hex() for name, data in bad.items()}}


def record_comparing() -> Row:
    """Record names of spaces, shorts, a trie and its listings, a signed card."""
    trie, entries = Trie(), make_entries()
    for entry in entries:
        trie.put(entry)
    listings = [
        list_node(trie, prefix, lambda digest: shorten(SALT, digest)) for prefix in ("", "0", "f")
    ]
    return {
        "space": SPACE.hex(),
        "node": NODE.public.hex(),
        "nonces": [NONCE.hex(), OTHER_NONCE.hex()],
        "tag": name_space(SPACE, NODE.public, NONCE, OTHER_NONCE).hex(),
        "salt": SALT.hex(),
        "entries": [
            {"key": each.key.hex(), "seq": each.seq, "id": each.id.hex(), "fork": each.fork}
            for each in entries
        ],
        "root": trie.digest().hex(),
        "short of the root": shorten(SALT, trie.digest()).hex(),
        "listings": [
            {"prefix": each.prefix, "leaf": each.leaf, "digests": each.digests.hex()}
            for each in listings
        ],
        "card": {
            "secret": NODE.seed.hex(),
            "addresses": list(CARD.addresses),
            "time": CARD.time,
            "neighbours": [each.hex() for each in CARD.neighbours],
            "operations": CARD.operations,
            "root": CARD.root.hex(),
            "signature": CARD.signature.hex(),
        },
    }
