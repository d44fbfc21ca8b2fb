"""Links between machines: QUIC connections dialled by key, by the library `iroh`.

Nobody in the middle is asked for anything: a node is found at the addresses one knows of it, or by
a relay that was configured. Of a connection one two-way stream is used, for as long as it lasts.

This is the only module that imports the library. Nothing here has the library call back by itself,
so it needs no event loop of its own: each loop may have endpoints, one after another.
"""

from __future__ import annotations  # so that the library's types need not be there

import asyncio
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

from beanjar.base.limits import FAREWELL_SECONDS
from beanjar.net.addresses import is_dialable, is_loopback, plain_relay
from beanjar.net.copying import copy_at_once
from beanjar.net.endpoint import CarrierEndpoint, Patience
from beanjar.net.link import CannotReach, LinkLost, NotInstalled

try:
    from iroh import iroh_ffi as ffi
except (ImportError, OSError) as error:
    MISSING: Exception | None = error
else:
    MISSING = None
    copy_at_once(ffi)

ALPN = b"beanjar/1"
REASON_BYTES = 100


async def bind(
    secret: bytes,
    address: str = "0.0.0.0:0",
    *,
    relays: Sequence[str] = (),
    patience: Patience | None = None,
) -> CarrierEndpoint:
    """Return an endpoint whose key belongs to the 32 secret bytes, listening at "ip:port".

    Port 0 is any free one. The library also listens on all addresses of the machine in the other
    version of IP, at another port; if `address` is a loopback address, what arrives from elsewhere
    is dropped unanswered. `relays` are the addresses (https://...) of relays that the node may use;
    without any, it is reached directly or not at all.

    The endpoint serves the running event loop, and is stopped before that ends. A process must not
    fork after this: start others by spawn or exec.

    Raise `NotInstalled` where the library does not run, `CannotReach` if the address cannot be had.
    """
    _check_installed()
    try:
        bound = await ffi.Endpoint.bind(_options(secret, address, relays))
    except ffi.IrohError as error:
        raise CannotReach(
            f"No node can be reached from {address}: {_cause(error)}. Name another address or "
            "port, or stop the program that uses this one, and check the relays."
        ) from error
    only_loopback = is_loopback(address.rpartition(":")[0])
    return CarrierEndpoint(
        IrohCarrier(bound, relays), patience or Patience(), only_loopback=only_loopback
    )


def _check_installed() -> None:
    if MISSING is not None:
        raise NotInstalled(
            "Connections with other nodes need the library iroh, which runs on Linux with glibc "
            "2.28 or newer (x86_64 and aarch64), on macOS (arm64) and on Windows (x86_64). It "
            f"could not be loaded here ({MISSING}). This node goes on without: it serves pages, "
            "and what it carries stays on this machine."
        ) from MISSING


def _options(secret: bytes, address: str, relays: Sequence[str]) -> ffi.EndpointOptions:
    """Return options under which nobody is asked for anything: no directory, no relay but these."""
    mode = ffi.RelayMode
    return ffi.EndpointOptions(
        preset=ffi.preset_minimal(),
        bind_addr=address,
        secret_key=secret,
        alpns=[ALPN],
        relay_mode=mode.custom_from_urls(list(relays)) if relays else mode.disabled(),
    )


class IrohCarrier:
    """The library's endpoint."""

    def __init__(self, bound: ffi.Endpoint, relays: Sequence[str]) -> None:
        """Take over what was bound."""
        self.key = bound.id().to_bytes()
        self._bound = bound
        self.relays = tuple(plain_relay(each) for each in relays)

    def addresses(self) -> tuple[str, ...]:
        """Return where this node can be dialled; see `Endpoint.addresses`."""
        known = self._bound.addr()
        relay = known.relay_url()
        # First, since where addresses are too many the last are left out.
        return (*([plain_relay(relay)] if relay else []), *known.direct_addresses())

    async def connect(self, key: bytes, addresses: Sequence[str]) -> IrohConnection:
        """Return a connection with the node of this key; raise `LinkLost` if there is none.

        Addresses may come from strangers: those that are none are left out, and so are relays other
        than one's own. A node of no known relay is looked for at the first of one's own.
        """
        direct = [each for each in addresses if is_dialable(each)]
        named = (*map(plain_relay, addresses), *self.relays)
        relay = next((each for each in named if each in self.relays), None)
        with _translated():
            node = ffi.EndpointAddr(ffi.EndpointId.from_bytes(key), relay, direct)
            return IrohConnection(await self._bound.connect(node, ALPN))

    async def next_caller(self) -> IrohCaller | None:
        """Return who dials next, or None once closed."""
        incoming = await self._bound.accept_next()
        return None if incoming is None else IrohCaller(incoming)

    async def close(self) -> None:
        """End everything; this is of no use afterwards."""
        try:
            await self._bound.close()
        finally:
            # The port is in use for as long as anything holds on to an object of the library.
            del self._bound


