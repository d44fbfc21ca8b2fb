"""`beanjar space new` and `lend`: founding a space, and letting a node witness in it."""

from pathlib import Path

import click
from msgspec import Struct

from beanjar.base.errors import BeanjarError
from beanjar.base.ids import ZERO
from beanjar.main.client import Client, NodeRefuses
from beanjar.main.command import Command
from beanjar.main.inputs import SPACE, Text
from beanjar.main.ownlog import Note, OwnLog
from beanjar.main.places import node_folder
from beanjar.main.session import Session, name_of
from beanjar.main.speaking import say_sent
from beanjar.main.told import Told
from beanjar.node.folder import read_token
from beanjar.ops.device import certify_device
from beanjar.space.charter import Charter, Founding, Profile

DATA = click.Option(
    ["--data"],
    type=click.Path(path_type=Path, file_okay=False),
    help="The folder of your node, if it is not the usual one.",
)

NO_WITNESS = "No node of yours witnesses in it yet. Start one, then: beanjar space lend."


class NotTheKeeper(BeanjarError):
    """A node's folder that is not here, or not ours."""


class Founded(Struct, frozen=True):
    """A new space (its id in hex), whether the node witnesses in it, and what is still to send."""

    space: str
    name: str
    witness: bool
    unsent: int


@click.command(cls=Command, params=[DATA], example='space new "The market" --purpose "Fair prices"')
@click.argument("name", type=Text(1, 80))
@click.option("--purpose", default="", type=Text(0, 4000), help="What it is for.")
@click.option("--by-invitation", is_flag=True, help="Only who is invited comes in.")
def new(
    session: Session, name: str, purpose: str, data: Path | None, *, by_invitation: bool
) -> Told:
    """Found a space called NAME, and let your own node witness in it."""
    home, client = session.home, session.client()
    charter = Charter("invitation" if by_invitation else "open")
    certificate = certify_device(home.person, ZERO, home.device.public)
    profile = [Profile(home.me.name)] if home.me.name else []
    spoken = session.speaker_at(client).found(
        Founding(name, certificate, purpose, charter), Note(name, (client.url,)), *profile
    )
    log = home.log(bytes.fromhex(spoken.space))
    lent = not spoken.unsent and _lend_own(session, client, log, data)
    witness = "Your node witnesses in it." if lent else NO_WITNESS
    words = [f"You founded “{name}”. {say_sent(spoken)}", witness, f"Its id is {spoken.space}"]
    return Told(Founded(spoken.space, name, lent, spoken.unsent), words)


@click.command(cls=Command, params=[SPACE, DATA], example="space lend")
def lend(session: Session, space: str | None, data: Path | None) -> Told:
    """Let the node that you keep take part in a space as one of your devices, so it can witness."""
    log = session.find_space(space)
    token = find_token(data)
    if token is None:
        raise NotTheKeeper(
            f"There is no node in {data or node_folder()} that you keep. Say where it is: --data."
        )
    _lend(session, session.reach(log), log, token)
    return Told({"space": log.space.hex()}, [f"Your node witnesses in “{name_of(log)}”."])


def find_token(data: Path | None) -> str | None:
    """Return the token of the node that is kept on this machine, if it can be read here."""
    try:
        return read_token(data or node_folder())
    except PermissionError:
        return None


def _lend_own(session: Session, client: Client, log: OwnLog, data: Path | None) -> bool:
    """Lend the node of this machine, if it is the one spoken to; its token goes nowhere else."""
    token = find_token(data)
    if token is None or not client.is_near:
        return False
    try:
        _lend(session, client, log, token)
    except NodeRefuses as refusal:
        session.note(str(refusal))
        return False
    return True


def _lend(session: Session, client: Client, log: OwnLog, token: str) -> None:
    device = bytes.fromhex(client.about().device)
    certificate = certify_device(session.home.person, log.space, device)
    client.lend(token, log.space, certificate, log.invitation)
