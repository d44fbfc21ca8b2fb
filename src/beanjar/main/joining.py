"""`beanjar space join` and `ticket`: how people come into a space."""

import secrets
from collections.abc import Sequence
from io import StringIO

import click
import segno
from msgspec import Struct

from beanjar.base.ids import SIZE
from beanjar.main.client import Client
from beanjar.main.command import Command
from beanjar.main.inputs import SPACE
from beanjar.main.moments import read_moment, write_moment
from beanjar.main.ownlog import Note, OwnLog
from beanjar.main.session import Session
from beanjar.main.speaking import AlreadyJoined, Spoken, say_sent
from beanjar.main.told import Told
from beanjar.ops.body import Body
from beanjar.ops.device import certify_device
from beanjar.ops.operation import Operation
from beanjar.space.admission import admit, read_first
from beanjar.space.charter import Founding, Join, Profile
from beanjar.space.invitation import Invitation, invite, use_invitation
from beanjar.space.members import short_name
from beanjar.space.ticket import Ticket, read_ticket, write_ticket


class Ticketed(Struct, frozen=True):
    """A ticket; `until` is ms, when its invitation ends, if the space asks for one."""

    ticket: str
    until: int | None


@click.command(cls=Command, example="space join beanjar:eyJ…")
@click.argument("ticket")
def join(session: Session, ticket: str) -> Told:
    """Join the space that TICKET leads to."""
    read = read_ticket(ticket)
    space = bytes.fromhex(read.space)
    client, log = session.client(read.doors), session.home.log(space)
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


@click.command(cls=Command, params=[SPACE], example='space ticket --until "in 2 days"')
@click.option("--until", default="in 7 days", show_default=True, help="How long it lets people in.")
@click.option("--door", multiple=True, metavar="URL", help="Where the space can be reached.")
@click.option("--qr", is_flag=True, help="Draw it too, for a phone's camera.")
def ticket(
    session: Session, space: str | None, until: str, door: tuple[str, ...], *, qr: bool
) -> Told:
    """Make a ticket with which others join; with an invitation if the space asks for one."""
    log = session.find_space(space)
    client = session.reach(log)
    if not door and client.is_near:
        session.note("This ticket works on this machine only. Say where others reach it: --door.")
    asks = _read_founding(client, log.space)[1].charter.admission == "invitation"
    ends = read_moment(until, session.clock.now()) if asks else None
    invitation = _invite(session, log, ends) if ends is not None else None
    written = write_ticket(Ticket(log.space.hex(), door or (client.url,), invitation))
    if ends is not None:
        session.note(f"It lets people in until {write_moment(ends)}.")
    return Told(Ticketed(written, ends), [written, *([_draw(written)] if qr else [])])


def _draw(written: str) -> str:
    """Return a text as a QR code that a terminal shows."""
    drawn = StringIO()
    try:
        segno.make_qr(written).terminal(drawn, compact=True)
    except segno.DataOverflowError:
        return "This ticket is too long to be drawn. Send it as it is."
    return drawn.getvalue()


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


def _invite(session: Session, log: OwnLog, until: int) -> Invitation:
    return invite(
        session.home.device,
        log.first.certificate,
        log.space,
        secret=secrets.token_bytes(SIZE),
        until=until,
        before=log.invitation,
    )
