"""Where Beanjar is found on this machine, unless told otherwise."""

from pathlib import Path

from platformdirs import user_data_path

PORT = 2326
DOOR = f"http://127.0.0.1:{PORT}"
"""The address of a node's door on its own machine."""


def home_folder() -> Path:
    """Return where a person's keys and own words are kept."""
    return user_data_path("beanjar") / "person"


def node_folder() -> Path:
    """Return where the node of this machine keeps what it carries."""
    return user_data_path("beanjar") / "node"
