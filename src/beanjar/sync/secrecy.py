"""What two nodes tell each other without telling more: names of spaces, digests, cards."""

import hmac
from hashlib import sha256

from msgspec import structs

from beanjar.ops.signing import SigningKey, verify
from beanjar.sync.membership import Card
from beanjar.sync.messages import SHORT

CARD = b"card"
"""What the signature of a card is for, see `beanjar.ops.signing.message`."""


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


def sign_card(key: SigningKey, space: bytes, card: Card) -> Card:
    """Return a card of the node with this key, signed for one space."""
    return structs.replace(card, signature=key.sign(CARD, *_said(space, card)))


def is_card_signed(space: bytes, card: Card) -> bool:
    """Say whether the node that a card is of has signed it for this space."""
    return verify(card.node, card.signature, CARD, *_said(space, card))


def _said(space: bytes, card: Card) -> tuple[bytes, ...]:
    numbers = card.time.to_bytes(8, "big") + card.operations.to_bytes(8, "big")
    addresses = "\n".join(card.addresses).encode()
    return space, numbers, card.root, sha256(b"".join(card.neighbours)).digest(), addresses
