"""Witnesses who lie: the node's program is the product's, and what it is about to say is bent."""

from random import Random

from beanjar.base.clock import SECOND
from beanjar.fold.statement import Statement
from beanjar.lab.host import Host
from beanjar.lab.lies import Lies, draw_habits, is_left_out
from beanjar.lab.witnessing import Witnessing
from beanjar.node.carried import Carried
from beanjar.ops.body import Body
from beanjar.ops.operation import Operation
from beanjar.space.closing import Closing
from beanjar.tools.estimate import TOOL

FORKS = 0.3
"""The chance that a liar tells each word of several to others, at the same place of its log."""
SKEWS = (-20, -5, 0, 5, 20)
"""How wrong, in s, the clocks of liars are: they close early, or late."""


class Question:
    """One question, as the node of a liar sees it."""

    def __init__(self, host: Host, space: bytes, name: str) -> None:
        """Look at a question by the id of its ask."""
        self.space = space
        self._host = host
        self._name = name

    @property
    def closing(self) -> Closing:
        """See `beanjar.lab.lies.Sight`."""
        return self._host.carried[self.space].space.closing(self._name)

    def find(self, name: str) -> Operation | None:
        """See `beanjar.lab.lies.Sight`."""
        return self._host.carried[self.space].find_operation(name)

    def secret_for(self, ask: str) -> bytes:
        """See `beanjar.lab.lies.Sight`."""
        secret = self._host.disk.private(f"one-time key {ask}")
        assert secret is not None
        return secret


class LyingWitnessing(Witnessing):
    """Says something else than the product would, by habits that chance has given it."""

    def __init__(self, host: "Liar", chance: Random) -> None:
        """Lie to the others whom the host knows."""
        super().__init__(host)
        self.learn_restored = _forget  # who means to fork a log does not stop because of it
        self._liar = host
        self._chance = chance
        self._forks = chance.random() < FORKS
        self._lies: dict[str, tuple[Question, Lies]] = {}

    async def say(self, space: bytes, body: Body) -> None:
        """Say something bent, or nothing; the program believes that it has said its word."""
        name = self._subject(space, body)
        _, lies = self._about(space, name)
        bodies = lies.bend(body)
        if body not in bodies:
            shadow = self.sign(space, body, salt=b"shadow")
            self._liar.carried[space].feed_apart(shadow)
        for each in bodies[1:] if self._forks else ():
            self._tell_others(space, each)
        for each in bodies[:1] if self._forks else bodies:
            await super().say(space, each)

    async def work(self) -> None:
        """Say what is due, and besides what no honest witness ever says."""
        await super().work()
        for question, lies in list(self._lies.values()):
            for more in () if lies.is_silent else (lies.publish_early(), lies.agree()):
                for body in more:
                    await super().say(question.space, body)

    def _subject(self, space: bytes, body: Body) -> str:
        """Return the question, by the id of its ask, that a word is about."""
        here, on = self._liar.carried[space].space, getattr(body, "on", "")
        closings = {name: here.closing(name) for name in here.subjects(TOOL)}
        return next(
            name
            for name, closing in closings.items()
            if on == name or any(each.said.id == on for each in closing.openings())
        )

    def _about(self, space: bytes, name: str) -> tuple[Question, Lies]:
        if name not in self._lies:
            question = Question(self._liar, space, name)
            device, habits = self._liar.device.name, self._liar.habits
            self._lies[name] = question, Lies(question, device, habits, self._chance)
        return self._lies[name]

    def _tell_others(self, space: bytes, body: Body) -> None:
        """Hand another word for the same place of its log to somebody else."""
        operation = self.sign(space, body, salt=b"another word")
        up = [each for each in self._liar.others if each.is_up]
        for host in self._chance.sample(up, min(2, len(up))):
            here = host.disk.head(space, operation.key).seq
            log = self._liar.disk.read_log(space, operation.key, here + 1)
            host.submit(space, [*log, operation], lambda _: None)


class Liar(Host):
    """The node of a witness who lies. It passes on what others say, as every node does."""

    others: list[Host]

    def start(self) -> None:
        """Go on with what is on the disk, and lie."""
        chance = self.around.chance
        self.habits = draw_habits(chance)
        super().start()
        self.skew = chance.choice(SKEWS) * SECOND
        self.witnessing = LyingWitnessing(self, chance)
        for space, carried in self.carried.items():
            self.witnessing.serve(space, carried)

    def carry(self, space: bytes) -> Carried:
        """Return a space in which every answer is admitted, however late, but for some people's."""
        carried = super().carry(space)
        carried.admits = self._admit  # type: ignore[method-assign]  # late ones too
        return carried

    def _admit(self, answer: Statement) -> bool:
        return not is_left_out(self.habits, answer.person)


def _forget(space: bytes) -> None:
    del space
