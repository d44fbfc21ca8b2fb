"""`beanjar me`: who you are on this machine."""

import secrets
from typing import Literal

import click
from msgspec import Struct

from beanjar.base.errors import BeanjarError
from beanjar.base.ids import SIZE
from beanjar.client.home import AlreadySomebody, Home
from beanjar.client.ownlog import OwnLog
from beanjar.client.spoken import Spoken
from beanjar.main.command import Command
from beanjar.main.inputs import YES, Text, confirm, read_words
from beanjar.main.session import Session, name_of
from beanjar.main.told import Rows, Told
from beanjar.ops.device import LastWord, revoke_device
from beanjar.ops.words import spell, unspell
from beanjar.space.charter import Revoke

KEEP_THEM = (
    "Write these words on paper. With them you can come back as yourself on any machine. Whoever "
    "else reads them can be you, and nobody can give them to you again."
)

IN_SPACE = click.Option(["--space"], help="Only in this space, not in all of yours.")
JOIN_AGAIN = "Join your spaces again with a ticket of each."


class MeTold(Struct, frozen=True):
    """Who is at home: keys in hex, whether the 24 words are here, and what is still to be sent."""

    person: str
    name: str
    device: str
    words: bool
    spaces: int
    unsent: int


class DeviceTold(Struct, frozen=True):
    """One device of a person in a space; `what` says more of it, where that is known here."""

    space: str
    name: str
    device: str
    what: Literal["", "this one", "the node"]


@click.group()
def me() -> None:
    """Who you are on this machine."""


@me.command(cls=Command, example="me new Ada")
@click.argument("name", type=Text(1, 60))
def new(session: Session, name: str) -> Told:
    """Begin as a new person called NAME, with keys that never leave this machine."""
    home = session.home
    if not home.is_empty:
        raise AlreadySomebody(_whose(home))
    home.settle(name, secrets.token_bytes(SIZE))
    welcome = f"You are {name}. Your 24 words are the way back to yourself: see beanjar me words."
    return Told(_describe(home), [welcome])


@me.command(cls=Command, example="me show")
def show(session: Session) -> Told:
    """Show who you are here, and what is still to be sent."""
    told = _describe(session.home)
    rows = [
        ("name", told.name or "(not said)"),
        ("person", told.person),
        ("device", told.device),
        ("24 words", "on this machine" if told.words else "not on this machine"),
        ("spaces", str(told.spaces)),
        ("to send", str(told.unsent)),
    ]
    return Told(told, [Rows(rows)])


@me.command(cls=Command, example="me words")
def words(session: Session) -> Told:
    """Show your 24 words, to be written on paper."""
    spelled = spell(session.home.person.seed).split()
    places = [f"{place:2} {word}" for place, word in enumerate(spelled, start=1)]
    rows = [places[row::6] for row in range(6)]
    return Told({"words": spelled}, [Rows(rows), KEEP_THEM])


@me.command(cls=Command, example="me restore < words.txt")
@click.option("--name", type=Text(1, 60), help="What to call you from now on.")
@click.option("--new-device", is_flag=True, help="Give up the device that this machine was.")
def restore(session: Session, name: str | None, *, new_device: bool) -> Told:
    """Come back as yourself with your 24 words, read from standard input.

    This machine becomes a new device of yours; it never goes on as another one.
    """
    home = session.home
    if home.is_empty:
        home.settle(name or "", unspell(read_words()))
        return Told(_describe(home), [f"Welcome back. {JOIN_AGAIN}"])
    seed = home.person.seed if home.knows_words and new_device else unspell(read_words())
    if not home.is_of(seed):
        raise AlreadySomebody(f"These are somebody else's words. {_whose(home)}")
    if not new_device:
        home.keep_seed(seed)
        return Told(_describe(home), ["Your 24 words are on this machine again."])
    home.settle(name or home.me.name, seed)
    return Told(
        _describe(home),
        [f"This machine is a new device of yours. {JOIN_AGAIN}"],
    )


@me.command(cls=Command, example="me forget")
def forget(session: Session) -> Told:
    """Remove your 24 words from this machine, once you have typed them from your paper.

    The device goes on speaking for you. Joining a space and giving up a device need the words.
    """
    home = session.home
    if unspell(read_words()) != home.person.seed:
        raise BeanjarError("These are not your words, so they stay here. Check your paper.")
    home.forget_seed()
    return Told(_describe(home), ["Your 24 words are only on your paper now. Keep it well."])


@me.command(cls=Command, params=[IN_SPACE], example="me devices")
def devices(session: Session, space: str | None) -> Told:
    """List your devices in each of your spaces."""
    found = [each for log in _logs(session, space) for each in _list_devices(session, log)]
    rows = [(each.name, each.device[:16], each.what) for each in found]
    return Told(found, [Rows(rows, ("space", "device", ""))] if rows else ["You are in no space."])


@me.command(cls=Command, params=[IN_SPACE, YES], example="me revoke 3fa2")
@click.argument("device")
def revoke(session: Session, device: str, space: str | None, *, yes: bool) -> Told:
    """Give up a lost DEVICE (its key, or how it begins): nothing that it says now counts."""
    found = [
        (log, each)
        for log in _logs(session, space)
        for each in _list_devices(session, log)
        if each.device.startswith(device)
    ]
    key = _the_only_device({each.device for _, each in found})
    if key == session.home.me.device:
        raise BeanjarError("That is the device that you are using. Say this on another one.")
    confirm(f"Nothing that the device {key[:8]}… says from now on will count, for ever.", yes=yes)
    spoken = [_revoke_in(session, log, key) for log, _ in found]
    names = ", ".join(each.name for _, each in found)
    return Told(spoken, [f"The device {key[:8]}… is given up in: {names}."])


def _describe(home: Home) -> MeTold:
    me, logs = home.me, home.logs()
    joined = sum(not log.remembered.left for log in logs)
    unsent = sum(log.unsent for log in logs)
    return MeTold(me.person, me.name, me.device, home.knows_words, joined, unsent)


def _whose(home: Home) -> str:
    name = home.me.name or "somebody"
    return f"This machine is {name}'s already. Use another folder: say one with --home."


def _logs(session: Session, space: str | None) -> list[OwnLog]:
    if space is not None:
        return [session.find_space(space)]
    return [log for log in session.home.logs() if not log.remembered.left]


def _list_devices(session: Session, log: OwnLog) -> list[DeviceTold]:
    me, client = session.home.me, session.reach(log)
    node = client.about().device
    members = client.space(log.space).members.members
    keys = next((each.devices for each in members if each.person == me.person), [])
    return [
        DeviceTold(
            space=log.space.hex(),
            name=name_of(log),
            device=key,
            what="this one" if key == me.device else "the node" if key == node else "",
        )
        for key in keys
    ]


def _the_only_device(keys: set[str]) -> str:
    if len(keys) != 1:
        raise BeanjarError(
            "Which device is that? Say more of its key."
            if keys
            else "None of your devices is called so. See them with: beanjar me devices."
        )
    return keys.pop()


def _revoke_in(session: Session, log: OwnLog, device: str) -> Spoken:
    """Sign that the device's log ends where the node knows it to end."""
    key = bytes.fromhex(device)
    head = session.reach(log).head(log.space, key)
    signature = revoke_device(session.home.person, LastWord(log.space, key, head.seq, head.id))
    body = Revoke(device, head.seq, head.id.hex(), signature)
    return session.participant(log).say(log.space, body)
