"""The name by which a node is found on its own network.

What a browser keeps, the person's device among it, belongs to one address. So the name is kept in
the node's folder, and stays when the machine is called otherwise.
"""

import re
import socket
from pathlib import Path

from beanjar.base.errors import BeanjarError
from beanjar.node.disk import write_safely

KEPT = "name.local"
SHAPE = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
UNNAMED = {"", "localhost"}
DEFAULT = "beanjar"


class NoName(BeanjarError):
    """Something by which no machine can be called."""


def settle_name(folder: Path, given: str | None) -> str:
    """Return by which name a node is found, without “.local”, and keep it in the node's folder.

    It is the one that was given, else the one that was kept, else the machine's own. Raises
    `NoName` if what was given cannot be one.
    """
    file = folder / KEPT
    kept = file.read_text(encoding="ascii") if file.exists() else None
    name = _check(given) if given is not None else kept or _name_machine()
    if name != kept:
        write_safely(file, name.encode("ascii"))
    return name


def _check(given: str) -> str:
    name = given.lower().removesuffix(".local")
    if not SHAPE.fullmatch(name):
        raise NoName(
            f"“{given}” cannot be a name on this network. Take letters a to z, digits and hyphens, "
            "at most 63, as in: --name ada."
        )
    return name


def _name_machine() -> str:
    """Return the machine's own name, as far as it can be one on a network."""
    own = re.sub("[^a-z0-9]+", "-", socket.gethostname().lower().partition(".")[0])
    name = own[:63].strip("-")
    return DEFAULT if name in UNNAMED else name
