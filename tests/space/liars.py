"""Witnesses who lie and know the protocol.

A liar runs the honest program in one or two copies with one key, which do not know of one another
(as in Bano and others, Twins, arXiv 2004.10617), and bends what it is about to say.
"""

from collections.abc import Iterator
from random import Random

from beanjar.fold.statement import Statement
from beanjar.lab.lies import Lies, draw_habits, is_left_out
from beanjar.ops.body import Body
from beanjar.ops.operation import Operation
from beanjar.space.opening import Opening
from beanjar.space.question import Precommit, Prevote, Propose
from beanjar.space.words import Voters, voters_of
from beanjar.testing.people import Device
from tests.space.replica import Replica
from tests.space.scene import Scene
from tests.space.weather import Plot

PLOT = ("closes twice", "says two things", "agrees with everyone")
MORE = ("proposes what is old", "leaves people out")
TIRED = 20
"""After so many rounds liars no longer push on."""


class Liar(Replica):
    """One copy of a lying witness's node."""

    def __init__(
        self, scene: Scene, device: Device, skew: int, chance: Random, plot: Plot | None
    ) -> None:
        super().__init__(scene.space, scene.open.on, device, skew)
        self._plot = plot
        mine = [each for each in scene.operations if each.key == device.key.public]
        self._base = mine[-1] if plot or chance.random() < 0.3 else None
        self._habits = draw_habits(chance)
        if plot:
            self._habits = set(PLOT) | {each for each in MORE if chance.random() < 0.5}
        self._lies = Lies(self, device.name, self._habits, chance)
        self._turn = 0

    def find(self, name: str) -> Operation | None:
        return self.held.get(name)

    def admits(self, answer: Statement) -> bool:
        """Admit late answers too, and perhaps leave out some people."""
        return not is_left_out(self._habits, answer.person)

    def lies(self, now: int) -> Iterator[Operation]:
        """Yield what this liar says next, signed."""
        for word in self.words(now):
            bodies = self._lies.bend(word)
            if word not in bodies:
                self._believe(word, now)
            yield from (self._say(body, now) for body in bodies)
        if not self._lies.is_silent:
            yield from (self._say(body, now) for body in self._besides())

    def _say(self, body: Body, now: int) -> Operation:
        """Say something; who forks their log lets each word follow what everyone has of it."""
        if self._base is not None:
            self.device.follow(self.space.id, self._base)
        operation = self.write(body, now)
        self.take(operation, now)
        return operation

    def _believe(self, word: Body, now: int) -> None:
        """Let the honest program think that it has said its word."""
        shadow = self.device.copied().write(self.space.id, word, now + self.skew)
        self.take_alone(shadow, now)

    def _besides(self) -> Iterator[Body]:
        """Yield what the honest program would never say: yes to everything, and keys too early."""
        yield from self._lies.publish_early()
        opening = self.closing.opening()
        decoy = self._plot.decoy if self._plot is not None else None
        if opening is not None and decoy is not None:
            yield from self._go_on(opening)
        yield from self._lies.agree(decoy)

    def _go_on(self, opening: Opening) -> Iterator[Body]:
        """Yield what keeps the others going from round to round, and another set in one's turn."""
        voters = voters_of(self.space.id.hex(), opening)
        for turn in range(self._turn + 1, min(self._latest(opening, voters), TIRED) + 2):
            self._turn = turn
            if voters.proposer(turn) == self.device.name:
                proposal = Propose(opening.said.id, turn, self._lies.some_closes())
                yield from self._lies.bend_proposal(proposal)
            yield Prevote(opening.said.id, turn, ())
            yield Precommit(opening.said.id, turn, ())

    def _latest(self, opening: Opening, voters: Voters) -> int:
        """Return the latest round in which somebody honest must be."""
        rounds = dict.fromkeys(voters.devices, 0)
        votes = [
            each for kind in (Prevote, Precommit) for each in self.closing.about(opening, kind)
        ]
        for said in votes:
            if isinstance(said.body, Prevote | Precommit) and said.device in rounds:
                rounds[said.device] = max(rounds[said.device], said.body.round)
        return sorted(rounds.values(), reverse=True)[voters.spare]
