"""`beanjar space quota`: how much of a node's disk a space may take."""

from pathlib import Path

import click

from beanjar.client.records import Quota
from beanjar.main.command import Command
from beanjar.main.keeper import DATA
from beanjar.main.nodes import find_carried, insist_on_own_node
from beanjar.main.peers import write_size
from beanjar.main.session import Session
from beanjar.main.sizes import Size
from beanjar.main.told import Told


@click.command(cls=Command, params=[DATA], example='space quota "The market" 500MB')
@click.argument("space")
@click.argument("size", required=False, type=Size())
@click.option("--none", "is_unbounded", is_flag=True, help="Let it take as much as there is.")
def quota(
    session: Session, space: str, size: int | None, data: Path | None, *, is_unbounded: bool
) -> Told:
    """Say how much of your node's disk a SPACE may take; without SIZE, look.

    Over its quota it is carried no further, as a whole: your node takes nothing more of it from
    anyone and speaks of it to nobody, until there is room. What was said stays.
    """
    if size is not None and is_unbounded:
        raise click.UsageError("Say either a size or --none.")
    own = insist_on_own_node(session, data)
    carried = find_carried(own, space)
    name = bytes.fromhex(carried.id)
    if size is None and not is_unbounded:
        health = own.client.health(own.token)
        found = next(each.quota for each in health.spaces if each.space == carried.id)
    else:
        found = own.client.allow(own.token, name, size)
    return Told(found, _put_in_words(carried.name or carried.id[:8], found))


def _put_in_words(name: str, found: Quota) -> list[str]:
    limit = "as much as there is" if found.limit is None else write_size(found.limit)
    words = [f"“{name}” takes {write_size(found.used)}, and may take {limit}."]
    if found.full:
        words.append(
            "Your node carries it no further. Give it more room, or leave it: beanjar space leave "
            "--erase."
        )
    return words
