"""How long messages take in a storm, and what the liars in it have planned."""

from collections.abc import Sequence
from random import Random

from beanjar.base.clock import SECOND
from beanjar.base.limits import ALL_CLOSES
from beanjar.ops.body import Body
from beanjar.space.agreement import patience
from beanjar.space.question import Closes, Precommit, Prevote, Propose, Settled

STEP = 50
"""Everything happens at a multiple of so many ms."""


class Plot:
    """A plan of liars to whom the weather listens, so that two sets might be settled.

    One honest node, the victim, shall settle a set, the decoy, before others know of it, or lock
    itself on the decoy alone; in each round some nodes are deaf to what would tell them in time.
    Then the liars want any other set.
    """

    def __init__(self, chance: Random, honest: Sequence[int], liars: int) -> None:
        self._chance = chance
        self._honest = honest
        self._liars = liars
        self.victim = chance.choice(honest)
        self.decoy: Closes | None = None
        self._locks = chance.random() < 0.5
        """Whether the victim shall be locked on the decoy alone, and not settle it."""
        self._deaf: dict[int, Sequence[int]] = {}

    def deaf(self, turn: int) -> Sequence[int]:
        """Return the honest nodes that hear late of what happens in a round."""
        if turn not in self._deaf:
            others = [each for each in self._honest if each != self.victim]
            count = min(self._liars, len(others)) if self._chance.random() < 0.7 else 0
            self._deaf[turn] = self._chance.sample(others, count)
        return self._deaf[turn]

    def hearers(self, body: Body | None, everyone: Sequence[int]) -> Sequence[int]:
        """Return whom a liar tells something at first."""
        match body:
            case Prevote(closes=closes) if self._locks and self._is_decoy(closes):
                return [self.victim]
            case Precommit(closes=closes) if self._is_decoy(closes):
                return [] if self._locks else [self.victim]
            case Prevote() | Precommit() | Propose():
                return self._others(body, everyone)
            case Settled():
                return [self.victim]
        return everyone

    def _others(self, body: Prevote | Precommit | Propose, everyone: Sequence[int]) -> list[int]:
        """Return who shall go on, or shall not know."""
        if isinstance(body, Precommit):
            return [each for each in everyone if body.closes or each != self.victim]
        deaf = self.deaf(body.round)
        return [each for each in everyone if (each in deaf) == (body.closes == ())]

    def _is_decoy(self, closes: Closes) -> bool:
        """Say whether this is the decoy; the first set that liars vote for is."""
        self.decoy = self.decoy or closes or None
        return closes != () and closes == self.decoy

    def hold_up(self, way: tuple[int, int], body: Body | None, *, lie: bool) -> int:
        """Return for how long, in ms, an honest node's message is held up on its way."""
        sender, receiver = way
        match body:
            case Precommit(closes=closes) if self._locks and closes and sender == self.victim:
                return self._chance.randrange(5, 60) * SECOND
            case Settled():
                return self._chance.randrange(10, 120) * SECOND
            case Prevote() | Precommit() if lie:
                return self._chance.randrange(5, 120) * SECOND
            case Propose(round=turn) | Precommit(round=turn) if receiver in self.deaf(turn):
                late = 2 * patience(turn) + (0 if turn else ALL_CLOSES)
                return late + self._chance.randrange(0, 4 * SECOND)
        return 0


class Weather:
    """How long a message takes from one node to another; everything arrives once it is calm."""

    def __init__(self, chance: Random, nodes: int, begins: int, plot: Plot | None) -> None:
        self._chance = chance
        self._plot = plot
        self.calm = begins + chance.choice([20, 40, 120] if plot else [2, 10, 20, 40]) * SECOND
        self._loss = 0.0 if plot else chance.choice([0.0, 0.1, 0.3, 0.6])
        self._parted = sorted(chance.randrange(begins, self.calm + 1) for _ in range(2))
        self._sides = [chance.random() < 0.5 and not plot for _ in range(nodes)]

    def arrival(self, now: int, way: tuple[int, int], body: Body | None, *, lie: bool) -> int:
        """Return when what is sent on its way arrives: what is lost is sent again.

        A lie is what a liar says, whoever passes it on.
        """
        sender, receiver = way
        arrives = now + self._chance.randrange(STEP, 8 * STEP)
        while arrives < self.calm and self._chance.random() < self._loss:
            arrives += self._chance.randrange(SECOND, 8 * SECOND)
        begins, ends = self._parted
        if self._sides[sender] != self._sides[receiver] and begins <= now < ends:
            arrives = max(arrives, ends + self._chance.randrange(STEP, SECOND))
        if self._plot is not None:
            arrives += self._plot.hold_up(way, body, lie=lie)
        arrives = min(arrives, max(now, self.calm) + 8 * STEP)
        return arrives - arrives % STEP + STEP
