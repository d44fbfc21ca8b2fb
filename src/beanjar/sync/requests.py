"""The nodes that one has asked to be neighbours in a space, and that have not answered."""

from msgspec import Struct

from beanjar.base.limits import ANSWER_WITHIN, NEWCOMERS_AT_ONCE
from beanjar.sync.membership import Need


class Request(Struct, frozen=True):
    """What for a node was asked, until when (ms) it may answer, and whether others led to it."""

    need: Need
    until: int
    is_newcomer: bool


class Requests:
    """Those that are being dialled, or are connected and have said nothing."""

    def __init__(self) -> None:
        """Begin with none."""
        self._open: dict[bytes, Request] = {}

    def __contains__(self, peer: object) -> bool:
        """Say whether this node has been asked."""
        return peer in self._open

    def add(self, peer: bytes, need: Need, now: int, *, is_newcomer: bool) -> None:
        """Note that a node is being asked."""
        self._open[peer] = Request(need, now + ANSWER_WITHIN, is_newcomer)

    def end(self, peer: bytes) -> Request | None:
        """Note that a node has answered, or will not; return what it was asked."""
        return self._open.pop(peer, None)

    def find_late(self, now: int) -> list[bytes]:
        """Return who has not answered in time."""
        return [peer for peer, each in self._open.items() if each.until <= now]

    def count(self) -> int:
        """Return how many places may be filled by those that this node has looked for itself.

        Newcomers are named by neighbours, and names cost nothing: who names many keeps a node from
        looking for nobody.
        """
        return sum(not each.is_newcomer for each in self._open.values())

    def has_room(self) -> bool:
        """Say whether one more newcomer may be asked."""
        return len(self._open) - self.count() < NEWCOMERS_AT_ONCE
