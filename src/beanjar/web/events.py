"""One stream of server-sent events for each browser: what has changed, as it changes."""

from litestar import get
from litestar.params import FromQuery
from litestar.response.streaming import ASGIStreamingResponse
from litestar.types import ASGIApp, Receive, Scope, Send

from beanjar.web.addresses import read_id
from beanjar.web.door import Call, address_of, door_of

HEADERS = {
    "cache-control": "no-store",
    "x-accel-buffering": "no",  # else some proxies hold events back
}


@get("/api/events", summary="What changes, in one space or in all, as server-sent events")
async def follow_all(request: Call, space: FromQuery[str | None] = None) -> ASGIApp:
    """Tell a page of changes for as long as it stays open."""
    door, address = door_of(request), address_of(request)
    headers = dict(HEADERS)
    if space is not None:
        door.node.space(read_id(space))  # raises UnknownSpace
        headers["access-control-allow-origin"] = "*"  # as for all that names a space, see `safety`

    async def tell(scope: Scope, receive: Receive, send: Send) -> None:
        with door.streams.open(address, space) as stream:
            response = ASGIStreamingResponse(
                iterator=stream.tell(), headers=headers, media_type="text/event-stream"
            )
            await response(scope, receive, send)

    return tell
