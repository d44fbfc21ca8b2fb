"""Devices: how a person says that a device is theirs, and that one is no longer.

A person key signs nothing else. A device agrees by carrying the certificate in the first
operation of its own log, which it signs.
"""

from struct import Struct

from msgspec import Struct as Record

from beanjar.base.ids import Hex, Signature
from beanjar.ops.signing import SigningKey, verify

_SEQ = Struct(">Q")


class Certificate(Record, frozen=True, forbid_unknown_fields=True):
    """A person's word that a device is theirs: `signature` is over (space, device key).

    `space` is the space field of the header that carries it, so zeros when it founds a space.
    """

    person: Hex
    signature: Signature


def certify_device(
    person: SigningKey, space: bytes, device: bytes, *, node: bool = False
) -> Certificate:
    """Return the person's certificate for the device key (32 bytes) in the space (32 bytes).

    That of a `node` lets it witness for the person, and nothing else.
    """
    signature = person.sign(_purpose(node=node), space, device)
    return Certificate(person.public.hex(), signature.hex())


def is_certified(
    certificate: Certificate, space: bytes, device: bytes, *, node: bool = False
) -> bool:
    """Say whether the certificate is that person's word for this device in this space."""
    person, signature = bytes.fromhex(certificate.person), bytes.fromhex(certificate.signature)
    return verify(person, signature, _purpose(node=node), space, device)


def _purpose(*, node: bool) -> bytes:
    return b"node" if node else b"device"


class LastWord(Record, frozen=True):
    """Where a lost device's log ends: nothing after the operation `last` at place `seq` counts."""

    space: bytes
    device: bytes
    seq: int
    last: bytes


def revoke_device(person: SigningKey, word: LastWord) -> str:
    """Return the person's signature, in hex; the lost device itself cannot be asked."""
    return person.sign(b"revoke", *_parts(word)).hex()


def is_revoked(person: bytes, signature: str, word: LastWord) -> bool:
    """Say whether `signature` is the word of the person (a public key) about their device."""
    return verify(person, bytes.fromhex(signature), b"revoke", *_parts(word))


def _parts(word: LastWord) -> tuple[bytes, ...]:
    return (word.space, word.device, _SEQ.pack(word.seq), word.last)
