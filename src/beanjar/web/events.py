"""One stream of server-sent events for each browser: what has changed, as it changes."""

from litestar import get
from litestar.params import FromQuery
from litestar.response.streaming import ASGIStreamingResponse
from litestar.types import ASGIApp, Receive, Scope, Send

from beanjar.web.addresses import read_id
from beanjar.web.door import Call, address_of, door_of, listed
from beanjar.web.safety import AS_IT_IS

EVENTS = "text/event-stream"
HEADERS = {
    "cache-control": "no-store",
    "x-accel-buffering": "no",  # else some proxies hold events back
}


@get(
    "/api/events",
    media_type=EVENTS,
    opt=AS_IT_IS,
    summary="What changes, in some spaces, as server-sent events",
)
async def follow_spaces(request: Call, space: FromQuery[list[str] | None] = None) -> ASGIApp:
    """Tell a page of changes for as long as it stays open.

    They are those of the spaces that it names, and of all that it may be told of if it names none.
    """
    door, address = door_of(request), address_of(request)
    headers = dict(HEADERS)
    named = frozenset(read_id(each).hex() for each in space or ())
    if named:
        headers["access-control-allow-origin"] = "*"  # as for all that names a space, see `safety`

    def is_wanted(name: str) -> bool:
        if named:
            return name in named
        return any(each.id.hex() == name for each in listed(request))

    async def tell(scope: Scope, receive: Receive, send: Send) -> None:
        with door.streams.open(address, is_wanted) as stream:
            response = ASGIStreamingResponse(
                iterator=stream.tell(), headers=headers, media_type=EVENTS
            )
            await response(scope, receive, send)

    return tell