class IrohCaller:
    """Someone who dials."""

    def __init__(self, incoming: ffi.Incoming) -> None:
        """Wrap what the library says of them."""
        self._incoming = incoming

    async def host(self) -> str:
        """Return the IP address that they name, or the relay and key that they come by."""
        address = await self._incoming.remote_addr()
        if isinstance(address, ffi.IncomingAddr.IP):
            return address.addr.rpartition(":")[0]
        return str(address)

    async def is_proven(self) -> bool:
        """Say whether they have proved that they receive there."""
        return await self._incoming.remote_addr_validated()

    async def accept(self) -> IrohConnection:
        """Let them prove their key; raise `LinkLost` if they do not."""
        with _translated():
            return IrohConnection(await (await self._incoming.accept()).connect())

    async def put_off(self) -> None:
        """Have them prove where they are and come again, or refuse them if they have."""
        with suppress(ffi.IrohError):
            await (self._incoming.refuse() if await self.is_proven() else self._incoming.retry())

    async def ignore(self) -> None:
        """Drop them unanswered."""
        with suppress(ffi.IrohError):
            await self._incoming.ignore()


class IrohConnection:
    """A connection and its one stream."""

    def __init__(self, connection: ffi.Connection) -> None:
        """Take over a connection that stands."""
        self.peer = connection.remote_id().to_bytes()
        self._connection = connection

    @property
    def address(self) -> str:
        """Where the peer is now, as "ip:port", or "" behind a relay."""
        direct = [path for path in self._connection.paths() if path.is_ip]
        best = sorted(direct, key=lambda path: not path.is_selected)
        return best[0].remote_addr if best else ""

    async def open_stream(self) -> None:
        """Open the stream."""
        with self._translated():
            self._take(await self._connection.open_bi())

    async def take_stream(self) -> None:
        """Wait for the stream that the peer opens."""
        with self._translated():
            stream = await self._meet_stream()
        if stream is None:
            raise LinkLost("The peer does not begin as a node does.")
        self._take(stream)

    async def meet_another(self) -> None:
        """Return when the peer opens one more stream; raise `LinkLost` when it is over."""
        with self._translated():
            await self._meet_stream()

    async def _meet_stream(self) -> ffi.BiStream | None:
        """Return the next stream that the peer opens, or None if that one leads one way only."""
        two_way = asyncio.ensure_future(self._connection.accept_bi())
        one_way = asyncio.ensure_future(self._connection.accept_uni())
        try:
            await asyncio.wait({two_way, one_way}, return_when=asyncio.FIRST_COMPLETED)
            if two_way.done():
                return two_way.result()
            one_way.result()
        finally:
            two_way.cancel()
            one_way.cancel()
            await asyncio.gather(two_way, one_way, return_exceptions=True)
            # An error would hold this frame, which holds the task, which holds the error; the
            # connection's memory and port would be let go only with them.
            del two_way, one_way
        return None

    def _take(self, stream: ffi.BiStream) -> None:
        self._in, self._out = stream.recv(), stream.send()

    async def read(self, most: int) -> bytes:
        """Return the next bytes, at most so many; raise `LinkLost` at the end."""
        with self._translated():
            if data := await self._in.read(most):
                return data
            # The peer says why right after the end.
            with suppress(TimeoutError):
                async with asyncio.timeout(FAREWELL_SECONDS):
                    await self._connection.closed()
        raise self._over()

    async def write(self, data: bytes) -> int:
        """Return how many of the bytes were taken, once one was; raise `LinkLost` at the end."""
        with self._translated():
            return await self._out.write(data)

    async def finish(self) -> None:
        """Say that nothing more will be written; return once all of it has arrived."""
        with self._translated():
            await self._out.finish()
            await self._out.stopped()

    def cut(self, reason: str) -> None:
        """End the connection at once and tell the peer the first 100 bytes of the reason."""
        self._connection.close(0, reason.encode()[:REASON_BYTES])

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except ffi.IrohError as error:
            raise self._over(error) from error

    def _over(self, error: ffi.IrohError | None = None) -> LinkLost:
        reason = self._connection.close_reason() or (_cause(error) if error else "ended by peer")
        # What a peer says may be anything.
        said = "".join(letter if letter.isprintable() else "?" for letter in reason)
        return LinkLost(f"The connection with node {self.peer.hex()[:8]}… is over: {said}")


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except ffi.IrohError as error:
        raise LinkLost(f"The library iroh says: {_cause(error)}.") from error


def _cause(error: ffi.IrohError) -> str:
    """Return the last line of what the library says, without the place in its source."""
    lines = error.message().strip().splitlines()
    return re.sub(r"\s*\(/\S+\)$", "", lines[-1]).strip() if lines else "no cause given"
