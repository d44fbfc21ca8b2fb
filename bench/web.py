"""How many pages a second a node serves to a crowd that reads while others speak.

Both serve from one process with one uvicorn worker: our node a space with an estimate that has
10,000 answers, Datasette (`bench.datasette`) a table with as many rows. Fifty readers ask for two
pages of each in turns, on connections that stay open, with no cache of their own. All the while
something new is said once a second: here somebody joins and answers, signed, through the door;
there a row is added. Turns alternate, so that the noise of the machine meets both.

For our node it is timed too how soon what was acknowledged is told by the stream of events, and
stands on the page that a browser would then read anew.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from queue import Queue
from statistics import median
from tempfile import TemporaryDirectory
from typing import NamedTuple

from beanjar.client import Change, Client
from bench.datasette import PAGES as THEIR_PAGES
from bench.datasette import serve_table
from bench.jar import Full, draw_values, serve_jar, write_newcomer
from bench.load import Load, find_program, read_pages

ANSWERS = 10_000
ROUNDS = 5
SECONDS = 6
"""How long one round lasts at each of the two."""
EVERY = 1.0
"""Seconds from one who speaks to the next."""
PATIENCE = 10
"""Seconds within which what was said has to show."""


class Shown(NamedTuple):
    """Seconds from the acknowledgement until it was told, and until it stood on the page."""

    told: float
    on_page: float


def measure(progress: Callable[[str], object]) -> dict[str, float]:
    """Return pages a second and the slowest hundredth of both, and how soon news shows here."""
    find_program()  # before anything takes long
    values = draw_values(ANSWERS)
    with TemporaryDirectory(prefix="beanjar-bench-") as name, ExitStack() as stack:
        folder = Path(name)
        full = stack.enter_context(serve_jar(folder, values, progress))
        table = stack.enter_context(serve_table(folder, values))
        ours, theirs = [], []
        speaking = _Speaking(full)
        for turn in range(ROUNDS):
            progress(f"web: round {turn + 1} of {ROUNDS}, Beanjar")
            with _steadily(speaking.speak):
                ours.append(read_pages(full.node.url, full.jar.pages, SECONDS))
            progress(f"web: round {turn + 1} of {ROUNDS}, Datasette")
            with _steadily(lambda: table.write("newcomer", 850)):
                theirs.append(read_pages(table.url, THEIR_PAGES, SECONDS))
        speaking.end()
    return _sum_up(ours, theirs, speaking.shown)


def _sum_up(ours: list[Load], theirs: list[Load], shown: list[Shown]) -> dict[str, float]:
    return {
        "ratio": median(each.rps for each in ours) / median(each.rps for each in theirs),
        **_describe("ours", ours),
        **_describe("theirs", theirs),
        "told_p50_ms": median(each.told for each in shown) * 1e3,
        "told_max_ms": max(each.told for each in shown) * 1e3,
        "on_page_p50_ms": median(each.on_page for each in shown) * 1e3,
        "on_page_max_ms": max(each.on_page for each in shown) * 1e3,
        "said": len(shown),
    }


def _describe(whose: str, loads: list[Load]) -> dict[str, float]:
    return {
        f"{whose}_rps": median(each.rps for each in loads),
        f"{whose}_p99_ms": median(each.p99_ms for each in loads),
        f"{whose}_bytes_per_page": median(each.bytes for each in loads),
    }


@contextmanager
def _steadily(act: Callable[[], object]) -> Iterator[None]:
    """Do something once a second beside, for as long as the block lasts; what fails, fails it."""
    over, failed = threading.Event(), []

    def repeat() -> None:
        try:
            while not over.wait(EVERY):
                act()
        except Exception as error:  # noqa: BLE001 - it is raised where it is seen
            failed.append(error)

    acting = threading.Thread(target=repeat)
    acting.start()
    try:
        yield
    finally:
        over.set()
        acting.join()
    if failed:
        raise failed[0]


class _Speaking:
    """Newcomers who answer one after the other, and a reader who waits to see each of them."""

    def __init__(self, full: Full) -> None:
        self.shown: list[Shown] = []
        self._full = full
        self._answers = ANSWERS
        self._client = Client(full.node.url)
        self._told: Queue[float] = Queue()
        self._over = False
        self._following = threading.Thread(target=self._follow, daemon=True)
        self._following.start()

    def speak(self) -> None:
        """Let one more answer, and wait until it is told and stands on the page."""
        self._submit()
        acknowledged = time.perf_counter()
        told = self._wait_for_news(acknowledged)
        while f"{self._answers:,} guesses" not in self._read():
            assert time.perf_counter() < acknowledged + PATIENCE, "It does not show on the page."
        self.shown.append(Shown(told - acknowledged, time.perf_counter() - acknowledged))

    def end(self) -> None:
        """Follow no more: the last news ends that."""
        self._over = True
        self._submit()
        self._following.join(PATIENCE)

    def _submit(self) -> None:
        jar = self._full.jar
        self._client.submit(jar.space, write_newcomer(jar, self._answers, 850))
        self._answers += 1

    def _wait_for_news(self, since: float) -> float:
        """Return when it was told of something new in the question, the first time after then."""
        while (told := self._told.get(timeout=PATIENCE)) < since:
            pass
        return told

    def _read(self) -> str:
        return self._client.page(self._full.jar.pages[1]).decode()

    def _follow(self) -> None:
        jar = self._full.jar
        wanted = Change(jar.space.hex(), jar.question)
        with Client(self._full.node.url).follow(jar.space) as changes:
            for change in changes:
                if self._over:
                    return
                if change == wanted:
                    self._told.put(time.perf_counter())
