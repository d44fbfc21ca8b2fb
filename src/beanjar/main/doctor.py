"""`beanjar doctor`: how the node of this machine does, and what to do where it does not do well.

Without a further word it is one's own node that is looked at.
"""

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import click
import msgspec
from msgspec import Struct

from beanjar import __version__
from beanjar.base.places import node_folder
from beanjar.client.line import NodeRefuses
from beanjar.client.records import Health
from beanjar.main.command import Command
from beanjar.main.findings import Finding, find_in, find_relays
from beanjar.main.keeper import DATA, find_own_node
from beanjar.main.lazy import Lazy, LazyGroup
from beanjar.main.peers import write_size
from beanjar.main.questions import SHORT
from beanjar.main.reachability import Reached, judge
from beanjar.main.session import Session
from beanjar.main.told import Rows, Told
from beanjar.net.local import find_networks


class Checked(Struct, frozen=True):
    """How a node does: at `url`, if it is `up`. `health` is known to its keeper only.

    `iroh` says whether the library is installed that connects nodes, `reached` who can reach it.
    """

    version: str
    url: str
    up: bool
    folder: str
    bytes: int
    iroh: bool
    health: Health | None
    reached: Reached | None
    findings: list[Finding]


class Doctor(LazyGroup):
    """A group that without one of its commands' names does the first."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the name of the first command where none is."""
        first, *_ = names = self.list_commands(ctx)
        is_told = bool(args) and args[0] in {*names, *self.get_help_option_names(ctx)}
        return super().parse_args(ctx, args if is_told else [first, *args])


COMMANDS = {
    "node": Lazy("beanjar.main.doctor:node", "Look at your node; also without this word."),
    "page": Lazy("beanjar.main.page:page", "Compare what a door's pages run with your own copy."),
}


@click.group(cls=Doctor, lazy=COMMANDS, epilog="Example: beanjar doctor")
def doctor() -> None:
    """Say how your node does, or whether a page is what it should be."""


@click.command(cls=Command, params=[DATA], example="doctor node")
def node(session: Session, data: Path | None) -> Told:
    """Look at your node: where it listens, who is connected, what is behind, and what to do.

    Ends with 1 if no node answers.
    """
    client, folder = session.client(), data or node_folder()
    up, health = client.answers(), _examine(session, data)
    standing = health.standing if health else None
    checked = Checked(
        version=__version__,
        url=client.url,
        up=up,
        folder=health.folder if health else str(folder),
        bytes=health.bytes if health else _measure(folder),
        iroh=find_spec("iroh") is not None,
        health=health,
        reached=judge(standing, find_networks()) if standing else None,
        findings=[],
    )
    findings = list(_find_all(checked))
    told = msgspec.structs.replace(checked, findings=findings)
    return Told(told, _put_in_words(told), failed=not up)


def _find_all(checked: Checked) -> Iterator[Finding]:
    """Yield all that is not as it could be."""
    if not checked.up:
        yield Finding(f"No node answers at {checked.url}.", "Start yours: beanjar up.")
    elif checked.health is None:
        yield Finding(
            f"The node in {checked.folder} is not the one that answers at {checked.url}.",
            "Say where the folder of that one is: --data. Its keeper is told more.",
        )
    if not checked.iroh:
        yield Finding(
            "The library iroh is not installed, so your node cannot connect with others.",
            "Where there is a package of it: pip install iroh. Then start your node again.",
        )
    if checked.health is not None:
        yield from find_in(checked.health)
    if checked.reached is not None:
        yield from find_relays(checked.reached)


def _examine(session: Session, data: Path | None) -> Health | None:
    """Return what one's own node tells, if the node that answers is one's own."""
    own = find_own_node(session, data)
    try:
        return own.client.health(own.token) if own else None
    except NodeRefuses:
        return None


def _measure(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def _put_in_words(checked: Checked) -> list[str | Rows]:
    health = checked.health
    standing = health.standing if health else None
    version = f"version {health.version}" if health else "up" if checked.up else "not up"
    rows = [
        ("node", f"{checked.url}, {version}"),
        ("folder", f"{checked.folder}, {write_size(checked.bytes)}"),
        ("iroh", "installed" if checked.iroh else "not installed"),
    ]
    if standing is not None:
        keys = ", ".join(f"{each.key[:SHORT]} ({each.address})" for each in standing.neighbours)
        rows += [
            ("other nodes reach it at", ", ".join(standing.addresses)),
            ("connected with", keys or "nobody"),
        ]
    told = [f"{each.finding} {each.advice}" for each in checked.findings]
    who = checked.reached
    about = [f"{who.why} {who.advice}".strip()] if who else []
    return [Rows(rows), *about, *(told or ["All is well."])]
