"""`beanjar lab table`: figures that others have published, worked out anew."""

from pathlib import Path

import click

from beanjar.lab import baran as lattice
from beanjar.lab import hyparview as views
from beanjar.lab import networks as measured
from beanjar.lab.topology import read_topology
from beanjar.main.command import Command
from beanjar.main.lazy import Lazy, LazyGroup
from beanjar.main.session import Session
from beanjar.main.told import Rows, Told
from beanjar.main.waiting import bar

COMMANDS = {
    "baran": Lazy(f"{__name__}:baran", "A lattice of stations, as ever more are destroyed."),
    "hyparview": Lazy(
        f"{__name__}:hyparview", "Whom a message reaches after most nodes have failed."
    ),
    "networks": Lazy(f"{__name__}:networks", "Weak places, kind and limits of networks in files."),
}
LATTICE = ("redundancy", "destroyed", "still in the largest group", "give or take")
OVERLAY = ("neighbours at most", "failed", "first message", "tenth", "last")
NETWORKS = (
    "network",
    "nodes",
    "links",
    "hang together",
    "both ways",
    "bridges",
    "cut nodes",
    "kind",
    "centralization",
    "withstands at random",
    "by links",
    "by links left",
)


@click.group(cls=LazyGroup, lazy=COMMANDS, epilog="Example: beanjar lab table baran")
def table() -> None:
    """Work out figures that others have published."""


@click.command(cls=Command, example="lab table baran --json")
def baran(session: Session) -> Told:
    """Destroy stations of Baran's lattice at random, and see how many still hang together.

    He published this in 1964: 18 by 18 stations, each linked with the 4, 6, 8 or 12 nearest, which
    is a redundancy of 2, 3, 4 or 6. “destroyed” is in percent of the stations. “largest_share” is
    the share of all stations, from 0 to 1, that survive and are in the largest group of survivors,
    as a mean over 200 trials; “error” is its standard error.
    """
    del session
    rows: list[lattice.Row] = []
    with bar("Lattices", len(lattice.WAYS)) as more:
        for redundancy in lattice.WAYS:
            rows += lattice.measure(redundancy)
            more(1)
    return Told(rows, [Rows([_describe_lattice(row) for row in rows], LATTICE)])


@click.command(cls=Command, example="lab table hyparview --json")
@click.option("--seed", default=1, show_default=True, help="What chance follows from.")
def hyparview(session: Session, seed: int) -> Told:
    """Let nodes of a network fail at once, and see how many survivors a message reaches.

    As published for HyParView (2007): 10,000 nodes, which have 5 or 8 neighbours at most and know
    six times as many others. “failed” is in percent. The first message is sent as they have just
    failed, then one every 5 seconds. Shares are of all survivors, from 0 to 1, on average over who
    sends it. This takes some minutes.
    """
    del session
    with bar("Networks", views.STEPS) as more:
        rows = list(views.measure(seed, more))
    return Told(rows, [Rows([_describe_overlay(row) for row in rows], OVERLAY)])


@click.command(cls=Command, example="lab table networks links.txt")
@click.argument(
    "files",
    nargs=-1,
    required=True,
    metavar="FILE...",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
)
@click.option("--directed", is_flag=True, help="Links in a list lead from the first to the second.")
def networks(session: Session, files: tuple[Path, ...], *, directed: bool) -> Told:
    """Find the weak places of networks, their kind, and how much loss they withstand.

    A FILE is a list of links, one a line, or node-link JSON. A bridge is a link, a cut node a node,
    whose loss alone cuts somebody off. “giant” figures say which share of the nodes one has to
    take away, from 0 to 1, until no group is left of at least a two-hundredth of all there were: at
    random, those with most links first, and those with most links left first; as a mean over 20
    trials, with its standard error.
    """
    del session
    topologies = [read_topology(path, directed=directed) for path in files]
    with bar("Networks", len(topologies) * len(measured.ORDERS)) as more:
        rows = [measured.measure(topology, more) for topology in topologies]
    return Told(rows, [Rows([_describe_network(row) for row in rows], NETWORKS)])


def _describe_lattice(row: lattice.Row) -> tuple[str, ...]:
    share = f"{row.largest_share:.2f}"
    return (str(row.redundancy), f"{row.destroyed} %", share, f"{row.error:.3f}")


def _describe_overlay(row: views.Row) -> tuple[str, ...]:
    shares = (f"{share:.3f}" for share in (row.first, row.tenth, row.last))
    return (str(row.active), f"{row.failed} %", *shares)


def _describe_network(row: measured.Row) -> tuple[str, ...]:
    counts = (row.nodes, row.links, row.largest, row.strong, row.bridges, row.cut_nodes)
    limits = (row.giant_at_random, row.giant_by_degree, row.giant_by_degree_anew)
    return (
        row.name,
        *("" if count is None else f"{count:,}" for count in counts),
        row.kind,
        f"{row.centralization:.2f}",
        *(f"{limit.share:.2f} ± {limit.error:.2f}" for limit in limits),
    )
