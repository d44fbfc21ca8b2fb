"""Several machines on cables, as far as networks go: made with `ip netns`, all of it within them.

No interface is ever made among the machine's own, where browsers would notice it.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path
from typing import Any, NoReturn

import pytest

from tests.installing import NotThere, find

PATIENCE = 60
ROOT = Path(__file__).parents[2]
_numbers = count()


class CommandFailed(Exception):
    """A command of Beanjar's that did not end well."""


class Host:
    """One machine: its own network, the folder of its node and that of its person."""

    def __init__(self, name: str, folder: Path) -> None:
        self.name = name
        self.address = ""
        self.node: subprocess.Popen[bytes] | None = None
        self._folder = folder
        self._cables = count()

    def plug(self, cable: "Cable", address: str) -> str:
        """Join a cable at "ip/bits"; return the end of it that is in the cable."""
        port, device = f"p{next(_numbers)}", f"eth{next(self._cables)}"
        run("ip", "-n", cable.name, "link", "add", port, "type", "veth", "peer", "name", device,
            "netns", self.name)  # fmt: skip
        run("ip", "-n", cable.name, "link", "set", port, "master", "wire", "up")
        run("ip", "-n", self.name, "address", "add", address, "dev", device)
        run("ip", "-n", self.name, "link", "set", device, "up")
        self.address = self.address or address.partition("/")[0]
        return port

    def route(self, via: str) -> None:
        """Send what is for elsewhere to a router."""
        run("ip", "-n", self.name, "route", "add", "default", "via", via)

    def up(self, *words: str) -> dict[str, Any]:
        """Start a node; return what it says of itself."""
        said: dict[str, Any] = json.loads(self._start("--json", *words))
        return said

    def read_greeting(self, *words: str) -> str:
        """Start a node, stop it, and return what its keeper read."""
        first = self._start(*words)
        assert self.node is not None
        self.node.send_signal(signal.SIGINT)
        more = self.node.communicate(timeout=PATIENCE)[0]
        self.node = None
        return (first + more).decode()

    def kill(self) -> None:
        """End the node as a power cut does."""
        assert self.node is not None
        self.node.kill()
        self.node.communicate()
        self.node = None

    def stop(self) -> None:
        if self.node is not None:
            self.node.send_signal(signal.SIGINT)
            try:
                self.node.communicate(timeout=PATIENCE)
            except subprocess.TimeoutExpired:
                self.kill()
            self.node = None

    def ask(self, person: str, *words: str) -> Any:  # noqa: ANN401 - JSON is anything
        """Let somebody type in a command here; return what it answers. Raises `CommandFailed`."""
        home = ("--home", str(self._folder / person), "--json")
        done = finish(self._command(*home, *words))
        if done.returncode:
            raise CommandFailed(tell(done))
        return json.loads(done.stdout)

    def keep(self, person: str, *words: str) -> Any:  # noqa: ANN401 - likewise
        """Let them type in a command that says which node is theirs."""
        return self.ask(person, *words, "--data", str(self._folder / "node"))

    def join(self, person: str, ticket: str) -> None:
        """Let somebody join here; return once that is acknowledged."""
        self.ask(person, "me", "new", person)
        self.keep(person, "space", "join", ticket)

    def found(self, person: str) -> str:
        """Let somebody found a space here; return a ticket to it."""
        self.ask(person, "me", "new", person)
        self.keep(person, "space", "new", "The market")
        return str(self.keep(person, "space", "ticket")["ticket"])

    @property
    def standing(self) -> Any:  # noqa: ANN401 - likewise
        """How the node stands with its neighbours."""
        return self.keep("keeper", "peers")

    def _start(self, *words: str) -> bytes:
        """Start a node; return the first line of what it says, once it is up."""
        command = self._command("up", "--data", str(self._folder / "node"), *words)
        self.node = subprocess.Popen(command, stdout=subprocess.PIPE, bufsize=0)
        assert self.node.stdout is not None
        return self.node.stdout.readline()

    def _command(self, *words: str) -> list[str]:
        return on(self.name, "beanjar", *words)


