"""What only the keeper of a node may ask of it, with the token from the node's own folder."""

from hmac import compare_digest
from typing import Annotated, Any

from litestar import Response, post
from litestar.connection import ASGIConnection
from litestar.datastructures import State
from litestar.handlers import BaseRouteHandler
from litestar.params import FromPath, JSONBody
from msgspec import Meta, Struct

from beanjar.base.limits import INVITATION_HOPS
from beanjar.node.receipt import Receipt
from beanjar.ops.device import Certificate
from beanjar.space.charter import Hop
from beanjar.web.addresses import read_id
from beanjar.web.door import Call, Door, door_of
from beanjar.web.refusals import NotTheKeeper
from beanjar.web.runs import acknowledge


class Lending(Struct, frozen=True, forbid_unknown_fields=True):
    """The keeper's word that the node's device is theirs, and how they were invited."""

    certificate: Certificate
    invitation: Annotated[tuple[Hop, ...], Meta(max_length=INVITATION_HOPS)] = ()


async def check_keeper(
    connection: ASGIConnection[Any, Any, Any, State], _: BaseRouteHandler
) -> None:
    """Raise `NotTheKeeper` unless the request shows the keeper's token. A guard of routes."""
    door: Door = connection.app.state.door
    shown = connection.headers.get("authorization", "").encode()
    if not compare_digest(shown, b"Bearer " + door.node.token.encode()):
        raise NotTheKeeper(
            "Only this node's keeper may do that: show the token that is in the node's folder."
        )


@post(
    "/api/keeper/spaces/{space:str}/device",
    summary="Lend this node's device to a space, as its keeper",
    guards=[check_keeper],
)
async def lend_device(
    request: Call, space: FromPath[str], data: JSONBody[Lending]
) -> Response[Receipt]:
    """Let this node take part in a space as one of its keeper's devices."""
    node = door_of(request).node
    return acknowledge(await node.keep(read_id(space), data.certificate, data.invitation))


@post("/witness", summary="Let this node witness for the founder of a space that it carries")
async def lend_to_founder(
    request: Call, space: FromPath[str], data: JSONBody[Lending]
) -> Response[Receipt]:
    """Let this node witness in a space, for whoever founded it and nobody else.

    A page has no keeper's token, and a new space has no other node that could close a question.
    """
    node, name = door_of(request).node, read_id(space)
    founder = node.space(name).members.founding.certificate.person
    if data.certificate.person != founder:
        raise NotTheKeeper("Only who founded a space can ask this node to witness in it.")
    return acknowledge(await node.keep(name, data.certificate))


@post(
    "/api/keeper/spaces/{space:str}/offer",
    summary="Let this node offer to witness in a space, as its keeper",
    guards=[check_keeper],
)
async def offer_node(request: Call, space: FromPath[str]) -> Response[Receipt]:
    """Let this node say that it stands ready to witness."""
    return acknowledge(await door_of(request).node.offer(read_id(space)))


@post(
    "/api/keeper/spaces/{space:str}/stop",
    summary="Let this node offer to witness no more, as its keeper",
    guards=[check_keeper],
)
async def stop_node(request: Call, space: FromPath[str]) -> Response[Receipt]:
    """Let this node take its offer back, so that it is drawn no more."""
    return acknowledge(await door_of(request).node.stop_offering(read_id(space)))
