"""All that a node keeps, keys and all, in one file: made while it runs, checked before it is used.

The file is a zip with a manifest, the files of the node's folder, and at its very end the SHA-256
of all that comes before, so that nothing can be missing or changed in it unnoticed.
"""

import os
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, nullcontext
from hashlib import sha256
from pathlib import Path
from typing import IO

import msgspec
from msgspec import Struct

from beanjar import __version__
from beanjar.base.errors import BeanjarError
from beanjar.node.disk import sync_folder, write_safely
from beanjar.node.folder import DATABASE, MOVED, lock_folder
from beanjar.store import Store

FORMAT = 1
MANIFEST = "beanjar-backup.json"
PIECE = 1024 * 1024
_SEAL = 64
"""The length of the SHA-256 at the end, in hex."""

Tell = Callable[[int, int], None]
"""Is called with how many bytes are done, and of how many."""


class NoNode(BeanjarError):
    """A folder in which there is no node to make a backup of."""


class NoBackup(BeanjarError):
    """A file that is no whole backup, or not one that this program can read."""


class FileThere(BeanjarError):
    """A file that would be overwritten."""


class Manifest(Struct, frozen=True):
    """What a backup says of itself: when it was made, in ms, and by which version of Beanjar.

    One that `moves` the node was made of a folder that never starts again.
    """

    format: int
    made: int
    version: str
    moves: bool


def write_backup(folder: Path, file: Path, now: int, tell: Tell, *, moves: bool = False) -> None:
    """Write all of the node in a folder into a new file, readable by its owner alone.

    With `moves` the node must not be running, and the folder never starts again. Raises
    `NoNode`, `FileThere`, `FolderInUse`, `Moved`, or a `StoreError`.
    """
    if not (folder / DATABASE).exists():
        raise NoNode(f"There is no node in {folder}. Say where its folder is: --data.")
    if file.exists():
        raise FileThere(f"{file} is there already. Say another name, or remove it first.")
    manifest = Manifest(FORMAT, now, __version__, moves)
    with closing(lock_folder(folder)) if moves else nullcontext(), _drafting(file) as draft:
        _write_draft(folder, draft, manifest, tell)
        if moves:
            # Before the file gets its name: no moment may come in which both could run.
            write_safely(folder / MOVED, str(file.absolute()).encode())
        draft.rename(file)
    sync_folder(file.absolute().parent)


def read_manifest(file: Path, tell: Tell) -> Manifest:
    """Check that a backup is whole, and return what it says of itself, or raise `NoBackup`."""
    if not zipfile.is_zipfile(file):
        raise NoBackup(f"{file} is no backup of a node, or not all of one. Take another copy.")
    with file.open("rb") as opened:
        is_whole = _read_seal(opened, file.stat().st_size, tell)
    if not is_whole:
        raise NoBackup(f"{file} is not as it was made: something was changed. Take another copy.")
    with zipfile.ZipFile(file) as archive:
        if MANIFEST not in archive.namelist():
            raise NoBackup(f"{file} is no backup of a node.")
        return _understand(file, archive.read(MANIFEST))


def unpack(file: Path, folder: Path) -> None:
    """Write the files in a backup that was checked into a folder, and put them on the disk."""
    with zipfile.ZipFile(file) as archive:
        for name in archive.namelist():
            if name != MANIFEST:
                _unpack_one(archive, name, folder / Path(name).name)


def _understand(file: Path, said: bytes) -> Manifest:
    try:
        known = msgspec.json.decode(said, type=Manifest)
    except msgspec.MsgspecError:
        known = None
    if known is None or known.format != FORMAT:
        raise NoBackup(
            f"{file} was made by another version of Beanjar, in a form that this one does not "
            "know. Restore it with the version that made it."
        )
    return known


@contextmanager
def _drafting(file: Path) -> Iterator[Path]:
    """Give a draft beside the file, that is gone in the end if it has not become the file."""
    draft = file.with_name(f"{file.name}.part")
    try:
        os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
        yield draft
    finally:
        draft.unlink(missing_ok=True)


def _write_draft(folder: Path, draft: Path, manifest: Manifest, tell: Tell) -> None:
    with tempfile.TemporaryDirectory(dir=draft.absolute().parent) as beside:
        copy = Path(beside) / DATABASE
        Store.copy(folder / DATABASE, copy, tell)
        with zipfile.ZipFile(draft, "w") as archive:
            archive.writestr(MANIFEST, msgspec.json.encode(manifest))
            for each in [*_small_files(folder), copy]:
                archive.write(each, each.name)
            archive.comment = b"0" * _SEAL
    with draft.open("r+b") as written:
        seal = _digest(written, draft.stat().st_size - _SEAL, lambda *_: None)
        written.seek(-_SEAL, os.SEEK_END)
        written.write(seal)
        written.flush()
        os.fsync(written.fileno())


def _small_files(folder: Path) -> list[Path]:
    """Return what the node keeps beside its database."""
    left_out = {"lock", MOVED}
    return [
        each
        for each in sorted(folder.iterdir())
        if each.is_file()
        and each.name not in left_out
        and not each.name.startswith(DATABASE)
        and each.suffix != ".new"
    ]


def _read_seal(opened: IO[bytes], size: int, tell: Tell) -> bool:
    """Say whether a file ends with the SHA-256 of the rest of it."""
    if size <= _SEAL:
        return False
    digest = _digest(opened, size - _SEAL, tell)
    return opened.read() == digest


def _digest(opened: IO[bytes], size: int, tell: Tell) -> bytes:
    """Return the SHA-256, in hex, of so many bytes from the beginning of a file."""
    hashed, left = sha256(), size
    opened.seek(0)
    while left and (piece := opened.read(min(PIECE, left))):
        hashed.update(piece)
        left -= len(piece)
        tell(size - left, size)
    return hashed.hexdigest().encode()


def _unpack_one(archive: zipfile.ZipFile, name: str, target: Path) -> None:
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with archive.open(name) as packed, os.fdopen(descriptor, "wb") as file:
        while piece := packed.read(PIECE):
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())
