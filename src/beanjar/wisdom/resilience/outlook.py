"""What a node that knows a network can say of it: its kind, its weak places, what a loss does.

Shares are in thousandths, rounded down, so that no share of less than everything reads as all.
"""

from collections.abc import Iterable
from fractions import Fraction

from msgspec import Struct

from beanjar.base.limits import CUT_NODES_TOLD, CUT_OFF_NAMED
from beanjar.wisdom.errors import NoFigure
from beanjar.wisdom.resilience.kind import Kind, KindName, centralization, judge
from beanjar.wisdom.resilience.loss import Chance, Order, at_random, by_degree_anew
from beanjar.wisdom.resilience.network import Network
from beanjar.wisdom.resilience.survival import EXACT_UP_TO, Sampled, Survival
from beanjar.wisdom.resilience.weakness import Weakness

TRIALS = 20
"""How often all nodes are lost in each order, to see how a network falls apart: one of more nodes
than `EXACT_UP_TO`, of fewer all ways are tried."""
CURVE_STEPS = 20
THOUSAND = 1000
ME = 0
"""The place of the one who looks: the first, so that of equal halves theirs counts as the rest."""


class Share(Struct, frozen=True):
    """A mean over trials, and its standard error, rounded up; both in thousandths.

    Of at most `EXACT_UP_TO` nodes the error is 0: the mean is over all that chance can bring.
    """

    mean: int
    error: int


class KindFigures(Struct, frozen=True):
    """The kind of the main part of a network, and why; see `Kind` for what each figure is."""

    name: KindName
    nodes: int
    best_linked: int
    without_it: int
    lost: int
    at_random: Share
    by_degree: Share


class CutOff(Struct, frozen=True):
    """Who would be cut off: how many, and the first of them by name."""

    many: int
    me: bool
    """Whether the one who looks is among them; then they come first."""
    names: tuple[str, ...]


class CutNode(Struct, frozen=True):
    """A node whose loss alone would cut others off."""

    node: str
    cut_off: CutOff


class Point(Struct, frozen=True):
    """After so many losses: the shares of all nodes of the main part that still hang together."""

    lost: int
    at_random: Share
    by_degree: Share


class Loss(Struct, frozen=True):
    """What it is like once a node is taken away. Counts are of nodes, `share` of survivors."""

    node: str
    before: int
    """How many hung together in the largest part."""
    after: int
    share: int
    cut_off: CutOff


class Outlook(Struct, frozen=True):
    """A network as one of its nodes knows it; the main part is the largest that hangs together."""

    nodes: int
    links: int
    apart: int
    """How many known nodes are not in the main part."""
    kind: KindFigures
    centralization: int
    bridges: tuple[tuple[str, str], ...]
    cut_nodes: int
    worst: tuple[CutNode, ...]
    """The cut nodes that would cut off most, the worst first."""
    curve: tuple[Point, ...]
    loss: Loss | None


def look_over(
    me: str,
    nodes: Iterable[str],
    links: Iterable[tuple[str, str]],
    chance: Chance,
    *,
    without: str | None = None,
) -> Outlook:
    """Return what there is to say, whatever order nodes and links come in.

    The same chance gives the same. Raises `NoFigure` where a link or `without` names a node that
    is not known.
    """
    network = Network.of([me, *sorted(set(nodes) - {me})], links)
    main, weakness = network.main(), Weakness(network)
    survived = [_survive(main, order, chance) for order in (at_random, by_degree_anew)]
    return Outlook(
        nodes=len(network),
        links=network.links,
        apart=len(network) - len(main),
        kind=_tell_kind(len(main), judge(main, Weakness(main), *survived)),
        centralization=_thousandths(centralization(main)),
        bridges=tuple((network.nodes[a], network.nodes[b]) for a, b in weakness.bridges),
        cut_nodes=len(weakness.cut_nodes),
        worst=_tell_worst(network, weakness),
        curve=_draw(*survived),
        loss=None if without is None else _lose(network, weakness, without),
    )


def _survive(network: Network[str], order: Order, chance: Chance) -> Survival:
    if len(network) <= EXACT_UP_TO:
        return Survival.of_all(network, order)
    return Survival.of(network, order, chance, TRIALS)


def _tell_kind(size: int, kind: Kind) -> KindFigures:
    return KindFigures(
        kind.name,
        size,
        kind.best_linked,
        _thousandths(kind.without_it),
        kind.lost,
        _tell_share(kind.at_random),
        _tell_share(kind.by_degree),
    )


def _tell_worst(network: Network[str], weakness: Weakness) -> tuple[CutNode, ...]:
    cuts = weakness.cut_nodes
    worst = sorted(cuts, key=lambda place: (-cuts[place], place))[:CUT_NODES_TOLD]
    return tuple(
        CutNode(network.nodes[place], _tell_cut_off(network, weakness, place)) for place in worst
    )


def _tell_cut_off(network: Network[str], weakness: Weakness, place: int) -> CutOff:
    places = weakness.cut_off_by(place)
    names = tuple(network.nodes[each] for each in places[:CUT_OFF_NAMED])
    return CutOff(len(places), ME in places, names)


def _draw(at_random: Survival, by_degree: Survival) -> tuple[Point, ...]:
    """Return the curve in equal steps, from no loss to that of all."""
    size = at_random.size
    steps = sorted({size * step // CURVE_STEPS for step in range(CURVE_STEPS + 1)})
    return tuple(
        Point(lost, *(_tell_share(each.share_of_all(lost)) for each in (at_random, by_degree)))
        for lost in steps
    )


def _lose(network: Network[str], weakness: Weakness, node: str) -> Loss:
    if node not in network.nodes:
        raise NoFigure(f"{node} is not among the nodes that are known, so it cannot be taken away.")
    place = network.nodes.index(node)
    before, after = (_largest(network.parts(lost)) for lost in ((), (place,)))
    left = len(network) - 1
    return Loss(
        node,
        before,
        after,
        _thousandths(Fraction(after, left)) if left else THOUSAND,
        _tell_cut_off(network, weakness, place),
    )


def _largest(parts: list[list[int]]) -> int:
    return len(parts[0]) if parts else 0


def _tell_share(sampled: Sampled) -> Share:
    return Share(_thousandths(sampled.mean), -_thousandths(-sampled.error))


def _thousandths(share: Fraction) -> int:
    return share.numerator * THOUSAND // share.denominator
