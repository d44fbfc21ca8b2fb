"""Programs that take part at one node."""

from pathlib import Path

from beanjar.base.clock import HOUR
from beanjar.client import Client, Home, Participant, Question
from beanjar.space.charter import Charter
from beanjar.space.question import Terms
from beanjar.testing.clock import HandClock
from beanjar.tools.estimate import TOOL
from beanjar.tools.estimate.schema import EstimateAsk, Number
from tests.main.running import RunningNode
from tests.seeded import seeded


class Programs:
    """A node, and programs that speak through it in the name of people."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.node = RunningNode(folder / "node", HandClock())
        self.client = Client(self.node.url)

    def begin(self, name: str) -> Participant:
        home = Home(self.folder / name)
        home.settle(name, seeded(name).randbytes(32))
        return Participant(home, self.client, self.node.clock, lambda _: self.node.tick())

    def found(self, founder: Participant, charter: Charter | None = None) -> bytes:
        space = bytes.fromhex(founder.found("The fair", charter=charter).space)
        founder.lend(space, self.node.node.token)
        return space

    def ask(self, asker: Participant, space: bytes, *roll: Participant) -> Question:
        closes = self.node.clock.now() + HOUR
        witnesses = asker.draw_witnesses(space)
        terms = Terms(closes, witnesses, asker_may_end=True, listed=bool(roll))
        ask = EstimateAsk(terms, "How many?", Number("beans", low=1), "mean")
        return asker.ask(space, TOOL, ask, [each.home.me.person for each in roll])
