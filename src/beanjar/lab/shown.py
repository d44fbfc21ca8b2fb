"""What simulated nodes show of a space, as bytes to compare."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

import msgspec

from beanjar.lab.disk import BeforeForks, Disk
from beanjar.node.carried import Carried
from beanjar.space.view import encode_view
from beanjar.tools.estimate import TOOL

if TYPE_CHECKING:
    from beanjar.store import Store


def read_anew(disk: Disk, space: bytes) -> Carried:
    """Add up a space from the disk, as a node does that starts."""
    return Carried(space, [TOOL], disk.as_store)


def show(carried: Carried, names: Sequence[str]) -> list[bytes]:
    """Return what is shown of the members, of what they want, and of these questions."""
    space = carried.space
    whole = (space.erasures.view(None), space.offers(), space.subjects(TOOL))
    closings = [space.closing(name).view(None) for name in names]
    facts = [encode_view(each.facts) for each in closings if each is not None]
    return [encode_view(space.members.view(None)), *map(msgspec.json.encode, whole), *facts]


def heeds_forks(disk: Disk, space: bytes) -> bool:
    """Say whether all shows the same without what forked devices said from the fork on."""
    before = Carried(space, [TOOL], cast("Store", BeforeForks(disk)))
    return show(read_anew(disk, space), ()) == show(before, ())
