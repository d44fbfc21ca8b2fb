"""What a simulated node witnesses: the product's own witness, driven by virtual time."""

from hashlib import sha256
from typing import TYPE_CHECKING

from beanjar.lab.people import Device
from beanjar.lab.steps import Steps, Written
from beanjar.node.intake import Taken
from beanjar.node.witnesses import Witnesses
from beanjar.ops.body import Body, write_body
from beanjar.ops.log import write_operation
from beanjar.ops.operation import Operation

if TYPE_CHECKING:
    from beanjar.lab.arrivals import Outcome
    from beanjar.lab.host import Host


class Witnessing:
    """The witness of one node; its device says nothing else."""

    def __init__(self, host: "Host") -> None:
        """Witness from what is on the disk of the host."""
        self._host = host
        self._device: Device = host.device
        self._witnesses = Witnesses(host.device.key.public, host.disk.as_store, self.say)
        self._steps = Steps()
        self._called = False
        self.vouch = self._witnesses.vouch
        self.serve = self._witnesses.serve
        self.is_due = self._witnesses.is_due
        self.learn_restored = self._witnesses.learn_restored

    def attend(self) -> None:
        """Begin to say all that is due."""
        self._steps.begin(self.work)

    async def work(self) -> None:
        """Say what is due now, each word once the last is written."""
        await self._witnesses.attend(self._host.now, lambda _: True)

    def call(self) -> None:
        """Attend soon: something was said about a question."""
        if not self._called:
            self._called = True
            self._host.around.timeline.after(0, self._answer)

    def stop(self) -> None:
        """Say nothing more."""
        self._steps.stop()
        self._called = True

    async def say(self, space: bytes, body: Body) -> None:
        """Sign a body as the next in the log of the host's device; return once it is written."""
        self._host.submit(space, [self.sign(space, body)], self._is_written)
        await Written()

    def sign(self, space: bytes, body: Body, salt: bytes = b"") -> Operation:
        """Return a body as the next operation of the host's device."""
        said, key = write_body(body), self._device.key
        head = self._host.disk.head(space, key.public)
        salt = sha256(key.seed + head.id + said + salt).digest()[:16]
        return write_operation(key, space, head, said, salt=salt, time=self._host.now)

    def _is_written(self, outcome: "Outcome") -> None:
        assert isinstance(outcome, Taken), outcome
        self._steps.go_on()

    def _answer(self) -> None:
        if self._host.is_up and self._host.witnessing is self:
            self._called = False
            self.attend()
