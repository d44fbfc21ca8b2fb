"""The node that somebody keeps on this machine, as only they can: by the token in its folder."""

from pathlib import Path
from typing import NamedTuple

import click

from beanjar.base.errors import BeanjarError
from beanjar.base.places import node_folder
from beanjar.client.client import Client
from beanjar.main.session import Session
from beanjar.node.folder import read_token

DATA = click.Option(
    ["--data"],
    type=click.Path(path_type=Path, file_okay=False),
    help="The folder of your node, if it is not the usual one.",
)


class NotTheKeeper(BeanjarError):
    """A node's folder that is not here, or not ours."""


class OwnNode(NamedTuple):
    """A node, and what its keeper shows to it."""

    client: Client
    token: str


def find_token(data: Path | None) -> str | None:
    """Return the token of the node that is kept on this machine, if it can be read here."""
    try:
        return read_token(data or node_folder())
    except PermissionError:
        return None


def insist_on_token(data: Path | None) -> str:
    """Return the token of the node that is kept on this machine, or raise `NotTheKeeper`."""
    token = find_token(data)
    if token is None:
        raise NotTheKeeper(
            f"There is no node in {data or node_folder()} that you keep. Say where it is: --data."
        )
    return token


def find_own_node(session: Session, data: Path | None) -> OwnNode | None:
    """Return the node that one keeps on this machine, if it runs: its token goes nowhere else."""
    token, client = find_token(data), session.client()
    return OwnNode(client, token) if token and client.is_near and client.answers() else None