class Cable:
    """One network, to which machines are plugged."""

    def __init__(self, name: str) -> None:
        self.name = name
        run("ip", "-n", name, "link", "add", "wire", "type", "bridge")
        run("ip", "-n", name, "link", "set", "wire", "up")

    def cut(self, port: str) -> None:
        """Let nothing through to a machine."""
        run("ip", "-n", self.name, "link", "set", port, "down")

    def mend(self, port: str) -> None:
        run("ip", "-n", self.name, "link", "set", port, "up")


class Hosts:
    """Makes machines and cables, and takes them away again."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self._folder = folder
        self._stack = stack

    def cable(self) -> Cable:
        return Cable(self._space())

    def host(self, name: str) -> Host:
        host = Host(self._space(), self._folder / name)
        self._stack.callback(host.stop)
        return host

    def long_wire(self, one: Cable, other: Cable) -> None:
        """Join two cables by a wire that loses things; see `tests.node.long_wire`."""
        command = on(one.name, "tests.node.long_wire", other.name)
        wire = subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT)
        self._stack.enter_context(wire)
        self._stack.callback(wire.kill)
        assert wire.stdout is not None
        if not wire.stdout.readline():
            give_up(f"“{' '.join(command)}” says why, above.")

    def router(self, inside: Cable, outside: Cable, near: str, far: str) -> Host:
        """A machine on two cables, which gives all that goes outside its own address there."""
        host = self.host("router")
        host.plug(inside, near)
        host.plug(outside, far)
        forward = "echo 1 > /proc/sys/net/ipv4/ip_forward"
        run("ip", "netns", "exec", host.name, "sh", "-c", forward)
        post = "type nat hook postrouting priority 100; oifname eth1 masquerade;"
        passes = "ct state established,related accept; iifname eth0 accept;"
        only = f"type filter hook forward priority 0; policy drop; {passes}"
        filtering = f"table ip nat {{ chain post {{ {post} }}; chain pass {{ {only} }}; }}"
        run("ip", "netns", "exec", host.name, "nft", filtering)
        return host

    def _space(self) -> str:
        name = f"beanjar-{os.getpid()}-{next(_numbers)}"
        run("ip", "netns", "add", name)
        self._stack.callback(run, "ip", "netns", "del", name)
        run("ip", "-n", name, "link", "set", "lo", "up")
        return name


@contextmanager
def make_hosts(folder: Path) -> Iterator[Hosts]:
    """Let hosts be made; the test is skipped once this machine turns out not to give them."""
    try:
        find(("ip",), "iproute2")
        find(("nft",), "nftables")
    except NotThere as why:
        give_up(str(why))
    with ExitStack() as stack:
        yield Hosts(folder, stack)


def wait_until(true: Callable[[], bool], seconds: float = PATIENCE) -> float:
    """Return after how many seconds something became true."""
    began = time.monotonic()
    while not true():
        assert time.monotonic() - began < seconds
        time.sleep(1)
    return time.monotonic() - began


def on(space: str, module: str, *words: str) -> list[str]:
    """Return the command that runs a program within a network namespace."""
    return ["ip", "netns", "exec", space, sys.executable, "-m", module, *words]


def run(*command: str) -> None:
    """Run a command that makes hosts and cables; skip the test where that cannot be."""
    done = finish(command)
    if done.returncode:
        give_up(tell(done))


def give_up(why: str) -> NoReturn:
    pytest.skip(f"Run this as root, where network namespaces are allowed. {why}")


def finish(command: Sequence[str]) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(command, check=False, capture_output=True, text=True)


def tell(done: "subprocess.CompletedProcess[str]") -> str:
    return f"“{' '.join(done.args)}” says “{(done.stderr or done.stdout).strip()}”."
