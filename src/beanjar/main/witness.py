"""`beanjar witness`: who lets their node close questions, and who vouches for whom."""

from pathlib import Path

import click

from beanjar.base.errors import BeanjarError
from beanjar.base.limits import VOUCHES
from beanjar.client.client import Client
from beanjar.client.ownlog import OwnLog
from beanjar.client.records import SpaceRecord
from beanjar.main.command import Command
from beanjar.main.inputs import SPACE, YES, confirm
from beanjar.main.keeper import DATA, find_token, insist_on_token
from beanjar.main.questions import SHORT
from beanjar.main.roll import find_people
from beanjar.main.session import Session, name_of
from beanjar.main.spoken import say_sent
from beanjar.main.told import Rows, Told
from beanjar.main.witness_panel import name_person
from beanjar.space.drawing import count_drawn
from beanjar.space.offers import Offered, Stop, Unvouch, Vouch

OVERRULED = (
    "It is said, but something else that you said counts as later: the clocks of your machines "
    "differ. Try again in a few minutes."
)


class Overruled(BeanjarError):
    """What was said does not count, since the person said something later."""


@click.group()
def witness() -> None:
    """Nodes that close questions: offer yours, and vouch for people whose nodes may."""


@witness.command(cls=Command, params=[DATA], example="witness offer")
@click.argument("space", required=False)
def offer(session: Session, space: str | None, data: Path | None) -> Told:
    """Let the node that you keep stand ready to witness in a SPACE."""
    log, token = session.find_space(space), insist_on_token(data)
    record, client = _look(session, log), _own_node(session)
    device = client.about().device
    if not any(device in each.devices for each in record.members.members):
        session.participant_at(client).lend(log.space, token)
    if _find_offer(record, device) is None:
        client.offer(token, log.space)
    made = _find_offer(client.space(log.space), device)
    if made is None:
        raise Overruled(OVERRULED)
    return Told(made, [f"Your node offers to witness in “{name_of(log)}”. {_say_next(made)}"])


@witness.command(cls=Command, params=[DATA], example="witness stop")
@click.argument("space", required=False)
def stop(session: Session, space: str | None, data: Path | None) -> Told:
    """Take back that your node offers in a SPACE; what it has accepted it sees through."""
    log, token = session.find_space(space), find_token(data)
    mine = [each for each in _look(session, log).offers if each.person == session.home.me.person]
    if not mine:
        raise BeanjarError(f"You offer no node in “{name_of(log)}”, so there is nothing to stop.")
    own, device = _own_node(session), mine[0].device
    # Another machine's clock may be behind the node's, whose own word is always the later one.
    if token is not None and own.answers() and own.about().device == device:
        own.stop_offering(token, log.space)
    else:
        session.note(say_sent(session.participant(log).say(log.space, Stop())))
    if _find_offer(_look(session, log), device) is not None:
        raise Overruled(OVERRULED)
    return Told(mine[0], [f"Your node offers no more to witness in “{name_of(log)}”."])


@witness.command("list", cls=Command, example="witness list")
@click.argument("space", required=False)
def list_(session: Session, space: str | None) -> Told:
    """List who offers to witness in a SPACE, and whose node may be drawn."""
    record = _look(session, session.find_space(space))
    if not record.offers:
        return Told([], ["Nobody offers to witness here. Offer your node: beanjar witness offer."])
    rows = [
        (
            name_person(record.members, each.person),
            each.device[:SHORT],
            _say_why(each),
            "may be drawn" if each.may_be_drawn else "not yet",
        )
        for each in record.offers
    ]
    count = count_drawn(record.offers)
    drawn = f"A question is given {count} of them." if count else "None of them may be drawn yet."
    return Told(record.offers, [Rows(rows, ("person", "device", "", "")), drawn])


@witness.command(cls=Command, params=[SPACE, YES], example="witness vouch Ben")
@click.argument("person")
def vouch(session: Session, person: str, space: str | None, *, yes: bool) -> Told:
    """Say that you know a PERSON and would let their node witness."""
    log = session.find_space(space)
    record = _look(session, log)
    (found,) = find_people(record.members, [person])
    if found == session.home.me.person:
        raise BeanjarError("Only others can vouch for you. Ask two of them to.")
    name = name_person(record.members, found)
    confirm(
        f"You say in “{name_of(log)}” that you know {name}. The nodes of people for whom "
        f"{VOUCHES} others vouch may be drawn to close questions.",
        yes=yes,
    )
    spoken = session.participant(log).say(log.space, Vouch(found))
    return Told(spoken, [f"You vouch for {name}. {say_sent(spoken)}"])


@witness.command(cls=Command, params=[SPACE], example="witness unvouch Ben")
@click.argument("person")
def unvouch(session: Session, person: str, space: str | None) -> Told:
    """Take back that you vouch for a PERSON."""
    log = session.find_space(space)
    record = _look(session, log)
    (found,) = find_people(record.members, [person])
    spoken = session.participant(log).say(log.space, Unvouch(found))
    name = name_person(record.members, found)
    return Told(spoken, [f"You vouch for {name} no more. {say_sent(spoken)}"])


def _look(session: Session, log: OwnLog) -> SpaceRecord:
    return session.reach(log).space(log.space)


def _find_offer(record: SpaceRecord, device: str) -> Offered | None:
    return next((each for each in record.offers if each.device == device), None)


def _own_node(session: Session) -> Client:
    """Return the node that was named, or this machine's: a keeper's token goes to no other."""
    return session.client()


def _say_next(made: Offered) -> str:
    if made.may_be_drawn:
        return "It may be drawn for any question."
    return (
        f"It may be drawn once {VOUCHES} other members vouch for you: beanjar witness vouch NAME."
    )


def _say_why(made: Offered) -> str:
    if made.named:
        return "trusted from the start"
    needed = "" if made.may_be_drawn else f" of {VOUCHES}"
    return f"{made.vouched_by}{needed} vouch"
