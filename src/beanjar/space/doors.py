"""Doors: web addresses at which nodes serve a space, so that a page knows others than its own."""

from collections.abc import Callable
from typing import Annotated

from msgspec import Meta

from beanjar.base.limits import DOORS
from beanjar.fold.fold import FoldKind
from beanjar.fold.merge import Latest
from beanjar.fold.statement import Statement
from beanjar.ops.body import Body

# A browser lets a page speak to these, by a header in which nothing else may stand: without the
# last part, Python would let a line feed follow.
Address = Annotated[str, Meta(max_length=120, pattern=r"^(https?://[A-Za-z0-9.:\[\]-]+)?$(?!\n)")]


class Door(Body, frozen=True, tag="space.door"):
    """The device that says this serves the space's pages at an address; "" takes that back."""

    address: Address = ""


class Doors:
    """The fold. Of what a device says the latest counts."""

    def __init__(self) -> None:
        """Begin with no doors."""
        self._said: Latest[str] = Latest()

    def add(self, said: Statement) -> None:
        """Take a statement."""
        self._said.add(said.device, said)

    def of(self, device: str) -> str:
        """Return the address that a device (hex) said last; "" if it serves none."""
        said = self._said.get(device)
        return said.body.address if said is not None and isinstance(said.body, Door) else ""

    def view(self, is_member: Callable[[str], bool]) -> list[str]:
        """Return the addresses of members' devices, what was said last first; at most `DOORS`."""
        bodies = (said.body for _, said in self._said.items() if is_member(said.person))
        found = [body.address for body in bodies if isinstance(body, Door) and body.address]
        return list(dict.fromkeys(reversed(found)))[:DOORS]


DOORS_FOLD = FoldKind(name="doors", make=Doors, bodies=frozenset({Door}))
