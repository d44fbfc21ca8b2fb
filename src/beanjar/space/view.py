"""A view as bytes: what a node serves as JSON and what a verification compares."""

import msgspec
from msgspec import Struct


def encode_view(view: Struct) -> bytes:
    """Return the view as JSON. Nodes that hold the same statements return the same bytes."""
    return msgspec.json.encode(view, order="deterministic")
