"""`beanjar space ticket`: one string with which others find a space and are let in."""

import secrets
from collections.abc import Sequence
from pathlib import Path

import click
import msgspec
import segno
from msgspec import Struct

from beanjar.base.errors import BeanjarError
from beanjar.base.ids import SIZE
from beanjar.base.limits import ADDRESS_CHARACTERS, TICKET_DOORS
from beanjar.client.client import Client
from beanjar.client.ownlog import OwnLog
from beanjar.client.records import About, DoorAddress
from beanjar.main.command import Command
from beanjar.main.inputs import SPACE
from beanjar.main.keeper import DATA, find_own_node
from beanjar.main.moments import read_moment, write_moment
from beanjar.main.page import split_address
from beanjar.main.qr import QR_BYTES, draw
from beanjar.main.session import Session
from beanjar.main.told import Told
from beanjar.net.addresses import is_loopback, is_relay
from beanjar.space.admission import read_first
from beanjar.space.charter import Founding
from beanjar.space.invitation import Invitation, invite
from beanjar.space.ticket import NodeAddress, Ticket, write_ticket

HERE = "this machine"
NETWORK = "this network"
OTHERS = 3
"""How many nodes beside the one spoken to a ticket names, so that it works without that one."""
ADDRESSES = 4
"""At how many addresses a ticket says that the node spoken to can be dialled."""
DOORS = 4
"""How many doors of the node spoken to a ticket names, unless told which."""


class Ticketed(Struct, frozen=True):
    """A ticket; `until` is ms, when its invitation ends, if the space asks for one."""

    ticket: str
    until: int | None


@click.command(cls=Command, params=[SPACE, DATA], example='space ticket --until "in 2 days"')
@click.option("--until", default="in 7 days", show_default=True, help="How long it lets people in.")
@click.option("--door", multiple=True, metavar="URL", help="Where the space can be reached.")
@click.option("--qr", is_flag=True, help="Draw it too, for a phone's camera.")
def ticket(
    session: Session,
    space: str | None,
    until: str,
    door: tuple[str, ...],
    data: Path | None,
    *,
    qr: bool,
) -> Told:
    """Make a ticket with which others join; with an invitation if the space asks for one."""
    _check_doors(door)
    ends = read_moment(until, session.clock.now())
    log = session.find_space(space)
    client = session.reach(log)
    about = client.about()
    nodes = [*_find_node(about), *_find_others(session, data, log.space)]
    usual = () if door else _find_doors(about)
    if not door and (how_far := _say_how_far(client, usual, nodes)):
        session.note(how_far)
    doors = door or tuple(each.url for each in usual) or (client.url,)
    asks = _asks_invitation(client, log.space)
    invitation = _invite(session, log, ends) if asks else None
    written = _write(Ticket(log.space.hex(), doors, invitation, tuple(nodes)))
    if asks:
        session.note(f"It lets people in until {write_moment(ends)}.")
    told = Ticketed(written, ends if asks else None)
    return Told(told, [written, *([_draw(written)] if qr else [])])


def _check_doors(doors: Sequence[str]) -> None:
    """Check that a ticket can name these doors. Raises `NoPage`."""
    for each in doors:
        split_address(each)
    if len(doors) > TICKET_DOORS:
        raise click.UsageError(f"A ticket names at most {TICKET_DOORS} doors.")


def _find_doors(about: About) -> tuple[DoorAddress, ...]:
    """Return the doors of the node spoken to that others can open, those for most people first."""
    return tuple(each for each in reversed(about.doors) if each.open_to != HERE)[:DOORS]


def _find_node(about: About) -> list[NodeAddress]:
    """Return where other nodes reach the one that is spoken to, if they can."""
    addresses = _short(about.addresses)[:ADDRESSES]
    return [NodeAddress(about.key, addresses)] if about.key and addresses else []


def _find_others(session: Session, data: Path | None, space: bytes) -> list[NodeAddress]:
    """Return neighbours of one's own node that carry the space, those it dialled first."""
    own = find_own_node(session, data)
    if own is None:
        return []
    try:
        neighbours = own.client.neighbours(own.token).neighbours
    except BeanjarError:
        return []  # a node that is not ours after all, or has no neighbours
    sharing = [each for each in neighbours if space.hex() in each.spaces and each.address]
    sharing.sort(key=lambda each: not each.dialled)
    return [NodeAddress(each.key, _short([each.address])) for each in sharing[:OTHERS]]


def _short(addresses: Sequence[str]) -> tuple[str, ...]:
    return tuple(each for each in addresses if len(each) <= ADDRESS_CHARACTERS)


def _write(ticket: Ticket) -> str:
    """Write the ticket, with fewer of the other nodes if it is too long to be drawn."""
    written = write_ticket(ticket)
    if len(written) > QR_BYTES and len(ticket.nodes) > 1:
        return _write(msgspec.structs.replace(ticket, nodes=ticket.nodes[:-1]))
    return written


def _say_how_far(
    client: Client, doors: Sequence[DoorAddress], nodes: Sequence[NodeAddress]
) -> str | None:
    """Say who can use a ticket with these doors, unless everybody can."""
    if any(each.open_to != NETWORK for each in doors):
        return None
    if doors:
        return (
            "With this ticket people on the same network as your node join. For others, say where "
            "they reach it: --door."
        )
    if not client.is_near:
        return None
    addresses = [each for node in nodes for each in node.addresses]
    if all(not is_relay(each) and is_loopback(each.rpartition(":")[0]) for each in addresses):
        return "This ticket works on this machine only. Say where others reach it: --door."
    return (
        "With this ticket others join at nodes of their own. For people without one, say where "
        "they reach yours: --door."
    )


def _asks_invitation(client: Client, space: bytes) -> bool:
    founding = read_first(client.operation(space, space))
    return isinstance(founding, Founding) and founding.charter.admission == "invitation"


def _draw(written: str) -> str:
    try:
        return draw(written)
    except segno.DataOverflowError:
        return "This ticket is too long to be drawn. Send it as it is."


def _invite(session: Session, log: OwnLog, until: int) -> Invitation:
    return invite(
        session.home.device,
        log.first.certificate,
        log.space,
        secret=secrets.token_bytes(SIZE),
        until=until,
        before=log.invitation,
    )
