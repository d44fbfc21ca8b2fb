"""Networks of a journey's own, made with `ip netns`: none of them leads to the internet."""

import ctypes
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import NamedTuple

from tests.installing import find

THERE, HERE = "198.18.0.1", "198.18.0.2"
"""The ends of a cable, as addresses for tests (RFC 2544): no real network has them."""
CABLE = "eth0"
CLONE_NEWNET = 0x40000000
"""Says to `setns` that a thread is moved to another network."""
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
    """Make a host that is reached by an ordinary address, over a cable for it alone.

    Its other end is on one more host, to which this thread and what it starts are moved meanwhile:
    where a network changes, browsers break off what they load, and others load something now.
    """
    with open_lonely_host() as host, open_lonely_host() as here:
        peer = ("peer", "name", CABLE, "netns", here.name)
        _ip("-n", host.name, "link", "add", CABLE, "type", "veth", *peer)
        for each, address in ((host, THERE), (here, HERE)):
            _ip("-n", each.name, "address", "add", f"{address}/30", "dev", CABLE)
            _ip("-n", each.name, "link", "set", CABLE, "up")
        with _moved(here):
            yield host._replace(address=THERE)


@contextmanager
def _moved(host: Host) -> Iterator[None]:
    """Let this thread, and what it starts, run on a host."""
    with Path("/proc/thread-self/ns/net").open("rb") as home:
        with Path("/run/netns", host.name).open("rb") as there:
            _move(there.fileno())
        try:
            yield
        finally:
            _move(home.fileno())


def _move(network: int) -> None:
    system = ctypes.CDLL(None, use_errno=True)
    if system.setns(network, CLONE_NEWNET):
        raise OSError(ctypes.get_errno(), "This thread cannot be moved to another network")


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
