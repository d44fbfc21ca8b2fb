"""Where the pages of a door are reached, and who can open them there."""

import re
from ipaddress import ip_address
from typing import Literal
from urllib.parse import urlsplit

from msgspec import Struct

from beanjar.base.errors import BeanjarError

OpenTo = Literal["this machine", "this network", "everyone"]
PUBLIC = re.compile(r"(?=.{1,253}(:|$))[a-z0-9-]+(\.[a-z0-9-]+)*(:[0-9]{1,5})?")
"""What a proxy serves: a host name, and a port if it is not the usual one of https."""
ANY_NAME = "*"


class WrongName(BeanjarError):
    """A name by which no door can go."""


class DoorAddress(Struct, frozen=True):
    """An address of the pages (a URL without a path), and who can open it."""

    url: str
    open_to: OpenTo


class Reach(Struct, frozen=True):
    """The addresses of a door, from the nearest to the one that most can open.

    A door with `any_name` answers to names that it does not know, too.
    """

    doors: tuple[DoorAddress, ...] = ()
    any_name: bool = False

    @property
    def widest(self) -> str:
        """The address that most can open; "" if nobody else than this machine can."""
        others = [each.url for each in self.doors if each.open_to != "this machine"]
        return others[-1] if others else ""

    @property
    def hosts(self) -> set[str]:
        """The names that the door goes by beside this machine's own; `*` is any name."""
        named = {urlsplit(each.url).hostname or "" for each in self.doors}
        return named | ({ANY_NAME} if self.any_name else set())


NOWHERE = Reach()


def reach_at(host: str, port: int) -> DoorAddress:
    """Return the address of a door that listens at an IP address or a name of this machine."""
    return DoorAddress(f"http://{_bracket(host)}:{port}", _who_reaches(host))


def reach_near(name: str, port: int) -> DoorAddress:
    """Return the address of a door that its own network finds as `name`.local."""
    return DoorAddress(f"http://{name}.local:{port}", "this network")


def reach_public(name: str) -> DoorAddress:
    """Return the address of a door that a proxy serves to everyone, as HOST or HOST:PORT.

    Raises `WrongName` if it is neither.
    """
    plain = name.lower().removeprefix("https://").removesuffix("/")
    if not PUBLIC.fullmatch(plain):
        raise WrongName(
            f"“{name}” is no name of a public door. Give the name alone, as in: --public "
            "jar.example.org."
        )
    return DoorAddress(f"https://{plain}", "everyone")


def read_address(address: str) -> DoorAddress | None:
    """Return a door as a member's node names it, and who can open it; `None` if nobody can."""
    try:
        host = urlsplit(address).hostname
    except ValueError:
        return None
    if not host:
        return None
    alone = "." not in host or host.endswith(".local")
    return DoorAddress(address, _who_reaches(host, "this network" if alone else "everyone"))


def _bracket(host: str) -> str:
    """Return a host as it stands in an address, an IPv6 address in brackets."""
    return f"[{host}]" if ":" in host else host


def _who_reaches(host: str, by_name: OpenTo = "this network") -> OpenTo:
    """Return who reaches an IP address or a name; most names are found `by_name`."""
    try:
        address = ip_address(host)
    except ValueError:
        return "this machine" if host == "localhost" else by_name
    if address.is_loopback:
        return "this machine"
    return "everyone" if address.is_global else "this network"
