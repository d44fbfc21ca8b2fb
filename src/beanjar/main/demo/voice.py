"""A person of the crowd: keys of their own, made for the occasion, and a log in one space."""

import secrets

from msgspec import Struct

from beanjar.base.clock import Clock
from beanjar.ops.body import Body, write_body
from beanjar.ops.device import Certificate, certify_device
from beanjar.ops.log import EMPTY, head_of, write_operation
from beanjar.ops.operation import Operation
from beanjar.ops.run import SALT, write_run
from beanjar.ops.signing import SigningKey


class Said(Struct, frozen=True):
    """What was signed in one go: a run, the space that it belongs to, its last operation's id."""

    space: bytes
    id: str
    run: bytes


class Voice:
    """Signs with one device of one person."""

    def __init__(self, clock: Clock) -> None:
        """Make the person."""
        self.person = SigningKey(secrets.token_bytes(32))
        self.device = SigningKey(secrets.token_bytes(32))
        self._clock = clock
        self._head = EMPTY

    def certificate(self, space: bytes) -> Certificate:
        """Return the person's certificate for their device."""
        return certify_device(self.person, space, self.device.public)

    def certify_node(self, space: bytes, device: bytes) -> Certificate:
        """Return the person's certificate for the device of a node."""
        return certify_device(self.person, space, device, node=True)

    def sign(self, space: bytes, *bodies: Body) -> Said:
        """Say these in one run; zeros as `space` found one."""
        signed = [self._sign(space, body) for body in bodies]
        return Said(signed[-1].effective_space, signed[-1].id.hex(), write_run(signed))

    def _sign(self, space: bytes, body: Body) -> Operation:
        operation = write_operation(
            self.device,
            space,
            self._head,
            write_body(body),
            salt=secrets.token_bytes(SALT),
            time=self._clock.now(),
        )
        self._head = head_of(operation)
        return operation
