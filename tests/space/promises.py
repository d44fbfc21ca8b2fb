"""What is promised of every question, whatever the weather and whoever lies."""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from beanjar.space.closing_view import Contradiction
from beanjar.space.count import Pair
from beanjar.space.question import Closes, Seen
from beanjar.space.view import encode_view
from tests.space.replica import Replica
from tests.space.tiny import look


class Broken(Exception):
    """A promise that was not kept."""


class Result(Struct, frozen=True):
    """What a node shows once a question is opened."""

    opened: str
    closes: Closes
    view: bytes


def look_at(node: Replica) -> Result | None:
    """Return what a node shows of its question, if that is opened."""
    closing = node.closing
    opening = closing.opening()
    settled = closing.settled(opening) if opening else None
    if opening is None or settled is None:
        return None
    if isinstance(settled, Contradiction):
        raise Broken("Two sets are settled.")
    node.unseal()
    if not closing.is_finished():
        return None
    return Result(opening.said.id, settled, encode_view(look(node.space, opening.said.id)))


def check_promises(nodes: Sequence[Replica], results: Mapping[int, Result]) -> None:
    """Check the honest nodes and what each showed at first, or raise `Broken`."""
    final = [look_at(node) for node in nodes]
    for index, result in results.items():
        if final[index] != result:
            raise Broken("A result has changed.")
    found = [result for result in final if result is not None]
    if any(result != found[0] for result in found):
        raise Broken("Two nodes show different results.")
    if len(found) < len(nodes) and (_is_settled(nodes) or _has_to_settle(nodes)):
        raise Broken("A question is not settled and opened everywhere.")
    if found:
        _check_count(nodes, found[0].opened)


def _is_settled(nodes: Sequence[Replica]) -> bool:
    """Say whether one of the nodes knows that the question is settled."""
    openings = [(node, opening) for node in nodes for opening in node.closing.openings()]
    return any(node.closing.settled(opening) is not None for node, opening in openings)


def _has_to_settle(nodes: Sequence[Replica]) -> bool:
    """Say whether all honest witnesses serve one opening, and its asker said one thing only."""
    openings = [node.closing.openings() for node in nodes]
    cut = any(opening.said.cut for each in openings for opening in each)
    served = {_served(node) for node in nodes}
    return not cut and len(served) == 1


def _served(node: Replica) -> str:
    """Return the opening that a node's witness serves."""
    names = [
        opening.said.id
        for opening in node.closing.openings()
        if any(_batches(node, opening.said.id))
    ]
    return names[0] if names else ""


def _check_count(nodes: Sequence[Replica], opened: str) -> None:
    """Check that no late answer counts and that none is left out which all honest had seen."""
    seen = [_seen(node, opened) for node in nodes]
    known = set().union(*seen)
    counted = nodes[0].closing.counted()
    for person, said in counted.items():
        if (person, said.id) not in known:
            raise Broken("An answer counts that no honest witness saw in time.")
    for person, name in seen[0].intersection(*seen):
        answer = nodes[0].space.read(nodes[0].held[name])
        if answer is None or person not in counted or counted[person].stamp < answer.stamp:
            raise Broken("An answer does not count that all honest witnesses saw in time.")


def _seen(node: Replica, opened: str) -> set[Pair]:
    return {pair for batch in _batches(node, opened) for pair in batch.pairs}


def _batches(node: Replica, opened: str) -> list[Seen]:
    """Return the batches that a node's own witness has logged on an opening."""
    said = [
        each.body
        for opening in node.closing.openings()
        if opening.said.id == opened
        for each in node.closing.about(opening, Seen)
        if each.device == node.device.name
    ]
    return [body for body in said if isinstance(body, Seen)]
