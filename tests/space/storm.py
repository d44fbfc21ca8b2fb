"""A question closed in a storm: nodes that lose, delay, repeat and reorder what they tell one
another, are parted and killed, and witnesses among them who lie.

Time is virtual and chance is seeded. Whatever an honest node has reaches all others, at the latest
soon after the storm. Operations and signatures are real.
"""

import heapq
from collections import defaultdict
from collections.abc import Sequence
from itertools import count
from random import Random
from typing import Literal

from beanjar.base.clock import MINUTE, SECOND
from beanjar.ops.operation import Operation
from tests.space.liars import Liar
from tests.space.promises import Result, look_at
from tests.space.replica import Replica, read
from tests.space.scene import set_scene
from tests.space.weather import STEP, Plot, Weather

PATIENT = 4 * MINUTE
"""In which time after the storm each question is settled and opened on every honest node."""
ASK_AGAIN = 3 * SECOND

What = Literal["tick", "arrives", "asked for", "dies"]
Thing = tuple[What, Operation | None]


class Storm:
    """One question in one storm, with so many of its witnesses lying."""

    def __init__(self, n: int, liars: int, chance: Random) -> None:
        self._chance = chance
        self.scene = set_scene(n, sealed=chance.random() < 0.2)
        self.begins = self.now = self.scene.closes - 4 * SECOND
        places = chance.sample(range(n), n)
        self._liars = liars
        self.nodes: list[Replica] = [self._make_honest(each) for each in places[liars:]]
        self._honest = range(len(self.nodes))
        self._plot = Plot(chance, self._honest, liars) if chance.random() < 0.5 else None
        self.weather = Weather(chance, n + liars, self.begins, self._plot)
        for each in places[:liars]:
            self.nodes += self._make_liar(each)
        self._lying = {self.scene.witnesses[each].key.public for each in places[:liars]}
        self._events: list[tuple[int, int, int, What, Operation | None]] = []
        self._ties = count()
        self._passed_on: set[bytes] = set()
        self._asked: dict[tuple[int, str], int] = {}
        self._down: dict[int, int] = {}
        self.results: dict[int, Result] = {}
        """What each honest node showed when it first showed a result."""
        self.finished = 0
        """When the last honest node was done, in ms from the beginning."""
        self._begin()

    @property
    def honest(self) -> list[Replica]:
        """The nodes whose witnesses do what they should."""
        return [self.nodes[index] for index in self._honest]

    def run(self) -> None:
        """Let the storm pass, and a while after it."""
        until = self.weather.calm + PATIENT
        while self._events and self._events[0][0] <= until:
            self.now = self._events[0][0]
            arrived: defaultdict[int, list[Thing]] = defaultdict(list)
            while self._events and self._events[0][0] == self.now:
                _, _, index, what, operation = heapq.heappop(self._events)
                arrived[index].append((what, operation))
            for index, things in arrived.items():
                self._wake(index, things)

    def _make_honest(self, place: int) -> Replica:
        device = self.scene.witnesses[place].copied()
        return Replica(
            self.scene.space, self.scene.open.on, device, self._chance.randrange(-700, 700)
        )

    def _make_liar(self, place: int) -> list[Liar]:
        """Make one or two copies of a liar's node, their clocks put wrong."""
        device, chance = self.scene.witnesses[place], self._chance
        skews = [0, SECOND] if self._plot else [-6 * SECOND, -SECOND, 0, 2 * SECOND]
        return [
            Liar(self.scene, device.copied(), chance.choice(skews), chance, self._plot)
            for _ in range(1 if self._plot else chance.choice([1, 2]))
        ]

    def _begin(self) -> None:
        for index, node in enumerate(self.nodes):
            for operation in self.scene.operations:
                node.take(operation, self.begins - MINUTE)
            self._push(self.begins + self._chance.randrange(0, SECOND, STEP), index, "tick")
        for index in self._honest:
            if self._chance.random() < 0.15:
                time = self._chance.randrange(self.begins, self.weather.calm, STEP)
                self._push(time, index, "dies")
        self._open()
        self._answer()

    def _open(self) -> None:
        """Let the asker open, and now and then twice, each for some nodes."""
        opened = [self.scene.opened]
        if self._chance.random() < 0.12:
            asker = self._chance.choice([self.scene.asker, self.scene.laptop]).copied()
            time = self.scene.opened.time + 1
            opened.append(asker.write(self.scene.space, self.scene.open, time))
        for index in range(len(self.nodes)):
            if self._chance.random() < 0.7 or index == self._honest[0]:
                self._push(self.begins, index, "arrives", self._chance.choice(opened))

    def _answer(self) -> None:
        """Let people answer, some twice, some too late, some on two devices at one place."""
        begins, ends = self.begins + SECOND, self.scene.closes + 2 * SECOND
        claimed = self.scene.closes - 2 * SECOND
        for voter in self.scene.voters:
            device, forks = voter.copied(), self._chance.random() < 0.1
            for body in self.scene.answers[voter.name][: self._chance.choice([0, 1, 1, 2, 3])]:
                speaker = voter.copied() if forks else device
                said = speaker.write(self.scene.space, body, claimed)
                self._tell_some(said, self._chance.randrange(begins, ends, STEP))

    def _tell_some(self, operation: Operation, time: int) -> None:
        """Let some nodes have something of a person's; with liars alone they are in league."""
        some = self._chance.choice([1, 1, 2, 3])
        for index in self._chance.sample(range(len(self.nodes)), some):
            self._push(time, index, "arrives", operation)

    def _push(self, time: int, index: int, what: What, operation: Operation | None = None) -> None:
        heapq.heappush(self._events, (time, next(self._ties), index, what, operation))

    def _wake(self, index: int, things: Sequence[Thing]) -> None:
        """Let a node take what has arrived, and do what is then due."""
        if self._down.get(index, 0) > self.now:
            for what, operation in things:
                self._push(self._down[index], index, what, operation)
            return
        node = self.nodes[index]
        new: list[Operation] = []
        for what, operation in things:
            if operation is not None:
                take = node.take if what == "arrives" else node.take_alone
                new += take(operation, self.now)
        self._pass_on(index, new)
        ticks = any(what == "tick" for what, _ in things)
        if ticks or any(b'"question.' in (each.body or b"")[:20] for each in new):
            self._attend(index)
        if ticks and not self._is_finished(index):
            self._ask(index)
            self._push(self.now + SECOND, index, "tick")
        if any(what == "dies" for what, _ in things):
            self.nodes[index] = node.restarted()
            self._down[index] = self.now + self._chance.randrange(SECOND, 15 * SECOND, STEP)

    def _attend(self, index: int) -> None:
        """Let a node's witness say what it has to say."""
        node = self.nodes[index]
        if isinstance(node, Liar):
            for operation in list(node.lies(self.now)):
                self._whisper(index, operation)
            return
        said = []
        for word in node.words(self.now):
            said.append(node.write(word, self.now))
            node.take(said[-1], self.now)
        self._pass_on(index, said)
        if index not in self.results and (result := look_at(node)) is not None:
            self.results[index] = result
            self.finished = self.now - self.weather.calm

    def _pass_on(self, index: int, operations: Sequence[Operation]) -> None:
        """Let an honest node tell all others what nobody honest has told them yet."""
        for operation in operations if index in self._honest else ():
            if operation.id not in self._passed_on:
                self._passed_on.add(operation.id)
                for other in range(len(self.nodes)):
                    if other != index:
                        self._send(index, other, "arrives", operation)

    def _send(self, index: int, other: int, what: What, operation: Operation) -> None:
        for _ in range(2 if self._chance.random() < 0.1 else 1):
            lie = operation.key in self._lying
            arrival = self.weather.arrival(self.now, (index, other), read(operation), lie=lie)
            if other not in self._honest:
                arrival = self.now + STEP  # liars hear everything at once
            self._push(arrival, other, what, operation)

    def _whisper(self, index: int, operation: Operation) -> None:
        """Let a liar tell some nodes, perhaps much later."""
        everyone = range(len(self.nodes))
        if self._plot is not None:
            for other in self._plot.hearers(read(operation), everyone):
                self._push(self.now + STEP, other, "arrives", operation)
            return
        late = self._chance.choice([0, 0, 0, 2, 10]) * SECOND
        for other in self._chance.sample(everyone, self._chance.randint(1, len(everyone))):
            time = self.weather.arrival(self.now, (index, other), None, lie=True)
            self._push(time + late, other, "arrives", operation)

    def _ask(self, index: int) -> None:
        """Let a node ask another for what it is missing."""
        for name in self.nodes[index].missing():
            holders = [other for other, node in enumerate(self.nodes) if name in node.held]
            if holders and self._asked.get((index, name), 0) + ASK_AGAIN <= self.now:
                self._asked[index, name] = self.now
                holder = self._chance.choice(holders)
                self._send(holder, index, "asked for", self.nodes[holder].held[name])

    def _is_finished(self, index: int) -> bool:
        if index in self._honest:
            return index in self.results and self.nodes[index].is_done()
        return len(self.results) == len(self._honest)
