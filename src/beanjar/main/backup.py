"""`beanjar backup` and `restore`: all of a node in one file, and a node made again from it."""

from pathlib import Path

import click
from msgspec import Struct

from beanjar.base.places import node_folder
from beanjar.main.command import Command
from beanjar.main.keeper import DATA
from beanjar.main.moments import write_moment
from beanjar.main.peers import write_size
from beanjar.main.questions import SHORT
from beanjar.main.session import Session
from beanjar.main.told import Told
from beanjar.main.waiting import gauge
from beanjar.node.backup import write_backup
from beanjar.node.restoring import Restored
from beanjar.node.restoring import restore as restore_folder

KEEP_IT_SAFE = (
    "Whoever has this file can run your node, for its secret keys are in it. Keep it where nobody "
    "else reads it."
)
NOT_IN_IT = (
    "Not in it are your own keys and your 24 words, which your node never has. See: beanjar me "
    "words."
)
NEW_DEVICE = (
    "It speaks with a new device from now on, since nobody here knows what the old one has said "
    "since. It witnesses no more of what it had accepted."
)
TWICE = (
    "whoever restores it again has a second node with the same keys, and the two would contradict "
    "one another."
)
FILE = click.Path(path_type=Path, dir_okay=False)


class BackedUp(Struct, frozen=True):
    """A file with all of a node; one that `moves` it leaves a folder that never starts again."""

    file: str
    bytes: int
    moves: bool


@click.command(cls=Command, params=[DATA], example="backup node.zip")
@click.argument("file", type=FILE)
@click.option("--move", is_flag=True, help="The node moves with the file, and never starts here.")
def backup(session: Session, file: Path, data: Path | None, *, move: bool) -> Told:
    """Put all of your node into FILE, while it runs.

    In it are all spaces that it carries, their files, its quotas, the addresses of other nodes, and
    its secret keys. What was erased before is not in it. Not in it are your own keys and your 24
    words: they are in another folder, and on paper.

    With --move, stop the node first. Then restore FILE on the other machine, once: the node goes on
    there as it was.
    """
    with gauge("Backup") as show:
        write_backup(data or node_folder(), file, session.clock.now(), show, moves=move)
    made = BackedUp(str(file), file.stat().st_size, move)
    words = [f"All of your node is in {file}, {write_size(made.bytes)}. {KEEP_IT_SAFE}", NOT_IN_IT]
    if move:
        words.append(
            f"It never starts here again. On the other machine: beanjar restore {file.name}"
        )
    return Told(made, words)


@click.command(cls=Command, params=[DATA], example="restore node.zip")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
def restore(session: Session, file: Path, data: Path | None) -> Told:
    """Make your node again from FILE, in a folder where there is none.

    FILE is checked first; if anything in it was changed or is missing, nothing is done. The node
    fetches from others what was said since.

    What it said itself since the backup nobody can know here. So it speaks with a new device, and
    witnesses no more of what it had accepted; lend it to your spaces anew. Only after a move
    (backup --move) it goes on as it was, and FILE is removed.
    """
    with gauge("Check") as show:
        restored = restore_folder(file, data or node_folder(), session.clock.now(), show)
    return Told(restored, [_say_where(restored), *_say_how(restored, file)])


def _say_where(restored: Restored) -> str:
    count = len(restored.spaces)
    spaces = f"{count:,} space" if count == 1 else f"{count:,} spaces"
    made = write_moment(restored.made)
    return f"Your node is in {restored.folder}, with {spaces}, as of {made}. Start it: beanjar up."


def _say_how(restored: Restored, file: Path) -> list[str]:
    if restored.goes_on and restored.used_up:
        return [f"It goes on as it was. {file} is gone, so that no second node comes of it."]
    if restored.goes_on:
        return [f"It goes on as it was. Remove {file} now: {TWICE}"]
    offers = [f"beanjar witness offer {space[:SHORT]}" for space in restored.spoken]
    return [NEW_DEVICE, *(f"To let it witness anew in a space: {each}" for each in offers)]
