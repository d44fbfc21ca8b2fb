"""`NAME.local`: a node says on its own network where it is (multicast DNS)."""

import asyncio
import socket
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from zeroconf import (  # type: ignore[attr-defined] # its list of names leaves out the resolver
    AddressResolverIPv4,
    Error,
    IPVersion,
)
from zeroconf.asyncio import AsyncServiceInfo, AsyncZeroconf

from beanjar.base.errors import BeanjarError

SERVICE = "_http._tcp.local."
GROUP = ("224.0.0.251", 5353)
"""Where multicast DNS is spoken (RFC 6762)."""
ASKING = 1_000
"""Milliseconds in which a machine that has the name already says so."""
LOOK = 15.0
"""Seconds after which a node looks whether its machine is on another network now."""


class CannotAnnounce(BeanjarError):
    """A network, or its lack, on which no name can be announced."""


def find_address() -> str | None:
    """Return the IPv4 address of this machine on its network, or `None` if it is on none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        try:
            asking.connect(GROUP)  # sends nothing; it only chooses the way
        except OSError:
            return None
        address: str = asking.getsockname()[0]
    return None if address.startswith("127.") else address


class Announcer:
    """Lets a name lead to this machine, wherever on the network it is."""

    def __init__(self, name: str, port: int, find: Callable[[], str | None] = find_address) -> None:
        """Announce `name`.local with a door at the port, once `look` is called."""
        self.name: Final = name
        self.address: str | None = None
        """Where the name leads now."""
        self._port = port
        self._find = find
        self._mdns: AsyncZeroconf | None = None

    async def look(self) -> None:
        """Announce the name where the machine is now, unless it has been; or `CannotAnnounce`."""
        address = self._find()
        if address is not None and address == self.address:
            return
        await self.stop()
        if address is None:
            raise CannotAnnounce(
                "This machine seems to be on no network, so nobody else finds it. If it is on one, "
                "say which address it has there: --host."
            )
        try:
            self._mdns = AsyncZeroconf(interfaces=[address], ip_version=IPVersion.V4Only)
            await self._announce(self._mdns, address)
        except (OSError, Error) as error:
            await self.stop()
            why = getattr(error, "strerror", None) or type(error).__name__
            raise CannotAnnounce(
                f"The name {self.name}.local could not be announced on this network ({why})."
            ) from error
        except CannotAnnounce:
            await self.stop()
            raise
        self.address = address

    async def follow(self) -> None:
        """Announce the name anew whenever the machine comes to another network."""
        while True:
            await asyncio.sleep(LOOK)
            with suppress(CannotAnnounce):  # a later look may find the network again
                await self.look()

    async def stop(self) -> None:
        """Take the name back."""
        mdns, self._mdns, self.address = self._mdns, None, None
        if mdns is not None:
            await mdns.async_close()

    async def _announce(self, mdns: AsyncZeroconf, address: str) -> None:
        await mdns.zeroconf.async_wait_for_start()
        await self._insist_on_own(mdns)
        # Two nodes of one machine may share its name, for they differ in their ports.
        service = AsyncServiceInfo(
            SERVICE,
            f"{self.name}-{self._port}.{SERVICE}",
            port=self._port,
            parsed_addresses=[address],
            server=f"{self.name}.local.",
        )
        # It has been asked already whether the name is another's, more strictly than is done there.
        await (await mdns.async_register_service(service, cooperating_responders=True))

    async def _insist_on_own(self, mdns: AsyncZeroconf) -> None:
        """Raise `CannotAnnounce` if the name leads to another machine."""
        asked = AddressResolverIPv4(f"{self.name}.local.")
        if await asked.async_request(mdns.zeroconf, ASKING):
            elsewhere = [each for each in asked.parsed_addresses() if not _is_own(each)]
            if elsewhere:
                raise CannotAnnounce(
                    f"Another machine on this network ({', '.join(elsewhere)}) is called "
                    f"{self.name}.local. Choose another name with --name."
                )


def _is_own(address: str) -> bool:
    """Say whether this machine has the address."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as trying:
        try:
            trying.bind((address, 0))
        except OSError:
            return False
    return True
