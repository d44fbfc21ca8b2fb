"""How much a node keeps in memory for its neighbours, and how much it may."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet

from beanjar.base.limits import (
    ACTIVE,
    ADDRESSES_KEPT,
    ADDRESSES_TOLD,
    ARRIVALS_WAITING,
    HEADS_AT_ONCE,
    HELD_RUNS,
    LINKS,
    LOGS_ASKED,
    MESSAGE_BYTES,
    NEWCOMERS_AT_ONCE,
    OWN_CHOICE,
    PASSIVE,
    PUSHES_WAITING,
    REPLIES_WAITING,
    REPLY_BYTES_WAITING,
    SAID_BYTES_WAITING,
    SPACES,
)
from beanjar.sync.exchange import Exchange
from beanjar.sync.packed import Waiting

ONE_MESSAGE = HEADS_AT_ONCE + 1
"""What one message may make a node say at most, before its sender is let go."""
ASKED = ACTIVE + OWN_CHOICE + NEWCOMERS_AT_ONCE + 1
"""Nodes that one asks in a space at a time: to fill its places, to go back to those who brought
something, because others say that they have come, and to find a network that it has lost."""
ARRIVING = "arriving of one peer"
HELD = "runs that wait for their time"
MOST = {
    "exchange.peers": LINKS,
    "exchange.peers[].far": SPACES,
    "exchange.peers[].behind": SPACES,
    "exchange.peers[].roots": SPACES,
    "exchange.peers[].lazy.spaces": SPACES,
    "exchange.peers[].lazy._waiting": SPACES,
    "exchange.peers[].lazy._waiting[]": HEADS_AT_ONCE + 1,
    "exchange.peers[]._names._named": SPACES,
    "exchange.peers[]._names._theirs": SPACES,
    "exchange.peers[]._names._tags": SPACES,
    "exchange.peers[]._forks": REPLIES_WAITING + ONE_MESSAGE,
    "exchange.peers[]._got": PUSHES_WAITING + ONE_MESSAGE,
    "exchange.peers[]._said": 4 * REPLIES_WAITING + ONE_MESSAGE,
    "exchange.peers[]._said in bytes": SAID_BYTES_WAITING + MESSAGE_BYTES,
    "exchange.peers[]._replies": REPLIES_WAITING + ONE_MESSAGE,
    "exchange.peers[]._replies in bytes": REPLY_BYTES_WAITING,
    "exchange.peers[]._pushes._unconfirmed": PUSHES_WAITING,
    "exchange.peers[]._pushes._waiting": PUSHES_WAITING,
    "exchange._fetching._asked": SPACES,
    "exchange._fetching._asked[]": LINKS * LOGS_ASKED,
    "exchange._fetching._counts": LINKS,
    "exchange._fetching._counts[]": LOGS_ASKED,
    "exchange._fetching._until": LINKS,
    "exchange._fetching._doubted": LINKS,
    "exchange.overlays.books[].nodes": ADDRESSES_KEPT,
    "exchange.overlays.books[].in_mind": PASSIVE,
    "exchange.overlays._overlays[].active": ACTIVE + 1,
    "exchange.overlays._overlays[].passive._told": ADDRESSES_TOLD,
    "exchange.overlays._overlays[]._asked._open": ASKED,
    "exchange.overlays._portraits[]._news": ADDRESSES_KEPT,
    "exchange.overlays._dialling": 8 * ASKED,
    ARRIVING: ARRIVALS_WAITING,
    HELD: HELD_RUNS,
}
"""The longest that each collection may be that a peer can fill. A number that is counted for each
key of a collection stands under its name too, as do all collections that are in one, with `[]`."""
OTHERS = SPACES
"""The longest that any other may be: what they hold, no peer has a part in."""


def find_excess(exchange: Exchange, beside: Mapping[str, int] | None = None) -> str | None:
    """Return what a node has more of than it may, if it has; `beside` its exchange, by name."""
    for name, length in {**weigh(exchange), **(beside or {})}.items():
        most = MOST.get(name, OTHERS)
        if length > most:
            return f"{length} in {name}, where {most} may be"
    return None


def weigh(exchange: Exchange) -> dict[str, int]:
    """Return by name how long each collection is that an exchange keeps, however deep inside.

    What is kept at several places has the name of the first.
    """
    found: dict[str, int] = {}
    for name, length in _collections(exchange, "exchange", {id(exchange)}):
        found[name] = max(length, found.get(name, 0))
    return found


Lengths = Iterator[tuple[str, int]]


def _collections(owner: object, name: str, seen: set[int]) -> Lengths:
    for part, value in vars(owner).items():
        if part not in {"_replica", "shelf"} and id(value) not in seen:
            yield from _look_into(value, f"{name}.{part}", seen)


def _look_into(value: object, name: str, seen: set[int]) -> Lengths:
    seen.add(id(value))
    if isinstance(value, Mapping):
        yield name, len(value)
        if isinstance(value, Counter):
            yield f"{name}[]", max(value.values(), default=0)
        for each in value.values():
            yield from _look_into(each, f"{name}[]", seen)
    elif isinstance(value, Sequence | AbstractSet) and not isinstance(value, str | bytes):
        yield name, len(value)
        if isinstance(value, Waiting):
            yield f"{name} in bytes", value.size
    elif type(value).__module__.startswith("beanjar.sync") and hasattr(value, "__dict__"):
        yield from _collections(value, name, seen)
