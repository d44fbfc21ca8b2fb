"""What an address says by itself. It may come from a stranger, and be anything."""

import ipaddress
import re

SHAPE = re.compile(r"(\[(?P<six>[0-9a-fA-F:.]+)\]|(?P<four>[0-9.]+)):(?P<port>[0-9]{1,5})")
RELAY = re.compile(r"https?://[a-z0-9.-]+(:[0-9]{1,5})?/?")
SIX = 6
HIGHEST_PORT = 2**16 - 1


def is_loopback(host: str) -> bool:
    """Say whether this IP address is the machine's own; what is no IP address is not."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def find_range(address: str) -> str:
    """Return the range of this "ip:port" that one owner may well have whole: /24, for IPv6 /48.

    It is "" for what is no address, and on private networks, where all are in one.
    """
    try:
        host = ipaddress.ip_address(address.rpartition(":")[0].strip("[]"))
    except ValueError:
        return ""
    if isinstance(host, ipaddress.IPv6Address):
        # What listens for both versions writes IPv4 addresses so, and all of them begin alike.
        host = host.ipv4_mapped or host
    if not host.is_global:
        return ""
    length = 48 if host.version == SIX else 24
    return str(ipaddress.ip_network(f"{host}/{length}", strict=False))


def is_dialable(address: str) -> bool:
    """Say whether this is an "ip:port" that can be dialled, with an IPv6 address in brackets."""
    found = SHAPE.fullmatch(address)
    if found is None:
        return False
    try:
        host = ipaddress.ip_address(found["six"] or found["four"])
    except ValueError:
        return False
    return (host.version == SIX) == bool(found["six"]) and 0 < int(found["port"]) <= HIGHEST_PORT


def is_relay(address: str) -> bool:
    """Say whether this is the address of a relay: "https://HOST", perhaps with a port."""
    return RELAY.fullmatch(address) is not None


def plain_relay(address: str) -> str:
    """Return the address of a relay as it is compared; the library writes a slash at its end."""
    return address.removesuffix("/")
