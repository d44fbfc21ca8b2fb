"""What a network of fifty nodes bears: half of them die at once.

25 of 50 processes are killed. Timed are the next operation until it is at all that live, the nodes
until their network is whole (see `Network.is_whole`), and the killed, started again at once, until
they hold what the others do.
"""

import os
import random
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from bench.arrivals import Arrivals
from bench.network import HERE, Network, is_connected

NODES = 50
KILLED = 25
MEANWHILE = 20
"""Operations that the killed miss."""


def measure(progress: Callable[[str], object]) -> dict[str, float]:
    """Return the seconds that healing takes, step by step."""
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
        network.wait(network.is_whole, "the network was whole again")
        whole = time.monotonic() - killed
        say("starting the killed again")
        for turn in range(MEANWHILE):
            network.say(first, network.founder, f"What the killed miss, {turn}")
        starting = time.monotonic()
        network.start(doomed)
        up = time.monotonic()
        agreed = network.wait(network.agrees, "the killed held what the others did")
    return {
        "killing_s": killed - began,
        "next_operation_median_s": median(reached),
        "next_operation_worst_s": reached[-1],
        "was_in_one_piece": float(in_one_piece),
        "whole_again_s": whole,
        "started_again_s": up - starting,
        "agree_after_start_s": agreed,
        "load": os.getloadavg()[0],
    }
