"""The figures of a network: its weak places, its kind, and how much loss it withstands."""

from collections.abc import Callable
from fractions import Fraction
from random import Random

from msgspec import Struct

from beanjar.lab.topology import Topology
from beanjar.wisdom.resilience.kind import KindName, centralization, judge
from beanjar.wisdom.resilience.loss import Order, at_random, by_degree, by_degree_anew
from beanjar.wisdom.resilience.network import Network
from beanjar.wisdom.resilience.strength import strong_part
from beanjar.wisdom.resilience.survival import Sampled, Survival
from beanjar.wisdom.resilience.weakness import Weakness

TRIALS = 20
ORDERS: tuple[Order, ...] = (at_random, by_degree, by_degree_anew)
DIGITS = 4


class Threshold(Struct, frozen=True):
    """The share of nodes after whose loss no giant part is left, and its standard error."""

    share: float
    error: float


class Row(Struct, frozen=True):
    """One network. `strong` is there for directed links only."""

    name: str
    nodes: int
    links: int
    largest: int
    strong: int | None
    bridges: int
    cut_nodes: int
    centralization: float
    kind: KindName
    giant_at_random: Threshold
    giant_by_degree: Threshold
    giant_by_degree_anew: Threshold


def measure(
    topology: Topology, more: Callable[[int], None] = lambda _: None, trials: int = TRIALS
) -> Row:
    """Return the figures of a network, the same in every run; `more` hears of each order tried.

    Weak places are those of the whole network; its kind, centralization and what it withstands
    are those of its largest part, with links both ways.
    """
    network = Network.of(topology.nodes, topology.links)
    main, weakness = network.main(), Weakness(network)
    chance = Random(topology.name)  # noqa: S311 - for a measure, not for secrets
    survived = []
    for order in ORDERS:
        survived.append(Survival.of(main, order, chance, trials))
        more(1)
    random, _, anew = survived
    return Row(
        topology.name,
        len(network),
        network.links,
        len(main),
        _count_strong(network, topology) if topology.directed else None,
        len(weakness.bridges),
        len(weakness.cut_nodes),
        _round(centralization(main)),
        judge(main, Weakness(main), random, anew).name,
        *(_tell(each.giant_until) for each in survived),
    )


def _count_strong(network: Network[object], topology: Topology) -> int:
    places = {node: place for place, node in enumerate(network.nodes)}
    links = ((places[here], places[there]) for here, there in topology.links)
    return len(strong_part(len(network), links))


def _tell(sampled: Sampled) -> Threshold:
    return Threshold(_round(sampled.mean), _round(sampled.error))


def _round(figure: Fraction) -> float:
    return round(float(figure), DIGITS)
