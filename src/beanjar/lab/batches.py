"""Writing to a simulated disk: in batches, as a node does, each of which takes time."""

from collections import Counter
from collections.abc import Callable
from random import Random

from beanjar.base.limits import ARRIVALS_WAITING
from beanjar.lab.timeline import Timeline

Work = Callable[[], Callable[[], object]]
"""Writes something; what it returns is done once that is on the disk."""


class Batches:
    """What one node writes, from when it is started until it stops."""

    def __init__(self, timeline: Timeline, chance: Random, sync: tuple[int, int]) -> None:
        """Begin with nothing to write; a batch takes as long as `sync` says, in ms."""
        self.waits_for: Counter[bytes] = Counter()
        """By peer: how much that it sent waits to be written."""
        self._timeline = timeline
        self._chance = chance
        self._sync = sync
        self._waiting: list[Work] = []
        self._writing: list[Work] = []
        self._is_over = False

    def add(self, work: Work) -> None:
        """Let something be written."""
        self._waiting.append(work)
        if not self._writing:
            self._begin()

    def add_from(self, peer: bytes, work: Work, resume: Callable[[], object]) -> None:
        """Let what a peer sent be written; `resume` is called if it may send more then."""
        self.waits_for[peer] += 1

        def finish(tell: Callable[[], object]) -> None:
            was_full = not self.has_room(peer)
            self.waits_for[peer] -= 1
            tell()
            if was_full:
                resume()

        def write() -> Callable[[], object]:
            tell = work()
            return lambda: finish(tell)

        self.add(write)

    def has_room(self, peer: bytes) -> bool:
        """Say whether more is taken from a peer."""
        return self.waits_for[peer] < ARRIVALS_WAITING

    def stop(self) -> None:
        """Be cut off: what waits is lost; what is being written is on the disk, or it is not."""
        self._is_over = True
        if self._chance.random() < 1 / 2:
            for work in self._writing:
                work()

    def _begin(self) -> None:
        self._writing, self._waiting = self._waiting, []
        if self._writing:
            self._timeline.after(self._chance.randint(*self._sync), self._commit)

    def _commit(self) -> None:
        if self._is_over:
            return
        written = [work() for work in self._writing]
        for tell in written:
            tell()
        self._begin()
