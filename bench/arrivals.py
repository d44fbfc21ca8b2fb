"""When something arrived at each of many nodes, as the nodes themselves tell whoever listens.

A node tells of a change on its stream of events `GATHER` seconds after it, so that what is timed
here is that moment less these seconds. It costs nodes nothing until all of it is over.
"""

import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing, suppress
from threading import Condition, Thread

from beanjar.base.errors import BeanjarError
from beanjar.client.client import Client
from beanjar.web.streams import GATHER
from bench.network import PATIENCE, TooSlow

QUIET = 2 * GATHER
"""Seconds that pass between two things that are said, so that they are not told together."""


class Ended(Exception):
    """A stream that is not opened again."""


class Arrivals:
    """Listens to nodes, by their places, until they end."""

    def __init__(self, urls: Mapping[int, str], space: bytes) -> None:
        """Listen; all streams are open when this returns."""
        self._space = space
        self._told: dict[int, float] = {}
        self._open: set[int] = set()
        self._news = Condition()
        for place, url in urls.items():
            Thread(target=self._listen, args=(place, url), daemon=True).start()
        self._wait(lambda: self._open >= urls.keys(), "all told what changes")

    def begin(self) -> float:
        """Forget what was told; return the moment from which on seconds are counted."""
        time.sleep(QUIET)
        with self._news:
            self._told.clear()
        return time.monotonic()

    def wait(self, places: Iterable[int], began: float) -> list[float]:
        """Return after how many seconds something had arrived at each of these nodes, in order."""
        wanted = set(places)
        self._wait(lambda: self._told.keys() >= wanted, "something had arrived at all")
        return sorted(self._told[place] - GATHER - began for place in wanted)

    def _listen(self, place: int, url: str) -> None:
        with (
            suppress(Ended, BeanjarError),
            closing(Client(url)) as client,
            client.follow(self._space, pause=_end) as changes,
        ):
            self._note_open(place)
            for _ in changes:
                with self._news:
                    self._told.setdefault(place, time.monotonic())
                    self._news.notify()

    def _note_open(self, place: int) -> None:
        with self._news:
            self._open.add(place)
            self._news.notify()

    def _wait(self, is_so: Callable[[], bool], what: str) -> None:
        with self._news:
            if not self._news.wait_for(is_so, PATIENCE):
                raise TooSlow(f"The nodes had {PATIENCE} s until {what}.")


def _end(_: float) -> None:
    raise Ended
