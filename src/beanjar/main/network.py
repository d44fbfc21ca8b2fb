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
from beanjar.web.network_kinds import write_sample
from beanjar.web.network_words import FEW, NetworkWords
from beanjar.wisdom.resilience.outlook import Point

NODES = ("", "node", "", "linked with", "holds", "heard of", "address")
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
        raise NoSuchNode(f"No node that is known here has a key that begins with “{beginning}”.")
    raise NoSuchNode(
        f"{len(found)} nodes have a key that begins with “{beginning}”. Say more of it."
    )


def _put_in_words(view: NetworkView, *, is_tried: bool) -> Iterator[str | Rows]:
    words, is_few = NetworkWords(view, ENGLISH), view.copies.nodes <= FEW
    if is_tried:
        yield " ".join(words.left())
    yield " ".join(words.kind())
    if not is_few:
        yield from words.weakness()
    yield " ".join(words.copies())
    if len(view.nodes) > 1:
        nodes = sorted(view.nodes, key=lambda each: words.numbers.get(each.key, len(view.nodes)))
        yield Rows([_describe(view, each, words) for each in nodes], NODES)
    if not is_few:
        yield "Which share of all nodes still hangs together as ever more of them are lost:"
        yield Rows([_measure(each) for each in view.outlook.curve], CURVE)


def _describe(view: NetworkView, node: NodeSeen, words: NetworkWords) -> tuple[str, ...]:
    links = sum(node.key in link for link in view.links)
    return (
        str(words.numbers.get(node.key, "")),
        node.key[:SHORT],
        words.standing(node),
        f"{links:,}",
        words.holding(node),
        write_moment(node.heard) if node.heard else "never",
        ", ".join(node.addresses),
    )


def _measure(point: Point) -> tuple[str, ...]:
    shares = (point.at_random, point.by_degree)
    return (str(point.lost), *(write_sample(each, ENGLISH) for each in shares))
