"""`beanjar network`: who holds a space, what their network withstands, what a loss would do."""

from collections.abc import Iterator

import click

from beanjar.base.errors import BeanjarError
from beanjar.main.command import Command
from beanjar.main.moments import write_moment
from beanjar.main.questions import SHORT
from beanjar.main.session import Session, is_id
from beanjar.main.told import Rows, Told
from beanjar.node.network import NetworkView, NodeSeen
from beanjar.web.language import ENGLISH
from beanjar.web.network_words import (
    FEW,
    tell_copies,
    tell_holding,
    tell_kind,
    tell_left,
    tell_standing,
    tell_weakness,
    write_sample,
)

NODES = ("node", "", "linked with", "holds", "heard of", "address")
CURVE = ("lost", "at random", "most links first")


class NoSuchNode(BeanjarError):
    """A node that is not known in the space by that key."""


@click.command(cls=Command, example="network --without 3fa29b1c")
@click.argument("space", required=False)
@click.option("--without", metavar="KEY", help="A node to take away, by how its key begins.")
def network(session: Session, space: str | None, without: str | None) -> Told:
    """Show who holds a SPACE, what their network withstands, and what it is without a node.

    The space is named as with --space of other commands. Nothing is taken away in truth.
    """
    log = session.find_space(space)
    client = session.reach(log)
    view = client.network(log.space)
    if without is not None:
        view = client.network(log.space, _find(view, without))
    return Told(view, list(_put_in_words(view, is_tried=without is not None)))


def _find(view: NetworkView, beginning: str) -> str:
    """Return the key of the one node whose key begins so, or raise `NoSuchNode`."""
    found = [each.key for each in view.nodes if each.key.startswith(beginning.lower())]
    if len(found) == 1:
        return found[0]
    if is_id(beginning) or not found:
        raise NoSuchNode(f"No node that is known here has a key that begins with {beginning}.")
    raise NoSuchNode(f"{len(found)} nodes have a key that begins with {beginning}. Say more of it.")


def _put_in_words(view: NetworkView, *, is_tried: bool) -> Iterator[str | Rows]:
    if is_tried:
        yield " ".join(tell_left(view, ENGLISH))
    yield " ".join(tell_kind(view, ENGLISH))
    few = view.copies.nodes <= FEW
    if not few:
        yield from tell_weakness(view, ENGLISH)
    yield " ".join(tell_copies(view, ENGLISH))
    if len(view.nodes) > 1:
        yield Rows([_describe(view, each) for each in view.nodes], NODES)
    if not few:
        yield "Which share of all nodes still hangs together as ever more of them are lost:"
        points = [
            (
                str(each.lost),
                *(write_sample(it, ENGLISH) for it in (each.at_random, each.by_degree)),
            )
            for each in view.outlook.curve
        ]
        yield Rows(points, CURVE)


def _describe(view: NetworkView, node: NodeSeen) -> tuple[str, ...]:
    links = sum(node.key in link for link in view.links)
    heard = write_moment(node.heard) if node.heard else "never"
    return (
        node.key[:SHORT],
        tell_standing(view, node, ENGLISH),
        f"{links:,}",
        tell_holding(view, node, ENGLISH),
        heard,
        ", ".join(node.addresses),
    )
