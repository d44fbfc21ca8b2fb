"""A network of twenty nodes for half an hour: one is killed every ten seconds, and people go on.

Five operations a second are handed in, at whatever nodes are up. One of the nodes that may die is
killed every ten seconds and started again ten seconds later; the others live throughout, and of
these it is told by how much memory and how many open files grow with time: a straight line is laid
through what was seen after the first fifth. Those that may die live for a minute or two, which says
nothing of growth. In the end every node must hold all that any has acknowledged, and where it went
on for long enough the lines must not be steeper than they may.

`python -m bench soak --minutes 30`; it is no part of `python -m bench all`.
"""

import os
import random
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import mean
from tempfile import TemporaryDirectory

import numpy as np

from beanjar.base.errors import BeanjarError
from beanjar.base.limits import ASKED_AT_ONCE
from beanjar.main.demo.voice import Said, Voice
from beanjar.space.charter import Profile
from bench.network import HERE, Network

NODES = 20
MORTAL = 10
"""Nodes that may be killed; the others live throughout."""
CHURN = 10
"""Seconds from one death to the next."""
RATE = 5
"""Operations a second."""
LOOK_EVERY = 5
"""Seconds from one look at memory and open files to the next."""
SETTLING = 0.2
"""The part of the time in which nodes fill what they keep; no line is laid through it."""
TEXT = "x" * 200
JUDGED_FROM = 10
"""Minutes from which on growth is judged; in less, nodes still fill what they keep of all."""
KB_PER_OPERATION = 3
"""Memory that an operation may take for good.

The more nodes hold the more they keep of it: where each operation is, who has it, what it came to.
That took 1.4 kB in half an hour; what is twice as much is a leak, or has to be told here.
"""
FILES_PER_HOUR = 10
"""Open files that a node may come to have more.

What is said takes none, nor do neighbours, which share one socket. In an hour there are 360 deaths,
of a node's neighbours about 150; who left a file open at one of fifteen would be found out.
"""


class Lost(BeanjarError):
    """Operations that a node had acknowledged, and that are nowhere."""


class Grows(BeanjarError):
    """Nodes that take more and more."""


class Somebody:
    """A person at one node, who hands in again what was not acknowledged."""

    def __init__(self, network: Network, place: int) -> None:
        """Join."""
        self.acknowledged: list[str] = []
        self._network = network
        self._place = place
        self._voice: Voice = network.join(place)
        self._waiting: Said | None = None

    @property
    def can_speak(self) -> bool:
        """Whether their node is up."""
        return self._place in self._network.nodes

    def speak(self) -> None:
        """Say one thing more."""
        said = self._waiting or self._voice.sign(self._network.space, Profile("Ada", TEXT))
        self._waiting = said
        self._network.nodes[self._place].door.submit(said.space, said.run)
        self.acknowledged.append(said.id)
        self._waiting = None


