"""A node that comes when all is over, and knows nothing but a ticket."""

import time
from collections.abc import Sequence

from msgspec import Struct

from beanjar.main.demo.fleet import Fleet
from beanjar.main.demo.process import NodeProcess
from beanjar.space.ticket import Ticket, read_ticket, write_ticket


class CaughtUp(Struct, frozen=True):
    """How many operations a node fetched, and in how many seconds it held what others hold."""

    operations: int
    seconds: float


def join_late(fleet: Fleet, space: bytes) -> CaughtUp:
    """Let one more node join the others with a ticket; return once it holds what one of them does.

    From then on it is one of the living.
    """
    others = list(fleet.living)
    urls = tuple(node.url for node in others)
    ticket = write_ticket(Ticket(space.hex(), urls, nodes=tuple(node.address for node in others)))
    node = fleet.add()
    start = time.perf_counter()
    node.door.carry(node.token, space, read_ticket(ticket).nodes)
    fleet.wait(lambda door: door.standing(space).root in _roots(others, space), [node])
    seconds = round(time.perf_counter() - start, 2)
    return CaughtUp(node.door.standing(space).operations, seconds)


def _roots(nodes: Sequence[NodeProcess], space: bytes) -> set[str]:
    return {node.door.standing(space).root for node in nodes}
