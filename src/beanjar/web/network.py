"""What a node tells of others: to its keeper all, to anybody what is safe, and of what network."""

from collections.abc import Sequence
from typing import Annotated

from litestar import get, post
from litestar.params import FromPath, FromQuery, JSONBody
from litestar.status_codes import HTTP_200_OK
from msgspec import Meta, Struct
from msgspec.structs import replace

from beanjar.base.ids import Hex
from beanjar.base.limits import ADDRESSES_TOLD, ASKED_AT_ONCE
from beanjar.node.network import NetworkView, look_at_network
from beanjar.node.peers import Peers
from beanjar.node.standing import (
    Holding,
    SpaceStanding,
    Standing,
    look_around,
    look_at_operation,
    look_at_space,
)
from beanjar.space.ticket import NodeAddress
from beanjar.web.addresses import read_id
from beanjar.web.door import Call, door_of, is_near
from beanjar.web.keeper import check_keeper
from beanjar.web.refusals import NoNetwork


class Joining(Struct, frozen=True, forbid_unknown_fields=True):
    """A space to carry, and nodes that carry it."""

    space: Hex
    nodes: Annotated[tuple[NodeAddress, ...], Meta(max_length=ADDRESSES_TOLD)]


class Asked(Struct, frozen=True, forbid_unknown_fields=True):
    """Operations by their ids."""

    ids: Annotated[tuple[Hex, ...], Meta(max_length=ASKED_AT_ONCE)]


@get("/api/keeper/peers", summary="This node's neighbours, as its keeper", guards=[check_keeper])
async def read_peers(request: Call) -> Standing:
    """Return who is connected and what is behind."""
    return look_around(_peers_of(request))


@post("/api/keeper/spaces", summary="Carry a space, as the node's keeper", guards=[check_keeper])
async def carry_space(request: Call, data: JSONBody[Joining]) -> SpaceStanding:
    """Begin to fetch a space from the nodes that carry it; it goes on by itself."""
    peers, space = _peers_of(request), bytes.fromhex(data.space)
    await peers.carry(space, data.nodes)
    return look_at_space(peers, space)


@get("/standing", summary="How far the space has come on this node")
async def read_standing(request: Call, space: FromPath[str]) -> SpaceStanding:
    """Return how much is here and how much is on its way."""
    node, name = door_of(request).node, read_id(space)
    node.space(name)  # raises UnknownSpace
    return look_at_space(_peers_of(request), name)


@get("/network", summary="The network of the space, and what it withstands")
async def read_network(
    request: Call, space: FromPath[str], without: FromQuery[str] = ""
) -> NetworkView:
    """Return what is known here of who carries the space, and what is left without a node."""
    return await look(request, read_id(space), without)


@get("/operations/{id:str}/holding", summary="How many other nodes hold an operation")
async def read_holding(
    request: Call,
    space: FromPath[str],
    id: FromPath[str],  # noqa: A002 - the word of the address
) -> Holding:
    """Return whether an operation is safe: held by enough other nodes."""
    (holding,) = _look_at(request, read_id(space), [read_id(id)])
    return holding


@post(
    "/holdings",
    summary="How many other nodes hold each of some operations",
    status_code=HTTP_200_OK,
)
async def read_holdings(
    request: Call, space: FromPath[str], data: JSONBody[Asked]
) -> list[Holding]:
    """Return for each operation, in their order, whether it is safe."""
    return _look_at(request, read_id(space), [bytes.fromhex(each) for each in data.ids])


async def look(request: Call, space: bytes, without: str) -> NetworkView:
    """Return the network of a space; where nodes are is told to this one's own machine alone."""
    door = door_of(request)
    door.node.space(space)  # raises UnknownSpace
    lost = read_id(without).hex() if without else ""
    view = await look_at_network(door.node, door.peers, space, lost)
    if is_near(request):
        return view
    return replace(view, nodes=tuple(replace(each, addresses=()) for each in view.nodes))


def _look_at(request: Call, space: bytes, ids: Sequence[bytes]) -> list[Holding]:
    door = door_of(request)
    return [look_at_operation(door.node.folder.store, door.peers, space, each) for each in ids]


def _peers_of(request: Call) -> Peers:
    peers = door_of(request).peers
    if peers is None:
        raise NoNetwork(
            "This node speaks with no other nodes: it was started with --alone, or it cannot on "
            "this machine. See: beanjar doctor."
        )
    return peers
