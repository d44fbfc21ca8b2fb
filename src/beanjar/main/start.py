"""`beanjar-start`: for a double click. Opens the page of this machine's node."""

from contextlib import closing

import click

from beanjar.base.places import DOOR
from beanjar.client.client import Client
from beanjar.main.cli import main


def start() -> None:
    """Open the page of the node that runs here; where none does, one runs from now on."""
    with closing(Client(DOOR)) as node:
        is_up = node.answers()
    if is_up:
        click.launch(DOOR, wait=True)
    else:
        main(["up", "--open"])
