"""How an example is made: each of its people signs what they say and hands it in to the node."""

import asyncio
import secrets
from collections.abc import Callable, Collection, Iterable, Mapping

from beanjar.base.clock import DAY, MINUTE
from beanjar.base.ids import ZERO
from beanjar.main.demo.voice import Voice
from beanjar.main.example.fair import PEOPLE, Question, tell_fair, tell_questions
from beanjar.node.node import Node
from beanjar.ops.body import Body
from beanjar.space.ballot import make_answer
from beanjar.space.charter import Join, Profile
from beanjar.space.closing_view import ClosingFacts
from beanjar.space.question import End, Open, Terms
from beanjar.tools.estimate.schema import EstimateAnswer, EstimateResolve, Guess
from beanjar.web.language import Speaker
from beanjar.web.refusals import ExampleNotMade

SOON = 5 * MINUTE
"""How long a question might stay open that its asker ends once everybody has answered, in ms."""
LEFT_OPEN = 7 * DAY
"""How long there is a jar into which whoever looks around can put a guess, in ms."""
TURNS = 10
"""How often the only witness is asked to do what is due; it needs two turns at most."""


class Making:
    """The making of one example. Its people's keys end with it, so that nobody speaks for them."""

    def __init__(self, node: Node, speaker: Speaker) -> None:
        """Make it on the node, which alone witnesses in it, in the speaker's language."""
        self._node = node
        self._speaker = speaker
        self._voices = [Voice(node.clock) for _ in PEOPLE]
        self._host = self._voices[0]
        self._space = ZERO

    async def make(self) -> bytes:
        """Return the space's id once it is whole. Raises `ExampleNotMade`, or a `StoreError`."""
        await self._found()
        questions = await self._ask()
        await self._answer(questions)
        ended = {name: each for name, each in questions.items() if each.ask.terms.asker_may_end}
        await self._end(ended)
        await self._resolve(ended)
        return self._space

    async def _found(self) -> None:
        """Found the space, let the node witness for its host, and let everybody in."""
        founding = tell_fair(self._speaker, self._host.certificate(ZERO))
        said = self._host.sign(ZERO, founding)
        await self._node.found(said.run)
        self._space = said.space
        certificate = self._host.certify_node(said.space, self._node.device)
        await self._node.keep(said.space, certificate)
        await self._say_all(
            (voice, [*self._joining(voice), Profile(person.name)])
            for voice, person in zip(self._voices, PEOPLE, strict=True)
        )

    def _joining(self, voice: Voice) -> list[Body]:
        return [] if voice is self._host else [Join(voice.certificate(self._space))]

    async def _ask(self) -> dict[str, Question]:
        """Ask all questions and open them; return them by the ids of their asks."""
        now, witnesses = self._node.clock.now(), (self._node.device.hex(),)
        ended = Terms(now + SOON, witnesses, asker_may_end=True)
        told = tell_questions(self._speaker, ended, left_open=Terms(now + LEFT_OPEN, witnesses))
        questions = {await self._say(self._host, each.ask): each for each in told}
        await self._wait(questions, lambda facts: facts.witnesses[0].accept is not None)
        for name in questions:
            accepts = tuple(each.accept or "" for each in self._facts(name).witnesses)
            await self._say(self._host, Open(name, accepts))
        return questions

    async def _answer(self, questions: Mapping[str, Question]) -> None:
        """Let everybody answer all questions on which they say something."""
        opened = [(self._facts(name), each.guesses) for name, each in questions.items()]
        await self._say_all(
            (voice, self._make_answers(voice, [(facts, said[place]) for facts, said in opened]))
            for place, voice in enumerate(self._voices)
        )

    def _make_answers(
        self, voice: Voice, guesses: Iterable[tuple[ClosingFacts, int | None]]
    ) -> list[Body]:
        return [
            make_answer(
                EstimateAnswer,
                Guess(value),
                facts,
                space=self._space,
                device=voice.device.public,
                secret=secrets.token_bytes(32),
            )
            for facts, value in guesses
            if value is not None
        ]

    async def _end(self, ended: Collection[str]) -> None:
        """Let the host end these questions, and return once their jars are open."""
        for name in ended:
            await self._say(self._host, End(self._facts(name).open or ""))
        await self._wait(ended, lambda facts: facts.state == "opened")

    async def _resolve(self, ended: Mapping[str, Question]) -> None:
        """Let the host say what came true, where that is known."""
        for name, each in ended.items():
            if each.truth is not None:
                await self._say(self._host, EstimateResolve(name, each.truth, each.note))

    async def _say_all(self, said: Iterable[tuple[Voice, Iterable[Body]]]) -> None:
        """Let many people speak at once, so that the node writes it down in a few goes."""
        await asyncio.gather(*(self._say(voice, *bodies) for voice, bodies in said))

    async def _say(self, voice: Voice, *bodies: Body) -> str:
        said = voice.sign(self._space, *bodies)
        await self._node.submit(said.space, said.run)
        return said.id

    async def _wait(
        self, questions: Collection[str], is_done: Callable[[ClosingFacts], bool]
    ) -> None:
        """Return once it is so of all these questions. Raises `ExampleNotMade`."""
        for _ in range(TURNS):
            await self._node.tick()
            if all(is_done(self._facts(name)) for name in questions):
                return
        raise ExampleNotMade(
            "The example could not be finished. Try again: a new one is made, and what was begun "
            "stays here, marked as an example."
        )

    def _facts(self, name: str) -> ClosingFacts:
        view = self._node.space(self._space).closing(name).view(None)
        assert view is not None, "it was asked before"
        return view.facts
