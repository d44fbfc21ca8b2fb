"""Whether other nodes have what was just said: the moment that one waits to be able to say so."""

from collections.abc import Callable
from contextlib import suppress

from beanjar.base.errors import BeanjarError
from beanjar.base.limits import SAFE_AT
from beanjar.client.client import Client
from beanjar.node.standing import Holding

LOOK = 0.1
LOOKS = 20
"""Every how many seconds one looks, and how often."""
NOBODY = Holding(0, safe=False, here=True)


def wait_for_others(
    client: Client, space: bytes, name: bytes, pause: Callable[[float], None]
) -> Holding:
    """Return who holds an operation, once it is safe or as safe as it gets, or after 2 seconds."""
    holding = _look(client, space, name)
    for _ in range(LOOKS):
        if holding.others >= min(SAFE_AT, holding.neighbours):
            break
        pause(LOOK)
        holding = _look(client, space, name)
    return holding


def _look(client: Client, space: bytes, name: bytes) -> Holding:
    """Return who holds an operation; what was said is said, whatever the node answers now."""
    with suppress(BeanjarError):
        return client.holdings(space, [name.hex()])[0]
    return NOBODY
