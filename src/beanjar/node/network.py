"""What a node knows of the network of a space: who carries it, who is linked, what a loss does.

Its own neighbours it knows by connection. Of all others it knows what they sign of themselves, see
`beanjar.sync.membership.Card`, and a link of theirs counts only where both ends name it.
"""

import asyncio
from collections.abc import Iterator, Sequence
from functools import lru_cache
from random import Random
from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from beanjar.base.limits import CARD_FRESH, NETWORKS_KEPT, NODES_AT_ONCE
from beanjar.sync.messages import SHORT
from beanjar.wisdom.resilience.outlook import KindFigures, Loss, Outlook, look_over

if TYPE_CHECKING:  # the terminal reads what is told here, and has no use for all of a node
    from beanjar.node.node import Node
    from beanjar.node.peers import Peers
    from beanjar.sync.book import Known
    from beanjar.sync.membership import Card

Link = tuple[str, str]
Holds = Literal["all", "fewer", "more", "others", "unknown"]
"""What a node holds beside what is here; `others` are as many operations, but not the same."""


class NodeSeen(Struct, frozen=True):
    """A node that carries the space: its key (hex), where it is, and how far it holds the space.

    `heard` is when it last said something (ms), 0 for never. One of which was heard `lately`
    counts, unless it is `lost`: a neighbour that went, could not be dialled since, and of which
    nothing came by others either. What it holds is by its own word.
    """

    key: str
    addresses: tuple[str, ...]
    neighbour: bool
    heard: int
    lately: bool
    operations: int | None
    holds: Holds
    lost: bool = False


class Copies(Struct, frozen=True):
    """How many nodes hold the space, and how many of them all that is here; both with this one.

    `oldest` is when the one said so (ms) whose word is the oldest.
    """

    nodes: int
    whole: int
    oldest: int


class Left(Struct, frozen=True):
    """What is left once a node is taken away; of nobody there is no kind."""

    loss: Loss
    kind: KindFigures | None


class NetworkView(Struct, frozen=True):
    """The network of a space; `me` is the key (hex) of the node that tells of it, its first node.

    `copies` and the `outlook` are about the nodes of which was heard lately. `left` is what is left
    without the node that was asked about; none if that does not count.
    """

    space: str
    me: str
    operations: int | None
    nodes: tuple[NodeSeen, ...]
    links: tuple[Link, ...]
    copies: Copies
    outlook: Outlook
    left: Left | None = None


async def look_at_network(
    node: "Node", peers: "Peers | None", space: bytes, without: str = ""
) -> NetworkView:
    """Return the network of a space that is carried, and what is left of it without a node (hex).

    A node that has no `peers` knows of nobody else.
    """
    now = node.clock.now()
    me = _describe_me(node.folder.network.public, (), now)
    nodes, links = [me], []
    if peers is not None:
        sight = _Sight(peers, space, now)
        nodes, links = list(sight.nodes()), sorted(sight.links())
    counted = tuple(each.key for each in nodes if each.lately)
    lost = without if without in counted else ""
    outlook, left = await _work_out(counted, tuple(links), lost)
    return NetworkView(
        space=space.hex(),
        me=me.key,
        operations=nodes[0].operations,
        nodes=tuple(nodes),
        links=tuple(links),
        copies=_count_copies([each for each in nodes if each.lately]),
        outlook=outlook,
        left=left,
    )


