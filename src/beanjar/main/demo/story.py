"""The story of one sealed question, as people tell it to a node over HTTP."""

import secrets
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import msgspec

from beanjar.base.clock import HOUR
from beanjar.base.errors import BeanjarError
from beanjar.main.client import Client
from beanjar.main.demo.guesses import Guesses
from beanjar.main.demo.secrecy import check_secrecy
from beanjar.main.demo.voice import Voice
from beanjar.node.clock import MachineClock
from beanjar.ops.body import Body
from beanjar.space.ballot import make_answer
from beanjar.space.charter import Founding, Join, Profile
from beanjar.space.closing_view import ClosingFacts
from beanjar.space.question import End, Open, Terms
from beanjar.tools.estimate.schema import (
    EstimateAnswer,
    EstimateAsk,
    EstimateResolve,
    Guess,
    Number,
)
from beanjar.tools.estimate.views import EstimateView

TOOL = "estimate"
AT_ONCE = 8
"""People who speak to the node at the same time."""
PATIENCE = 300
"""Seconds that the node has for each step of a closing."""
LOOK = 0.05
"""Seconds between two looks at whether a step is done."""


class TooSlow(BeanjarError):
    """A node that does not do what is due."""


class Story:
    """One question in one space on one node."""

    def __init__(self, url: str, token: str, guesses: Guesses, truth: int) -> None:
        """Tell it to the node at `url`; `truth` is in the units of the guesses."""
        self.client = Client(url)
        self._url = url
        self._token = token
        self._guesses = guesses
        self._truth = truth
        self._clock = MachineClock()
        self._asker = Voice(self._clock)
        self.space = b""
        self.question = ""

    def ask(self) -> None:
        """Found a space, let the node witness in it, ask, and open."""
        zeros = bytes(32)
        founding = Founding("The market", self._asker.certificate(zeros), "A crowd and a jar.")
        self.space = self._asker.found(self.client, founding)
        device = bytes.fromhex(self.client.about().device)
        certificate = self._asker.certificate(self.space, device)
        self.client.lend(self._token, self.space, certificate, ())
        terms = Terms(
            closes=self._clock.now() + 24 * HOUR, witnesses=(device.hex(),), asker_may_end=True
        )
        kind = Number(unit=_unit(self._guesses.heading), decimals=self._guesses.decimals)
        ask = EstimateAsk(terms, "How much does it weigh?", kind, "mean")
        self.question = self._say(Profile("The asker"), ask)
        accepts = self._wait(lambda facts: facts.witnesses[0].accept is not None).witnesses
        self._say(Open(self.question, (accepts[0].accept or "",)))
        self._wait(lambda facts: facts.state == "open")

    def answer(self, done: Callable[[], object]) -> None:
        """Let everybody join and answer, each with keys of their own; call `done` for each.

        The pages are looked at before and after the last answer: nothing may show.
        """
        *most, last = self._guesses.values
        facts = self.facts()
        shares = [most[start::AT_ONCE] for start in range(AT_ONCE)]
        with ThreadPoolExecutor(AT_ONCE) as pool:
            for each in [pool.submit(self._answer_all, share, facts, done) for share in shares]:
                each.result()
        voice = self._join(self.client)
        before = self._look_around()
        self._answer(self.client, voice, last, facts)
        check_secrecy(before, self._look_around(), len(self._guesses.values))
        done()

    def close(self) -> None:
        """End the question and wait until it is settled and opened."""
        opened = self.facts().open
        assert opened is not None
        self._say(End(opened))
        self._wait(lambda facts: facts.state == "opened")

    def resolve(self) -> EstimateView:
        """Say what came true, and return what it all comes to."""
        self._say(EstimateResolve(self.question, self._truth))
        return self.view()

    def view(self) -> EstimateView:
        """Return the question as the node shows it."""
        return msgspec.json.decode(self.json(), type=EstimateView)

    def json(self) -> bytes:
        """Return the question's JSON as the node serves it."""
        return self.client.view(self.space, TOOL, self.question)

    def facts(self) -> ClosingFacts:
        """Return how far the question has come."""
        return self.view().facts

    def _answer_all(
        self, values: Sequence[int], facts: ClosingFacts, done: Callable[[], object]
    ) -> None:
        client = Client(self._url)
        for value in values:
            self._answer(client, self._join(client), value, facts)
            done()
        client.close()

    def _join(self, client: Client) -> Voice:
        voice = Voice(self._clock)
        voice.say(client, self.space, Join(voice.certificate(self.space)))
        return voice

    def _answer(self, client: Client, voice: Voice, value: int, facts: ClosingFacts) -> None:
        answer = make_answer(
            EstimateAnswer,
            Guess(value),
            facts,
            space=self.space,
            device=voice.device.public,
            secret=secrets.token_bytes(32),
        )
        voice.say(client, self.space, answer)

    def _say(self, *bodies: Body) -> str:
        return self._asker.say(self.client, self.space, *bodies)

    def _look_around(self) -> dict[str, bytes]:
        """Return every page and every JSON on which the question shows."""
        space = f"/s/{self.space.hex()}"
        places = ["/", space, f"{space}/{TOOL}", f"{space}/{TOOL}/{self.question}"]
        pages = {place: self.client.page(place) for place in places}
        return pages | {place: self.client.page(f"{place}.json") for place in places[1:]}

    def _wait(self, is_done: Callable[[ClosingFacts], bool]) -> ClosingFacts:
        end = time.monotonic() + PATIENCE
        while not is_done(facts := self.facts()):
            if time.monotonic() > end:
                raise TooSlow(f"The node at {self._url} does not do what is due: it is overloaded.")
            time.sleep(LOOK)
        return facts


def _unit(heading: str) -> str:
    """Return the unit that a heading like "guess_lb" ends with."""
    return heading.rpartition("_")[2][:20]
