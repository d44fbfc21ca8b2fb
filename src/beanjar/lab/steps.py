"""Coroutines of the product's, stepped by hand.

They wait for each thing that they do to be on the disk. Here that takes as long as a write does,
and whoever is killed meanwhile has not done it.
"""

from collections.abc import Callable, Coroutine, Generator


class Written:
    """Waits until something is on the disk."""

    def __await__(self) -> Generator[None, None, None]:
        """Wait to be stepped."""
        yield


class Steps:
    """What a node does of its own accord, one coroutine at a time."""

    def __init__(self) -> None:
        """Begin with nothing to do."""
        self._work: Coroutine[None, None, None] | None = None

    def begin(self, work: Callable[[], Coroutine[None, None, None]]) -> None:
        """Begin with this, unless something is still being done."""
        if self._work is None:
            self._work = work()
            self.go_on()

    def go_on(self) -> None:
        """Go on: what was waited for is on the disk."""
        assert self._work is not None
        try:
            self._work.send(None)
        except StopIteration:
            self._work = None

    def stop(self) -> None:
        """Do nothing more of it."""
        if self._work is not None:
            self._work.close()
        self._work = None
