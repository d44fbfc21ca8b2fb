"""`beanjar space join`: how people come into a space, at their own node or through a door."""

from collections.abc import Sequence
from pathlib import Path

import click

from beanjar.base.errors import BeanjarError
from beanjar.main.arriving import bring
from beanjar.main.client import NOT_FOUND, Client, NodeRefuses
from beanjar.main.command import Command
from beanjar.main.keeper import DATA, OwnNode, find_own_node
from beanjar.main.ownlog import Note, OwnLog
from beanjar.main.session import Session
from beanjar.main.speaking import AlreadyJoined
from beanjar.main.spoken import Spoken, say_sent
from beanjar.main.told import Told
from beanjar.ops.body import Body
from beanjar.ops.device import certify_device
from beanjar.ops.operation import Operation
from beanjar.space.admission import admit, read_first
from beanjar.space.charter import Founding, Join, Profile
from beanjar.space.invitation import use_invitation
from beanjar.space.members import short_name
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
    space = bytes.fromhex(read.space)
    client, log = _enter(session, read, data, timeout), session.home.log(space)
    founding, founded = _read_founding(client, space)
    bodies = (_make_join(session, read, space), *_introduce(session, client, space))
    if len(log):
        spoken = _come_back(session, client, log, bodies)
    else:
        speaker = session.speaker_at(client)
        first = speaker.sign_first(space, bodies[0])
        admit(first, founding)  # what no node would let in is never kept
        doors = tuple(dict.fromkeys([client.url, *read.doors]))
        spoken = speaker.join(first, Note(founded.name, doors), *bodies[1:])
    return Told(spoken, [f"You joined “{founded.name}”. {say_sent(spoken)}"])


def _enter(session: Session, ticket: Ticket, data: Path | None, seconds: float) -> Client:
    """Return the node at which to join: one's own, once the space has come to it, or a door."""
    own = find_own_node(session, data) if ticket.nodes else None
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


def _make_join(session: Session, ticket: Ticket, space: bytes) -> Join:
    person = session.home.person
    certificate = certify_device(person, space, session.home.device.public)
    if ticket.invitation is None:
        return Join(certificate)
    return Join(certificate, use_invitation(ticket.invitation, space, person.public))


def _introduce(session: Session, client: Client, space: bytes) -> list[Profile]:
    """Return the person's name to say, if the space does not know it; learn it if we do not."""
    me, members = session.home.me, client.space(space).members.members
    known = next((each.name for each in members if each.person == me.person), "")
    if not me.name and known != short_name(me.person):
        session.home.rename(known)
    return [Profile(me.name)] if me.name not in {"", known} else []


def _come_back(session: Session, client: Client, log: OwnLog, bodies: Sequence[Body]) -> Spoken:
    """Join again after leaving: the log goes on."""
    if not log.remembered.left:
        raise AlreadyJoined("This device is in that space already.")
    spoken = session.speaker_at(client).say(log.space, *bodies)
    with session.home.lock():
        log.change_note(left=False)
    return spoken


def _read_founding(client: Client, space: bytes) -> tuple[Operation, Founding]:
    """Return what founds the space, in its founder's own words."""
    operation = client.operation(space, space)
    founding = read_first(operation)
    assert isinstance(founding, Founding)  # no other entry has the space's own id
    return operation, founding
