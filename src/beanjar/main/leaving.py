"""`beanjar space leave`: a person goes out of a space, or a node carries it no further."""

from pathlib import Path

import click

from beanjar.base.errors import BeanjarError
from beanjar.client.records import Losses
from beanjar.main.command import Command
from beanjar.main.inputs import SPACE
from beanjar.main.keeper import DATA, OwnNode, find_own_node
from beanjar.main.nodes import find_carried, insist_on_own_node
from beanjar.main.session import Session, name_of
from beanjar.main.spoken import say_sent
from beanjar.main.told import Told, plain
from beanjar.space.charter import Leave


class NotLeft(BeanjarError):
    """A node that goes on carrying a space."""


@click.command(cls=Command, params=[SPACE, DATA], example='space leave "The market" --erase')
@click.argument("named", metavar="[SPACE]", required=False)
@click.option("--erase", is_flag=True, help="Your node leaves, not you: it erases the space.")
@click.option("--even-so", is_flag=True, help="Also where others still need your node.")
@click.option("--yes", is_flag=True, help="Do not ask whether you are sure.")
def leave(
    session: Session,
    named: str | None,
    space: str | None,
    data: Path | None,
    *,
    erase: bool,
    even_so: bool,
    yes: bool,
) -> Told:
    """Leave a SPACE. What you said stays; coming back is joining again.

    With --erase it is your node that leaves: it carries the space no further and erases all of it
    from its disk. Other nodes keep what they have. It can carry the space again with a ticket.
    """
    if erase:
        return _leave_as_node(session, data, named or space, even_so=even_so, yes=yes)
    log = session.find_space(named or space)
    spoken = session.participant(log).say(log.space, Leave())
    with session.home.lock():
        log.change_note(left=True)
    words = [f"You left “{name_of(log)}”. {say_sent(spoken)}"]
    own = find_own_node(session, data)
    if own is not None and any(each.id == log.space.hex() for each in own.client.about().spaces):
        words.append(
            "Your node still carries it for others. To erase it there too: beanjar space leave "
            f"{log.space.hex()[:8]} --erase"
        )
    return Told(spoken, words)


def _leave_as_node(
    session: Session, data: Path | None, named: str | None, *, even_so: bool, yes: bool
) -> Told:
    own = insist_on_own_node(session, data)
    carried = find_carried(own, named)
    losses = own.client.losses(own.token, bytes.fromhex(carried.id))
    _check(losses, even_so=even_so)
    _ask(losses, yes=yes)
    return _leave(own, losses, even_so=even_so)


def _leave(own: OwnNode, losses: Losses, *, even_so: bool) -> Told:
    own.client.leave(own.token, bytes.fromhex(losses.space), even_so=even_so)
    words = [f"Your node carries “{losses.name}” no further, and nothing of it is on its disk."]
    if losses.spoke:
        words.append(
            "Should it carry it again, it says nothing more in what it had witnessed, and nothing "
            "at all before other nodes have told it all that it had said."
        )
    return Told(losses, words)


def _check(losses: Losses, *, even_so: bool) -> None:
    """Raise `NotLeft` if others need what would be lost, unless that does not matter."""
    if even_so:
        return
    if losses.witnessing:
        questions = ", ".join(f"“{each}”" for each in losses.witnessing)
        raise NotLeft(
            f"Your node witnesses {questions}, which is not settled; without it that may never be. "
            "Wait for it, or leave all the same: --even-so."
        )
    if losses.entries and not losses.elsewhere:
        raise NotLeft(
            "No other node that is connected now holds all that yours has of this space, so some "
            "of it may be nowhere else. Wait for another, or take it along first: beanjar space "
            "export. Or leave all the same: --even-so."
        )


def _ask(losses: Losses, *, yes: bool) -> None:
    if yes:
        return
    name = losses.name or losses.space[:8]
    others = f"{losses.elsewhere} connected with it hold all of it too."
    click.echo(plain(f"Your node erases “{name}”: {losses.entries:,} entries. {others}"), err=True)
    if not click.confirm("Erase it?", err=True):
        raise NotLeft("Nothing was erased.")
