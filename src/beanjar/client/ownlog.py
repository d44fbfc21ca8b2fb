"""This device's own log in one space, as signed, and how much of it a node has.

    000000000000.op    one file for each operation, named by its seq: see `beanjar.ops.alone`
    space.json         what to call the space, where it is found, and what a node has taken

An operation is here before anybody else sees it. What was signed once is never signed otherwise:
two operations at one place would fork the log.
"""

from pathlib import Path
from typing import TypeVar

import msgspec
from msgspec import Struct

from beanjar.base.errors import BeanjarError
from beanjar.base.ids import ZERO
from beanjar.node.disk import make_folder, sync_folder, write_safely
from beanjar.ops.alone import read_alone, write_alone
from beanjar.ops.errors import Refused
from beanjar.ops.log import EMPTY, Head, head_of
from beanjar.ops.operation import Operation
from beanjar.space.admission import read_first
from beanjar.space.charter import Founding, Hop, Join

T = TypeVar("T", bound=Struct)
START_ANEW = "Go on in another folder, with --home, as yourself: beanjar me restore."


class Damaged(BeanjarError):
    """A file of a person's folder that cannot be read any more."""


class Note(Struct, frozen=True):
    """What this machine remembers of a space.

    `sent` operations are on the disk of some node, and `safe` ones on those of others too.
    """

    name: str = ""
    doors: tuple[str, ...] = ()
    sent: int = 0
    safe: int = 0
    left: bool = False


class OwnLog:
    """One log. Whoever appends holds the home's lock."""

    def __init__(self, folder: Path, space: bytes) -> None:
        """Look at the log in the folder; there need be none."""
        self._folder = folder
        self.space = space

    @property
    def head(self) -> Head:
        """Where the log stands."""
        count = len(self)
        return head_of(self.read(count - 1)) if count else EMPTY

    def __len__(self) -> int:
        """Return how many operations there are."""
        return max((int(each.stem) + 1 for each in self._folder.glob("*.op")), default=0)

    def read(self, seq: int) -> Operation:
        """Return the operation at a place. Raises `Damaged`."""
        path = self._path(seq)
        try:
            return read_alone(path.read_bytes())
        except (OSError, Refused) as error:
            raise Damaged(
                f"The file {path} is damaged, so this device cannot go on: {error} Make a new "
                "device with: beanjar me restore --new-device."
            ) from error

    def read_from(self, seq: int) -> list[Operation]:
        """Return the operations from a place on."""
        return [self.read(place) for place in range(seq, len(self))]

    def append(self, operation: Operation) -> None:
        """Put one more operation safely on the disk."""
        assert operation.seq == len(self)
        assert operation.effective_space == self.space
        write_safely(self._path(operation.seq), write_alone(operation))

    def begin(self, operation: Operation, note: Note) -> None:
        """Begin the log with its first operation."""
        make_folder(self._folder)
        sync_folder(self._folder.parent)
        self.note(note)
        self.append(operation)

    @property
    def first(self) -> Founding | Join:
        """What the log begins with."""
        return read_first(self.read(0))

    @property
    def founds(self) -> bool:
        """Whether this device founded the space."""
        return len(self) > 0 and self.read(0).space == ZERO

    @property
    def invitation(self) -> tuple[Hop, ...]:
        """The chain of invitations by which this device came in; the founder needs none."""
        first = self.first
        return first.invitation if isinstance(first, Join) else ()

    @property
    def remembered(self) -> Note:
        """What this machine remembers of the space."""
        path = self._folder / "space.json"
        return read_json(path, Note) if path.exists() else Note()

    @property
    def unsent(self) -> int:
        """How many operations no node has taken yet, as far as this machine knows."""
        return len(self) - self.remembered.sent

    @property
    def is_safe(self) -> bool:
        """Whether all of it is known to be on the disks of several nodes."""
        return self.remembered.safe >= len(self)

    def note(self, note: Note) -> None:
        """Remember this of the space, and nothing else."""
        write_safely(self._folder / "space.json", msgspec.json.encode(note))

    def change_note(self, **changes: object) -> None:
        """Remember something of the space otherwise than before."""
        self.note(msgspec.structs.replace(self.remembered, **changes))

    def _path(self, seq: int) -> Path:
        return self._folder / f"{seq:012}.op"


def read_json(path: Path, kind: type[T]) -> T:
    """Return what a file of a person's folder holds. Raises `Damaged`."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=kind)
    except msgspec.MsgspecError as error:
        raise Damaged(f"The file {path} is damaged: {error}. {START_ANEW}") from error
