"""Pages of spaces as they were last made, served again for as long as they would be made the same.

What a page of a space shows hangs on what the space holds, on the time to the second, and on its
address and language. While all that is as it was, the page is as it was; so what is kept here may
be forgotten at any moment. A crowd that looks at one jar costs little more than one person does.
"""

from collections.abc import Callable
from typing import Any, NamedTuple, cast

from litestar import Request
from litestar.status_codes import HTTP_200_OK
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from beanjar.base.clock import SECOND
from beanjar.base.errors import BeanjarError
from beanjar.base.limits import PAGE_BYTES_KEPT
from beanjar.node.node import Node
from beanjar.web.addresses import read_id
from beanjar.web.site import DATA
from beanjar.web.writing import speaker_for

GZIP = "gzip"
WHOLE = 2
"""Messages of an answer that is sent in one go: its headers, and all of its body."""


class Moment(NamedTuple):
    """How many changes a space had seen at which second: on that a page of it hangs."""

    changes: int
    second: int


class Kept(NamedTuple):
    """An answer as it was sent, without what is added to every answer on its way out."""

    moment: Moment
    messages: list[Message]
    size: int


class WarmPages:
    """Keeps what routes answer whose address names a space, up to `room` bytes in all."""

    def __init__(self, node: Node, room: int = PAGE_BYTES_KEPT) -> None:
        """Begin with nothing kept."""
        self._node = node
        self._room = room
        self._kept: dict[tuple[str, ...], Kept] = {}
        self.size = 0
        """How many bytes are kept."""

    def middleware(self) -> Callable[[ASGIApp], ASGIApp]:
        """Return what lets routes answer with what is kept."""

        # A function: a route copies whatever else it is handed, and all routes share what is kept.
        def wrap(app: ASGIApp) -> ASGIApp:
            async def handle(scope: Scope, receive: Receive, send: Send) -> None:
                await self._handle(scope, receive, send, app)

            return handle

        return wrap

    async def _handle(self, scope: Scope, receive: Receive, send: Send, app: ASGIApp) -> None:
        """Answer with what was kept, or pass the request on and keep what is answered."""
        moment = self._look(scope)
        if moment is None:
            await app(scope, receive, send)
            return
        name = _name(scope)
        kept = self._kept.get(name)
        if kept is None or kept.moment != moment:
            self._keep(name, moment, await _answer(scope, receive, send, app))
            return
        for message in kept.messages:
            await send(cast("Message", {**message}))

    def _look(self, scope: Scope) -> Moment | None:
        """Return on what the page hangs now, or `None` if it is none that is kept."""
        if scope["method"] != "GET" or scope["query_string"]:  # type: ignore[typeddict-item]
            return None
        try:
            space = self._node.space(read_id(scope["path_params"]["space"].removesuffix(DATA)))
        except BeanjarError:
            return None  # the route itself says what is wrong
        return Moment(space.changes, self._node.clock.now() // SECOND)

    def _keep(self, name: tuple[str, ...], moment: Moment, messages: list[Message]) -> None:
        """Keep an answer; the oldest are forgotten where there is no room for it."""
        before = self._kept.pop(name, None)
        self.size -= before.size if before else 0
        # Whoever asks chooses how long a name is: the port of a host may have thousands of digits.
        size = sum(map(len, name)) + sum(len(_body_of(each)) for each in messages)
        if len(messages) != WHOLE or messages[0].get("status") != HTTP_200_OK:
            return
        self._kept[name] = Kept(moment, messages, size)
        self.size += size
        while self.size > self._room:
            self.size -= self._kept.pop(next(iter(self._kept))).size


def _body_of(message: Message) -> bytes:
    return cast("bytes", message.get("body", b""))


async def _answer(scope: Scope, receive: Receive, send: Send, app: ASGIApp) -> list[Message]:
    """Pass a request on, and return what was answered."""
    messages: list[Message] = []

    async def tell(message: Message) -> None:
        messages.append(cast("Message", {**message}))  # headers are yet added to the one that goes
        await send(message)

    await app(scope, receive, tell)
    return messages


def _name(scope: Scope) -> tuple[str, ...]:
    """Return what a page hangs on besides its space; a feed has the door's whole address in it.

    It is kept as it was sent: compressed for whoever reads that.
    """
    request: Request[Any, Any, Any] = Request(scope)
    host = request.headers.get("host", "")
    packed = GZIP if GZIP in request.headers.get("accept-encoding", "") else ""
    return scope["path"], speaker_for(request).language.code, scope["scheme"], host, packed
