"""Files that operations name, handed in and out in their own addresses."""

from litestar import Response, get, post
from litestar.params import FromPath, RawBody
from litestar.status_codes import HTTP_202_ACCEPTED
from msgspec import Struct

from beanjar.web.addresses import read_id
from beanjar.web.door import Call, address_of, door_of
from beanjar.web.refusals import NotHere
from beanjar.web.runs import BYTES, TakesBytes
from beanjar.web.safety import AS_IT_IS

AS_A_FILE = {
    "content-disposition": "attachment",
    "content-security-policy": "sandbox; default-src 'none'",
}
"""Whoever wrote a file chose its bytes: no browser is to run them as a page of this door."""


class KeptChunk(Struct, frozen=True):
    """The SHA-256 (hex) of a chunk that is on this node's disk."""

    chunk: str


class Coming(Struct, frozen=True):
    """How many chunks of a file are still to come."""

    coming: int


@post("/chunks", summary="Hand in a chunk of a file that is named", operation_class=TakesBytes)
async def hand_in_chunk(request: Call, space: FromPath[str], body: RawBody) -> KeptChunk:
    """Keep a chunk; answer once it is on disk."""
    door, name = door_of(request), read_id(space)
    door.node.space(name)  # raises UnknownSpace
    door.node.quotas.check(name)
    door.bounds.admit(address_of(request), b"", 1)  # no device hands it in
    return KeptChunk(await door.node.files.keep(name, body))


@get(
    "/operations/{id:str}/files/{place:int}",
    summary="A file that an operation names",
    opt=AS_IT_IS,
)
async def read_file(
    request: Call,
    space: FromPath[str],
    id: FromPath[str],  # noqa: A002 - the word of the address
    place: FromPath[int],
) -> Response[bytes] | Response[Coming]:
    """Return a file, or 202 while parts of it are still to come: ask again then."""
    node, name = door_of(request).node, read_id(space)
    said = node.find_statement(name, read_id(id))
    if said is None:
        raise NotHere("What names this file is not here, or not any more.")
    fetched = await node.files.fetch(name, said, place)
    if fetched.content is None:
        return Response(Coming(fetched.coming), status_code=HTTP_202_ACCEPTED)
    return Response(fetched.content, headers=AS_A_FILE, media_type=BYTES)
