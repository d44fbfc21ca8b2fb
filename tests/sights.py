"""Networks that a node believes in: cards in its address book, as others would have signed them."""

from collections.abc import Iterable
from hashlib import sha256

from beanjar.base.ids import SIZE
from beanjar.node.peers import Peers
from beanjar.sync.membership import Card
from beanjar.sync.messages import SHORT

Links = Iterable[tuple[str, str]]


def key_of(name: str) -> bytes:
    """Return the key of a node that there is not."""
    return sha256(f"the node {name}".encode()).digest()


def believe(peers: Peers, space: bytes, links: Links, now: int, *, more: int | None = None) -> None:
    """Let a node believe in others with these links between them, who hold what it holds.

    Or they hold so many operations `more`, but not the same.
    """
    root = peers.exchange.root(space) if more is None else bytes(SIZE)
    operations = peers.exchange.operations(space) + (more or 0)
    neighbours: dict[str, list[bytes]] = {}
    for one, other in links:
        neighbours.setdefault(one, []).append(key_of(other)[:SHORT])
        neighbours.setdefault(other, []).append(key_of(one)[:SHORT])
    for name, near in neighbours.items():
        card = Card(
            key_of(name),
            ("192.0.2.1:2327",),
            now,
            tuple(near),
            operations,
            root[:SHORT],
            bytes(2 * SIZE),
        )
        assert peers.exchange.overlays.of(space).book.note(card, now)


def star(size: int) -> list[tuple[str, str]]:
    """Return the links of a hub with all others."""
    return [("hub", f"leaf {number}") for number in range(1, size)]


def ring(size: int) -> list[tuple[str, str]]:
    """Return the links of a ring."""
    return [(f"ring {number}", f"ring {(number + 1) % size}") for number in range(size)]
