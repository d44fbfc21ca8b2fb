"""Passing on what is new: to every neighbour that nobody has told yet, once."""

from collections.abc import Sequence

from beanjar.base.limits import TOLD
from beanjar.sync.events import Took
from beanjar.sync.messages import SHORT
from beanjar.sync.peer import Peer
from beanjar.sync.pushes import Pushed


def push_on(event: Took, key: bytes, sharing: Sequence[Peer]) -> None:
    """Let the node with this key push what is new to its neighbours in the space."""
    told = event.push.told if event.push else ()
    to = [each for each in sharing if each.key != event.peer and each.key[:SHORT] not in told]
    known = dict.fromkeys([*told, key[:SHORT], *(each.key[:SHORT] for each in to)])
    for peer in to:
        peer.push(Pushed(event.space, event.last, event.run, tuple(known)[:TOLD]))


def tell_fork(event: Took, sharing: Sequence[Peer]) -> None:
    """Let neighbours in the space be shown a proof that is new."""
    assert event.fork is not None
    for peer in sharing:
        if peer.key != event.peer:
            peer.tell_fork(event.fork)
