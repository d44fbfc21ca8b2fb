"""Nodes on one network find each other: by multicast DNS each says where it is, and hears who is.

A node's name there is its key. Nothing else is announced but its addresses: no space, no person,
not how many. What others announce is hearsay: whoever is dialled has to prove that key.
"""

import asyncio
import logging
from base64 import b32decode, b32encode
from collections.abc import Callable, Coroutine, Iterator, Sequence
from ipaddress import IPv4Address, IPv4Interface, IPv6Interface, ip_interface

import ifaddr
from zeroconf import Error, IPVersion, ServiceStateChange, Zeroconf
from zeroconf.asyncio import AsyncServiceBrowser, AsyncServiceInfo, AsyncZeroconf

from beanjar.base.ids import SIZE
from beanjar.base.limits import LOCAL_ASKED, LOCAL_NODES, NODE_ADDRESSES
from beanjar.net.addresses import is_dialable

log = logging.getLogger("beanjar.net")

SERVICE = "_beanjar._udp.local."
LOOK = 1.0
"""Seconds after which a node looks again who is there, and on which networks it is itself."""
ASKING = 1_000
"""Milliseconds in which a node that has said its name is to say where it is."""

Interface = IPv4Interface | IPv6Interface
Meet = Callable[[bytes, Sequence[str]], object]
"""Is told that the node with a key is said to be at some addresses, for as long as that is said."""


def find_networks() -> tuple[Interface, ...]:
    """Return this machine's addresses with their networks, but for its loopback."""
    each_ip = (ip for adapter in ifaddr.get_adapters() for ip in adapter.ips)
    hosts = ((ip.ip if isinstance(ip.ip, str) else ip.ip[0], ip.network_prefix) for ip in each_ip)
    found = (ip_interface(f"{host}/{prefix}") for host, prefix in hosts)
    return tuple(each for each in found if not each.is_loopback)


def write_name(key: bytes) -> str:
    """Return the name by which a network knows the node with this key."""
    return f"{b32encode(key).decode().rstrip('=').lower()}.{SERVICE}"


def read_name(name: str) -> bytes | None:
    """Return the key of the node with this name, or `None` if it is no node's."""
    written = name.lower().removesuffix(f".{SERVICE}")
    try:
        key = b32decode(written.upper() + "=" * (-len(written) % 8))
    except ValueError:
        return None
    return key if len(key) == SIZE and write_name(key) == name.lower() else None


class LocalNetwork:
    """What a node says and hears on the networks that its machine is on."""

    def __init__(
        self,
        key: bytes,
        addresses: Callable[[], Sequence[str]],
        meet: Meet,
        find: Callable[[], Sequence[Interface]] = find_networks,
    ) -> None:
        """Announce the node with this key at its `addresses`, once `look` is called."""
        self._key = key
        self._addresses = addresses
        self._meet = meet
        self._find = find
        self._places: tuple[IPv4Interface, ...] = ()
        self._port = 0
        self._mdns: AsyncZeroconf | None = None
        self._browser: AsyncServiceBrowser | None = None
        self._found: dict[bytes, tuple[str, ...]] = {}
        self._asking: set[asyncio.Task[None]] = set()

    async def look(self) -> None:
        """Announce the node where it is now, unless it has been; say who else is there."""
        places, port = self._find_places()
        if (places, port) != (self._places, self._port):
            await self.stop()
            if places:
                await self._announce(places, port)
        for node, addresses in list(self._found.items()):
            self._meet(node, addresses)

    async def follow(self) -> None:
        """Look again and again, until cancelled."""
        while True:
            try:
                await self.look()
            except (OSError, Error) as error:
                log.info("This node could not say on its network that it is there: %s.", error)
            await asyncio.sleep(LOOK)

    async def stop(self) -> None:
        """Take back what was announced, and listen no more."""
        mdns, self._mdns = self._mdns, None
        browser, self._browser = self._browser, None
        self._places, self._port = (), 0
        self._found.clear()
        for task in self._asking:
            task.cancel()
        if browser is not None:
            await browser.async_cancel()
        if mdns is not None:
            await mdns.async_close()

    def _find_places(self) -> tuple[tuple[IPv4Interface, ...], int]:
        """Return those of this machine's addresses at which the node can be dialled, and its port.

        It has one port for all of them.
        """
        at = {host: int(port) for host, _, port in map(_split, self._addresses()) if port.isdigit()}
        four = (each for each in self._find() if isinstance(each, IPv4Interface))
        places = tuple(each for each in four if str(each.ip) in at)
        return places, at[str(places[0].ip)] if places else 0

    async def _announce(self, places: tuple[IPv4Interface, ...], port: int) -> None:
        own = [str(each.ip) for each in places]
        mdns = AsyncZeroconf(interfaces=own, ip_version=IPVersion.V4Only)
        self._mdns, self._places, self._port = mdns, places, port
        try:
            await mdns.zeroconf.async_wait_for_start()
            self._browser = AsyncServiceBrowser(mdns.zeroconf, SERVICE, handlers=[self._notice])
            name = write_name(self._key)
            host = f"{name.removesuffix(SERVICE)}local."
            service = AsyncServiceInfo(
                SERVICE, name, port=port, parsed_addresses=own[:NODE_ADDRESSES], server=host
            )
            # Nobody else can have the name, so nobody is asked.
            await (await mdns.async_register_service(service, cooperating_responders=True))
        except (OSError, Error):
            await self.stop()
            raise

    def _notice(
        self, zeroconf: Zeroconf, service_type: str, name: str, state_change: ServiceStateChange
    ) -> None:
        """Hear of a node, or that it has gone. Who says so may be anybody, and say anything."""
        node = read_name(name)
        if node is None or node == self._key:
            return
        service = AsyncServiceInfo(service_type, name)
        if state_change is ServiceStateChange.Removed:
            self._found.pop(node, None)
        elif service.load_from_cache(zeroconf):
            self._note(node, service)
        elif len(self._asking) < LOCAL_ASKED:
            self._start(self._ask(zeroconf, node, service))

    async def _ask(self, zeroconf: Zeroconf, node: bytes, service: AsyncServiceInfo) -> None:
        if await service.async_request(zeroconf, ASKING):
            self._note(node, service)

    def _note(self, node: bytes, service: AsyncServiceInfo) -> None:
        addresses = tuple(self._read_addresses(service))[:NODE_ADDRESSES]
        if not addresses:
            return
        self._found.pop(node, None)
        self._found[node] = (
            addresses  # the newest last, so that the oldest goes when it is too many
        )
        while len(self._found) > LOCAL_NODES:
            del self._found[next(iter(self._found))]
        self._meet(node, addresses)

    def _read_addresses(self, service: AsyncServiceInfo) -> Iterator[str]:
        """Yield where a node says it is, as far as that is on a network of this machine."""
        for said in service.parsed_addresses(IPVersion.V4Only):
            address = f"{said}:{service.port}"
            if is_dialable(address) and self._is_near(IPv4Address(said)):
                yield address

    def _is_near(self, address: IPv4Address) -> bool:
        networks = (each.network for each in self._places)
        return any(
            address in each and address not in {each.network_address, each.broadcast_address}
            for each in networks
        )

    def _start(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._asking.add(task)
        task.add_done_callback(self._asking.discard)


def _split(address: str) -> tuple[str, str, str]:
    return address.rpartition(":")
