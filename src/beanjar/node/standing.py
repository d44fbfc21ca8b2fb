"""How a node stands with its neighbours: who they are, what is behind, what is safe."""

from typing import TYPE_CHECKING

from msgspec import Struct

from beanjar.base.limits import SAFE_AT

if TYPE_CHECKING:  # the terminal reads what is told here, and has no use for all of a node
    from beanjar.node.peers import Peers
    from beanjar.store import Store


class NeighbourStanding(Struct, frozen=True):
    """A neighbour: its node key (hex), where it is, bytes sent and received, shared spaces (hex).

    The bytes are those on the stream, packed. `sees` is where it says that it sees this node.
    """

    key: str
    address: str
    dialled: bool
    sent: int
    received: int
    spaces: list[str]
    sees: str = ""


class SpaceStanding(Struct, frozen=True):
    """How far a space has come here.

    `root` (hex) is equal on nodes that hold the same logs; `operations` are here, `coming` are on
    their way from neighbours, and `agreeing` neighbours hold all that is here.
    """

    space: str
    root: str
    operations: int
    coming: int
    neighbours: int
    agreeing: int


class Standing(Struct, frozen=True):
    """A node's own key (hex) and addresses, its neighbours, and the spaces it carries.

    `relays` are those that it may use; one that it has reached is among the addresses.
    """

    key: str
    addresses: list[str]
    neighbours: list[NeighbourStanding]
    spaces: list[SpaceStanding]
    relays: list[str] = []


class Holding(Struct, frozen=True):
    """How many other nodes are known to hold an operation, and whether it is safe by that.

    `here` says whether this node has it, `neighbours` how many carry the space beside this one.
    """

    others: int
    safe: bool
    here: bool = False
    neighbours: int = 0


def look_around(peers: "Peers") -> Standing:
    """Return how a node stands now."""
    known = peers.exchange.peers.keys()
    return Standing(
        key=peers.endpoint.key.hex(),
        addresses=list(peers.sightings.addresses()),
        # One that is being let go may be no peer of the exchange any more.
        neighbours=[_describe(peers, key) for key in sorted(peers.neighbours.keys() & known)],
        spaces=[look_at_space(peers, space) for space in peers.store.spaces()],
        relays=list(peers.endpoint.relays),
    )


def look_at_space(peers: "Peers", space: bytes) -> SpaceStanding:
    """Return how far a space has come."""
    exchange, last = peers.exchange, peers.store.last_arrival(space)
    return SpaceStanding(
        space=space.hex(),
        root=exchange.root(space).hex(),
        operations=exchange.operations(space),
        coming=exchange.coming(space),
        neighbours=len(exchange.sharing(space)),
        agreeing=peers.holders.count(space, b"", last) if last else 0,
    )


def look_at_operation(store: "Store", peers: "Peers | None", space: bytes, name: bytes) -> Holding:
    """Return who holds an operation; a node that has no `peers` knows of nobody else."""
    arrival = store.arrival(space, name)
    if peers is None:
        return Holding(0, safe=False, here=arrival is not None)
    others = peers.holders.count(space, name, arrival)
    neighbours = len(peers.exchange.sharing(space))
    return Holding(others, others >= SAFE_AT, here=arrival is not None, neighbours=neighbours)


def _describe(peers: "Peers", key: bytes) -> NeighbourStanding:
    neighbour, peer = peers.neighbours[key], peers.exchange.peers[key]
    return NeighbourStanding(
        key=key.hex(),
        address=neighbour.link.address,
        dialled=neighbour.dialled,
        sent=neighbour.link.sent,
        received=neighbour.link.received,
        spaces=[space.hex() for space in peer.shared],
        sees=peers.sightings.by(key),
    )
