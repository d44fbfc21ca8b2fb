"""How much one device, and one network address, may hand in at this door.

These bound the door only, never what is valid: what is refused here comes in by another node.
"""

from array import array
from collections.abc import Hashable
from functools import lru_cache
from ipaddress import IPv6Address, ip_address

from beanjar.base.clock import MINUTE, SECOND, Clock
from beanjar.base.errors import BeanjarError
from beanjar.base.limits import DOOR_WINDOW, OPERATIONS_PER_ADDRESS, OPERATIONS_PER_KEY

SLOTS = 1 << 16
"""Counters of each kind. Names that fall into one slot share it; as Python salts its hashes anew
in every process, nobody can aim at somebody else's."""
NETWORK_BITS = 64
"""The part of an IPv6 address that a network is given; whoever has one has 2^64 addresses."""


class TooMuch(BeanjarError):
    """More in one request than the door takes from one place in a whole window."""


class TooMany(BeanjarError):
    """More than the door takes for now. `wait` is how long to stay away, in ms."""

    def __init__(self, sentence: str, wait: int) -> None:
        """Say why in a sentence, and after how many ms to come back."""
        super().__init__(sentence)
        self.wait = wait

    @property
    def seconds(self) -> int:
        """How long to stay away, in whole seconds."""
        return -(-self.wait // SECOND)


class SlidingCount:
    """Counts by name over the last hour, in memory that never grows.

    What was counted in the window before fades evenly as the present one passes.
    """

    def __init__(self, limit: int, clock: Clock, length: int = DOOR_WINDOW) -> None:
        """Allow `limit` of each name in any `length` ms."""
        self.limit = limit
        self._clock = clock
        self._length = length
        self._window = 0
        self._before, self._here = _zeros(), _zeros()

    def add(self, name: Hashable, amount: int) -> None:
        """Count so many more."""
        self._turn()
        self._here[hash(name) % SLOTS] += amount

    def wait(self, name: Hashable, amount: int) -> int:
        """Return in how many ms so many more (at most the limit) fit; 0 if they do now."""
        elapsed = self._turn()
        slot = hash(name) % SLOTS
        before, here = self._before[slot], self._here[slot]
        room = self.limit - amount - here
        if room >= 0:
            return max(0, self._fade(before, room) - elapsed)
        return self._length - elapsed + self._fade(here, self.limit - amount)

    def _fade(self, count: int, room: int) -> int:
        """Return how long into the next window a count takes to fade to `room`, in ms."""
        return 0 if count <= room else self._length - room * self._length // count

    def _turn(self) -> int:
        """Begin a new window if it is time; return how much of it has passed, in ms."""
        window, elapsed = divmod(self._clock.now(), self._length)
        if window != self._window:
            self._before = self._here if window == self._window + 1 else _zeros()
            self._here, self._window = _zeros(), window
        return elapsed


class Bounds:
    """The bounds of one door."""

    def __init__(self, clock: Clock, per_address: int = OPERATIONS_PER_ADDRESS) -> None:
        """Allow so many operations an hour from one network address."""
        self._keys = SlidingCount(OPERATIONS_PER_KEY, clock)
        self._addresses = SlidingCount(per_address, clock)

    def admit(self, address: str, key: bytes, operations: int) -> None:
        """Count what comes from the address, or raise `TooMuch` or `TooMany`.

        The key is not counted yet: who named it may be somebody else.
        """
        network = network_of(address)
        _check(self._keys, key, operations, "This device")
        _check(self._addresses, network, operations, "Your network address")
        self._addresses.add(network, operations)

    def count(self, key: bytes, operations: int) -> None:
        """Count what a device handed in, once its signature was found good."""
        self._keys.add(key, operations)


@lru_cache(maxsize=4096)
def network_of(address: str) -> str:
    """Return the network that an address (as text) stands for: itself, or its first 64 bits.

    What is no IP address, as a socket's path behind a proxy, is a network of its own.
    """
    try:
        read = ip_address(address)
    except ValueError:
        return address
    if not isinstance(read, IPv6Address):
        return address
    return str(read.ipv4_mapped or int(read) >> (128 - NETWORK_BITS))


def _check(counts: SlidingCount, name: Hashable, operations: int, whose: str) -> None:
    if operations > counts.limit:
        raise TooMuch(
            f"This holds {operations} entries, and {counts.limit} an hour are taken here from one "
            "place. Send fewer at once."
        )
    wait = counts.wait(name, operations)
    if wait:
        minutes = -(-wait // MINUTE)
        raise TooMany(
            f"{whose} has sent {counts.limit} entries within an hour, as many as are taken here. "
            f"Try again in {minutes} min, or at another node.",
            wait,
        )


def _zeros() -> "array[int]":
    return array("I", bytes(array("I").itemsize * SLOTS))
