"""A stream of changes that is opened again whenever it is lost."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from random import Random
from typing import Literal, Protocol, Self

from beanjar.base.errors import BeanjarError
from beanjar.node.changes import Change

FIRST = 1.0
LONGEST = 60.0
"""The pauses between two attempts, in seconds: at first, and at the most."""

Connection = Literal["lost", "back"]
"""What has become of a stream."""


class Listen(Protocol):
    """Opens the stream; `again` if it was open before, so that what was missed is told as well."""

    def __call__(self, *, again: bool) -> AbstractContextManager[Iterator[Change]]:
        """Return the stream, which ends with the `with` block."""


class Following:
    """Changes, for as long as one listens.

    Once the stream is lost, and once it is back, `tell` is told. What goes wrong meanwhile is
    raised, unless `may_pass` says that it may go right by itself.
    """

    def __init__(
        self,
        listen: Listen,
        may_pass: Callable[[BeanjarError], bool],
        tell: Callable[[Connection], None],
        pause: Callable[[float], None],
        chance: Random,
    ) -> None:
        """Open the stream, or raise why it cannot be opened."""
        self._listen = listen
        self._may_pass = may_pass
        self._tell = tell
        self._pause = pause
        self._chance = chance
        self._held = ExitStack()
        self._changes = self._held.enter_context(listen(again=False))

    def __iter__(self) -> Self:
        """Return the changes."""
        return self

    def __next__(self) -> Change:
        """Wait for the next change."""
        while (change := self._hear()) is None:
            self._tell("lost")
            self._come_back()
            self._tell("back")
        return change

    def close(self) -> None:
        """Listen no more."""
        self._held.close()

    def _hear(self) -> Change | None:
        """Return the next change, or nothing if the stream is lost."""
        try:
            return next(self._changes, None)
        except BeanjarError as error:
            if not self._may_pass(error):
                raise
            return None

    def _come_back(self) -> None:
        self._held.close()
        for seconds in self._pauses():
            self._pause(seconds)
            try:
                self._changes = self._held.enter_context(self._listen(again=True))
            except BeanjarError as error:
                if not self._may_pass(error):
                    raise
            else:
                return

    def _pauses(self) -> Iterator[float]:
        """Yield growing pauses; those of many programs differ, so that they do not come at once."""
        longest = FIRST
        while True:
            yield longest * self._chance.uniform(0.5, 1)
            longest = min(2 * longest, LONGEST)
