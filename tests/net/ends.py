"""Two ends of a link, over whatever carries it."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import NamedTuple, Protocol

from beanjar.net.endpoint import CarrierEndpoint, Patience
from beanjar.net.iroh import bind
from beanjar.net.link import Link
from beanjar.net.memory import Switchboard
from beanjar.ops.signing import SigningKey


class Net(Protocol):
    """Makes endpoints that reach one another."""

    async def endpoint(self, number: int, patience: Patience | None = None) -> CarrierEndpoint:
        """The endpoint whose secret is this number."""
        ...


class MemoryNet:
    def __init__(self) -> None:
        self.board = Switchboard()

    async def endpoint(self, number: int, patience: Patience | None = None) -> CarrierEndpoint:
        return self.board.endpoint(key(number), patience)


class IrohNet:
    def __init__(self, host: str = "127.0.0.1") -> None:
        self.host = host

    async def endpoint(self, number: int, patience: Patience | None = None) -> CarrierEndpoint:
        return await bind(secret(number), f"{self.host}:0", patience=patience)


NETS: dict[str, type[Net]] = {"memory": MemoryNet, "iroh": IrohNet}


def secret(number: int) -> bytes:
    return number.to_bytes(32, "big")


def key(number: int) -> bytes:
    return SigningKey(secret(number)).public


class Pair(NamedTuple):
    """Who dialled, who was dialled, and the link as each has it."""

    dialler: CarrierEndpoint
    dialled: CarrierEndpoint
    out: Link
    into: Link


@asynccontextmanager
async def stopped(*endpoints: CarrierEndpoint) -> AsyncIterator[None]:
    """Stop the endpoints at the end."""
    async with AsyncExitStack() as stack:
        for each in endpoints:
            stack.push_async_callback(each.stop)
        yield


@asynccontextmanager
async def pair(net: Net, patience: Patience | None = None) -> AsyncIterator[Pair]:
    dialler, dialled = await net.endpoint(1, patience), await net.endpoint(2, patience)
    async with stopped(dialler, dialled):
        out = await dialler.dial(dialled.key, dialled.addresses())
        yield Pair(dialler, dialled, out, await dialled.accept())
