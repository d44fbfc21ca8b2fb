"""What every address of a door works with."""

from typing import Any

from litestar import Request
from litestar.datastructures import State
from msgspec import Struct

from beanjar.node.node import Node
from beanjar.node.peers import Peers
from beanjar.web.bounds import Bounds
from beanjar.web.sheets import Sheets
from beanjar.web.streams import Streams

Call = Request[Any, Any, State]


class Door(Struct, frozen=True):
    """A node, what it takes from whom, the pages that are open, and the sheets they are made of.

    `peers` are its neighbours, unless it speaks with no other nodes.
    """

    node: Node
    bounds: Bounds
    streams: Streams
    sheets: Sheets
    peers: Peers | None = None


def door_of(request: Call) -> Door:
    """Return the door that a request came to."""
    door: Door = request.app.state.door
    return door


def address_of(request: Call) -> str:
    """Return the network address that a request came from."""
    client = request.scope["client"]
    return client[0] if client else ""
