"""Who is whose neighbour, until nodes find that out among themselves: a random regular graph.

Each node dials the neighbours that it is given, and again after a while where that fails.
"""

from collections import defaultdict
from collections.abc import Sequence
from random import Random

from beanjar.base.clock import SECOND
from beanjar.lab.host import Host

AGAIN = (2 * SECOND, 6 * SECOND)


def meet(hosts: Sequence[Host], degree: int, chance: Random) -> None:
    """Let hosts be neighbours: of a graph of circles through all, each in an order of its own."""
    mates: defaultdict[bytes, dict[bytes, bool]] = defaultdict(dict)
    for _ in range(max(1, degree // 2)):
        circle = chance.sample(hosts, len(hosts))
        for place, host in enumerate(circle):
            mates[host.key][circle[place - 1].key] = True
            mates[circle[place - 1].key].setdefault(host.key, False)

    def again(host: Host, peer: bytes) -> None:
        if peer in mates[host.key]:
            host.around.timeline.after(chance.randint(*AGAIN), _dial, host, peer)

    def begin(host: Host) -> None:
        for peer in [peer for peer, dials in mates[host.key].items() if dials]:
            _dial(host, peer)

    for host in hosts:
        host.on_gone, host.on_start = again, begin


def _dial(host: Host, peer: bytes) -> None:
    if host.is_up and peer not in host.around.network.peers(host):
        host.around.network.dial(host, peer)
