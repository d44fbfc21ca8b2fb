"""The crowd: everybody joins and answers with keys of their own, at whichever node answers."""

import secrets
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Lock

from beanjar.main.demo.fleet import Fleet
from beanjar.main.demo.offering import Offering
from beanjar.main.demo.secrecy import check_secrecy
from beanjar.main.demo.story import TOOL, Story
from beanjar.main.demo.voice import Voice
from beanjar.ops.log import EMPTY
from beanjar.space.ballot import make_answer
from beanjar.space.charter import Join
from beanjar.space.question import Answer
from beanjar.tools.estimate.schema import EstimateAnswer, Guess

AT_ONCE = 8
"""People who speak at the same time."""


class Crowd:
    """People who answer one question. Half-way through, some nodes are killed."""

    def __init__(self, fleet: Fleet, story: Story, kill: int, done: Callable[[], object]) -> None:
        """Speak to the nodes, of which `kill` will die; call `done` for each who has spoken."""
        self.again = 0
        """How many times something was handed in at a further node."""
        self._fleet = fleet
        self._story = story
        self._facts = story.facts(fleet.living[0].door)
        self._kill = kill
        self._done = done
        self._spoken = 0
        self._counting = Lock()

    def answer(self, values: Sequence[int]) -> None:
        """Let everybody answer, and return once all of it is on every node that lives.

        The pages of all nodes are looked at before and after the last answer: nothing may show.
        """
        *most, last = values
        half = len(values) // 2
        shares = [most[start::AT_ONCE] for start in range(AT_ONCE)]
        with ThreadPoolExecutor(AT_ONCE) as pool:
            speaking = [
                pool.submit(self._speak, share, start, half) for start, share in enumerate(shares)
            ]
        for each in speaking:
            each.result()
        self._wait_for_answers(len(most))
        self._answer_last(last, len(values))

    def _speak(self, values: Sequence[int], start: int, half: int) -> None:
        """Let some people join and answer, one after the other, and see it through."""
        offering = Offering(self._fleet.urls, start)
        for value in values:
            voice = Voice(self._story.clock)
            bodies = (Join(voice.certificate(self._story.space)), self._make_answer(voice, value))
            offering.hand_in(voice.sign(self._story.space, *bodies))
            self._count(half)
        offering.see_through()
        offering.close()
        with self._counting:
            self.again += offering.again

    def _count(self, half: int) -> None:
        self._done()
        with self._counting:
            self._spoken += 1
            is_half = self._spoken == half
        if is_half:  # the others go on speaking meanwhile
            self._fleet.kill(self._kill, self._story.space)

    def _answer_last(self, value: int, people: int) -> None:
        space, voice = self._story.space, Voice(self._story.clock)
        offering = Offering(self._fleet.urls)
        offering.hand_in(voice.sign(space, Join(voice.certificate(space))))
        self._fleet.wait(lambda door: door.head(space, voice.device.public) != EMPTY)
        before = self._look_around()
        offering.hand_in(voice.sign(space, self._make_answer(voice, value)))
        self._wait_for_answers(people)
        check_secrecy(before, self._look_around(), people)
        offering.see_through()
        offering.close()
        self._done()

    def _make_answer(self, voice: Voice, value: int) -> Answer:
        return make_answer(
            EstimateAnswer,
            Guess(value),
            self._facts,
            space=self._story.space,
            device=voice.device.public,
            secret=secrets.token_bytes(32),
        )

    def _wait_for_answers(self, count: int) -> None:
        self._fleet.wait(lambda door: self._story.facts(door).answers == count)

    def _look_around(self) -> dict[str, bytes]:
        """Return every page and every JSON on which the question shows, of every node."""
        return {
            f"{node.url}{place}": node.door.page(place)
            for node in self._fleet.living
            for place in self._places()
        }

    def _places(self) -> list[str]:
        """A node's first page is no such place: it tells of spaces, and of connections that end."""
        space = f"/s/{self._story.space.hex()}"
        pages = [space, f"{space}/{TOOL}", f"{space}/{TOOL}/{self._story.question}"]
        return [*pages, *(f"{page}.json" for page in pages)]
