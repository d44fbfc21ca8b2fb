"""What a node says once something is on its disk."""

from msgspec import Struct


class Receipt(Struct, frozen=True):
    """What a node says once an operation is on its disk: its space, id (hex) and seq.

    `held_until` is ms, when the operation lies in the future and waits for its time.
    """

    space: str
    id: str
    seq: int
    held_until: int | None = None
