"""Others on the same network, as far as multicast DNS goes; the network is this machine's own."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from zeroconf import AddressResolverIPv4, IPVersion  # type: ignore[attr-defined] # as in `announcing`
from zeroconf.asyncio import AsyncServiceInfo, AsyncZeroconf

LOOPBACK = "127.0.0.1"
ELSEWHERE = "192.0.2.77"
"""The address of a machine that is not this one."""
PATIENCE = 5_000


@asynccontextmanager
async def listening(address: str = LOOPBACK) -> AsyncIterator[AsyncZeroconf]:
    mdns = AsyncZeroconf(interfaces=[address], ip_version=IPVersion.V4Only)
    await mdns.zeroconf.async_wait_for_start()
    try:
        yield mdns
    finally:
        await mdns.async_close()


async def look_up(name: str, at: str = LOOPBACK, patience: int = PATIENCE) -> list[str]:
    """Return where a phone that asks for `name`.local is led."""
    async with listening(at) as mdns:
        asked = AddressResolverIPv4(f"{name}.local.")
        await asked.async_request(mdns.zeroconf, patience)
        found: list[str] = asked.parsed_addresses()
        return found


@asynccontextmanager
async def somebody_called(name: str) -> AsyncIterator[None]:
    """Let another machine have the name."""
    service = AsyncServiceInfo(
        "_http._tcp.local.",
        f"other-{name}._http._tcp.local.",
        port=80,
        parsed_addresses=[ELSEWHERE],
        server=f"{name}.local.",
    )
    async with listening() as mdns:
        announcing = await mdns.async_register_service(service, cooperating_responders=True)
        yield
        await announcing
