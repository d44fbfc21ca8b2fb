"""The example: a space of made-up people, for who wants to see one before making one."""

from litestar import post
from litestar.status_codes import HTTP_200_OK
from msgspec import Struct

from beanjar.web.door import Call, door_of
from beanjar.web.refusals import NotHere, WrongType
from beanjar.web.writing import speaker_for

JSON = "application/json"


class Example(Struct, frozen=True):
    """A space, by its id in hex, whose people are made up."""

    space: str


@post(
    "/api/example",
    summary="This node's example: a space of made-up people, made when it is first asked for",
    status_code=HTTP_200_OK,
)
async def find_example(request: Call) -> Example:
    """Return the example in the language of the request; there is never more than one of each."""
    # A page elsewhere may send JSON only after asking, and is then told no.
    if request.content_type[0] != JSON:
        raise WrongType(f"This address takes {JSON}.")
    find = door_of(request).find_example
    if find is None:
        raise NotHere("This node has no example to show.")
    return Example((await find(speaker_for(request))).hex())
