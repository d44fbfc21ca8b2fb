"""One run of the demonstration: its steps, how long they took, and what comes of it."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from beanjar.main.demo.crowd import Crowd
from beanjar.main.demo.fleet import Fleet
from beanjar.main.demo.guesses import Guesses
from beanjar.main.demo.latecomer import CaughtUp, join_late
from beanjar.main.demo.story import Story
from beanjar.main.waiting import bar
from beanjar.space.export import Export
from beanjar.tools.estimate.views import EstimateView, Guessed

EXPORT = "space.export"


class Plan(Struct, frozen=True):
    """How many nodes there are, how many of them witness, must agree, and are killed."""

    nodes: int
    witnesses: int
    threshold: int
    kill: int


class Figures(Struct, frozen=True):
    """What came of it.

    `results` are the SHA-256 of the question's JSON as each living node serves it; the last is that
    of the node that joined late, where nodes can connect. `admitted` are the people whose answer
    counts, `void` those of them whose answer cannot be read. `killed` are numbers of nodes, from 1.
    `handed_in_again` is how often something had to be handed in at a further node. `bytes_per_op`
    are those on one node's disk, `wire_bytes_per_op` those between nodes, see
    `beanjar.main.demo.traffic`. `node_memory_mb` is the most that any node held.
    """

    people: int
    nodes: int
    mean: float | None
    median: float | None
    trimmed_mean: float | None
    truth: float
    crowd_error: float | None
    beats_share: float
    results: list[str]
    admitted: int
    void: int
    killed: list[int]
    handed_in_again: int
    late_joiner: CaughtUp | None
    seconds: dict[str, float]
    bytes_per_op: float
    wire_bytes_per_op: float | None
    node_memory_mb: float | None


class Demonstration:
    """One run, in a folder."""

    def __init__(self, plan: Plan, guesses: Guesses, truth: int, folder: Path) -> None:
        """Let these guesses be made; `truth` is in the same units."""
        self._plan = plan
        self._guesses = guesses
        self._truth = truth
        self._folder = folder
        self._seconds: dict[str, float] = {}

    def run(self) -> Figures:
        """Run it, leaving the nodes' folders and an export in the folder."""
        with ExitStack() as stack:
            with self._step("start", "Nodes start"):
                fleet = stack.enter_context(Fleet(self._folder, self._plan.nodes))
            story = Story(fleet)
            again = self._gather(fleet, story)
            with self._step("close_and_open", "The nodes settle what counts, and open the jar"):
                story.close()
            with self._step("resolve", "They are told the truth"):
                story.resolve(self._truth)
                story.results()
            wire = fleet.traffic.measure(fleet.living, story.space)
            with self._step("late_joiner", "One more node joins"):
                late = join_late(fleet, story.space) if fleet.is_connected else None
                results = story.results()
            with self._step("export", "All of it is written to a file"):
                operations = self._export(fleet, story)
            view = msgspec.json.decode(results[0], type=EstimateView)
            return Figures(
                people=len(self._guesses.values),
                nodes=self._plan.nodes,
                **_figures_of(view),
                truth=self._truth / 10**self._guesses.decimals,
                results=[sha256(each).hexdigest() for each in results],
                killed=fleet.killed,
                handed_in_again=again,
                late_joiner=late,
                seconds=self._seconds,
                bytes_per_op=round(fleet.living[0].stored / operations, 1),
                wire_bytes_per_op=_round(wire),
                node_memory_mb=_round(fleet.peak_memory),
            )

    def _gather(self, fleet: Fleet, story: Story) -> int:
        """Let the question be asked and answered; return how often something was said again."""
        with self._step("ask", "The question is asked"):
            story.ask(story.found(self._plan.witnesses), self._guesses)
        values = self._guesses.values
        with self._step("answer", "People answer", len(values)) as advance:
            crowd = Crowd(fleet, story, self._plan.kill, lambda: advance(1))
            crowd.answer(values)
        return crowd.again

    def _export(self, fleet: Fleet, story: Story) -> int:
        """Write the export of a node; return how many operations are in it."""
        file = self._folder / EXPORT
        with file.open("wb") as writing, fleet.living[0].door.export(story.space) as pieces:
            writing.writelines(pieces)
        with file.open("rb") as reading:
            return len(Export(reading))

    @contextmanager
    def _step(
        self, name: str, doing: str, total: int | None = None
    ) -> Iterator[Callable[[int], None]]:
        start = time.perf_counter()
        with bar(doing, total) as advance:
            yield advance
        self._seconds[name] = round(time.perf_counter() - start, 2)


def _figures_of(view: EstimateView) -> dict[str, Any]:
    """Return those of the `Figures` that the question itself shows."""
    crowd, outcome, facts = view.crowd, view.outcome, view.facts
    assert isinstance(crowd, Guessed)
    assert outcome is not None
    by_name = {figure.name: figure for figure in crowd.figures}
    return {
        "mean": _number(by_name["mean"].value),
        "median": _number(by_name["median"].value),
        "trimmed_mean": _number(by_name["trimmed_mean"].value),
        "crowd_error": _number(by_name["mean"].error),
        "beats_share": (by_name["mean"].beats or 0) / outcome.people,
        "admitted": facts.answers + facts.void,
        "void": facts.void,
    }


def _number(figure: str | None) -> float | None:
    return None if figure is None else float(figure)


def _round(figure: float | None) -> float | None:
    return None if figure is None else round(figure, 1)
