"""Invitations: a one-time key in a link, with the chain of how its giver came in.

An invitation is never used up. It holds until a date or until it is taken back, and a join that
carries it stands whatever becomes of the inviter.
"""

from struct import Struct as Layout
from typing import Annotated

from msgspec import Meta, Struct

from beanjar.base.ids import Hex, Signature
from beanjar.base.limits import INVITATION_HOPS
from beanjar.ops.device import Certificate, is_certified
from beanjar.ops.errors import Refused
from beanjar.ops.signing import SigningKey, verify
from beanjar.space.charter import Hop, Time

_UNTIL = Layout(">Q")


class NotInvited(Refused):
    """A join that the charter does not allow."""


class Invitation(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What a link carries: the inviter's side of the last hop, the secret, and the hops before."""

    device: Hex
    certificate: Certificate
    until: Time
    signature: Signature
    secret: Hex
    before: Annotated[tuple[Hop, ...], Meta(max_length=INVITATION_HOPS - 1)] = ()


def invite(
    device: SigningKey,
    certificate: Certificate,
    space: bytes,
    *,
    secret: bytes,
    until: int,
    before: tuple[Hop, ...],
) -> Invitation:
    """Make an invitation with the one-time key `secret` (32 bytes), good until `until` (ms).

    `before` is the chain by which the inviter came in, empty for the founder.
    """
    if len(before) >= INVITATION_HOPS:
        raise NotInvited("You were invited by too long a chain. Ask someone nearer the founder.")
    key = SigningKey(secret)
    signature = device.sign(b"invite", space, key.public, _UNTIL.pack(until))
    return Invitation(
        device.public.hex(), certificate, until, signature.hex(), secret.hex(), before
    )


def use_invitation(invitation: Invitation, space: bytes, person: bytes) -> tuple[Hop, ...]:
    """Return the chain with which `person` (a public key) can join."""
    key = SigningKey(bytes.fromhex(invitation.secret))
    last = Hop(
        device=invitation.device,
        certificate=invitation.certificate,
        key=key.public.hex(),
        until=invitation.until,
        signature=invitation.signature,
        proof=key.sign(b"join", space, person).hex(),
    )
    return (*invitation.before, last)


def check_invitation(
    hops: tuple[Hop, ...], space: bytes, *, founder: str, person: str, time: int
) -> None:
    """Check that the chain leads from the founder to `person`, who joins at `time`.

    Raises `NotInvited` with the reason. Whoever came in by the founder's own hand is the last
    hop's inviter; only the last invitation must still hold at `time`, since a join stands.
    """
    if person == founder:
        return
    if not hops:
        raise NotInvited("This space lets people in by invitation. Ask a member for a link.")
    if time > hops[-1].until:
        raise NotInvited("This invitation has run out. Ask whoever gave it to you for a new one.")
    guests = [hop.certificate.person for hop in hops[1:]] + [person]
    expected = [founder, *guests]
    for inviter, hop, guest in zip(expected, hops, guests, strict=False):
        if hop.certificate.person != inviter or not _is_sound(hop, space, guest):
            raise NotInvited("This invitation does not lead back to the founder of the space.")


def _is_sound(hop: Hop, space: bytes, guest: str) -> bool:
    device, key = bytes.fromhex(hop.device), bytes.fromhex(hop.key)
    signature, proof = bytes.fromhex(hop.signature), bytes.fromhex(hop.proof)
    return (
        _is_members_device(hop, space, device)
        and verify(device, signature, b"invite", space, key, _UNTIL.pack(hop.until))
        and verify(key, proof, b"join", space, bytes.fromhex(guest))
    )


def _is_members_device(hop: Hop, space: bytes, device: bytes) -> bool:
    """A founding device was certified when the space had no id yet, so for zeros."""
    return is_certified(hop.certificate, space, device) or is_certified(
        hop.certificate, bytes(len(space)), device
    )
