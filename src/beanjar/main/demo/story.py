"""The story of one sealed question, as its asker tells it to nodes over HTTP."""

import msgspec

from beanjar.base.clock import HOUR
from beanjar.base.errors import BeanjarError
from beanjar.base.ids import ZERO
from beanjar.client.client import Client
from beanjar.main.demo.fleet import Fleet
from beanjar.main.demo.guesses import Guesses
from beanjar.main.demo.offering import Offering
from beanjar.main.demo.voice import Voice
from beanjar.node.clock import MachineClock
from beanjar.ops.body import Body
from beanjar.space.charter import Founding, Profile
from beanjar.space.closing_view import ClosingFacts, State
from beanjar.space.question import End, Open, Terms
from beanjar.tools.estimate.schema import EstimateAsk, EstimateResolve, Number
from beanjar.tools.estimate.views import EstimateView

TOOL = "estimate"


class Disagreement(BeanjarError):
    """Nodes that come to different results."""


class Story:
    """One question in one space on several nodes. The asker speaks to any that lives."""

    def __init__(self, fleet: Fleet) -> None:
        """Tell it to these nodes."""
        self.clock = MachineClock()
        self.space = b""
        self.question = ""
        self._fleet = fleet
        self._asker = Voice(self.clock)
        self._offering = Offering(fleet.urls)

    def found(self, witnesses: int) -> tuple[str, ...]:
        """Found a space that all nodes carry; return the devices of those that may witness.

        Each is lent to the space by another person.
        """
        founding = Founding("The market", self._asker.certificate(ZERO), "A crowd and a jar.")
        said = self._asker.sign(ZERO, founding)
        nodes = self._fleet.nodes
        nodes[0].door.found(said.run)
        self.space = said.space
        self._fleet.join_up(self.space)
        keepers = [self._asker, *(Voice(self.clock) for _ in nodes[1:])]
        devices = [bytes.fromhex(node.door.about().device) for node in nodes]
        for node, keeper, device in zip(nodes, keepers, devices, strict=True):
            certificate = keeper.certify_node(self.space, device)
            node.door.lend(node.token, self.space, certificate, ())
        return tuple(device.hex() for device in devices[:witnesses])

    def ask(self, witnesses: tuple[str, ...], guesses: Guesses) -> None:
        """Ask, and open once all witnesses have accepted."""
        terms = Terms(closes=self.clock.now() + 24 * HOUR, witnesses=witnesses, asker_may_end=True)
        kind = Number(unit=_unit(guesses.heading), decimals=guesses.decimals)
        ask = EstimateAsk(terms, "How much does it weigh?", kind, "mean")
        self.question = self._say(Profile("The asker"), ask)
        self._fleet.wait(lambda door: all(each.accept for each in self.facts(door).witnesses))
        accepts = self.facts(self._fleet.living[0].door).witnesses
        self._say(Open(self.question, tuple(each.accept or "" for each in accepts)))
        self._wait("open")

    def close(self) -> None:
        """End the question and wait until it is settled and opened, on every node."""
        opened = self.facts(self._fleet.living[0].door).open
        assert opened is not None
        self._say(End(opened))
        self._wait("opened")

    def resolve(self, truth: int) -> None:
        """Say what came true."""
        self._say(EstimateResolve(self.question, truth))
        self._offering.see_through()
        self._offering.close()

    def results(self) -> list[bytes]:
        """Return the question's JSON as each living node serves it, once all tell its outcome.

        Raises `Disagreement`.
        """
        self._fleet.wait(lambda door: self.view(door).outcome is not None)
        results = [self.json(node.door) for node in self._fleet.living]
        if len(set(results)) > 1:
            raise Disagreement(
                "The nodes do not show the same result. That must not be: please report it, with "
                "the folder that --keep leaves behind."
            )
        return results

    def view(self, door: Client) -> EstimateView:
        """Return the question as a node shows it."""
        return msgspec.json.decode(self.json(door), type=EstimateView)

    def json(self, door: Client) -> bytes:
        """Return the question's JSON as a node serves it."""
        return door.page(f"/s/{self.space.hex()}/{TOOL}/{self.question}.json")

    def facts(self, door: Client) -> ClosingFacts:
        """Return how far the question has come on a node."""
        return self.view(door).facts

    def _say(self, *bodies: Body) -> str:
        said = self._asker.sign(self.space, *bodies)
        self._offering.hand_in(said)
        return said.id

    def _wait(self, state: State) -> None:
        self._fleet.wait(lambda door: self.facts(door).state == state)


def _unit(heading: str) -> str:
    """Return the unit that a heading like "guess_lb" ends with."""
    return heading.rpartition("_")[2][:20]
