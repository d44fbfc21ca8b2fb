"""What programs read, as JSON and as the operations themselves."""

from litestar import Response, get
from litestar.params import FromPath
from litestar.response import Stream
from msgspec import Struct

from beanjar.ops.alone import write_alone
from beanjar.web.addresses import read_id
from beanjar.web.door import Call, door_of, listed
from beanjar.web.overview import NodeView, SpaceRecord, record_space, view_node
from beanjar.web.questions import OnRoll, Witnessed, look_at_answer, look_at_roll
from beanjar.web.refusals import NotHere
from beanjar.web.runs import BYTES
from beanjar.web.safety import AS_IT_IS


class LogHead(Struct, frozen=True):
    """Where a device's log stands: its last operation's seq (-1: none), id (hex) and time (ms)."""

    seq: int
    id: str
    time: int


@get("/api", summary="This node, where others find it, the open spaces that it carries")
async def read_node(request: Call) -> NodeView:
    """Return what this node carries, and where people and other nodes find it.

    Spaces by invitation are named to programs on its own machine only.
    """
    door = door_of(request)
    return view_node(door.node, door.peers, listed(request), request.app.state.reach)


@get("/", summary="A space: its charter, its members, the ids of its subjects")
async def read_space(request: Call, space: FromPath[str]) -> SpaceRecord:
    """Return what a program needs to take part in a space."""
    return record_space(door_of(request).node, read_id(space))


@get("/logs/{key:str}", summary="Where a device's log stands")
async def read_head(request: Call, space: FromPath[str], key: FromPath[str]) -> LogHead:
    """Return the head of a log, so that a device knows with what to go on."""
    node, name = door_of(request).node, read_id(space)
    node.space(name)  # raises UnknownSpace
    head = node.head(name, read_id(key))
    return LogHead(head.seq, head.id.hex(), head.time)


@get(
    "/operations/{id:str}",
    summary="An operation, whole, as it stands alone",
    media_type=BYTES,
    opt=AS_IT_IS,
)
async def read_operation(
    request: Call,
    space: FromPath[str],
    id: FromPath[str],  # noqa: A002 - the word of the address
) -> Response[bytes]:
    """Return header, signature, salt and body of an operation."""
    operation = door_of(request).node.find_operation(read_id(space), read_id(id))
    if operation is None:
        raise NotHere("This entry is not here. It may not have arrived yet.")
    if operation.body is None:
        raise NotHere("What this entry said is not here: it was erased, expired, or is on its way.")
    return Response(write_alone(operation))


@get("/operations/{id:str}/receipt", summary="How many witnesses have logged an answer")
async def read_receipt(
    request: Call,
    space: FromPath[str],
    id: FromPath[str],  # noqa: A002 - the word of the address
) -> Witnessed:
    """Return how many witnesses have logged an answer, and whether it is sure to count."""
    node, name = door_of(request).node, read_id(space)
    return look_at_answer(node.space(name), node.find_operation(name, read_id(id)))


@get("/questions/{id:str}/roll/{person:str}", summary="Whether a question counts a person")
async def read_roll(
    request: Call,
    space: FromPath[str],
    id: FromPath[str],  # noqa: A002 - the word of the address
    person: FromPath[str],
) -> OnRoll:
    """Return whether a person is on the roll of a question, and if not, why not."""
    here = door_of(request).node.space(read_id(space))
    return look_at_roll(here, read_id(id).hex(), read_id(person).hex())


@get("/export", summary="The whole space in one file", media_type=BYTES, opt=AS_IT_IS)
async def export_space(request: Call, space: FromPath[str]) -> Stream:
    """Send the export of a space, piece by piece."""
    pieces = door_of(request).node.export(read_id(space))
    name = f'attachment; filename="{space[:8]}.beanjar"'
    return Stream(pieces, headers={"content-disposition": name})
