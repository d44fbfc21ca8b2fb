"""Which spaces a node carries, and how much of its disk they may take, as its keeper says."""

from typing import Annotated

from litestar import get, post
from litestar.params import FromPath, JSONBody
from litestar.status_codes import HTTP_200_OK
from msgspec import Meta, Struct

from beanjar.base.limits import INTEGER
from beanjar.node.node import Node
from beanjar.node.quotas import Quota
from beanjar.node.standing import look_at_space
from beanjar.space.space import Space
from beanjar.web.addresses import read_id
from beanjar.web.door import Call, door_of, find_name
from beanjar.web.keeper import check_keeper
from beanjar.web.questions import entitle, questions_of
from beanjar.web.refusals import StillNeeded


class Losses(Struct, frozen=True):
    """What leaving a space loses: how many of its entries are here, and who else holds them all.

    `elsewhere` counts neighbours that said so. `witnessing` are the questions that this node
    has accepted to close and that are not settled, and `spoke` is whether it has spoken here.
    """

    space: str
    name: str
    entries: int
    elsewhere: int
    witnessing: list[str]
    spoke: bool


class Leaving(Struct, frozen=True, forbid_unknown_fields=True):
    """Whether to leave although this node is needed."""

    even_so: bool = False


class Allowing(Struct, frozen=True, forbid_unknown_fields=True):
    """How many bytes of the disk a space may take; `None` is as many as there are."""

    bytes: Annotated[int, Meta(ge=1, le=INTEGER)] | None


@get(
    "/api/keeper/spaces/{space:str}/losses",
    summary="What leaving a space would lose, for the node's keeper",
    guards=[check_keeper],
)
async def read_losses(request: Call, space: FromPath[str]) -> Losses:
    """Return what would be lost."""
    return await _find_losses(request, read_id(space))


@post(
    "/api/keeper/spaces/{space:str}/leave",
    summary="Carry a space no further and erase it here, as the node's keeper",
    guards=[check_keeper],
    status_code=HTTP_200_OK,
)
async def leave_space(request: Call, space: FromPath[str], data: JSONBody[Leaving]) -> Losses:
    """Leave a space; answer once nothing of it is on the disk, with what was lost."""
    door, name = door_of(request), read_id(space)
    losses = await _find_losses(request, name)
    if losses.witnessing and not data.even_so:
        raise StillNeeded(
            "This node has accepted to close questions in this space that are not settled: "
            f"{', '.join(losses.witnessing)}. Wait for them, or leave even so: then they have one "
            "witness less, for ever."
        )
    await door.node.leave(name)
    if door.peers is not None:
        door.peers.leave(name)
    return losses


@post(
    "/api/keeper/spaces/{space:str}/quota",
    summary="Say how much of the disk a space may take, as the node's keeper",
    guards=[check_keeper],
    status_code=HTTP_200_OK,
)
async def allow_space(request: Call, space: FromPath[str], data: JSONBody[Allowing]) -> Quota:
    """Set a space's quota; return how much of it is taken."""
    node, name = door_of(request).node, read_id(space)
    node.space(name)  # raises UnknownSpace
    await node.quotas.set(name, data.bytes, node.writing)
    return node.quotas.look_at(name)


async def _find_losses(request: Call, name: bytes) -> Losses:
    door = door_of(request)
    node, peers = door.node, door.peers
    space, heads = node.space(name), node.folder.store.heads(name)
    return Losses(
        space=name.hex(),
        name=find_name(space),
        entries=sum(head.seq + 1 for head in heads.values()),
        elsewhere=look_at_space(peers, name).agreeing if peers else 0,
        witnessing=await _find_duties(node, space),
        spoke=space.knows(node.device),
    )


async def _find_duties(node: Node, space: Space) -> list[str]:
    """Return the questions that this node has accepted, and in which it is not done."""
    found = []
    for tool, name, facts in questions_of(space):
        closing, now = space.closing(name), node.clock.now()
        is_over = facts.state == "void" or closing.is_finished() or facts.is_given_up(now)
        if not is_over and node.device.hex() in closing.accepts():
            found.append(await entitle(node, space.id, tool, name))
    return found
