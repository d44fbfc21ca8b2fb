"""The page of one person: since when they are here, by whom, with which devices, who vouches."""

from litestar import Response
from litestar.params import FromPath
from msgspec import Struct

from beanjar.base.limits import VOUCHES
from beanjar.node.node import Node
from beanjar.space.members import Member
from beanjar.space.offers import Offered
from beanjar.space.space import Space
from beanjar.web.addresses import read_id
from beanjar.web.door import Call, door_of
from beanjar.web.refusals import NotHere
from beanjar.web.site import DATA, page, present, shared
from beanjar.web.telling import inviters_of

DEVICES = 50
"""How many devices one page shows."""


class DeviceView(Struct, frozen=True):
    """A device (its key in hex): how much it said, and when last (ms).

    The device of a `node` only witnesses. What one says after it was `forked` or `revoked` counts
    no more.
    """

    key: str
    node: bool
    said: int
    last: int
    forked: bool
    revoked: bool


class PersonView(Struct, frozen=True):
    """A person. `invited_by` leads from the founder to who invited them, where that is needed.

    `devices` are those that came here last, of `device_count`. `vouched_by` are members (hex).
    """

    member: Member
    founder: bool
    invited_by: list[str]
    device_count: int
    devices: list[DeviceView]
    offers: list[Offered]
    vouched_by: list[str]


@page("/people/{person:str}")
async def show_person(
    request: Call, space: FromPath[str], person: FromPath[str]
) -> Response[bytes]:
    """Show one person who is or was here."""
    node, name = door_of(request).node, read_id(space)
    here = node.space(name)
    known = shared(here)  # raises NotFounded
    member = here.members.find(read_id(person.removesuffix(DATA)).hex())
    if member is None:
        raise NotHere("Nobody here has this address. Who has it may not have arrived yet.")
    view = _view(node, here, member)
    return present(request, view, "person.html", lambda: known | {"vouches": VOUCHES})


def _view(node: Node, space: Space, member: Member) -> PersonView:
    keys = space.devices_of(member.person)
    devices = [_view_device(node, space, key) for key in keys[-DEVICES:]]
    devices.sort(key=lambda each: (-each.last, each.key))
    first = space.members.joins_of(member.person)[0]
    return PersonView(
        member=member,
        founder=member.person == space.members.founding.certificate.person,
        invited_by=inviters_of(space, first),
        device_count=len(keys),
        devices=devices,
        offers=[each for each in space.offers() if each.person == member.person],
        vouched_by=space.vouchers_of(member.person),
    )


def _view_device(node: Node, space: Space, key: bytes) -> DeviceView:
    head, ends = node.head(space.id, key), space.ends_of(key.hex())
    return DeviceView(
        key=key.hex(),
        node=space.is_node(key),
        said=head.seq + 1,
        last=head.time,
        forked="forked" in ends,
        revoked="revoked" in ends,
    )
