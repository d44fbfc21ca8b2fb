"""Networks of a journey's own, made with `ip netns`: none of them leads to the internet."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import IPv4Address
from itertools import count
from pathlib import Path
from typing import NamedTuple

from tests.journeys.installing import find

BENCH = IPv4Address("198.18.0.0")
"""From here on addresses are for tests (RFC 2544): no real network has them."""
PAIRS = 2**15
_numbers = count()


class NoNetwork(Exception):
    """A machine on which no network can be made."""


class Host(NamedTuple):
    """A machine of its own, as far as networks go."""

    name: str
    address: str
    """Where whoever made it reaches it; its own loopback address if nobody does."""

    @property
    def within(self) -> list[str]:
        """What runs a command there."""
        return ["ip", "netns", "exec", self.name]

    def wrap(self, program: str, folder: Path) -> str:
        """Return the path of a program that runs this one there."""
        script = folder / f"there-{Path(program).name}"
        line = f'#!/bin/sh\nexec {" ".join(self.within)} "{program}" "$@"\n'
        script.write_text(line, encoding="utf-8")
        script.chmod(0o700)
        return str(script)


@contextmanager
def open_lonely_host() -> Iterator[Host]:
    """Make a host that reaches nobody but itself."""
    name = f"beanjar-{os.getpid()}-{next(_numbers)}"
    _ip("netns", "add", name)
    try:
        _ip("-n", name, "link", "set", "lo", "up")
        yield Host(name, "127.0.0.1")
    finally:
        _ip("netns", "del", name)


@contextmanager
def open_near_host() -> Iterator[Host]:
    """Make a host that is reached from here by an ordinary address, over a cable for it alone."""
    number = next(_numbers)  # what was there before may still be on its way out
    pair = BENCH + (os.getpid() * 8 + number) % PAIRS * 4
    there, here, cable = f"{pair + 1}", f"{pair + 2}", f"bean{os.getpid()}x{number}"
    with open_lonely_host() as host:
        _ip("link", "add", cable, "type", "veth", "peer", "name", "eth0", "netns", host.name)
        _ip("-n", host.name, "address", "add", f"{there}/30", "dev", "eth0")
        _ip("-n", host.name, "link", "set", "eth0", "up")
        _ip("address", "add", f"{here}/30", "dev", cable)
        _ip("link", "set", cable, "up")
        yield host._replace(address=there)


def _ip(*command: str) -> None:
    done = subprocess.run(
        [find(("ip",), "iproute2"), *command], check=False, capture_output=True, text=True
    )
    if done.returncode:
        raise NoNetwork(
            "This journey needs a network of its own, and this machine does not give it: "
            f"“ip {' '.join(command)}” says “{done.stderr.strip()}”. Run the tests as root, where "
            "network namespaces are allowed (in a container: with the capability SYS_ADMIN)."
        )
