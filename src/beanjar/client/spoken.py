"""What became of something that was said, as data."""

from msgspec import Struct


class Spoken(Struct, frozen=True):
    """What became of what was said: its ids (hex), and what is still to be sent of the log.

    `held_until` is ms, where the node waits because this machine's clock is ahead of its own. What
    was sent is on that node's disk. `neighbours` carry the space too; `others` nodes are known to
    have it on their disks as well, which are enough for it to be `safe`, or not yet.
    """

    space: str
    ids: list[str]
    unsent: int
    held_until: int | None = None
    neighbours: int = 0
    others: int = 0
    safe: bool = False
