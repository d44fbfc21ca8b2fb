"""Ed25519 (RFC 8032) with one strict reading, so that every node accepts the same signatures.

Verification is cofactorless and compares R byte for byte; S must be below the group order. Both
are what `cryptography` does. What it does not do is done here: a key must be canonically encoded
and must not be of small order, under which one signature would fit many messages.
"""

from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from beanjar.base.ids import SIZE

PRIME = 2**255 - 19
SIGN_BIT = 1 << 255
_ORDER_8 = 0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD84D3D706A17C7
SMALL_ORDER = frozenset({0, 1, PRIME - 1, _ORDER_8, PRIME - _ORDER_8})
"""The y coordinates of the eight points whose order divides 8."""


class SigningKey:
    """The private half of a key, of a person or of a device."""

    def __init__(self, seed: bytes) -> None:
        """Make the key from its 32 secret bytes."""
        self.seed = seed
        self._private = Ed25519PrivateKey.from_private_bytes(seed)
        self.public = self._private.public_key().public_bytes_raw()

    def sign(self, purpose: bytes, *parts: bytes) -> bytes:
        """Return the 64-byte signature under `purpose`, a zero byte, and the parts."""
        return self._private.sign(message(purpose, *parts))


def message(purpose: bytes, *parts: bytes) -> bytes:
    """Return what is signed: the purpose keeps one kind of signature from passing as another."""
    return b"BJ1 " + purpose + b"\0" + b"".join(parts)


def verify(key: bytes, signature: bytes, purpose: bytes, *parts: bytes) -> bool:
    """Say whether `signature` (64 bytes) by `key` (32 bytes) fits the parts under `purpose`."""
    return is_sound(key) and fits(key, signature, message(purpose, *parts))


def fits(key: bytes, signature: bytes, signed: bytes) -> bool:
    """Say whether `signature` by a sound `key` fits just these bytes."""
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, signed)
    except InvalidSignature:
        return False
    return True


@lru_cache(maxsize=4096)
def is_sound(key: bytes) -> bool:
    """Say whether `key` is a canonical encoding of a point that is not of small order."""
    y = int.from_bytes(key, "little") & (SIGN_BIT - 1)
    return len(key) == SIZE and y < PRIME and y not in SMALL_ORDER
