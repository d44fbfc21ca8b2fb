"""How this device says something: signed, kept on this disk, then sent; and never a forked log.

Before anything is appended, the node's head of this log is compared with our own. If the node is
behind, it is sent what it lacks. If it is ahead, or differs, somebody else goes on with this
device's key, so this machine must not.
"""

import secrets
from collections.abc import Sequence
from contextlib import suppress

from msgspec import Struct

from beanjar.base.clock import Clock
from beanjar.base.errors import BeanjarError
from beanjar.base.ids import ZERO
from beanjar.main.client import NOT_FOUND, Client, NodeAway, NodeRefuses
from beanjar.main.home import Home
from beanjar.main.moments import write_moment
from beanjar.main.ownlog import Note, OwnLog
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


class Spoken(Struct, frozen=True):
    """What became of what was said: its ids (hex), and what is still to be sent of the log.

    `held_until` is ms, where the node waits because this machine's clock is ahead of its own.
    """

    space: str
    ids: list[str]
    unsent: int
    held_until: int | None = None


def say_sent(spoken: Spoken) -> str:
    """Say in a sentence what became of what was said."""
    if spoken.held_until is not None:
        return (
            "Your clock is ahead of the node's. It lets this in at "
            f"{write_moment(spoken.held_until)}; it is kept on this machine until then."
        )
    if spoken.unsent:
        return (
            f"No node answers. It is kept on this machine, {spoken.unsent} to send: it goes out "
            "with your next command."
        )
    return "Sent."


class Speaker:
    """Speaks with the device of a home, through one node."""

    def __init__(self, home: Home, client: Client, clock: Clock) -> None:
        """Say nothing yet."""
        self._home = home
        self._client = client
        self._clock = clock

    def found(self, founding: Body, note: Note, *then: Body) -> Spoken:
        """Found a space with its first body, and say what follows."""
        with self._home.lock():
            return self._begin(self.sign_first(ZERO, founding), note, then, EMPTY)

    def sign_first(self, space: bytes, body: Body) -> Operation:
        """Return what would begin this device's log in a space, so that it can be judged first."""
        return self._sign(space, EMPTY, body)

    def join(self, first: Operation, note: Note, *then: Body) -> Spoken:
        """Begin a log with a signed join that was found admissible, and say what follows."""
        with self._home.lock():
            head = self._compare(self._home.log(first.effective_space))
            return self._begin(first, note, then, head)

    def say(self, space: bytes, *bodies: Body) -> Spoken:
        """Say these, one after the other, in a space whose log has begun.

        Raises `Copied`, or what the node has against this device's log. When no node answers it is
        kept on this machine, and `unsent` says so.
        """
        with self._home.lock():
            log = self._home.log(space)
            if not len(log):
                raise NotJoined(
                    "This device has not joined that space. Join it: beanjar space join TICKET."
                )
            head = self._compare(log)
            return self._finish(log, self._append(log, bodies), head)

    def send_kept(self, space: bytes) -> Spoken:
        """Send what this machine keeps of its log and the node does not have."""
        with self._home.lock():
            log = self._home.log(space)
            return self._finish(log, [], self._compare(log))

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
