"""A node's folder made again from a backup.

A backup is older than the node's last word, as far as anybody knows. So a node restored from one
speaks with a new device: what the old one had said, or had accepted to witness, it can neither
continue nor contradict. Only a folder that was moved, and never started since, goes on as it was.
"""

import shutil
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from beanjar.base.errors import BeanjarError
from beanjar.base.limits import MOVE_WITHIN
from beanjar.node.backup import Manifest, Tell, read_manifest, unpack
from beanjar.node.disk import make_folder, sync_folder
from beanjar.node.folder import DATABASE, DEVICE
from beanjar.ops.signing import SigningKey
from beanjar.store import Store


class FolderTaken(BeanjarError):
    """A folder in which something is kept already."""


class Restored(Struct, frozen=True):
    """A node that is back: when its backup was made (ms), and the spaces (hex) it carries.

    One that `goes_on` speaks with the same device as before. One that does not had `spoken` in
    some of the spaces. `used_up` says whether the file is gone, so that no second node comes of it.
    """

    folder: str
    made: int
    spaces: list[str]
    spoken: list[str]
    goes_on: bool
    used_up: bool


def restore(file: Path, folder: Path, now: int, tell: Tell) -> Restored:
    """Make a node's folder from a backup at `now` (ms), or change nothing.

    Raises `FolderTaken`, `NoBackup`, or a `StoreError`.
    """
    if folder.exists() and any(folder.iterdir()):
        raise FolderTaken(
            f"There is something in {folder} already, perhaps a node. Name a new folder: --data."
        )
    manifest = read_manifest(file, tell)
    make_folder(folder.absolute().parent)
    draft = folder.absolute().with_name(f"{folder.absolute().name}.new")
    shutil.rmtree(draft, ignore_errors=True)
    make_folder(draft)
    try:
        unpack(file, draft)
        restored = _settle(draft, folder, manifest, now)
        sync_folder(draft)
        draft.rename(folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    sync_folder(folder.absolute().parent)
    return _use_up(file, restored)


def _settle(draft: Path, folder: Path, manifest: Manifest, now: int) -> Restored:
    """Look at what was unpacked, and take the device away if it must not go on."""
    device = SigningKey((draft / DEVICE).read_bytes()).public
    goes_on = manifest.moves and now - manifest.made < MOVE_WITHIN
    if not goes_on:
        (draft / DEVICE).unlink()
    store = Store.open(draft / DATABASE)  # fails if it is of a newer program
    try:
        spaces = store.spaces()
        spoken = [each for each in spaces if store.head(each, device).seq >= 0]
    finally:
        store.close()
    return Restored(
        folder=str(folder),
        made=manifest.made,
        spaces=[each.hex() for each in spaces],
        spoken=[each.hex() for each in spoken],
        goes_on=goes_on,
        used_up=False,
    )


def _use_up(file: Path, restored: Restored) -> Restored:
    """Remove a file of which a node goes on: who restored it again would have two of one key."""
    if not restored.goes_on:
        return restored
    try:
        file.unlink()
    except OSError:
        return restored
    return replace(restored, used_up=True)
