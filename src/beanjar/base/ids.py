"""Ids and keys: 32 bytes inside, 64 lower-case hex digits in JSON."""

from typing import Annotated

from msgspec import Meta

SIZE = 32
ZERO = bytes(SIZE)

Hex = Annotated[str, Meta(pattern="^[0-9a-f]{64}$", min_length=64, max_length=64)]
"""An id or a public key as JSON writes it."""

Signature = Annotated[str, Meta(pattern="^[0-9a-f]{128}$", min_length=128, max_length=128)]
"""A signature as JSON writes it."""
