"""What one run of the program works with: a home, nodes, a clock."""

import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cached_property
from pathlib import Path

from beanjar.base.clock import Clock
from beanjar.base.errors import BeanjarError
from beanjar.base.ids import SIZE
from beanjar.base.places import DOOR
from beanjar.client.client import Client
from beanjar.client.home import Home
from beanjar.client.line import NodeAway
from beanjar.client.ownlog import OwnLog
from beanjar.client.participant import Participant
from beanjar.main.told import plain
from beanjar.node.clock import MachineClock

DIGITS = 2 * SIZE
"""How long an id or a key is in hex."""


class NoSuchSpace(BeanjarError):
    """A space that this machine does not know by that name."""


class Session:
    """One run. The options of the command line are set before anything is asked of it."""

    def __init__(
        self, clock: Clock | None = None, pause: Callable[[float], None] = time.sleep
    ) -> None:
        """Use the machine's clock, and sleep when there is something to wait for."""
        self.clock = clock or MachineClock()
        self.pause = pause
        self.node: str | None = None
        self.folder: Path | None = None
        self.as_json = False
        self._clients: dict[str, Client] = {}
        self._answering: dict[str, bool] = {}
        self._looked_after: set[bytes] = set()

    @cached_property
    def home(self) -> Home:
        """What the person keeps on this machine."""
        return Home(self.folder)

    def note(self, sentence: str) -> None:
        """Say something beside the result, on standard error."""
        sys.stderr.write(plain(sentence) + "\n")

    def client(self, doors: Sequence[str] = ()) -> Client:
        """Return the node to speak to: the one that was named, else the first door that answers.

        Without doors it is the node of this machine. If none answers, that shows when it is asked.
        """
        return self._first_of((self.node,) if self.node else doors or (DOOR,))

    def reach(self, log: OwnLog) -> Client:
        """Return the node to speak to about a space; what is not safe is looked after first.

        Of other spaces only what no node has: their doors may be away, and long to wait for.
        """
        for each in self.home.logs():
            is_due = each.unsent or (each.space == log.space and not each.is_safe)
            if is_due and each.space not in self._looked_after:
                self._looked_after.add(each.space)
                self._look_after(each)
        return self.client(log.remembered.doors)

    def participant(self, log: OwnLog) -> Participant:
        """Return who takes part in a space."""
        return self.participant_at(self.reach(log))

    def participant_at(self, client: Client) -> Participant:
        """Return who takes part through this node."""
        return Participant(self.home, client, self.clock, self.pause)

    def find_space(self, named: str | None) -> OwnLog:
        """Return the log of the space with this id, or beginning of an id, or name.

        Without a name it is the only space joined. Raises `NoSuchSpace`.
        """
        if named is not None and is_id(named):
            return self.home.log(bytes.fromhex(named))
        joined = [log for log in self.home.logs() if not log.remembered.left]
        fitting = [log for log in joined if named is None or _is_called(log, named)]
        if len(fitting) != 1:
            raise NoSuchSpace(_say_why(named, fitting))
        return fitting[0]

    def close(self) -> None:
        """Let go of all connections."""
        for client in self._clients.values():
            client.close()

    def _client_at(self, url: str) -> Client:
        if url not in self._clients:
            self._clients[url] = Client(url)
        return self._clients[url]

    def _first_of(self, doors: Sequence[str]) -> Client:
        """Return the first door that answers, or else the last."""
        *others, last = doors
        return self._client_at(next(filter(self._answers, others), last))

    def _answers(self, url: str) -> bool:
        """Say whether there is a node at what may be its address, having asked once."""
        if url not in self._answering:
            try:
                self._answering[url] = self._client_at(url).answers()
            except NodeAway:  # whoever wrote a ticket can name what is no address
                self._answering[url] = False
        return self._answering[url]

    def _look_after(self, log: OwnLog) -> None:
        """Try to; whatever stands in the way is told to whoever speaks in that space next.

        What some node has already goes to the space's own doors only: a node that was named for
        something else is not to learn of this space.
        """
        doors = log.remembered.doors
        client = self._first_of(doors) if doors and not log.unsent else self.client(doors)
        with suppress(BeanjarError):
            if self.participant_at(client).look_after(log.space):
                self.note(f"Sent what was kept on this machine for {name_of(log)}.")


def is_id(text: str) -> bool:
    """Say whether this is a whole id or key in hex."""
    return len(text) == DIGITS and not set(text) - set("0123456789abcdef")


def name_of(log: OwnLog) -> str:
    """Return what to call a space."""
    return log.remembered.name or log.space.hex()[:8]


def _is_called(log: OwnLog, named: str) -> bool:
    return log.remembered.name.casefold() == named.casefold() or log.space.hex().startswith(named)


def _say_why(named: str | None, fitting: Sequence[OwnLog]) -> str:
    if fitting:
        names = ", ".join(f"{name_of(log)} ({log.space.hex()[:8]})" for log in fitting)
        return f"Which space do you mean? Say one of these with --space: {names}."
    if named is None:
        return (
            "You are in no space yet. Found one: beanjar space new NAME. Or join one: beanjar "
            "space join TICKET."
        )
    return f"No space of yours is called “{named}”. See what there is with: beanjar space list."
