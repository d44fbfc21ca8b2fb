"""Witnesses who lie: the node's program is the product's, and what it is about to say is bent."""

from random import Random

from beanjar.base.clock import SECOND
from beanjar.fold.statement import Statement
from beanjar.lab.host import Host
from beanjar.lab.witnessing import Witnessing, Written
from beanjar.node.carried import Carried
from beanjar.ops.body import Body
from beanjar.space.question import Close, Precommit, Prevote, Propose

HABITS = ("falls silent", "contradicts itself", "says nothing to proposals", "proposes rubbish")
SILENT_AFTER = (Close, Propose, Prevote, Precommit)
SKEWS = (-20, -5, 0, 5, 20)
"""How wrong, in s, the clocks of liars are: they close early, or late."""


class LyingWitnessing(Witnessing):
    """Says something else than the product would, by habits that chance has given it."""

    def __init__(self, host: Host, others: list[Host], chance: Random) -> None:
        """Lie to these others."""
        super().__init__(host)
        self._others = others
        self._chance = chance
        self._habits = [each for each in HABITS if chance.random() < 1 / 2]
        self._last = chance.choice(SILENT_AFTER)
        self._is_silent = False

    async def say(self, space: bytes, body: Body) -> None:
        """Say something bent; or nothing more, for ever."""
        if self._is_silent:
            await Written()
        self._is_silent = "falls silent" in self._habits and isinstance(body, self._last)
        await super().say(space, self._bend(space, body))

    def _bend(self, space: bytes, body: Body) -> Body:
        match body:
            case Propose() if "proposes rubbish" in self._habits:
                return Propose(body.on, body.round, body.closes[::-1])
            case Prevote() | Precommit() if "says nothing to proposals" in self._habits:
                return type(body)(body.on, body.round, ())
            case Propose() | Prevote() | Precommit() if "contradicts itself" in self._habits:
                self._tell_others(space, type(body)(body.on, body.round, ()))
            case Close() if "contradicts itself" in self._habits:
                self._tell_others(space, body)
        return body

    def _tell_others(self, space: bytes, body: Body) -> None:
        """Hand another word for the same place of its log to somebody else."""
        operation = self.sign(space, body, salt=b"another word")
        up = [each for each in self._others if each.is_up]
        for host in self._chance.sample(up, min(2, len(up))):
            here = host.disk.head(space, operation.key).seq
            log = self._host.disk.read_log(space, operation.key, here + 1)
            host.submit(space, [*log, operation], lambda _: None)


class Liar(Host):
    """The node of a witness who lies. It passes on what others say, as every node does."""

    others: list[Host]

    def start(self) -> None:
        """Go on with what is on the disk, and lie."""
        super().start()
        chance = self.around.chance
        self.skew = chance.choice(SKEWS) * SECOND
        self.witnessing = LyingWitnessing(self, self.others, chance)
        for space, carried in self.carried.items():
            self.witnessing.serve(space, carried)

    def carry(self, space: bytes) -> Carried:
        """Return a space in which every answer is admitted, however late."""
        carried = super().carry(space)
        carried.admits = _admit_all  # type: ignore[method-assign]  # late ones too
        return carried


def _admit_all(answer: Statement) -> bool:
    del answer
    return True
