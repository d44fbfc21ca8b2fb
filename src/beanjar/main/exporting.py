"""`beanjar space export`: all of a space in one file."""

import os
from pathlib import Path

import click

from beanjar.base.errors import BeanjarError
from beanjar.main.command import Command
from beanjar.main.inputs import SPACE
from beanjar.main.session import Session, name_of
from beanjar.main.told import Told
from beanjar.main.waiting import bar
from beanjar.node.disk import sync_folder


class FileThere(BeanjarError):
    """A file that would be overwritten."""


@click.command(cls=Command, params=[SPACE], example="space export market.beanjar")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def export(session: Session, file: Path, space: str | None) -> Told:
    """Write all of a space into FILE: what was said, with every signature, and no result."""
    if file.exists():
        raise FileThere(f"{file} is there already. Say another name, or remove it first.")
    log = session.find_space(space)
    client, draft = session.reach(log), file.with_name(f"{file.name}.part")
    try:
        with client.export(log.space) as pieces, draft.open("wb") as written, bar("Export") as more:
            for piece in pieces:
                written.write(piece)
                more(len(piece))
            written.flush()
            os.fsync(written.fileno())
        draft.rename(file)
    finally:
        draft.unlink(missing_ok=True)
    sync_folder(file.absolute().parent)
    size = file.stat().st_size
    check = f"Anyone can check it: beanjar space verify {file}"
    return Told(
        {"space": log.space.hex(), "file": str(file), "bytes": size},
        [f"All of “{name_of(log)}” is in {file}, {size:,} bytes.", check],
    )
