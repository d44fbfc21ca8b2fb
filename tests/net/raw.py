"""A peer that speaks QUIC as a node does, and then says whatever it likes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import NamedTuple

from iroh import iroh_ffi as ffi

from beanjar.net.endpoint import CarrierEndpoint
from beanjar.net.frames import write_frame
from beanjar.net.iroh import ALPN
from tests.net.ends import secret

RAW = 666


class Stream(NamedTuple):
    """One stream of a raw peer, and the connection that it is on."""

    connection: ffi.Connection
    out: ffi.SendStream
    into: ffi.RecvStream


class Raw:
    def __init__(self, bound: ffi.Endpoint) -> None:
        self.bound = bound

    async def connect(self, to: CarrierEndpoint, alpn: bytes = ALPN) -> ffi.Connection:
        node = ffi.EndpointId.from_bytes(to.key)
        address = ffi.EndpointAddr(node, None, list(to.addresses()))
        return await self.bound.connect(address, alpn)

    async def open(self, to: CarrierEndpoint) -> Stream:
        """A connection with a stream on which nothing has been written."""
        connection = await self.connect(to)
        stream = await connection.open_bi()
        return Stream(connection, stream.send(), stream.recv())

    async def greet(self, to: CarrierEndpoint) -> Stream:
        """A stream that the node has made a link of."""
        stream = await self.open(to)
        greeting = write_frame(b"")
        await stream.out.write_all(greeting)
        assert await stream.into.read_exact(len(greeting)) == greeting
        return stream

    async def accept(self) -> ffi.Connection:
        """The next connection with a node that dials."""
        incoming = await self.bound.accept_next()
        assert incoming is not None
        return await (await incoming.accept()).connect()

    async def accept_and_greet(self) -> Stream:
        """The stream that a node has made a link of by dialling."""
        connection = await self.accept()
        stream = await connection.accept_bi()
        await stream.send().write_all(write_frame(b""))
        return Stream(connection, stream.send(), stream.recv())


@asynccontextmanager
async def raw_peer() -> AsyncIterator[Raw]:
    options = ffi.EndpointOptions(
        preset=ffi.preset_minimal(),
        bind_addr="127.0.0.1:0",
        secret_key=secret(RAW),
        alpns=[ALPN],
        relay_mode=ffi.RelayMode.disabled(),
    )
    bound = await ffi.Endpoint.bind(options)
    try:
        yield Raw(bound)
    finally:
        await bound.close()
