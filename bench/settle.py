"""How long a question takes from its deadline until it is settled, and until it is opened.

1, 4 and 7 witnesses, each a node with a store of its own, all in this process, with iroh over
loopback between them. All are there, so that none waits in patience for one that is not. A node
looks at its clock once a second; that is in the figures.
"""

import asyncio
import time
from collections.abc import Callable
from contextlib import AsyncExitStack
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from beanjar.base.clock import SECOND
from beanjar.node.node import Node
from beanjar.ops.body import Body
from beanjar.ops.device import certify_device
from beanjar.ops.run import write_run
from beanjar.space.ballot import make_answer
from beanjar.space.charter import Founding
from beanjar.space.closing_view import ClosingFacts
from beanjar.space.question import Open, Terms
from beanjar.testing.people import Device, Person
from beanjar.tools.estimate.schema import EstimateAnswer, EstimateAsk, Guess, Number
from beanjar.tools.estimate.views import EstimateView
from bench.nodes import LOOK, Running, run_node, until

WITNESSES = (1, 4, 7)
ANSWERS = 20
OPEN_FOR = 4 * SECOND


def measure(progress: Callable[[str], object]) -> dict[str, object]:
    """Return for each number of witnesses the seconds until settled and until opened."""
    figures: dict[str, object] = {}
    for n in WITNESSES:
        progress(f"settle: {n} witnesses")
        figures[f"n_{n}"] = asyncio.run(_settle(n))
    return figures


async def _settle(n: int) -> dict[str, float]:
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="beanjar-bench-")))
        nodes = [
            await stack.enter_async_context(run_node(folder / f"{place}")) for place in range(n)
        ]
        table = Table(nodes)
        await table.found()
        asked = await table.ask()
        for place in range(ANSWERS):
            await table.answer(asked, place)
        closes = (await table.facts(asked)).closes
        settled = await table.wait(asked, {"settled", "opened"}, closes)
        opened = await table.wait(asked, {"opened"}, closes)
        assert (await table.facts(asked)).answers == ANSWERS
    return {"settled_s": settled, "opened_s": opened}


class Table:
    """A space that all nodes carry, each kept by a person of its own."""

    def __init__(self, nodes: list[Running]) -> None:
        """Sit at these nodes; Ada asks at the first."""
        self._nodes = nodes
        self._ada = Person("Ada").device
        self._space = b""

    async def found(self) -> None:
        """Found the space and let every node take part in it."""
        first, *others = self._nodes
        founding = Founding("A bench", self._ada.certificate(bytes(32)))
        founded = self._ada.found(founding, first.node.clock.now())
        self._space = founded.id
        await first.node.found(write_run([founded]))
        for each in others:
            await each.peers.carry(self._space, [first.address])
        for place, each in enumerate(self._nodes):
            await self._lend(each.node, Person(f"Keeper {place}"))

    async def _lend(self, node: Node, keeper: Person) -> None:
        await until(lambda: node.head(self._space, self._ada.key.public).seq >= 0)
        await node.keep(
            self._space, certify_device(keeper.key, self._space, node.device, node=True)
        )

    async def ask(self) -> str:
        """Ask, open once all have accepted, and return the id of the ask."""
        witnesses = tuple(each.node.device.hex() for each in self._nodes)
        terms = Terms(self._nodes[0].node.clock.now() + OPEN_FOR, witnesses)
        asked = await self._say(self._ada, EstimateAsk(terms, "How many?", Number(), "mean"))
        closing = self._nodes[0].node.space(self._space).closing(asked)
        await until(lambda: len(closing.accepts()) == len(witnesses))
        accepts = [each.accept or "" for each in (await self.facts(asked)).witnesses]
        await self._say(self._ada, Open(asked, tuple(accepts)))
        return asked

    async def answer(self, asked: str, place: int) -> None:
        """Let one more person join and answer, sealed, at one of the nodes."""
        device = Person(f"Person {place}").device
        at = self._nodes[place % len(self._nodes)]
        now = at.node.clock.now()
        await at.node.submit(self._space, write_run([device.join(self._space, now)]))
        answer = make_answer(
            EstimateAnswer,
            Guess(place),
            await self.facts(asked),
            space=self._space,
            device=device.key.public,
            secret=sha256(device.key.seed).digest(),
        )
        await at.node.submit(self._space, write_run([device.write(self._space, answer, now)]))

    async def facts(self, asked: str) -> ClosingFacts:
        """Return what the first node knows of the question."""
        view = await self._nodes[0].node.view(self._space, asked)
        assert isinstance(view, EstimateView)
        return view.facts

    async def wait(self, asked: str, states: set[str], closes: int) -> float:
        """Wait until the question is in one of the states; return the seconds since `closes`."""
        while (await self.facts(asked)).state not in states:  # noqa: ASYNC110 - facts call nobody
            await asyncio.sleep(LOOK)
        return time.time() - closes / SECOND

    async def _say(self, device: Device, body: Body) -> str:
        node = self._nodes[0].node
        said = device.write(self._space, body, node.clock.now())
        await node.submit(self._space, write_run([said]))
        return said.id.hex()
