"""What every address of a door works with."""

from collections.abc import Awaitable, Callable, Iterator
from ipaddress import ip_address
from typing import Any

from litestar import Request
from litestar.datastructures import State
from msgspec import Struct

from beanjar.node.node import Node
from beanjar.node.peers import Peers
from beanjar.space.members import NotFounded
from beanjar.space.space import Space
from beanjar.web.bounds import Bounds
from beanjar.web.language import Speaker
from beanjar.web.sheets import Sheets
from beanjar.web.streams import Streams

Call = Request[Any, Any, State]
FindExample = Callable[[Speaker], Awaitable[bytes]]
"""Returns the id of the node's example in the speaker's language, made where there is none yet."""


class Door(Struct, frozen=True):
    """A node, what it takes from whom, the pages that are open, and the sheets they are made of.

    `peers` are its neighbours, unless it speaks with no other nodes. What an example is made of is
    the tools', which no page knows; so who makes the door says how one is found, or that there is
    none.
    """

    node: Node
    bounds: Bounds
    streams: Streams
    sheets: Sheets
    peers: Peers | None = None
    find_example: FindExample | None = None


def door_of(request: Call) -> Door:
    """Return the door that a request came to."""
    door: Door = request.app.state.door
    return door


def address_of(request: Call) -> str:
    """Return the network address that a request came from."""
    client = request.scope["client"]
    return client[0] if client else ""


def is_near(request: Call) -> bool:
    """Say whether a request comes from the node's own machine."""
    try:
        return ip_address(address_of(request)).is_loopback
    except ValueError:
        return False


def listed(request: Call) -> Iterator[Space]:
    """Yield the spaces of which a request may be told that they are here.

    Whoever knows a space's id may read it. So nobody but this machine is told of a space that lets
    people in by invitation, or of one that has not arrived so far that this is known.
    """
    node, near = door_of(request).node, is_near(request)
    for name in node.spaces():
        space = node.space(name)
        if near or is_open(space):
            yield space


def find_name(space: Space) -> str:
    """Return what a space is called; nothing while that has not arrived."""
    try:
        return space.members.founding.name
    except NotFounded:
        return ""


def is_open(space: Space) -> bool:
    """Say whether a space is known to let in anybody."""
    try:
        return space.members.founding.charter.admission == "open"
    except NotFounded:
        return False
