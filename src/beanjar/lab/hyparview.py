"""How much of a network a message reaches after most of its nodes have failed at once.

The measure of Leitão, Pereira and Rodrigues, HyParView: a membership protocol for reliable
gossip-based broadcast (DSN 2007), with the overlay that nodes run, but for what it has beyond the
paper: the healer, and looking for neighbours in all that was ever known.
"""

import pickle
from collections.abc import Callable, Iterator
from math import ceil
from random import Random
from statistics import fmean

from msgspec import Struct

from beanjar.base.clock import SECOND
from beanjar.base.limits import SHUFFLE_EVERY
from beanjar.lab.views import Crowd

NODES = 10_000
ACTIVE = (5, 8)
PASSIVE = 6
"""Others that a node knows for each neighbour, as the paper has it: 30 for 5."""
FAILED = (50, 80, 90, 95)
JOINS = 100
"""Nodes that come in a second, while the network is made."""
SETTLING = 50 * SHUFFLE_EVERY
"""How long the network is left alone before nodes fail, in ms: the paper's 50 rounds."""
MESSAGE_EVERY = 5 * SECOND
MESSAGES = 30
STEPS = len(ACTIVE) * (1 + len(FAILED))
"""How many steps all of it has."""


class Row(Struct, frozen=True):
    """Shares of the survivors, from 0 to 1, that the first, tenth and last message reaches.

    A message is sent every 5 seconds, the first as nodes have just failed, in percent of all.
    `active` is how many neighbours a node has at most. The shares are means over failures of the
    same network, so many that half as many survivors are looked at as there were nodes.
    """

    active: int
    failed: int
    first: float
    tenth: float
    last: float


def measure(seed: int, more: Callable[[int], None], nodes: int = NODES) -> Iterator[Row]:
    """Yield the rows of so many nodes; tell `more` of every step that is done."""
    for active in ACTIVE:
        whole = pickle.dumps(gather(nodes, active, Random(seed)))  # noqa: S311 - repeats
        more(1)
        for failed in FAILED:
            times = ceil(50 / (100 - failed))
            runs = [_fail(whole, failed, number) for number in range(times)]
            means = (round(fmean(shares), 3) for shares in zip(*runs, strict=True))
            yield Row(active, failed, *means)
            more(1)


def gather(nodes: int, active: int, chance: Random) -> Crowd:
    """Return a network that nodes have joined one after the other, each by one who was there."""
    crowd = Crowd(chance, active, PASSIVE * active)
    crowd.heals = False
    crowd.add()
    for number in range(1, nodes):
        crowd.add(chance.randrange(number))
        crowd.run(SECOND // JOINS)
    crowd.run(SETTLING)
    return crowd


def _fail(whole: bytes, failed: int, seed: int) -> tuple[float, float, float]:
    crowd: Crowd = pickle.loads(whole)  # noqa: S301 - just written here
    crowd.chance.seed(seed)
    numbers = range(len(crowd.alive))
    crowd.kill(crowd.chance.sample(numbers, len(numbers) * failed // 100))
    shares: list[float] = []
    for _ in range(MESSAGES):
        shares.append(crowd.share())
        crowd.run(MESSAGE_EVERY)
    return shares[0], shares[9], shares[-1]
