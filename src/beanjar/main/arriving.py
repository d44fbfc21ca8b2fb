"""How a space comes to the node that one keeps: handed over with a ticket, and waited for."""

from collections.abc import Callable, Sequence

from beanjar.base.errors import BeanjarError
from beanjar.main.keeper import OwnNode
from beanjar.main.session import Session
from beanjar.main.waiting import LOOK, gauge
from beanjar.net.addresses import is_relay
from beanjar.node.standing import SpaceStanding
from beanjar.space.ticket import NodeAddress

GOES_ON = "Your node goes on trying: join again later with the same ticket."


class NotArrived(BeanjarError):
    """A space that has not come within the time that one waits for it."""


def bring(
    session: Session, own: OwnNode, space: bytes, nodes: Sequence[NodeAddress], seconds: float
) -> None:
    """Let one's own node carry a space (its id, 32 bytes) of others; return once it is there.

    There means: a neighbour holds nothing that this node lacks. Raises `NotArrived` if nothing new
    has come for so many `seconds`; the node goes on all the same.
    """
    own.client.carry(own.token, space, nodes)
    with gauge("The space arrives at your node") as show:
        if not _wait(session, lambda: own.client.standing(space), show, seconds):
            raise NotArrived(_say_why(own.client.standing(space), nodes, seconds))


def _wait(
    session: Session,
    look: Callable[[], SpaceStanding],
    show: Callable[[int, int], None],
    seconds: float,
) -> bool:
    """Return whether it is there, or nothing new has come for so many seconds."""
    most, left = 0, seconds
    while True:
        seen = look()
        show(seen.operations, seen.operations + seen.coming)
        if seen.agreeing and not seen.coming:
            return True
        # Where people never stop speaking no neighbour may agree for long; that is no progress.
        left = seconds if seen.coming and seen.operations > most else left - LOOK
        most = max(most, seen.operations)
        if not left > 0:
            return bool(most and not seen.coming)
        session.pause(LOOK)


def _say_why(seen: SpaceStanding, nodes: Sequence[NodeAddress], seconds: float) -> str:
    if seen.neighbours:
        return (
            f"Nothing more of the space has come for {seconds:g} seconds; {seen.operations:,} "
            f"entries are here. {GOES_ON}"
        )
    named = dict.fromkeys(address for node in nodes for address in node.addresses)
    relays = [each for each in named if is_relay(each)]
    tried = ", ".join(each for each in named if each not in relays) or "none"
    told = f"within {seconds:g} seconds. Addresses tried: {tried}."
    if relays:
        told += (
            f" By relay it is reached if your node uses that too: beanjar up --relay {relays[0]}."
        )
    return f"No node that carries this space could be reached {told} {GOES_ON}"
