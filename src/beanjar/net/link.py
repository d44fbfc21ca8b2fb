"""What a link is: one authenticated connection with one other node, on which frames travel.

`beanjar.net.iroh` makes links between machines, `beanjar.net.memory` within one event loop.
"""

from collections.abc import Sequence
from typing import Protocol

from beanjar.base.errors import BeanjarError


class LinkLost(BeanjarError):
    """A link is over, whoever ended it; nothing more can be sent or received on it."""


class CannotReach(BeanjarError):
    """No link could be made with a node."""


class NotInstalled(BeanjarError):
    """This machine lacks what is needed for connections with other nodes."""


class Link(Protocol):
    """One connection with one other node, whose key the transport has checked.

    Frames arrive whole, once each, and in the order they were sent, until the link is lost.
    """

    @property
    def peer(self) -> bytes:
        """The other node's key, 32 bytes."""
        ...

    @property
    def address(self) -> str:
        """The other node's address as far as it is known: "ip:port", or "" behind a relay."""
        ...

    @property
    def sent(self) -> int:
        """Bytes of frames that were sent, as they travel."""
        ...

    @property
    def received(self) -> int:
        """Bytes that have arrived."""
        ...

    async def send(self, frame: bytes) -> None:
        """Return once the transport has taken the frame, which may be long after: slow down.

        A frame has at most `limits.FRAME_BYTES`; raise `BadFrame` if it is longer. Raise `LinkLost`
        if the link is over. Several may send at once. To cancel a send may end the link, since half
        a frame would be of no use to the peer.
        """
        ...

    async def receive(self) -> bytes:
        """Return the next frame; raise `LinkLost` once there will be none.

        One at a time may wait here. To cancel this loses nothing.
        """
        ...

    async def close(self, reason: str) -> None:
        """End the link once what was sent has arrived, or within `limits.FAREWELL_SECONDS`.

        The peer is told the first 100 bytes of the reason. To close twice is to close once.
        """
        ...


class Endpoint(Protocol):
    """Where a node's links begin: it dials other nodes and is dialled."""

    @property
    def key(self) -> bytes:
        """The key by which others dial this node, 32 bytes."""
        ...

    @property
    def relays(self) -> tuple[str, ...]:
        """The relays that this node may use, each as "https://…", reached or not."""
        ...

    def addresses(self) -> tuple[str, ...]:
        """Return where this node can be dialled now, each as "ip:port", or "https://…" of a relay.

        A relay comes first, and only once it was reached.
        """
        ...

    async def dial(self, key: bytes, addresses: Sequence[str]) -> Link:
        """Return a link with the node of this key, found at one of the addresses.

        At most `limits.NODE_ADDRESSES` of them are tried. Raise `CannotReach` when there is no such
        link within `limits.DIAL_SECONDS`: nobody answers, somebody else does, or one of both has as
        many links as it takes.
        """
        ...

    async def accept(self) -> Link:
        """Return the next link that another node has made; raise `LinkLost` once stopped."""
        ...

    async def stop(self) -> None:
        """End all links and take no more, within `limits.STOP_SECONDS`.

        The port is free again once the links are forgotten too. To stop twice is to stop once.
        """
        ...
