"""`beanjar space join`: how people come into a space, at their own node or through a door."""

from pathlib import Path

import click

from beanjar.base.errors import BeanjarError
from beanjar.client.client import Client
from beanjar.client.line import NOT_FOUND, NodeRefuses
from beanjar.main.arriving import bring
from beanjar.main.command import Command
from beanjar.main.keeper import DATA, OwnNode, find_own_node
from beanjar.main.session import Session
from beanjar.main.spoken import say_sent
from beanjar.main.told import Told
from beanjar.space.ticket import Ticket, read_ticket


class NoWayIn(BeanjarError):
    """A ticket that leads to nodes only, used where there is none to speak with them."""


@click.command(cls=Command, params=[DATA], example="space join beanjar:eyJ…")
@click.argument("ticket")
@click.option(
    "--timeout",
    type=click.FloatRange(min=0),
    default=30.0,
    show_default=True,
    help="Seconds to wait for other nodes, while nothing new comes.",
)
def join(session: Session, ticket: str, data: Path | None, timeout: float) -> Told:
    """Join the space that TICKET leads to: at your own node, if it runs, or through a door."""
    read = read_ticket(ticket)
    client = _enter(session, read, data, timeout)
    spoken = session.participant_at(client).join(read)
    name = session.home.log(bytes.fromhex(read.space)).remembered.name
    return Told(spoken, [f"You joined “{name}”. {say_sent(spoken)}"])


def _enter(session: Session, ticket: Ticket, data: Path | None, seconds: float) -> Client:
    """Return the node at which to join: one's own, once the space has come to it, or a door."""
    # A ticket that leads nowhere may be to a space of nodes on this network.
    own = find_own_node(session, data) if ticket.nodes or not ticket.doors else None
    if own is not None:
        try:
            return _bring_home(session, own, ticket, seconds)
        except NodeRefuses as refusal:
            if not ticket.doors:
                raise
            session.note(f"{refusal} You join through a door of the ticket instead.")
    if ticket.nodes and not ticket.doors and session.node is None:
        raise NoWayIn(
            "This ticket leads to other nodes, so it takes a node of your own. Start one: beanjar "
            "up. Then join again in another terminal. If one runs, say where its folder is: --data."
        )
    return session.client(ticket.doors)


def _bring_home(session: Session, own: OwnNode, ticket: Ticket, seconds: float) -> Client:
    """Let one's own node carry the space; wait for it, unless it is here already."""
    space, key = bytes.fromhex(ticket.space), own.client.about().key
    others = [node for node in ticket.nodes if node.key != key]
    if _has_founding(own.client, space):
        if others:
            own.client.carry(own.token, space, others)
    else:
        bring(session, own, space, others, seconds)
    return own.client


def _has_founding(client: Client, space: bytes) -> bool:
    try:
        return bool(client.operation(space, space))
    except NodeRefuses as refusal:
        if refusal.status != NOT_FOUND:
            raise
        return False