class _Sight:
    """What is in sight at one moment."""

    def __init__(self, peers: "Peers", space: bytes, now: int) -> None:
        self._peers = peers
        self._now = now
        self._me = peers.endpoint.key
        self._near = {each.key: each for each in peers.exchange.sharing(space)}
        self._book = peers.exchange.overlays.of(space).book
        self._operations = peers.exchange.operations(space)
        self._root = peers.exchange.root(space)[:SHORT]
        last = peers.store.last_arrival(space)
        self._holding = peers.holders.holding(space, last) if last else set()

    def nodes(self) -> Iterator[NodeSeen]:
        """Yield this node, then those of which was heard lately, then all others."""
        addresses = tuple(self._peers.endpoint.addresses())
        yield _describe_me(self._me, addresses, self._now, self._operations)
        others = [self._see(key) for key in sorted({*self._near, *self._book.nodes} - {self._me})]
        yield from sorted(others, key=lambda each: not each.lately)

    def links(self) -> Iterator[Link]:
        """Yield the links of this node, and those that both of two others name."""
        counted = [bytes.fromhex(each.key) for each in self.nodes() if each.lately]
        named = {key[:SHORT]: key for key in counted}
        said = {
            key: {named.get(short) for short in card.neighbours}
            for key in counted
            if (card := self._book.card(key)) is not None
        }
        for key in counted:
            if key in self._near:
                yield _order(self._me, key)
            yield from (
                _order(key, other)
                for other in said.get(key, ())
                if other is not None and key < other and key in said.get(other, ())
            )

    def _see(self, key: bytes) -> NodeSeen:
        known, peer = self._book.nodes.get(key), self._near.get(key)
        card = known.card if known else None
        heard = peer.heard if peer else _when_heard(known, self._now)
        lost = peer is None and self._is_lost(key, known)
        lately = peer is not None or (self._now - heard < CARD_FRESH and not lost)
        return NodeSeen(
            key=key.hex(),
            addresses=self._find(key, known),
            neighbour=peer is not None,
            heard=heard,
            lately=lately,
            operations=card.operations if card else None,
            holds="all" if key in self._holding else self._compare(card),
            lost=lost,
        )

    def _is_lost(self, key: bytes, known: "Known | None") -> bool:
        since = self._peers.absences.since(key)
        if since is None or known is None or known.card is None:
            return since is not None
        return min(known.card.time, known.noted) <= since  # by either clock it has not spoken since

    def _find(self, key: bytes, known: "Known | None") -> tuple[str, ...]:
        neighbour = self._peers.neighbours.get(key)
        if neighbour is not None:
            return (neighbour.link.address,)
        return known.addresses if known else ()

    def _compare(self, card: "Card | None") -> Holds:
        if card is None:
            return "unknown"
        if card.root == self._root:
            return "all"
        if card.operations == self._operations:
            return "others"
        return "fewer" if card.operations < self._operations else "more"


def _describe_me(
    key: bytes, addresses: tuple[str, ...], now: int, operations: int | None = None
) -> NodeSeen:
    return NodeSeen(
        key.hex(),
        addresses,
        neighbour=False,
        heard=now,
        lately=True,
        operations=operations,
        holds="all",
    )


def _when_heard(known: "Known | None", now: int) -> int:
    """Return when a node that is no neighbour last said something, as far as is known here."""
    if known is None:
        return 0
    said = known.card.time if known.card else 0
    return max(min(said, now), known.reached)


def _order(one: bytes, other: bytes) -> Link:
    low, high = sorted((one.hex(), other.hex()))
    return low, high


def _count_copies(nodes: Sequence[NodeSeen]) -> Copies:
    whole = sum(each.holds == "all" for each in nodes)
    return Copies(len(nodes), whole, min(each.heard for each in nodes))


async def _work_out(
    nodes: tuple[str, ...], links: tuple[Link, ...], lost: str
) -> tuple[Outlook, Left | None]:
    """Return what there is to say of a network, in a thread of its own where that takes long."""
    if len(nodes) > NODES_AT_ONCE:
        return await asyncio.to_thread(_look, nodes, links, lost)
    return _look(nodes, links, lost)


def _look(
    nodes: tuple[str, ...], links: tuple[Link, ...], lost: str
) -> tuple[Outlook, Left | None]:
    outlook = _look_over(nodes, links, lost or None)
    if outlook.loss is None:
        return outlook, None
    rest = tuple(each for each in nodes if each != lost)
    kept = tuple(each for each in links if lost not in each)
    kind = _look_over(rest, kept, None).kind if rest else None
    return outlook, Left(outlook.loss, kind)


@lru_cache(NETWORKS_KEPT)
def _look_over(nodes: tuple[str, ...], links: tuple[Link, ...], lost: str | None) -> Outlook:
    """Look a network over from its first node on; the same network is told the same each time."""
    chance = Random(0)  # noqa: S311 - for a measure, not for secrets
    return look_over(nodes[0], nodes, links, chance, without=lost)
