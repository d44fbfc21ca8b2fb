"""Made-up people, who really sign: Ada, Ben, Cal, and as many more as somebody wants."""

from copy import copy
from hashlib import sha256

from beanjar.base.ids import ZERO
from beanjar.ops.body import Body, write_body
from beanjar.ops.device import Certificate, certify_device
from beanjar.ops.log import EMPTY, Head, head_of, write_operation
from beanjar.ops.operation import Operation
from beanjar.ops.signing import SigningKey
from beanjar.space.charter import Hop, Join


def make_key(name: str) -> SigningKey:
    """Return the key that always belongs to this name."""
    return SigningKey(sha256(name.encode()).digest())


class Device:
    """One device of a person, with a log of its own in each space."""

    def __init__(self, person: SigningKey, name: str) -> None:
        """Give the person's key a device; the same name makes the same device."""
        self.key = make_key(name)
        self._person = person
        self._heads: dict[bytes, Head] = {}
        self._salts = 0

    @property
    def name(self) -> str:
        """The device key in hex."""
        return self.key.public.hex()

    def certificate(self, space: bytes) -> Certificate:
        """Return the person's certificate for this device in the space (zeros to found one)."""
        return certify_device(self._person, space, self.key.public)

    def write(self, space: bytes, body: Body, time: int, until: int = 0) -> Operation:
        """Sign `body` as the next operation of this device's log in the space."""
        return self.write_bytes(space, write_body(body), time, until)

    def write_bytes(self, space: bytes, body: bytes, time: int, until: int = 0) -> Operation:
        """Sign any bytes, sense or nonsense, as the next operation."""
        self._salts += 1
        salt = sha256(self.key.seed + self._salts.to_bytes(8, "big")).digest()[:16]
        head = self._heads.get(space, EMPTY)
        written = write_operation(self.key, space, head, body, salt=salt, time=time, until=until)
        self._heads = self._heads | {written.effective_space: head_of(written)}
        return written

    def join(self, space: bytes, time: int, invitation: tuple[Hop, ...] = ()) -> Operation:
        """Sign the join that begins this device's log; no invitation for an open door."""
        return self.write(space, Join(self.certificate(space), invitation), time)

    def join_as_node(self, space: bytes, time: int) -> Operation:
        """Sign the join of a node, which only witnesses for its person."""
        certificate = certify_device(self._person, space, self.key.public, node=True)
        return self.write(space, Join(certificate, node=True), time)

    def found(self, body: Body, time: int) -> Operation:
        """Sign the operation that founds a space."""
        return self.write(ZERO, body, time)

    def follow(self, space: bytes, last: Operation) -> None:
        """Go on from the operation `last`, whatever was said meanwhile, and whoever said it."""
        self._heads = self._heads | {space: head_of(last)}

    def copied(self) -> "Device":
        """Return what a thief has who copied the device: what both say next contradicts."""
        return copy(self)


class Person:
    """Somebody with a person key and at least one device."""

    def __init__(self, name: str) -> None:
        """Make the person; the same name makes the same keys."""
        self.name = name
        self.key = make_key(name)
        self.device = self.new_device("phone")

    @property
    def id(self) -> str:
        """The person key in hex."""
        return self.key.public.hex()

    def new_device(self, name: str) -> Device:
        """Return another device of this person."""
        return Device(self.key, f"{self.name}'s {name}")
