"""What nodes say to one another, each message one MessagePack array that begins with its tag.

Bytes that come from outside are bounded before memory is spent on them: a frame by the link, and
every list here by the limits in `beanjar.base.limits`.
"""

from typing import Annotated

from msgspec import Meta, Struct

from beanjar.base.ids import SIZE
from beanjar.base.limits import (
    ADDRESS_CHARACTERS,
    ALONE_BYTES,
    ASKED_AT_ONCE,
    BODY_BYTES,
    CHUNK_BYTES,
    HEADS_AT_ONCE,
    INTEGER,
    LISTINGS_AT_ONCE,
    PROOF_BYTES,
    RUN_BYTES,
    RUNS_AT_ONCE,
    SPACES,
    TOLD,
)

VERSION = 2
"""The version of this protocol. A peer of another version is let go with a sentence."""
SHORT = 8
"""Bytes of a salted digest in a listing."""

Name = Annotated[bytes, Meta(min_length=SIZE, max_length=SIZE)]
Tag = Annotated[bytes, Meta(min_length=16, max_length=16)]
Short = Annotated[bytes, Meta(min_length=SHORT, max_length=SHORT)]
Number = Annotated[int, Meta(ge=0, le=INTEGER)]
Place = Annotated[int, Meta(ge=-1, le=INTEGER)]
Prefix = Annotated[str, Meta(max_length=2 * SIZE, pattern=r"\A[0-9a-f]*\Z")]
Names = Annotated[tuple[Name, ...], Meta(min_length=1, max_length=ASKED_AT_ONCE)]
Run = Annotated[bytes, Meta(max_length=RUN_BYTES)]


class Message(Struct, frozen=True, array_like=True, forbid_unknown_fields=True, gc=False):
    """What one node says to another."""


class About(Message, frozen=True):
    """A message about one space: its place, from 0, among those that the sender has named."""

    space: Annotated[int, Meta(ge=0, lt=SPACES)]


class Hello(Message, frozen=True, tag="hello"):
    """The first message each way. The nonce is chosen by chance for this connection."""

    version: Number
    nonce: Name


class Seen(Message, frozen=True, tag="seen"):
    """Tells the receiver at which "ip:port" the sender sees it."""

    address: Annotated[str, Meta(max_length=ADDRESS_CHARACTERS)]


class Spaces(Message, frozen=True, tag="spaces"):
    """Names further spaces that the sender carries, see `beanjar.sync.secrecy.name_space`."""

    tags: Annotated[tuple[Tag, ...], Meta(max_length=SPACES)]


class Root(About, frozen=True, tag="root"):
    """The salted digest of the sender's whole trie: asks for a comparison."""

    digest: Short


class Same(About, frozen=True, tag="same"):
    """The receiver's root, as it just said it, is the sender's too."""

    digest: Short


class Listing(Struct, frozen=True, array_like=True, forbid_unknown_fields=True, gc=False):
    """What a trie holds at a prefix: 16 salted digests of children, or those of its entries."""

    prefix: Prefix
    leaf: bool
    digests: Annotated[bytes, Meta(max_length=SHORT * 64)]


class Walk(About, frozen=True, tag="walk"):
    """Listings of the sender's trie, to be compared with the receiver's."""

    listings: Annotated[tuple[Listing, ...], Meta(min_length=1, max_length=LISTINGS_AT_ONCE)]


class LogHead(Struct, frozen=True, array_like=True, forbid_unknown_fields=True, gc=False):
    """How far the sender holds a log, see `beanjar.sync.trie.Entry`."""

    key: Name
    seq: Place
    id: Name
    fork: Place = -1


class Heads(About, frozen=True, tag="heads"):
    """Logs of which the receiver holds something else, as the sender holds them."""

    heads: Annotated[tuple[LogHead, ...], Meta(min_length=1, max_length=HEADS_AT_ONCE)]


class Tell(About, frozen=True, tag="tell"):
    """Asks for the heads at these prefixes that have these salted digests."""

    listings: Annotated[tuple[Listing, ...], Meta(min_length=1, max_length=LISTINGS_AT_ONCE)]


class From(Struct, frozen=True, array_like=True, forbid_unknown_fields=True, gc=False):
    """A log from a seq on."""

    key: Name
    seq: Number


class Want(About, frozen=True, tag="want"):
    """Asks for logs from where the sender's copies end."""

    logs: Annotated[tuple[From, ...], Meta(min_length=1, max_length=HEADS_AT_ONCE)]


class Runs(About, frozen=True, tag="runs"):
    """Runs that were asked for."""

    runs: Annotated[tuple[Run, ...], Meta(min_length=1, max_length=RUNS_AT_ONCE)]


class Push(About, frozen=True, tag="push"):
    """Runs that are new here. `number` counts the pushes on this connection.

    `told` are the nodes, by the beginnings of their keys, that are told already.
    """

    number: Number
    told: Annotated[tuple[Short, ...], Meta(max_length=TOLD)]
    runs: Annotated[tuple[Run, ...], Meta(min_length=1, max_length=RUNS_AT_ONCE)]


class Got(Message, frozen=True, tag="got"):
    """The pushes with these numbers are on the sender's disk."""

    numbers: Annotated[tuple[Number, ...], Meta(min_length=1, max_length=ASKED_AT_ONCE)]


class Lazy(About, frozen=True, tag="lazy"):
    """What was pushed was here already: from now on new operations shall be announced only."""


class AskIds(About, frozen=True, tag="ask-ids"):
    """Asks which operations the receiver holds at these places of a log."""

    key: Name
    seqs: Annotated[tuple[Number, ...], Meta(min_length=1, max_length=16)]


class Ids(About, frozen=True, tag="ids"):
    """The ids at the places that were asked for, in that order; only those that are held."""

    key: Name
    seqs: Annotated[tuple[Number, ...], Meta(max_length=16)]
    ids: Annotated[tuple[Name, ...], Meta(max_length=16)]


class WantFork(About, frozen=True, tag="want-fork"):
    """Asks for the proof that a log is forked."""

    key: Name


class Fork(About, frozen=True, tag="fork"):
    """The proof that a log is forked, see `beanjar.ops.fork`."""

    proof: Annotated[bytes, Meta(max_length=PROOF_BYTES)]


class Loose(About, frozen=True, tag="loose"):
    """All that the sender holds past forks that an unsettled question may need, by id."""

    ids: Annotated[tuple[Name, ...], Meta(max_length=ASKED_AT_ONCE)]


class Find(About, frozen=True, tag="find"):
    """Asks for operations by id, each whole."""

    ids: Names


class Found(About, frozen=True, tag="found"):
    """An operation that was asked for, see `beanjar.ops.alone`."""

    operation: Annotated[bytes, Meta(max_length=ALONE_BYTES)]


class WantBodies(About, frozen=True, tag="want-bodies"):
    """Asks for the bodies of operations whose headers the sender holds."""

    ids: Names


class HeldBody(About, frozen=True, tag="body"):
    """The salt and body of an operation."""

    id: Name
    salt: Tag
    body: Annotated[bytes, Meta(max_length=BODY_BYTES)]


class WantChunks(About, frozen=True, tag="want-chunks"):
    """Asks for chunks of files by their SHA-256."""

    hashes: Names


class Chunk(About, frozen=True, tag="chunk"):
    """A chunk of a file that was asked for."""

    content: Annotated[bytes, Meta(min_length=1, max_length=CHUNK_BYTES)]


class Ping(Message, frozen=True, tag="ping"):
    """Asks for a sign of life."""

    number: Number


class Pong(Message, frozen=True, tag="pong"):
    """The answer to a ping."""

    number: Number
