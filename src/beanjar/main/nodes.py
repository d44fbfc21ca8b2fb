"""What a keeper asks of their own node on this machine: that it is there, and what it carries."""

from pathlib import Path

from beanjar.base.errors import BeanjarError
from beanjar.client.line import NodeAway
from beanjar.client.records import SpaceLine
from beanjar.main.keeper import NotTheKeeper, OwnNode, find_own_node, insist_on_token
from beanjar.main.session import Session


class NotCarried(BeanjarError):
    """A space that one's own node does not carry."""


def insist_on_own_node(session: Session, data: Path | None) -> OwnNode:
    """Return the node that one keeps on this machine, or raise why it cannot be asked."""
    insist_on_token(data)
    own = find_own_node(session, data)
    if own is None:
        client = session.client()
        if not client.is_near:
            raise NotTheKeeper("Ask this on the machine on which your node runs.")
        raise NodeAway(f"No node answers at {client.url}. Start yours: beanjar up.")
    return own


def find_carried(own: OwnNode, named: str | None) -> SpaceLine:
    """Return the space with this name, or whose id begins so; without it, the only one.

    It is looked for among those that the node carries: its keeper need not be in it.
    """
    spaces = own.client.about().spaces
    fitting = [each for each in spaces if named is None or _is_called(each, named)]
    if len(fitting) != 1:
        names = ", ".join(f"{each.name or 'arriving'} ({each.id[:8]})" for each in spaces)
        raise NotCarried(
            f"Which space do you mean? Your node carries: {names}."
            if spaces
            else "Your node carries no space."
        )
    return fitting[0]


def _is_called(space: SpaceLine, named: str) -> bool:
    return space.name.casefold() == named.casefold() or space.id.startswith(named)
