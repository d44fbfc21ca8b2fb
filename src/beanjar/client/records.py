"""What a node's HTTP interface answers, as far as programs read it."""

from typing import Literal

from msgspec import Struct

from beanjar.base.ids import Hex
from beanjar.node.standing import Standing
from beanjar.space.members import MembersView
from beanjar.space.offers import Offered


class SpaceLine(Struct, frozen=True):
    """A space that a node carries; its name is empty while nothing of it has arrived."""

    id: str
    name: str


class DoorAddress(Struct, frozen=True):
    """An address of a node's pages (a URL without a path), and who can open it."""

    url: str
    open_to: str


class About(Struct, frozen=True):
    """A node: its version, the key of its own device (hex), and what it carries.

    Other nodes dial it by `key` at `addresses`, unless it speaks with none. Its pages are at
    `doors`, nearest first.
    """

    version: str
    device: Hex
    spaces: list[SpaceLine]
    key: str = ""
    addresses: tuple[str, ...] = ()
    doors: tuple[DoorAddress, ...] = ()


class SpaceRecord(Struct, frozen=True):
    """A space: who is in it, the ids of its questions by tool, newest first, offers to witness."""

    members: MembersView
    subjects: dict[str, list[str]]
    offers: list[Offered]


class Receipt(Struct, frozen=True):
    """What a node has on its disk. `held_until` (ms) if it waits for its time there."""

    space: str
    id: str
    seq: int
    held_until: int | None = None


class Witnessed(Struct, frozen=True):
    """How many `of` a question's witnesses have logged an answer; whether it is sure to count."""

    witnessed: int
    of: int
    sure: bool


class OnRoll(Struct, frozen=True):
    """Who a person is to a question: `late` came after it was asked, `unnamed` before."""

    who: Literal["counted", "late", "unnamed"]


class Waiting(Struct, frozen=True):
    """A question that waits, and the names of the people for whose nodes it does."""

    id: str
    tool: str
    title: str
    state: str
    waiting_for: list[str]


class Quota(Struct, frozen=True):
    """Bytes of the disk that a space takes, and may take; a `full` one is carried no further."""

    used: int
    limit: int | None
    full: bool


class Losses(Struct, frozen=True):
    """What a node loses by leaving a space: `entries` that `elsewhere` neighbours hold too.

    `witnessing` are the questions that it has accepted to close and that are not settled; `spoke`
    is whether it has spoken there.
    """

    space: str
    name: str
    entries: int
    elsewhere: int
    witnessing: list[str]
    spoke: bool


class SpaceHealth(Struct, frozen=True):
    """What is behind in a space: `bodies` that are missing, and questions that wait.

    Its name is empty while nothing of it has arrived.
    """

    space: str
    name: str
    bodies: int
    waiting: list[Waiting]
    quota: Quota


class Health(Struct, frozen=True):
    """How a node does, as it tells its keeper; `standing` is `None` if it has no neighbours."""

    version: str
    folder: str
    bytes: int
    standing: Standing | None
    spaces: list[SpaceHealth]


class LogHead(Struct, frozen=True):
    """Where a log stands: its last operation's seq (-1: none), id (hex) and time (ms)."""

    seq: int
    id: Hex
    time: int


class Refusal(Struct, frozen=True):
    """Why a node says no, in a sentence."""

    error: str
