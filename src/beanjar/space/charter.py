"""How a space begins, and who may take part: the bodies that carry a person into it."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from beanjar.base.ids import Hex, Signature
from beanjar.base.limits import INTEGER, INVITATION_HOPS, NAMED_WITNESSES
from beanjar.ops.body import Body
from beanjar.ops.device import Certificate

Title = Annotated[str, Meta(min_length=1, max_length=80)]
Text = Annotated[str, Meta(max_length=4000)]
Time = Annotated[int, Meta(ge=0, le=INTEGER)]


class Charter(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The rules that a space begins with.

    `admission`: anyone may join by the open door, or only who carries an invitation.
    `erasers`: how many members together may erase what somebody else said; 0 = none may.
    `witnesses`: the persons whose nodes may witness without being vouched for; empty = the
    founder's.
    """

    admission: Literal["open", "invitation"] = "open"
    erasers: Annotated[int, Meta(ge=0, le=1000)] = 0
    witnesses: Annotated[tuple[Hex, ...], Meta(max_length=NAMED_WITNESSES)] = ()


class Founding(Body, frozen=True, tag="space.open"):
    """The first operation of a space; its id is the space's id.

    An `example` shows what a space is: its people are made up, and every page of it says so.
    """

    lasting = True

    name: Title
    certificate: Certificate
    purpose: Text = ""
    charter: Charter = Charter()
    example: bool = False


class Hop(Struct, frozen=True, forbid_unknown_fields=True):
    """One invitation in a chain: a member's device invites whoever holds a one-time key.

    `certificate` shows whose device it is, `signature` is the device's over (space, key, until),
    and `proof` the one-time key's over (space, the person who used it).
    """

    device: Hex
    certificate: Certificate
    key: Hex
    until: Time
    signature: Signature
    proof: Signature


class Join(Body, frozen=True, tag="space.join"):
    """The first operation of every other log: whose device it is, and why they may come in.

    `invitation` leads from the founder to this person, the founder's invitation first. The device
    of a `node` only witnesses: nothing else that it says means anything.
    """

    lasting = True

    certificate: Certificate
    invitation: Annotated[tuple[Hop, ...], Meta(max_length=INVITATION_HOPS)] = ()
    node: bool = False


class Leave(Body, frozen=True, tag="space.leave"):
    """A person leaves; what they said stays. Coming back is joining again."""


class Profile(Body, frozen=True, tag="space.profile"):
    """What a person says of themselves, and an X25519 key with which to seal things to them."""

    name: Annotated[str, Meta(min_length=1, max_length=60)]
    line: Annotated[str, Meta(max_length=200)] = ""
    sealing_key: Hex | None = None


class Uninvite(Body, frozen=True, tag="space.uninvite"):
    """An invitation is taken back: later joins with this one-time key do not count."""

    key: Hex


class Revoke(Body, frozen=True, tag="space.revoke"):
    """A lost device: nothing that it said after the named operation counts.

    The signature is the person key's, so that it stands whatever becomes of the log it is in.
    """

    lasting = True

    device: Hex
    seq: Time
    last: Hex
    signature: Signature


class Erase(Body, frozen=True, tag="space.erase"):
    """Asks every node to drop the body of the operation `target`."""

    target: Hex


BODIES: tuple[type[Body], ...] = (Founding, Join, Leave, Profile, Uninvite, Revoke, Erase)
