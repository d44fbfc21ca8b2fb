"""Which logs were asked of whom, so that two neighbours are not asked for the same.

A neighbour may promise what it never sends. So it is waited for as long as it sends something, be
it slowly, and for no log very long; who let us wait in vain keeps nobody else from being asked any
more.
"""

from collections import Counter

from msgspec import Struct

from beanjar.base.limits import ASK_AGAIN, ASK_OTHERS, LOGS_ASKED
from beanjar.sync.peer import Peer


class Asked(Struct):
    """A log that a peer was asked for at a time (ms), up to a seq."""

    peer: bytes
    seq: int
    since: int


class Fetching:
    """The logs that are on their way."""

    def __init__(self) -> None:
        """Begin with none."""
        self._asked: dict[bytes, dict[bytes, Asked]] = {}
        self._counts: Counter[bytes] = Counter()
        self._until: dict[bytes, int] = {}
        """By peer: when it has let us wait for too long, unless something comes before."""
        self._doubted: set[bytes] = set()

    def ask(self, space: bytes, key: bytes, seq: int, peer: Peer) -> bool:
        """Note that a peer has a log up to a seq; say whether to ask it now."""
        known = self._asked.get(space, {}).get(key)
        if known is not None and known.peer == peer.key:
            known.seq = max(known.seq, seq)  # it sends all that it has by then
            return False
        if known is not None and known.seq >= seq and known.peer not in self._doubted:
            return False
        if self._counts[peer.key] >= LOGS_ASKED:
            return False
        if known is not None:
            self._forget(space, key)
        if not self._counts[peer.key]:
            self._until[peer.key] = peer.heard + ASK_AGAIN
        self._asked.setdefault(space, {})[key] = Asked(peer.key, seq, peer.heard)
        self._counts[peer.key] += 1
        return True

    def arrived(self, space: bytes, key: bytes, seq: int, peer: bytes | None, now: int) -> bool:
        """Note that a log is here up to a seq, by a peer or the door.

        Say whether nothing of the space is on its way any more.
        """
        known = self._asked.get(space, {}).get(key)
        if known is None:
            return False
        if peer == known.peer:
            self._until[peer] = now + ASK_AGAIN
        if seq >= known.seq:
            self._forget(space, key)
        return not self._asked[space]

    def wait_on(self, peer: bytes, now: int) -> None:
        """Note that a peer is sending something, which may be what it was asked for."""
        if peer in self._until:
            self._until[peer] = now + ASK_AGAIN

    def give_up(self, peer: bytes) -> None:
        """Forget a peer that is gone, and what was asked of it."""
        for space, asked in self._asked.items():
            for key in [key for key, each in asked.items() if each.peer == peer]:
                self._forget(space, key)
        del self._counts[peer]
        self._until.pop(peer, None)
        self._doubted.discard(peer)

    def leave(self, space: bytes) -> None:
        """Forget what was asked for in a space."""
        for key in list(self._asked.get(space, ())):
            self._forget(space, key)
        self._asked.pop(space, None)

    def expire(self, now: int) -> None:
        """Forget what did not come in time."""
        for space, asked in self._asked.items():
            for key in [key for key, each in asked.items() if self._is_late(each, now)]:
                self._doubted.add(asked[key].peer)
                self._forget(space, key)

    def on_the_way(self, space: bytes) -> dict[bytes, int]:
        """Return by key up to which seq the logs of a space are on their way."""
        return {key: each.seq for key, each in self._asked.get(space, {}).items()}

    def _is_late(self, asked: Asked, now: int) -> bool:
        return now >= self._until[asked.peer] or now >= asked.since + ASK_OTHERS

    def _forget(self, space: bytes, key: bytes) -> None:
        self._counts[self._asked[space].pop(key).peer] -= 1