class Soak:
    """What goes on meanwhile, second by second."""

    def __init__(self, network: Network) -> None:
        """Let somebody join at each node."""
        self.seen: list[tuple[float, float, float]] = []
        """Seconds, MB and open files, the means of those that live throughout."""
        self.deaths = 0
        self._network = network
        self._people = [Somebody(network, place) for place in network.places]
        self._chance = random.Random(NODES)  # noqa: S311 - the same deaths in every run
        self._dead: int | None = None
        self._began = time.monotonic()

    @property
    def acknowledged(self) -> list[str]:
        """The ids of all that was acknowledged."""
        return [name for each in self._people for name in each.acknowledged]

    def go_on(self, minutes: float, say: Callable[[str], object]) -> float:
        """Let all go on for so long; return how many seconds that took."""
        seconds = round(minutes * 60)
        for second in range(seconds):
            if second % CHURN == 0:
                self._turn_over()
            if second % LOOK_EVERY == 0:
                self._look()
                say(f"{second} of {seconds} s, {len(self.acknowledged)} operations")
            for each in self._chance.sample(
                [each for each in self._people if each.can_speak], RATE
            ):
                each.speak()
            time.sleep(max(0.0, self._began + second + 1 - time.monotonic()))
        self._revive()
        return time.monotonic() - self._began

    def check(self) -> None:
        """Raise `Lost` unless every node holds all that was acknowledged."""
        names = self.acknowledged
        for place, node in self._network.nodes.items():
            for start in range(0, len(names), ASKED_AT_ONCE):
                asked = names[start : start + ASKED_AT_ONCE]
                held = node.door.holdings(self._network.space, asked)
                if lost := sum(not each.here for each in held):
                    raise Lost(f"Node {place} does not hold {lost} acknowledged operations.")

    def _turn_over(self) -> None:
        """Kill one of the mortal, and start the one again that was killed before."""
        doomed = self._chance.choice([each for each in range(MORTAL) if each != self._dead])
        self._network.kill([doomed])
        self._revive()
        self._dead = doomed
        self.deaths += 1

    def _revive(self) -> None:
        if self._dead is not None:
            self._network.start([self._dead])
            self._dead = None

    def _look(self) -> None:
        seen = [_look_at(self._network.nodes[place].pid) for place in self._immortal()]
        memory, files = (mean(each) for each in zip(*seen, strict=True))
        self.seen.append((time.monotonic() - self._began, memory, files))

    def _immortal(self) -> Iterator[int]:
        return (place for place in self._network.places if place >= MORTAL)


def measure(progress: Callable[[str], object], minutes: float = 30) -> dict[str, float]:
    """Return how memory and open files grew, and that nothing was lost. Raises `Lost`, `Grows`."""
    say: Callable[[str], object] = lambda said: progress(f"soak: {said}")  # noqa: E731
    with (
        TemporaryDirectory(prefix="beanjar-bench-") as folder,
        Network(Path(folder), [HERE] * NODES, say) as network,
    ):
        soak = Soak(network)
        took = soak.go_on(minutes, say)
        say("waiting until all nodes hold the same")
        agreed = network.wait(network.agrees, "all held the same")
        soak.check()
    settled = [each for each in soak.seen if each[0] >= SETTLING * took]
    seconds, memory, files = (np.array(each) for each in zip(*settled, strict=True))
    said = len(soak.acknowledged)
    per_second = float(np.polyfit(seconds, memory, 1)[0])
    per_operation = per_second * 1024 / (said / took)
    files_per_hour = float(np.polyfit(seconds, files, 1)[0]) * 3600
    _check_growth(took / 60, per_operation, files_per_hour)
    return {
        "minutes": took / 60,
        "deaths": soak.deaths,
        "acknowledged": said,
        "lost": 0,
        "operations_per_second": said / took,
        "agree_s": agreed,
        "memory_first_mb": float(memory[0]),
        "memory_last_mb": float(memory[-1]),
        "memory_slope_mb_per_hour": per_second * 3600,
        "memory_slope_kb_per_operation": per_operation,
        "files_first": float(files[0]),
        "files_last": float(files[-1]),
        "files_slope_per_hour": files_per_hour,
        "load": os.getloadavg()[0],
    }


def _check_growth(minutes: float, per_operation: float, files_per_hour: float) -> None:
    if minutes < JUDGED_FROM:
        return
    if per_operation > KB_PER_OPERATION:
        raise Grows(
            f"Memory grew by {per_operation:.1f} kB an operation; {KB_PER_OPERATION} are the most."
        )
    if files_per_hour > FILES_PER_HOUR:
        raise Grows(
            f"Open files grew by {files_per_hour:.0f} an hour; {FILES_PER_HOUR} are the most."
        )


def _look_at(pid: int) -> tuple[float, float]:
    """Return the memory of a process, in MB, and how many files it has open (Linux)."""
    pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    memory = pages * os.sysconf("SC_PAGE_SIZE") / 2**20
    return memory, len(list(Path(f"/proc/{pid}/fd").iterdir()))
