"""The rules of a space: what its charter says, and what everyone is promised."""

from litestar import Response
from litestar.params import FromPath
from msgspec import Struct

from beanjar.base.limits import VOUCHES
from beanjar.space.charter import Charter
from beanjar.space.question import QUORUMS
from beanjar.space.space import Space
from beanjar.web.addresses import read_id
from beanjar.web.door import Call, door_of
from beanjar.web.reach import DoorAddress, read_address
from beanjar.web.site import page, present, shared


class RulesView(Struct, frozen=True):
    """What a space was founded with, by whom and when (ms), and where members' nodes serve it."""

    name: str
    purpose: str
    founder: str
    founded: int
    charter: Charter
    doors: list[DoorAddress]


@page("/rules", "/rules.json")
async def show_rules(request: Call, space: FromPath[str]) -> Response[bytes]:
    """Show the rules that a space began with."""
    here = door_of(request).node.space(read_id(space))
    return present(
        request,
        _view(here),
        "rules.html",
        lambda: shared(here) | {"vouches": VOUCHES, "quorums": QUORUMS},
    )


def _view(space: Space) -> RulesView:
    members = space.members
    founding = members.founding
    return RulesView(
        name=founding.name,
        purpose=founding.purpose,
        founder=founding.certificate.person,
        founded=members.founded,
        charter=founding.charter,
        doors=[
            door
            for address in space.doors.view(members.has)
            if (door := read_address(address)) is not None
        ],
    )
