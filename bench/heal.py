"""What a network of fifty nodes bears: half of them die at once.

25 of 50 processes are killed. Timed are the next operation until it is at all that live, the nodes
until their network is whole (see `Network.is_whole`), and the killed, started again at once, until
they hold what the others do, from the moment that they are started. It fails where either takes
longer than it may.
"""

import os
import random
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from bench.arrivals import Arrivals
from bench.network import HERE, Network, TooSlow, is_connected

NODES = 50
KILLED = 25
MEANWHILE = 20
"""Operations that the killed miss."""
WHOLE_WITHIN = 60
"""Seconds from the deaths until the network is to be whole."""
AGREE_WITHIN = 30
"""Seconds from the start of the killed until they are to hold what the others do."""


def measure(progress: Callable[[str], object]) -> dict[str, float]:
    """Return the seconds that healing takes, step by step. Raises `TooSlow`."""
    say: Callable[[str], object] = lambda said: progress(f"heal: {said}")  # noqa: E731
    chance = random.Random(NODES)  # noqa: S311 - the same half in every run
    with (
        TemporaryDirectory(prefix="beanjar-bench-") as folder,
        Network(Path(folder), [HERE] * NODES, say) as network,
    ):
        arrivals = Arrivals({p: node.url for p, node in network.nodes.items()}, network.space)
        doomed = chance.sample(network.places, KILLED)
        before = network.links()
        began = arrivals.begin()
        say(f"killing {KILLED} of {NODES} nodes")
        network.kill(doomed)
        killed = time.monotonic()
        first, *others = network.nodes
        network.say(first, network.founder, "Who is still here?")
        reached = arrivals.wait(others, killed)
        in_one_piece = is_connected(network.nodes, before.keys())
        say("waiting until the network is whole")
        whole = _time(network, network.is_whole, killed, WHOLE_WITHIN, "the network was whole")
        say("starting the killed again")
        for turn in range(MEANWHILE):
            network.say(first, network.founder, f"What the killed miss, {turn}")
        starting = time.monotonic()
        network.start(doomed)
        up = time.monotonic() - starting
        agreed = _time(network, network.agrees, starting, AGREE_WITHIN, "the killed had it all")
    return {
        "killing_s": killed - began,
        "next_operation_median_s": median(reached),
        "next_operation_worst_s": reached[-1],
        "was_in_one_piece": float(in_one_piece),
        "whole_again_s": whole,
        "started_again_s": up,
        "agree_after_start_s": agreed - up,
        "start_and_agree_s": agreed,
        "load": os.getloadavg()[0],
    }


def _time(
    network: Network, is_so: Callable[[], bool], since: float, most: float, what: str
) -> float:
    """Return after how many seconds something is so; raise `TooSlow` if they are more than most."""
    network.wait(is_so, what)
    took = time.monotonic() - since
    if took > most:
        raise TooSlow(f"It took {took:.0f} s until {what}; {most} s are the most.")
    return took
