"""What people hand in: runs of signed operations. This is the way that crowds take."""

from dataclasses import dataclass
from struct import error as StructError  # noqa: N812 - lower case in the standard library

from litestar import Response, post
from litestar.openapi.spec import (
    OpenAPIFormat,
    OpenAPIMediaType,
    OpenAPIType,
    Operation,
    RequestBody,
    Schema,
)
from litestar.params import FromPath, RawBody

from beanjar.base.limits import RUN_OPERATIONS
from beanjar.node.receipt import Receipt
from beanjar.ops.errors import Malformed
from beanjar.ops.run import CUT_OFF, START
from beanjar.web.addresses import read_id
from beanjar.web.door import Call, address_of, door_of
from beanjar.web.refusals import WrongType

BYTES = "application/octet-stream"


@dataclass
class TakesBytes(Operation):
    """Says in the OpenAPI description that the body is bytes."""

    def __post_init__(self) -> None:
        """Describe the body."""
        schema = Schema(type=OpenAPIType.STRING, format=OpenAPIFormat.BINARY)
        self.request_body = RequestBody({BYTES: OpenAPIMediaType(schema)}, required=True)


@post("/api/spaces", summary="Found a space: a run that begins with it", operation_class=TakesBytes)
async def found_space(request: Call, body: RawBody) -> Response[Receipt]:
    """Take the run that founds a space."""
    # A page elsewhere may send bytes of this type only after asking, and is then told no.
    if request.content_type[0] != BYTES:
        raise WrongType(f"This address takes a run, as {BYTES}.")
    door = door_of(request)
    key, operations = read_claim(body)
    door.bounds.admit(address_of(request), key, operations)
    receipt = await door.node.found(body)
    door.bounds.count(key, operations)
    return acknowledge(receipt)


@post("/runs", summary="Hand in a run of operations", operation_class=TakesBytes)
async def hand_in(request: Call, space: FromPath[str], body: RawBody) -> Response[Receipt]:
    """Take a run of a space; answer once it is on disk."""
    door = door_of(request)
    key, operations = read_claim(body)
    door.bounds.admit(address_of(request), key, operations)
    receipt = await door.node.submit(read_id(space), body)
    door.bounds.count(key, operations)
    return acknowledge(receipt)


def acknowledge(receipt: Receipt) -> Response[Receipt]:
    """Answer that a run is on disk: 201, or 202 while it waits for its time."""
    return Response(receipt, status_code=201 if receipt.held_until is None else 202)


def read_claim(run: bytes) -> tuple[bytes, int]:
    """Return the device key (32 bytes) that a run claims, and how many operations it has.

    Nothing is checked, so the number is brought within what a run may have.
    """
    try:
        _, key, _, _, _, count = START.unpack_from(run)
    except StructError:
        raise Malformed(CUT_OFF) from None
    return key, min(max(count, 1), RUN_OPERATIONS)
