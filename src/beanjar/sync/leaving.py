"""What a node does that carries a space no further, for now or for good: it falls silent about it.

Its neighbours are not told: it names the space no more on the connections that it makes from then
on, and on those that stand it neither asks nor answers.
"""

from collections.abc import Mapping

from beanjar.sync.events import Output
from beanjar.sync.lending import Lending
from beanjar.sync.logs import Logs
from beanjar.sync.overlays import Overlays
from beanjar.sync.peer import Peer


def leave(
    space: bytes, peers: Mapping[bytes, Peer], logs: Logs, lending: Lending, overlays: Overlays
) -> list[Output]:
    """Say and hear nothing more of a space, and forget what was on its way."""
    for peer in peers.values():
        peer.leave(space)
    logs.leave(space)
    lending.leave(space)
    overlays.leave(space)
    return []
