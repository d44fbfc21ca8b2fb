"""A network on two hosts, whose one cable is down for a minute, and comes back.

The hosts are network namespaces, made with `ip netns` and gone in the end; each has half of the
nodes. These speak with one another over one bridge, to which both are plugged. Whoever measures
sits in the namespace of the bridge and opens their doors over cables of its own, on which nodes do
not listen for one another and nothing is passed on, so that there is no way around.
"""

import ctypes
import os
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from beanjar.base.errors import BeanjarError
from bench.network import Links, Network, Place, sum_sent

SIDE = 25
"""Nodes on each host."""
APART = 60
"""Seconds."""
PEOPLE = 5
"""On each side; one of them says something each second."""
CLONE_NEWNET = 0x40000000
"""Says to `setns` that a thread is moved to another network."""


class NoHosts(BeanjarError):
    """A machine on which no others can be made."""


class NotParted(BeanjarError):
    """Hosts between which there is a way though their cable is down."""


class Hosts:
    """Two hosts at one cable, each with a number from 1."""

    def __init__(self, stack: ExitStack) -> None:
        """Make them, until the stack ends."""
        self._stack = stack
        self.middle = self._make("middle")
        _ip("-n", self.middle, "link", "add", "wire", "type", "bridge")
        _ip("-n", self.middle, "link", "set", "wire", "up")
        self.places = [self._make_place(number) for number in (1, 2)]

    def cut(self) -> None:
        """Let nothing through between the two."""
        _ip("-n", self.middle, "link", "set", "node1", "down")

    def mend(self) -> None:
        """Let all through again."""
        _ip("-n", self.middle, "link", "set", "node1", "up")

    def _make_place(self, number: int) -> Place:
        """Make a host; return how a node runs on it."""
        host, near, door = self._make(f"{number}"), f"10.7.0.{number}", f"10.8.{number}.1"
        self._plug(host, f"node{number}", f"{near}/24")
        _ip("-n", self.middle, "link", "set", f"node{number}", "master", "wire")
        self._plug(host, f"door{number}", f"{door}/24")
        _ip("-n", self.middle, "address", "add", f"10.8.{number}.2/24", "dev", f"door{number}")
        options = ("--host", door, "--listen", f"{near}:0")
        return Place(options, ("ip", "netns", "exec", host))

    def _plug(self, host: str, name: str, address: str) -> None:
        """Lay a cable from the middle to a host; both its ends have this name."""
        _ip("-n", self.middle, "link", "add", name, "type", "veth", "peer", name, "netns", host)
        _ip("-n", host, "address", "add", address, "dev", name)
        for end in (self.middle, host):
            _ip("-n", end, "link", "set", name, "up")

    def _make(self, name: str) -> str:
        whole = f"beanjar-bench-{os.getpid()}-{name}"
        _ip("netns", "add", whole)
        self._stack.callback(_ip, "netns", "del", whole)
        _ip("-n", whole, "link", "set", "lo", "up")
        return whole


class Side:
    """The nodes of one host, and people who speak to them, each to one node."""

    def __init__(self, network: Network, places: range) -> None:
        """Let the people join."""
        self.places = places
        self._network = network
        self._people = [(place, network.join(place)) for place in places[:PEOPLE]]

    def speak(self, turn: int) -> None:
        """Let one of them say something."""
        place, voice = self._people[turn % PEOPLE]
        self._network.say(place, voice, f"Said on one side alone, {turn}")


def measure(progress: Callable[[str], object]) -> dict[str, float]:
    """Return the seconds and the bytes that it takes two parts to hold the same."""
    say: Callable[[str], object] = lambda said: progress(f"parted: {said}")  # noqa: E731
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="beanjar-bench-")))
        hosts = Hosts(stack)
        stack.enter_context(_move_to(hosts.middle))
        places = [host for host in hosts.places for _ in range(SIDE)]
        network = stack.enter_context(Network(folder, places, say))
        sides = [Side(network, network.places[:SIDE]), Side(network, network.places[SIDE:])]
        network.wait(network.agrees, "all had joined")
        hosts.cut()
        said = _speak(sides, say)
        apart = network.links()
        if any((one < SIDE) != (other < SIDE) for one, other in apart):
            raise NotParted("Nodes of the two hosts are still joined, though their cable is down.")
        say(f"the cable is mended; {said} operations were said on each side")
        hosts.mend()
        return _time_healing(network, apart, said)


def _speak(sides: list[Side], say: Callable[[str], object]) -> int:
    """Let people speak on both sides for as long as these are apart; return how often on each."""
    began, turn = time.monotonic(), 0
    while (left := began + APART - time.monotonic()) > 0:
        say(f"apart for another {left:.0f} s")
        for side in sides:
            side.speak(turn)
        turn += 1
        time.sleep(max(0.0, began + turn - time.monotonic()))
    return turn


def _time_healing(network: Network, apart: Links, said: int) -> dict[str, float]:
    mended = time.monotonic()
    agreed = network.wait(network.agrees, "both parts held the same")
    sent = sum_sent(apart, network.links())
    network.wait(network.is_whole, "the network was whole")
    return {
        "operations_each_side": said,
        "agree_s": agreed,
        "whole_s": time.monotonic() - mended,
        "bytes_per_node": sent / len(network.nodes),
        "bytes_per_arrival": sent / len(network.nodes) / said,
        "load": os.getloadavg()[0],
    }


@contextmanager
def _move_to(name: str) -> Iterator[None]:
    """Let this thread, and what it starts, be on another host for a while."""
    with Path("/proc/thread-self/ns/net").open() as before:
        with Path("/run/netns", name).open() as there:
            _set_network(there.fileno())
        try:
            yield
        finally:
            _set_network(before.fileno())


def _set_network(file: int) -> None:
    if ctypes.CDLL(None, use_errno=True).setns(file, CLONE_NEWNET):
        raise NoHosts(f"Run this as root: {os.strerror(ctypes.get_errno())}.")


def _ip(*words: str) -> None:
    try:
        done = subprocess.run(["ip", *words], check=False, capture_output=True, text=True)  # noqa: S603, S607 - words of this module
    except FileNotFoundError:
        raise NoHosts("Hosts are made by the program ip: apt-get install iproute2.") from None
    if done.returncode:
        raise NoHosts(
            "Two hosts are made with network namespaces, which takes root. "
            f"“ip {' '.join(words)}” says “{done.stderr.strip()}”."
        )
