"""How fast a crowd's answers add up: all of them from disk, one more, many sealed ones opened.

Real operations, signed by as many devices as there are answers. What is measured is the adding up;
signing, sealing and witnessing come before the clock starts.
"""

import os
import random
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from statistics import median, quantiles

from beanjar.node.carried import Carried
from beanjar.ops.operation import Operation
from beanjar.space.unsealing import Job, Unsealed, unseal
from beanjar.store import Store
from beanjar.testing.gathering import Gathering
from beanjar.testing.people import Person
from beanjar.tools.estimate import TOOL
from beanjar.tools.estimate.schema import EstimateAsk, Guess, Number
from beanjar.tools.estimate.views import EstimateView

CROWD = 100_000
MORE = 200
"""How many more answers come, one by one, once the view is warm."""
SEALED = 17_184
"""As many as guessed the weight of a cow."""
AT_ONCE = 200
"""Sealed answers that a process is handed at a time."""
DAYS = 3

Progress = Callable[[str], None]
Answered = tuple[Operation, Operation]
"""One person's join and answer."""


def measure(progress: Progress) -> dict[str, float]:
    """Return seconds for plain answers from a cold store, ms for one more, seconds to unseal."""
    progress(f"signing {CROWD + MORE:,} plain answers")
    table = _Table(sealed=False)
    operations = [table.answer(place) for place in range(CROWD + MORE)]
    return {
        **_measure_cold(progress, table, operations[:CROWD]),
        **_measure_warm(progress, table, operations),
        **_measure_unsealing(progress),
    }


def _measure_cold(progress: Progress, table: "_Table", answers: list[Answered]) -> dict[str, float]:
    """Measure from opening the file to the view, the joins of all who answer included."""
    progress("adding them up from a cold store")
    with tempfile.TemporaryDirectory() as folder:
        store = Store.open(Path(folder) / "cold.db")
        with store.writing() as writer:
            writer.add_space(table.space.id)
            for log in (*table.gathering.logs(), *answers):
                writer.append(log)
        store.close()
        # A process of its own, as a node that starts: this one is full of signers.
        with ProcessPoolExecutor(1, get_context("spawn")) as fresh:
            opening = fresh.submit(_open_cold, folder, table.space.id, table.question)
            seconds, counted = opening.result()
    assert counted == len(answers)
    return {"cold_seconds": seconds}


def _open_cold(folder: str, space: bytes, question: str) -> tuple[float, int]:
    """Return the seconds from opening the file to the view, and how many answers it counts."""
    start = time.perf_counter()
    carried = Carried(space, [TOOL], Store.open(Path(folder) / "cold.db"))
    view = carried.space.view(question, 0)
    seconds = time.perf_counter() - start
    assert isinstance(view, EstimateView)
    return seconds, view.facts.answers


def _measure_warm(
    progress: Progress, table: "_Table", operations: list[Answered]
) -> dict[str, float]:
    for joined, answered in operations[:CROWD]:
        table.space.add(joined)
        table.space.add(answered)
    progress("adding them up")
    start = time.perf_counter()
    table.view()
    cold = time.perf_counter() - start
    times = sorted(1_000 * table.time_one_more(*each) for each in operations[CROWD:])
    return {
        "answers": CROWD,
        "first_view_ms": 1_000 * cold,
        "warm_ms": median(times),
        "warm_p95_ms": quantiles(times, n=20)[-1],
    }


def _measure_unsealing(progress: Progress) -> dict[str, float]:
    progress(f"signing, sealing and witnessing {SEALED:,} answers")
    table = _Table(sealed=True)
    for place in range(SEALED):
        table.gathering.take(*table.answer(place))
    table.gathering.close(table.question)
    closing = table.space.closing(table.question)
    jobs = closing.jobs()
    progress("opening them")
    start = time.perf_counter()
    unsealed = _unseal(jobs)
    opened = time.perf_counter()
    closing.remember(unsealed)
    table.view()
    added = time.perf_counter()
    return {
        "sealed_answers": len(unsealed),
        "unseal_seconds": opened - start,
        "unsealed_view_seconds": added - opened,
    }


def _unseal(jobs: list[Job]) -> Unsealed:
    names = [job.answer for job in jobs]
    with ProcessPoolExecutor(os.cpu_count(), get_context("spawn")) as pool:
        return dict(zip(names, pool.map(unseal, jobs, chunksize=AT_ONCE), strict=True))


class _Table:
    """A space with one open question, witnessed by the founder's node."""

    def __init__(self, *, sealed: bool) -> None:
        self._chance = random.Random(850)  # noqa: S311 - the same guesses in every run
        founder = Person("Ada")
        self.gathering = Gathering(founder, [TOOL])
        self.gathering.add_witness(founder)
        terms = self.gathering.terms(minutes=DAYS * 24 * 60, sealed=sealed)
        ask = EstimateAsk(terms, "How much does the cow weigh?", Number("lb"), "mean")
        self.question = self.gathering.ask(founder, ask)
        self.space = self.gathering.space

    def answer(self, place: int) -> Answered:
        """Return one person's join and answer."""
        device = Person(f"guesser {place}").device
        guess = Guess(max(1, round(self._chance.lognormvariate(7.1, 0.5))))
        said = self.gathering.prepare(device, self.question, guess)
        now = self.gathering.now
        return device.join(self.space.id, now), device.write(self.space.id, said, now)

    def view(self) -> EstimateView:
        """Return the question as it stands."""
        view = self.space.view(self.question, self.gathering.now)
        assert isinstance(view, EstimateView)
        return view

    def time_one_more(self, joined: Operation, answered: Operation) -> float:
        """Return the seconds that one more answer and the view with it take."""
        self.space.add(joined)
        before = self.view().facts.answers
        start = time.perf_counter()
        self.space.add(answered)
        view = self.view()
        took = time.perf_counter() - start
        assert view.facts.answers == before + 1
        return took
