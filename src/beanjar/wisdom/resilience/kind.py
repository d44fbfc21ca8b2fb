"""Which of Baran's three kinds a network is: centralized, decentralized or distributed.

Paul Baran, On Distributed Communications I, RM-3420 (RAND, 1964) draws the three and names no
measure to tell them apart. Here it is by who still hangs together as nodes are lost:

- centralized: one node is linked with more than half of the others, and once it alone is lost, at
  most half of them still hang together. A star is.
- distributed: after the loss of a fifth of the nodes (rounded down, but one at least), three
  quarters of those left still hang together, on average over the trials, if they are lost at random
  and if they are lost by degree, those with most links left first. A lattice is, and so is a
  network in which everybody is linked with eight others at random.
- decentralized: all that lies between. A tree is, and a star of stars.

With fewer than three nodes there is nothing to tell apart: such a network is small.
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from beanjar.wisdom.resilience.network import N, Network
from beanjar.wisdom.resilience.survival import Sampled, Survival
from beanjar.wisdom.resilience.weakness import Weakness

SMALL = 3
HALF = Fraction(1, 2)
LOST = Fraction(1, 5)
TOGETHER = Fraction(3, 4)

KindName = Literal["centralized", "decentralized", "distributed", "small"]


@dataclass(frozen=True, slots=True)
class Kind:
    """The kind of a network that hangs together, and the figures that say why."""

    name: KindName
    best_linked: int
    """With how many others the node is linked that has most links."""
    without_it: Fraction
    """The share of the others that still hang together without it."""
    lost: int
    """How many losses the next two figures are about."""
    at_random: Sampled
    """The share of survivors that still hang together if nodes are lost at random."""
    by_degree: Sampled
    """The same if those with most links left are lost first."""


def judge(
    network: Network[N], weakness: Weakness, at_random: Survival, by_degree: Survival
) -> Kind:
    """Return the kind of a network, from how it survived losses at random and by degree anew."""
    best, without_it = _lose_best_linked(network, weakness)
    lost = max(1, int(len(network) * LOST))
    survived = at_random.share_of_survivors(lost), by_degree.share_of_survivors(lost)
    if len(network) < SMALL:
        name: KindName = "small"
    elif best > (len(network) - 1) * HALF and without_it <= HALF:
        name = "centralized"
    else:
        holds = min(each.mean for each in survived) >= TOGETHER
        name = "distributed" if holds else "decentralized"
    return Kind(name, best, without_it, lost, *survived)


def centralization(network: Network[N]) -> Fraction:
    """Return how far links gather at one node: 1 in a star, 0 where all have as many.

    It is that of Freeman (1978), by degree. Of fewer than three nodes it is 0.
    """
    size, degrees = len(network), list(map(len, network.neighbours))
    if size < SMALL:
        return Fraction(0)
    return Fraction(sum(max(degrees) - each for each in degrees), (size - 1) * (size - 2))


def _lose_best_linked(network: Network[N], weakness: Weakness) -> tuple[int, Fraction]:
    """Return the most links of a node, and the share of the others that hang together without it.

    Where several have as many links, it is the one whose loss is worst.
    """
    most, others = max(map(len, network.neighbours)), len(network) - 1
    best = [place for place, each in enumerate(network.neighbours) if len(each) == most]
    cut_off = max(weakness.cut_nodes.get(place, 0) for place in best)
    return most, Fraction(others - cut_off, others) if others else Fraction(1)
