"""How much a node keeps in memory for its neighbours, and how much it may."""

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING

from beanjar.base.limits import (
    ARRIVALS_WAITING,
    HELD_RUNS,
    LINKS,
    LOGS_ASKED,
    PUSHES_WAITING,
    REPLIES_WAITING,
    SPACES,
)
from beanjar.sync.exchange import Exchange

if TYPE_CHECKING:
    from beanjar.lab.host import Host

SAID = 4 * REPLIES_WAITING
MOST = {
    "exchange.peers": LINKS,
    "exchange.peers[]._forks": REPLIES_WAITING,
    "exchange.peers[]._got": PUSHES_WAITING,
    "exchange.peers[]._named": SPACES,
    "exchange.peers[]._pushes._unconfirmed": PUSHES_WAITING,
    "exchange.peers[]._pushes._waiting": PUSHES_WAITING,
    "exchange.peers[]._replies": REPLIES_WAITING,
    "exchange.peers[]._said": SAID,
    "exchange.peers[]._theirs": SPACES,
}
"""The longest that what an exchange keeps may be; all else is bounded by `LOGS_ASKED`.

One message may bring more than there is room for, before its sender is let go.
"""
ONE_MESSAGE = 512


def find_excess(host: "Host") -> str | None:
    """Return what a node has more of than it may, if it has."""
    for name, length in weigh(host.exchange).items():
        most = MOST.get(name, LOGS_ASKED) + ONE_MESSAGE
        if length > most:
            return f"{length} in {name}, where {most} may be"
    arriving = host.arriving()
    if arriving > LINKS * ARRIVALS_WAITING:
        return f"{arriving} messages wait to be written"
    held = host.disk.held()
    return f"{held} runs wait for their time" if held > HELD_RUNS else None


def weigh(exchange: Exchange) -> dict[str, int]:
    """Return by name how long each collection is that an exchange keeps, however deep inside."""
    found: dict[str, int] = {}
    for name, length in _collections(exchange, "exchange"):
        found[name] = max(length, found.get(name, 0))
    return found


def _collections(owner: object, name: str) -> Iterator[tuple[str, int]]:
    for part, value in vars(owner).items():
        if part not in {"_replica", "shelf"}:
            yield from _look_into(value, f"{name}.{part}")


def _look_into(value: object, name: str) -> Iterator[tuple[str, int]]:
    if isinstance(value, Mapping):
        yield name, len(value)
        for each in value.values():
            yield from _look_into(each, f"{name}[]")
    elif isinstance(value, Sequence | AbstractSet) and not isinstance(value, str | bytes):
        yield name, len(value)
    elif type(value).__module__.startswith("beanjar.sync") and hasattr(value, "__dict__"):
        yield from _collections(value, name)
