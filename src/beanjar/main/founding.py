"""`beanjar space new` and `lend`: founding a space, and letting a node witness in it."""

from pathlib import Path

import click
from msgspec import Struct

from beanjar.client.client import Client
from beanjar.client.line import NodeRefuses
from beanjar.client.ownlog import OwnLog
from beanjar.main.command import Command
from beanjar.main.inputs import SPACE, Text
from beanjar.main.keeper import DATA, find_token, insist_on_token
from beanjar.main.session import Session, name_of
from beanjar.main.spoken import say_sent
from beanjar.main.told import Told
from beanjar.space.charter import Charter

NO_WITNESS = "No node of yours witnesses in it yet. Start one, then: beanjar space lend."


class Founded(Struct, frozen=True):
    """A new space (its id in hex), and whether the node witnesses in it.

    `unsent` and `safe` are those of its founding, see `beanjar.client.spoken`.
    """

    space: str
    name: str
    witness: bool
    unsent: int
    safe: bool


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
    spoken = session.participant_at(client).found(name, purpose, charter)
    log = home.log(bytes.fromhex(spoken.space))
    lent = not spoken.unsent and _lend_own(session, client, log, data)
    witness = "Your node witnesses in it." if lent else NO_WITNESS
    words = [f"You founded “{name}”. {say_sent(spoken)}", witness, f"Its id is {spoken.space}"]
    return Told(Founded(spoken.space, name, lent, spoken.unsent, spoken.safe), words)


@click.command(cls=Command, params=[SPACE, DATA], example="space lend")
def lend(session: Session, space: str | None, data: Path | None) -> Told:
    """Let the node that you keep witness in a space; it can say nothing else in your name."""
    log = session.find_space(space)
    session.participant(log).lend(log.space, insist_on_token(data))
    return Told({"space": log.space.hex()}, [f"Your node witnesses in “{name_of(log)}”."])


def _lend_own(session: Session, client: Client, log: OwnLog, data: Path | None) -> bool:
    """Lend the node of this machine, if it is the one spoken to; its token goes nowhere else."""
    token = find_token(data)
    if token is None or not client.is_near:
        return False
    try:
        session.participant_at(client).lend(log.space, token)
    except NodeRefuses as refusal:
        session.note(str(refusal))
        return False
    return True
