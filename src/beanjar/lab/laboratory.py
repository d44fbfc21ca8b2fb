"""One simulation: a scenario played with one seed, and what it comes to."""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from random import Random
from statistics import median_high
from typing import get_args

from msgspec import Struct

from beanjar.base.clock import SECOND
from beanjar.lab.crowd import Crowd
from beanjar.lab.faults import Faults
from beanjar.lab.host import Host, Surroundings
from beanjar.lab.hostile import Actor
from beanjar.lab.impostors import Impostor
from beanjar.lab.liars import Liar
from beanjar.lab.library import Library, checking_once
from beanjar.lab.network import Network
from beanjar.lab.people import Device, Person, make_key
from beanjar.lab.scenario import Pretence, Scenario
from beanjar.lab.timeline import START, Timeline
from beanjar.lab.watch import Broken, Watch

LOOK = 5 * SECOND
"""How often the memory of nodes is looked at."""
SPENT = 4 * 1024 * 1024
"""Bytes that honest nodes may spend on one that they then let go."""

Progress = Callable[[float], object]
"""Is told now and then how much of the longest time is over, from 0 to 1."""


class Outcome(Struct, frozen=True):
    """What one simulation came to. `broken` says what did not hold, or nothing.

    `converged` is how long, in ms, it took after all was well until everything agreed. Delays are
    from when an operation was signed until another node had it, in ms.
    """

    scenario: str
    seed: int
    broken: str
    virtual: int
    events: int
    messages: int
    bytes: int
    acknowledged: int
    settled: int
    converged: int | None
    delay_median: int | None
    delay_worst: int | None


def play(name: str, scenario: Scenario, seed: int, progress: Progress = lambda _: None) -> Outcome:
    """Play a scenario with one seed; nothing else has any part in what comes of it."""
    chance = Random(f"{seed} {scenario.about}")  # noqa: S311 - no secret
    with checking_once(), _collecting_nothing():
        return Laboratory(scenario, chance).run(name, seed, progress)


