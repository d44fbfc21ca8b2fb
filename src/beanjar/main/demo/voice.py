"""A person of the crowd: keys of their own, made for the occasion, and a log in one space."""

import secrets

from beanjar.base.clock import Clock
from beanjar.base.ids import ZERO
from beanjar.main.client import Client
from beanjar.ops.body import Body, write_body
from beanjar.ops.device import Certificate, certify_device
from beanjar.ops.log import EMPTY, head_of, write_operation
from beanjar.ops.operation import Operation
from beanjar.ops.run import SALT, write_run
from beanjar.ops.signing import SigningKey


class Voice:
    """Signs with one device of one person, and hands in what it signed."""

    def __init__(self, clock: Clock) -> None:
        """Make the person."""
        self.person = SigningKey(secrets.token_bytes(32))
        self.device = SigningKey(secrets.token_bytes(32))
        self._clock = clock
        self._head = EMPTY

    def certificate(self, space: bytes, device: bytes | None = None) -> Certificate:
        """Return the person's certificate for their device, or for another one of theirs."""
        return certify_device(self.person, space, device or self.device.public)

    def found(self, client: Client, founding: Body) -> bytes:
        """Found a space and return its id."""
        return bytes.fromhex(client.found(write_run([self._sign(ZERO, founding)])).space)

    def say(self, client: Client, space: bytes, *bodies: Body) -> str:
        """Say these in one run and return the id of the last."""
        signed = [self._sign(space, body) for body in bodies]
        return client.submit(space, write_run(signed)).id

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
