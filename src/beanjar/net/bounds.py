"""How many links, and how many attempts at one, a node puts up with. Peers may be hostile."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Protocol

from beanjar.base.limits import HANDSHAKES, HANDSHAKES_PER_ADDRESS, LINKS, LINKS_PER_PEER
from beanjar.net.link import LinkLost

UNPROVEN = 4
"""Of the handshakes that may be going on, one in so many may be of senders who have not proved that
they receive at the address they name."""


class Losable(Protocol):
    """A link that ends at a word."""

    @property
    def peer(self) -> bytes:
        """The other node's key, 32 bytes."""
        ...

    @property
    def is_lost(self) -> bool:
        """Whether the link is over."""
        ...

    def lose(self, reason: str) -> LinkLost:
        """End the link at once, for this reason."""
        ...

    def call_when_lost(self, call: Callable[[], object]) -> None:
        """Make this call when the link ends, however it does."""
        ...


class Links:
    """The links of one node, oldest first; each leaves when it is lost."""

    def __init__(self) -> None:
        """Begin with none."""
        self._links: list[Losable] = []

    def check_room(self) -> None:
        """Raise `LinkLost` if this node has as many links as it takes."""
        if len(self._links) >= LINKS:
            raise LinkLost(f"A node has {LINKS} connections at most, and all are in use.")

    def add(self, link: Losable) -> None:
        """Add a link; end the oldest with the same peer if there are too many, or raise `LinkLost`.

        A peer that was killed comes back before its old links are known to be lost.
        """
        same = [each for each in self._links if each.peer == link.peer]
        if len(same) >= LINKS_PER_PEER:
            same[0].lose("A newer connection took the place of this one.")
        self.check_room()
        if link.is_lost:
            raise LinkLost("This connection ended before it was used.")
        self._links.append(link)
        link.call_when_lost(partial(self._links.remove, link))

    def lose_all(self, reason: str) -> None:
        """End every link."""
        for link in list(self._links):
            link.lose(reason)


class Handshakes:
    """The links that are being made with a node, by the address that they come from."""

    def __init__(self) -> None:
        """Begin with none."""
        self._going_on: Counter[str] = Counter()

    def is_room(self, host: str, *, proven: bool) -> bool:
        """Say whether one more may begin from this address, which its sender has proven or not."""
        part = 1 if proven else UNPROVEN
        return (
            self._going_on[host] < HANDSHAKES_PER_ADDRESS // part
            and self._going_on.total() < HANDSHAKES // part
        )

    @contextmanager
    def begin(self, host: str) -> Iterator[None]:
        """Count one while this lasts."""
        self._going_on[host] += 1
        try:
            yield
        finally:
            self._going_on[host] -= 1
            self._going_on += Counter()  # drops addresses with none
