"""How this device says something: signed, kept on this disk, then sent; and never a forked log.

Before anything is appended, the node's head of this log is compared with our own. If the node is
behind, it is sent what it lacks. If it is ahead, or differs, somebody else goes on with this
device's key, so this machine must not.

What a node has is sent; what enough other nodes have too is safe. Until then it may have to be
handed in at another node, so how far the log is safe is remembered.
"""

import secrets
from collections.abc import Callable, Sequence
from contextlib import suppress

import msgspec

from beanjar.base.clock import Clock
from beanjar.base.errors import BeanjarError
from beanjar.base.ids import ZERO
from beanjar.client.client import Client
from beanjar.client.home import Home
from beanjar.client.line import NOT_FOUND, NodeAway, NodeRefuses
from beanjar.client.ownlog import Note, OwnLog
from beanjar.client.safety import wait_for_others
from beanjar.client.spoken import Spoken
from beanjar.ops.body import Body, write_body
from beanjar.ops.log import EMPTY, Head, write_operation
from beanjar.ops.operation import Operation
from beanjar.ops.run import SALT, write_run
from beanjar.ops.split import split_runs


class Copied(BeanjarError):
    """This device's key is used somewhere else too."""


class NotJoined(BeanjarError):
    """A space to which this device does not belong."""


class AlreadyJoined(BeanjarError):
    """A space to which this device belongs."""


class Speaker:
    """Speaks with the device of a home, through one node."""

    def __init__(
        self, home: Home, client: Client, clock: Clock, pause: Callable[[float], None]
    ) -> None:
        """Say nothing yet. `pause` waits for so many seconds."""
        self._home = home
        self._client = client
        self._clock = clock
        self._pause = pause

    def found(self, founding: Body, note: Note, *then: Body) -> Spoken:
        """Found a space with its first body, and say what follows."""
        return self._speak(lambda: self._begin(self.sign_first(ZERO, founding), note, then, EMPTY))

    def sign_first(self, space: bytes, body: Body) -> Operation:
        """Return what would begin this device's log in a space, so that it can be judged first."""
        return self._sign(space, EMPTY, body)

    def join(self, first: Operation, note: Note, *then: Body) -> Spoken:
        """Begin a log with a signed join that was found admissible, and say what follows."""
        log = self._home.log(first.effective_space)
        return self._speak(lambda: self._begin(first, note, then, self._compare(log)))

    def say(self, space: bytes, *bodies: Body) -> Spoken:
        """Say these, one after the other, in a space whose log has begun.

        Raises `Copied`, or what the node has against this device's log. When no node answers it is
        kept on this machine, and `unsent` says so.
        """
        log = self._home.log(space)
        if not len(log):
            raise NotJoined(
                "This device has not joined that space. Join it: beanjar space join TICKET."
            )
        return self._speak(lambda: self._continue(log, bodies))

    def look_after(self, space: bytes) -> bool:
        """Note whether all that this device said is safe by now, and send what the node lacks.

        Return whether there was something to send, and it was sent. Raises as `say` does.
        """
        log = self._home.log(space)
        (holding,) = self._client.holdings(space, [log.head.id.hex()])
        if holding.safe:
            self._note_safe(log, log.head.seq)
        if holding.here:
            return False
        with self._home.lock():
            head = self._compare(log)
            return head is not None and not self._finish(log, [], head).unsent

    def _speak(self, sign_and_send: Callable[[], Spoken]) -> Spoken:
        """Keep other programs waiting while it is signed and sent, not while it becomes safe."""
        with self._home.lock():
            spoken = sign_and_send()
            log = self._home.log(bytes.fromhex(spoken.space))
            last = log.head
        return self._see_safe(spoken, log, last)

    def _continue(self, log: OwnLog, bodies: Sequence[Body]) -> Spoken:
        head = self._compare(log)
        return self._finish(log, self._append(log, bodies), head)

    def _begin(
        self, first: Operation, note: Note, then: Sequence[Body], head: Head | None
    ) -> Spoken:
        log = self._home.log(first.effective_space)
        if len(log):
            raise AlreadyJoined("This device is in that space already.")
        log.begin(first, note)
        return self._finish(log, [first.id.hex(), *self._append(log, then)], head)

    def _append(self, log: OwnLog, bodies: Sequence[Body]) -> list[str]:
        ids = []
        for body in bodies:
            operation = self._sign(log.space, log.head, body)
            log.append(operation)
            ids.append(operation.id.hex())
        return ids

    def _sign(self, space: bytes, head: Head, body: Body) -> Operation:
        return write_operation(
            self._home.device,
            space,
            head,
            write_body(body),
            salt=secrets.token_bytes(SALT),
            time=self._clock.now(),
        )

    def _compare(self, log: OwnLog) -> Head | None:
        """Return where the node believes our log to stand, `None` if no node answers."""
        try:
            head = self._find_head(log)
        except NodeAway:
            return None
        if head.seq >= len(log) or (head.seq >= 0 and log.read(head.seq).id != head.id):
            raise Copied(
                "This device has said things that this machine does not know of: its folder was "
                "copied, or restored from a backup. To go on would spoil its log for ever. Make a "
                "new device with: beanjar me restore --new-device."
            )
        return head

    def _find_head(self, log: OwnLog) -> Head:
        try:
            return self._client.head(log.space, self._home.device.public)
        except NodeRefuses as refusal:
            if refusal.status == NOT_FOUND and log.founds:
                return EMPTY  # the node has yet to hear of the space
            raise

    def _finish(self, log: OwnLog, ids: list[str], head: Head | None) -> Spoken:
        """Send what a node that stands at `head` lacks, and tell how far that went."""
        held_until = None
        if head is not None:
            with suppress(NodeAway):
                held_until = self._send(log, head)
        return Spoken(log.space.hex(), ids, log.unsent, held_until)

    def _see_safe(self, spoken: Spoken, log: OwnLog, last: Head) -> Spoken:
        """Wait a moment until other nodes have all up to `last` too, and tell how many do."""
        if spoken.unsent or spoken.held_until is not None:
            return spoken
        holding = wait_for_others(self._client, log.space, last.id, self._pause)
        if holding.safe:
            self._note_safe(log, last.seq)
        return msgspec.structs.replace(
            spoken, neighbours=holding.neighbours, others=holding.others, safe=holding.safe
        )

    def _note_safe(self, log: OwnLog, seq: int) -> None:
        """Note that the log is safe up to a place: who has an operation has all before it."""
        with self._home.lock():
            if log.remembered.safe <= seq:
                log.change_note(safe=seq + 1)

    def _send(self, log: OwnLog, head: Head) -> int | None:
        for run in split_runs(log.read_from(head.seq + 1)):
            founds = run[0].space == ZERO
            data = write_run(run)
            receipt = self._client.found(data) if founds else self._client.submit(log.space, data)
            if receipt.held_until is not None:
                return receipt.held_until
        if log.unsent:
            log.change_note(sent=len(log))
        return None
