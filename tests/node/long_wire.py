"""A long wire between two cables, on which things come late, in another order, twice or not at all.

Not every kernel has netem, which would do this within; so it is a program that two cables are
plugged to: `python -m tests.node.long_wire CABLE`, run on the other of the two.
"""

import fcntl
import os
import struct
import sys
from heapq import heappop, heappush
from itertools import count
from random import Random
from select import select
from time import monotonic

from tests.node.hosts import run
from tests.seeded import seeded

LOSS, TWICE = 0.1, 0.02
DELAY, JITTER = 0.02, 0.01
"""In seconds: how late at least, and how much later at most."""

TUN = "/dev/net/tun"
FRAME = 65_536
TUNSETIFF, TAP, NO_HEAD = 0x400454CA, 0x0002, 0x1000  # linux/if_tun.h


def open_end(name: str) -> int:
    """Return the file to which whatever is sent by a new interface of this name comes."""
    end = os.open(TUN, os.O_RDWR)
    fcntl.ioctl(end, TUNSETIFF, struct.pack("16sH", name.encode(), TAP | NO_HEAD))
    return end


def carry(near: int, far: int, chance: Random) -> None:
    """Hand on what comes at each end to the other, for ever."""
    opposite = {near: far, far: near}
    numbers = count()
    under_way: list[tuple[float, int, int, bytes]] = []
    while True:
        wait = max(under_way[0][0] - monotonic(), 0) if under_way else None
        for end in select([near, far], [], [], wait)[0]:
            frame = os.read(end, FRAME)
            times = 0 if chance.random() < LOSS else 2 if chance.random() < TWICE else 1
            for _ in range(times):
                due = monotonic() + DELAY + chance.random() * JITTER
                heappush(under_way, (due, next(numbers), opposite[end], frame))
        while under_way and under_way[0][0] <= monotonic():
            *_, end, frame = heappop(under_way)
            os.write(end, frame)


def main(cable: str) -> None:
    """Join this cable to another, and say so."""
    ends = open_end("near"), open_end("far")
    run("ip", "link", "set", "near", "master", "wire", "up")
    run("ip", "link", "set", "far", "netns", cable)
    run("ip", "-n", cable, "link", "set", "far", "master", "wire", "up")
    sys.stdout.write("Joined.\n")
    sys.stdout.flush()
    carry(*ends, seeded("long wire"))


if __name__ == "__main__":
    main(*sys.argv[1:])
