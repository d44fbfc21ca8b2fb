"""Who shall witness a question that is asked here, and the wait until they have accepted."""

from collections.abc import Sequence

import click

from beanjar.base.errors import BeanjarError
from beanjar.client.client import Client
from beanjar.client.records import SpaceRecord
from beanjar.client.witnesses import draw_witnesses
from beanjar.main.questions import SHORT, Question
from beanjar.main.roll import NoSuchMember
from beanjar.main.session import Session
from beanjar.main.waiting import wait_for
from beanjar.space.members import MembersView, short_name
from beanjar.space.question import QUORUMS


class NotAccepted(BeanjarError):
    """Witnesses that have let a question wait too long."""


def choose_witnesses(
    client: Client, record: SpaceRecord, seed: bytes, *, named: Sequence[str], wished: int | None
) -> tuple[str, ...]:
    """Return the devices (hex) that an ask shall name: the `named` ones, or drawn ones.

    `seed` is the id of what this device said last, `wished` how many are to be drawn.
    """
    if named:
        return _find_named(record, named)
    return draw_witnesses(client, record, seed, wished)


def name_person(members: MembersView, person: str) -> str:
    """Return what to call a person (hex) in a space."""
    names = (each.name for each in members.members if each.person == person)
    return next(names, short_name(person))


def name_witness(members: MembersView, device: str) -> str:
    """Return what to call a witness: whose node it is, and how its key begins."""
    names = (each.name for each in members.members if device in each.devices)
    return f"{next(names, 'somebody')} ({device[:SHORT]})"


def wait_for_accepts(session: Session, question: Question, timeout: float) -> tuple[str, ...]:
    """Return the accepts (ids) of all witnesses, in the order in which the ask names them.

    Tells of each that comes. Raises `NotAccepted` after `timeout` seconds.
    """
    members = question.client.space(question.space).members
    waiting: dict[str, str] = {}
    told: set[str] = set()

    def look() -> tuple[str, ...] | None:
        witnesses = question.look().facts.witnesses
        accepts = {each.device: each.accept for each in witnesses if each.accept is not None}
        names = {each.device: name_witness(members, each.device) for each in witnesses}
        for device in accepts if len(witnesses) > 1 else ():
            if device not in told:
                told.add(device)
                session.note(f"{names[device]} has accepted: {len(told)} of {len(witnesses)}.")
        waiting.clear()
        waiting.update((device, name) for device, name in names.items() if device not in accepts)
        return None if waiting else tuple(accepts.values())

    accepts = wait_for(session, look, timeout, "Waiting for the witnesses to accept")
    if accepts is None:
        raise NotAccepted(_say_who_is_late(question, list(waiting.values())))
    return accepts


def _say_who_is_late(question: Question, names: Sequence[str]) -> str:
    have = "has" if len(names) == 1 else "have"
    return (
        f"It is asked, but {', '.join(names)} {have} not accepted yet: perhaps the node is down. "
        f"Open it later: beanjar {question.tool.name} open {question.id[:SHORT]}. Or ask again "
        "with other witnesses: --witness."
    )


def _find_named(record: SpaceRecord, named: Sequence[str]) -> tuple[str, ...]:
    devices = tuple(dict.fromkeys(_find_witness(record, each) for each in named))
    persons = {each.person for each in record.members.members if {*devices} & {*each.devices}}
    if len(devices) not in QUORUMS or len(persons) < len(devices):
        raise click.UsageError("A question has 1, 4 or 7 witnesses, each another person's.")
    return devices


def _find_witness(record: SpaceRecord, named: str) -> str:
    """Return the device (hex) that begins so, or that somebody of this name or key offers."""
    present = [each for each in record.members.members if not each.left]
    meant = {each.person for each in present if each.name.casefold() == named.casefold()}
    devices: set[str] = set()
    if not meant:
        start = named.lower()
        meant = {each.person for each in present if each.person.startswith(start)}
        devices = {key for each in present for key in each.devices if key.startswith(start)}
    devices |= {each.device for each in record.offers if each.person in meant}
    if len(devices) != 1:
        raise NoSuchMember(
            f"Several devices could be “{named}”. Say how the key of the one you mean begins."
            if devices
            else f"No device here begins with “{named}”, and nobody of that name offers to "
            "witness. See beanjar witness list."
        )
    return devices.pop()
