"""`beanjar peers`: the neighbours of the node that one keeps, and how far its spaces have come."""

from pathlib import Path

import click

from beanjar.base.clock import SECOND
from beanjar.base.limits import COMPARE_EVERY
from beanjar.main.command import Command
from beanjar.main.keeper import DATA
from beanjar.main.nodes import insist_on_own_node
from beanjar.main.questions import SHORT
from beanjar.main.session import Session
from beanjar.main.told import Rows, Told
from beanjar.node.standing import NeighbourStanding, SpaceStanding, Standing

NOBODY = "No other node is connected."
MEET_SOMEBODY = (
    "Give somebody a ticket: beanjar space ticket; or join with one: beanjar space join."
)
NEIGHBOURS = ("node", "address", "", "sent", "received", "spaces shared")
SPACES = ("space", "entries here", "on their way", "neighbours that agree")
STEP = 1000


@click.command(cls=Command, params=[DATA], example="peers")
def peers(session: Session, data: Path | None) -> Told:
    """Show who your node is connected with, and how far its spaces have come."""
    own = insist_on_own_node(session, data)
    standing = own.client.neighbours(own.token)
    names = {line.id: line.name for line in own.client.about().spaces}
    return Told(standing, _put_in_words(standing, names))


def write_size(count: int) -> str:
    """Return a number of bytes with a unit in which it is short."""
    size, unit = float(count), "B"
    for larger in ("kB", "MB", "GB"):
        if size < STEP:
            break
        size, unit = size / STEP, larger
    return f"{size:.1f} {unit}" if unit != "B" else f"{count} B"


def _put_in_words(standing: Standing, names: dict[str, str]) -> list[str | Rows]:
    where = ", ".join(standing.addresses)
    words: list[str | Rows] = [f"Your node is {standing.key[:SHORT]}, reached at {where}."]
    if standing.neighbours:
        words.append(Rows([_describe(each) for each in standing.neighbours], NEIGHBOURS))
    else:
        words.append(f"{NOBODY} {MEET_SOMEBODY}")
    if standing.spaces:
        words.append(Rows([_measure(each, names) for each in standing.spaces], SPACES))
    if any(not each.coming and each.agreeing < each.neighbours for each in standing.spaces):
        words.append(f"Neighbours compare what they hold every {COMPARE_EVERY // SECOND} seconds.")
    return words


def _describe(each: NeighbourStanding) -> tuple[str, ...]:
    who = "we dialled" if each.dialled else "dialled us"
    sizes = (write_size(each.sent), write_size(each.received))
    return (each.key[:SHORT], each.address, who, *sizes, str(len(each.spaces)))


def _measure(each: SpaceStanding, names: dict[str, str]) -> tuple[str, ...]:
    name = names.get(each.space) or f"arriving ({each.space[:SHORT]})"
    agreeing = f"{each.agreeing:,} of {each.neighbours:,}"
    return (name, f"{each.operations:,}", f"{each.coming:,}", agreeing)
