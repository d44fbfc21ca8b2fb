"""What protects those who read here: headers on every answer, and a check of every host's name."""

from collections.abc import Collection
from functools import lru_cache
from ipaddress import ip_address

from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from beanjar.web.policy import POLICY, write_policy
from beanjar.web.reach import ANY_NAME
from beanjar.web.refusals import WrongHost

LOOPBACK = "localhost"
"""The name of a node that only its own machine reaches."""
ANY_ORIGIN = {"any_origin": True}
"""Lets pages of any other address read what a route answers. It is for routes that name a space:
whoever knows a space's id may read it, but no page may find out which spaces a node carries."""
AS_IT_IS = {"as_it_is": True}
"""Lets a route's answer go out uncompressed: bytes that get no smaller, or that must not wait.

What is compressed tells by its size whether something in it is repeated. No page repeats what a
reader is asked to keep to themselves: what only they know never leaves their browser.
"""

SECURE = [
    (b"referrer-policy", b"same-origin"),
    (b"x-content-type-options", b"nosniff"),
]
OPEN = [
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", b"retry-after"),
]
PREFLIGHT = [
    (b"access-control-allow-methods", b"GET, POST"),
    (b"access-control-allow-headers", b"content-type"),
    (b"access-control-max-age", b"86400"),
]


async def add_headers(message: Message, scope: Scope) -> None:
    """Add to an answer what browsers need to know."""
    if message["type"] != "http.response.start":
        return
    headers = [*message["headers"], *SECURE]
    if all(name != POLICY for name, _ in headers):
        headers.append((POLICY, write_policy().encode()))
    route = scope.get("route_handler")  # none where nothing is
    if "any_origin" in getattr(route, "opt", ()):
        headers += OPEN
        if scope["method"] == "OPTIONS":  # type: ignore[typeddict-item]
            headers += PREFLIGHT
    message["headers"] = headers


class HostCheck(ASGIMiddleware):
    """Lets in only requests to a name that this node goes by.

    Otherwise a page elsewhere could let its own name lead to this machine, and read as if it came
    from here. An IP address is no such name: nobody but its owner says where it leads.
    """

    def __init__(self, hosts: Collection[str]) -> None:
        """Go by IP addresses, this machine's own name and `hosts`; `*` is any name."""
        self._known = {LOOPBACK, *(host.lower() for host in hosts)}

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """Pass a request on, or raise `WrongHost`."""
        named = next((value for key, value in scope["headers"] if key == b"host"), b"")
        host = read_host(named)
        if not ({host, ANY_NAME} & self._known or is_address(host)):
            raise WrongHost(
                f"This node does not go by the name “{host}”. Whoever keeps it can start it with "
                "that name."
            )
        await next_app(scope, receive, send)


@lru_cache(maxsize=64)
def read_host(header: bytes) -> str:
    """Return the name in a Host header, without its port, in lower case."""
    host = header.decode("latin-1").lower()
    name, colon, port = host.rpartition(":")
    return (name if colon and port.isdecimal() else host).removesuffix(".")


@lru_cache(maxsize=64)
def is_address(host: str) -> bool:
    """Say whether a host as in a URL is an IP address."""
    try:
        ip_address(host.removeprefix("[").removesuffix("]"))
    except ValueError:
        return False
    return True
