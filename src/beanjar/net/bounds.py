"""How many links, and how many attempts at one, a node puts up with. Peers may be hostile."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Protocol

from beanjar.base.limits import (
    HANDSHAKES,
    HANDSHAKES_PER_ADDRESS,
    LINKS,
    LINKS_PER_PEER,
    LINKS_PER_RANGE,
    LINKS_TAKEN,
)
from beanjar.net.addresses import find_range
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
    def address(self) -> str:
        """Where it is now, as "ip:port", or "" where that is not known."""
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
    """The links of one node, oldest first; each leaves when it is lost.

    Keys cost nothing. However many nodes dial one, it has room for those that it dials itself.
    """

    def __init__(self) -> None:
        """Begin with none."""
        self._made: list[Losable] = []
        self._taken: list[Losable] = []

    def check_room(self) -> None:
        """Raise `LinkLost` if this node has as many links as it takes."""
        if len(self._made) + len(self._taken) >= LINKS:
            raise LinkLost(f"A node has {LINKS} connections at most, and all are in use.")

    def add(self, link: Losable, *, is_own: bool) -> None:
        """Add a link that this node has made, or taken; raise `LinkLost` if there is no room.

        Of too many with the same peer the oldest ends: one that was killed comes back before its
        old links are known to be lost.
        """
        same = [each for each in (*self._made, *self._taken) if each.peer == link.peer]
        if len(same) >= LINKS_PER_PEER:
            same[0].lose("A newer connection took the place of this one.")
        self.check_room()
        if not is_own:
            self._check_taken(find_range(link.address))
        if link.is_lost:
            raise LinkLost("This connection ended before it was used.")
        links = self._made if is_own else self._taken
        links.append(link)
        link.call_when_lost(partial(links.remove, link))

    def lose_all(self, reason: str) -> None:
        """End every link."""
        for link in (*self._made, *self._taken):
            link.lose(reason)

    def _check_taken(self, range_: str) -> None:
        if len(self._taken) >= LINKS_TAKEN:
            raise LinkLost(
                f"A node takes {LINKS_TAKEN} connections of others at most, and all are in use."
            )
        if (
            range_
            and sum(find_range(each.address) == range_ for each in self._taken) >= LINKS_PER_RANGE
        ):
            raise LinkLost(
                f"A node takes {LINKS_PER_RANGE} connections of others in {range_} at most."
            )


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
