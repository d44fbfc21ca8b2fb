"""`beanjar space list` and `show`: where one belongs."""

import click
from msgspec import Struct

from beanjar.main.command import Command
from beanjar.main.moments import write_moment
from beanjar.main.session import Session, name_of
from beanjar.main.told import Rows, Told

EXAMPLE = "An example: the people in it are made up."


class SpaceTold(Struct, frozen=True):
    """A space that this device has spoken in; `unsent` is how much no node has taken yet."""

    space: str
    name: str
    doors: tuple[str, ...]
    left: bool
    unsent: int


@click.command("list", cls=Command, example="space list")
def list_(session: Session) -> Told:
    """List your spaces, as this machine remembers them."""
    found = [
        SpaceTold(log.space.hex(), name_of(log), note.doors, note.left, log.unsent)
        for log in session.home.logs()
        for note in [log.remembered]
    ]
    rows = [
        (each.space[:8], each.name, "left" if each.left else "", f"{each.unsent} to send")
        for each in found
    ]
    return Told(found, [Rows(rows)] if rows else ["You are in no space yet."])


@click.command(cls=Command, example="space show")
@click.argument("space", required=False)
def show(session: Session, space: str | None) -> Told:
    """Show a SPACE: what it is for, and who is in it."""
    log = session.find_space(space)
    record = session.reach(log).space(log.space)
    view = record.members
    founder = next((each.name for each in view.members if each.person == view.founder), "")
    door = {"open": "Anyone may join.", "invitation": "Who is invited may join."}
    people = [each for each in view.members if not each.left]
    words: list[str | Rows] = [
        view.name,
        *([EXAMPLE] if view.example else []),
        *([view.purpose] if view.purpose else []),
        f"Founded by {founder}, {write_moment(view.founded)}. {door[view.charter.admission]}",
        f"{len(people):,} people, {sum(map(len, record.subjects.values())):,} questions",
        Rows([(each.person[:8], each.name, each.line) for each in people]),
        f"Its id is {log.space.hex()}",
    ]
    return Told(record, words)
