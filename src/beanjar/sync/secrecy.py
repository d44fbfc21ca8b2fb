"""What two nodes tell each other without telling more: names of spaces, digests, addresses."""

import hmac
from collections.abc import Sequence
from hashlib import sha256

from beanjar.ops.signing import SigningKey, verify
from beanjar.sync.messages import SHORT, Address

ADDRESS = b"address"
"""What the signature of an address is for, see `beanjar.ops.signing.message`."""


def name_space(space: bytes, speaker: bytes, spoken: bytes, heard: bytes) -> bytes:
    """Return the 16 bytes by which a node names a space on one connection.

    `speaker` is the key of the node that names it, `spoken` its nonce, `heard` the other's. Only
    who knows the space's id can tell what is named; nobody can repeat it on another connection.
    """
    return hmac.digest(space, b"BJ1 space\0" + speaker + spoken + heard, "sha256")[:16]


def mix_salt(one: bytes, other: bytes) -> bytes:
    """Return the salt of a connection, the same on both sides, from the two nonces."""
    return sha256(b"BJ1 salt\0" + b"".join(sorted((one, other)))).digest()


def shorten(salt: bytes, digest: bytes) -> bytes:
    """Return the 8 bytes that stand for a digest on one connection.

    So few would be easy to collide, were it not for the salt, which nobody knows beforehand.
    """
    return sha256(salt + digest).digest()[:SHORT]


def sign_address(key: SigningKey, addresses: Sequence[str], time: int) -> Address:
    """Return where a node can be reached, as `HOST:PORT`, in its own words at `time` (ms)."""
    told = tuple(addresses)
    return Address(key.public, told, time, key.sign(ADDRESS, *_said(told, time)))


def is_address_signed(address: Address) -> bool:
    """Say whether the node that an address is of has signed it."""
    said = _said(address.addresses, address.time)
    return verify(address.node, address.signature, ADDRESS, *said)


def _said(addresses: Sequence[str], time: int) -> tuple[bytes, bytes]:
    return time.to_bytes(8, "big"), "\n".join(addresses).encode()