@contextmanager
def _collecting_nothing() -> Iterator[None]:
    """Look for no circles in memory meanwhile: few are made, and it takes a third of the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


class Laboratory:
    """The nodes, the people and the network of one simulation."""

    def __init__(self, scenario: Scenario, chance: Random) -> None:
        """Set up everything that a scenario names."""
        self.scenario = scenario
        self.chance = chance
        self.timeline = Timeline()
        network = Network(self.timeline, scenario.network, chance)
        self.around = Surroundings(
            self.timeline, network, Library(), chance, scenario.sync, self.timeline.now
        )
        self.hosts = [self._add_host(place) for place in range(scenario.nodes)]
        self.witnesses = [self._draw(each.witnesses, each.lying) for each in scenario.questions]
        honest = [each for each in self.hosts if not isinstance(each, Liar)]
        self.watch = Watch(self.timeline, honest, chance)
        names = (f"space {place}" for place in range(scenario.spaces))
        self.crowds = [Crowd(each, scenario.people, honest, chance) for each in names]
        self.actors = [
            _pick(told.kind)(self.around, told, place, self.crowds)
            for told in scenario.hostile
            for place in range(told.count)
        ]
        network.ends |= {each.key: each for each in self.hosts}
        network.ends |= {each.key: each for each in self.actors}
        self._fill()

    def run(self, name: str, seed: int, progress: Progress) -> Outcome:
        """Let it all happen, and return what it came to."""
        converged, broken = None, ""
        try:
            self._begin()
            converged = self._pass(progress)
        except Broken as error:
            broken = str(error)
        delays = sorted(self.watch.delays)
        return Outcome(
            scenario=name,
            seed=seed,
            broken=broken,
            virtual=self.timeline.now - START,
            events=self.timeline.events,
            messages=self.around.network.messages,
            bytes=self.around.network.bytes,
            acknowledged=self.watch.acknowledgements,
            settled=self.watch.settled,
            converged=converged,
            delay_median=median_high(delays) if delays else None,
            delay_worst=delays[-1] if delays else None,
        )

    def _add_host(self, place: int) -> Host:
        key = make_key(f"node {place}")
        return Host(self.around, _node_device(place), key, folds=self.scenario.folds)

    def _draw(self, count: int, lying: int) -> list[Host]:
        """Draw so many witnesses, the lying ones first; no one else lies."""
        places = [i for i, each in enumerate(self.hosts) if not isinstance(each, Liar)]
        chosen = self.chance.sample(places, count)
        for place in chosen[:lying]:
            old = self.hosts[place]
            self.hosts[place] = Liar(self.around, old.device, old.node, folds=True)
        return [self.hosts[place] for place in chosen]

    def _fill(self) -> None:
        """Let everyone begin with the same: who was let in."""
        joined = [voice.log[0] for crowd in self.crowds for voice in crowd.voices]
        devices = {each.key: each.device for drawn in self.witnesses for each in drawn}
        space = self.crowds[0].space
        joined += [each.join_as_node(space, START) for each in devices.values()]
        self.watch.admitted.update(each.key for each in joined)
        for host in self.hosts:
            for crowd in self.crowds:
                host.disk.add_space(crowd.space)
            for each in joined:
                host.disk.append([each])

    def _begin(self) -> None:
        honest = self.watch.hosts
        self._introduce()
        faults = Faults(self.around, honest, self.watch, self.chance)
        spare = self.witnesses[0][self.scenario.questions[0].lying :] if self.witnesses else []
        for fault in self.scenario.faults:
            faults.plan(fault, spare)
        for host in self.hosts:
            if isinstance(host, Liar):
                host.others = list(honest)
            host.start()
        for crowd in self.crowds:
            crowd.begin(self.watch, self.scenario.seconds)
        for question, drawn in zip(self.scenario.questions, self.witnesses, strict=True):
            later = int(question.at * SECOND)
            self.timeline.after(later, self.crowds[0].ask, question, drawn)
        for actor in self.actors:
            actor.admitted = self.watch.admitted
            actor.begin(honest)

    def _introduce(self) -> None:
        """Let every node know of some others."""
        for host in self.hosts:
            others = self.chance.sample(self.hosts, min(self.scenario.known, len(self.hosts)))
            for crowd in self.crowds:
                host.know(crowd.space, [each for each in others if each is not host])

    def _pass(self, progress: Progress) -> int:
        """Let time pass until everything agrees; return how long that took once all was well."""
        well = START + int(self.scenario.seconds * SECOND)
        latest = well + int(self.scenario.calm * SECOND)
        while self.timeline.now < latest:
            self._step(well if self.timeline.now < well else latest)
            progress((self.timeline.now - START) / (latest - START))
            if self.timeline.now >= well and not self.watch.unrest():
                break
        if unrest := self.watch.unrest():
            raise Broken(unrest)
        self.watch.check_all()
        self._check_cost()
        return self.timeline.now - well

    def _step(self, until: int) -> None:
        is_well = until > START + int(self.scenario.seconds * SECOND)
        self.timeline.run(min(until, self.timeline.now + (SECOND if is_well else LOOK)))
        self.watch.look_around()

    def _check_cost(self) -> None:
        """Check that no hostile actor has cost honest nodes more than it may."""
        seconds = (self.timeline.now - START) / SECOND
        for actor in self.actors:
            most = actor.told.cost * 1024 * seconds + SPENT * actor.endings
            if self.around.network.cost[actor.key] > most:
                raise Broken(f"A {actor.told.kind} has cost others more than it may.")


def _pick(kind: str) -> type[Actor]:
    return Impostor if kind in get_args(Pretence) else Actor


def _node_device(place: int) -> Device:
    return Person(f"Keeper {place}").new_device("node")
