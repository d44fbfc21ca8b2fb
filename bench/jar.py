"""A node of its own process with a full jar: one open estimate to which a crowd has answered.

All is signed as people sign it, with keys of their own. The answers are put on the node's disk
while it is down; when it is up again, its witness checks and logs each.
"""

import random
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from beanjar.base.clock import DAY, MINUTE
from beanjar.client import Home, Participant
from beanjar.main.demo.process import NodeProcess
from beanjar.node.clock import MachineClock
from beanjar.ops.operation import Operation
from beanjar.ops.run import write_run
from beanjar.space.question import Terms
from beanjar.testing.people import Person
from beanjar.tools.estimate import TOOL
from beanjar.tools.estimate.schema import EstimateAnswer, EstimateAsk, Guess, Number
from beanjar.tools.estimate.views import EstimateView
from bench.nodes import fill

ROOM = 1_000_000
"""Entries an hour that the node takes from this machine."""
LOOK = 0.2
SAMPLE = 100
"""Every how many answers one is looked after."""


class Jar(NamedTuple):
    """The question: its ids, where it is, and as whom its newcomers answer from place to place."""

    space: bytes
    question: str
    opened: str

    @property
    def pages(self) -> tuple[str, str]:
        """The addresses of the space's home and of the question."""
        home = f"/s/{self.space.hex()}"
        return home, f"{home}/estimate/{self.question}"

    def answer(self, place: int, value: int, now: int) -> tuple[Operation, Operation]:
        """Return the join and the answer of the person at a place in the crowd."""
        device = Person(f"guesser {place}").device
        said = EstimateAnswer(self.opened, choice=Guess(value))
        return device.join(self.space, now), device.write(self.space, said, now)


class Full(NamedTuple):
    """A node that serves a full jar."""

    node: NodeProcess
    jar: Jar


def draw_values(count: int) -> list[int]:
    """Return the guesses of a crowd, the same in every run."""
    chance = random.Random(850)  # noqa: S311 - for guesses
    return [max(1, round(chance.lognormvariate(7.1, 0.5))) for _ in range(count)]


@contextmanager
def serve_jar(folder: Path, values: list[int], progress: Callable[[str], object]) -> Iterator[Full]:
    """Serve a jar with these guesses in it, all of them witnessed."""
    with NodeProcess(folder / "node", ROOM) as node:
        jar = _ask(folder, node)
    progress(f"web: signing {len(values):,} answers")
    now = MachineClock().now() - MINUTE
    signed = [jar.answer(place, value, now) for place, value in enumerate(values)]
    fill(folder / "node", jar.space, signed)
    progress("web: waiting until all are witnessed")
    with NodeProcess(folder / "node", ROOM) as node:
        for _, answered in signed[::SAMPLE]:
            while not node.door.receipt(jar.space, answered.id.hex()).sure:
                time.sleep(LOOK)
        view = node.door.view(jar.space, TOOL.name, jar.question, EstimateView)
        assert view.facts.answers == len(values)
        yield Full(node, jar)


def _ask(folder: Path, node: NodeProcess) -> Jar:
    home = Home(folder / "ada")
    home.settle("Ada", secrets.token_bytes(32))
    ada = Participant(home, node.door)
    space = bytes.fromhex(ada.found("The market", "What people here know together.").space)
    ada.lend(space, node.token)
    terms = Terms(MachineClock().now() + DAY, ada.draw_witnesses(space), sealed=False)
    ask = EstimateAsk(terms, "How much does the cow weigh?", Number("lb"), "mean")
    question = ada.ask(space, TOOL, ask)
    return Jar(space, question.id, question.look().facts.open or "")


def write_newcomer(jar: Jar, place: int, value: int) -> bytes:
    """Return the run of somebody who joins and answers now."""
    return write_run(jar.answer(place, value, MachineClock().now()))
