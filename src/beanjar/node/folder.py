"""A node's own folder: its store, its two keys, and the token of whoever keeps it."""

import fcntl
import os
import secrets
from pathlib import Path
from typing import IO

from beanjar.base.errors import BeanjarError
from beanjar.ops.signing import SigningKey
from beanjar.store import Store

DATABASE = "beanjar.db"
DEVICE = "device.key"
MOVED = "moved"
"""Says that the node has gone, into which file."""


class FolderInUse(BeanjarError):
    """Two nodes on one folder would fork the node's log."""


class Moved(BeanjarError):
    """A folder whose node has gone elsewhere, keys and all."""


class NoFolder(BeanjarError):
    """A place that is no folder, and cannot become one."""


class Folder:
    """What one node keeps on disk. Never copy it to run a second node: that forks its log."""

    def __init__(self, path: Path) -> None:
        """Open the folder, making it if needed, for this process alone.

        Raises `NoFolder`, `FolderInUse`, `Moved` and what the store has against it.
        """
        try:
            path.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise NoFolder(
                f"There can be no folder at {path} ({error.strerror}). Name another place."
            ) from None
        self.path = path
        self._lock = lock_folder(path)
        self.device = SigningKey(_read_or_make(path / DEVICE))
        """What it says in spaces is signed with this, as one of its keeper's devices."""
        self.network = SigningKey(_read_or_make(path / "network.key"))
        """Other nodes dial it by this. It is another key, so that who connects learns no person."""
        self.token = _read_or_make(path / "keeper.token").hex()
        self.store = Store.open(path / DATABASE)

    def close(self) -> None:
        """Let go of the folder."""
        self.store.close()
        self._lock.close()


def read_token(path: Path) -> str | None:
    """Return the keeper's token of the node in this folder, or `None` if there is no node."""
    file = path / "keeper.token"
    return file.read_bytes().hex() if file.exists() else None


def lock_folder(path: Path) -> IO[bytes]:
    """Hold a folder for this process alone, until what this returns is closed.

    Raises `FolderInUse` and `Moved`.
    """
    file = (path / "lock").open("wb")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        raise FolderInUse(
            f"Another node is running on {path}. Stop it, or give this one a folder of its own "
            "with --data."
        ) from None
    if (path / MOVED).exists():
        file.close()
        raise Moved(
            f"The node in {path} has moved, with its keys, into the file "
            f"{(path / MOVED).read_text()}. Restore it where it is to run: beanjar restore FILE. "
            "This folder is of no use any more."
        )
    return file


def _read_or_make(path: Path) -> bytes:
    """Return the 32 secret bytes in the file, made and safely on disk if it is new."""
    if path.exists():
        return path.read_bytes()
    made = secrets.token_bytes(32)
    draft = path.with_suffix(".new")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(made)
        file.flush()
        os.fsync(file.fileno())
    draft.rename(path)
    return made
