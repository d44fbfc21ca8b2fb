"""What links need of whatever carries them; `beanjar.net.iroh` is one."""

from collections.abc import Sequence
from typing import Protocol


class Wire(Protocol):
    """One stream of bytes each way between two nodes that know one another's keys."""

    @property
    def address(self) -> str:
        """Where the other end is, as "ip:port", or ""."""
        ...

    async def read(self, most: int) -> bytes:
        """Return the next bytes, at least one and at most so many; raise `LinkLost` at the end."""
        ...

    async def write(self, data: bytes) -> int:
        """Return how many of the bytes were taken, once one was; raise `LinkLost` at the end."""
        ...

    async def finish(self) -> None:
        """Say that nothing more will be written; return once all of it has arrived."""
        ...

    def cut(self, reason: str) -> None:
        """End both streams at once and tell the other end why."""
        ...


class Connection(Wire, Protocol):
    """A connection with a node whose key is proven; a wire once its stream is there.

    All of it raises `LinkLost` once it is over.
    """

    @property
    def peer(self) -> bytes:
        """The other node's key, 32 bytes."""
        ...

    async def open_stream(self) -> None:
        """Open the stream; who dialled does."""
        ...

    async def take_stream(self) -> None:
        """Wait for the stream that the peer opens; who was dialled does."""
        ...

    async def meet_another(self) -> None:
        """Return when the peer opens one more stream."""
        ...


class Caller(Protocol):
    """Someone who dials, before anything has been spent on them."""

    async def host(self) -> str:
        """Return the IP address that they name, or what else is known of their way."""
        ...

    async def is_proven(self) -> bool:
        """Say whether they have proved that they receive there."""
        ...

    async def accept(self) -> Connection:
        """Let them prove their key; raise `LinkLost` if they do not."""
        ...

    async def put_off(self) -> None:
        """Have them prove where they are and come again, or refuse them if they have."""
        ...

    async def ignore(self) -> None:
        """Drop them unanswered."""
        ...


class Carrier(Protocol):
    """What makes connections."""

    @property
    def key(self) -> bytes:
        """This node's key, 32 bytes."""
        ...

    @property
    def relays(self) -> tuple[str, ...]:
        """The relays that this node may use, whether they are reached or not."""
        ...

    def addresses(self) -> tuple[str, ...]:
        """Return where this node can be dialled; see `Endpoint.addresses`."""
        ...

    async def connect(self, key: bytes, addresses: Sequence[str]) -> Connection:
        """Return a connection with the node of this key; raise `LinkLost` if there is none."""
        ...

    async def next_caller(self) -> Caller | None:
        """Return who dials next, or None once closed."""
        ...

    async def close(self) -> None:
        """End everything."""
        ...
