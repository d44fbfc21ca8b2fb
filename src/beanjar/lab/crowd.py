"""The people of one simulated space: they say things, ask, and answer, each at a node near them.

As a person's client does, they offer what they said until some node has it on its disk, and to
another node if theirs does not answer.
"""

from collections.abc import Callable, Sequence
from random import Random

from beanjar.base.clock import DAY, SECOND
from beanjar.lab.arrivals import Outcome
from beanjar.lab.host import Host
from beanjar.lab.people import Device, Person
from beanjar.lab.scenario import People, Question
from beanjar.lab.timeline import Timeline
from beanjar.lab.watch import Watch
from beanjar.node.intake import Taken
from beanjar.ops.body import Body
from beanjar.ops.operation import Operation
from beanjar.space.ballot import NotOpen, make_answer
from beanjar.space.charter import Erase, Founding, Profile
from beanjar.space.closing import Closing
from beanjar.space.question import Open, Terms
from beanjar.tools.estimate.schema import EstimateAnswer, EstimateAsk, Guess, Number

OFFER_AGAIN = 5 * SECOND
YEAR = 365 * DAY
SOON = 10 * SECOND
"""How long what somebody says stays at most, where it is not to stay."""
LATEST = 2 * SECOND
"""How long after a deadline the last people come with an answer."""


class Voice:
    """One person, who speaks with one device at the node `home`."""

    def __init__(self, person: Person, home: Host) -> None:
        """Begin with nothing said."""
        self.device: Device = person.device
        self.home = home
        self.skew = 0
        """How far ahead the device's clock is, in ms."""
        self.log: list[Operation] = []
        self.turn = 0
        """Counts offers, so that a late word on an earlier one is noticed."""


class Crowd:
    """The people of one space."""

    def __init__(self, name: str, people: People, hosts: Sequence[Host], chance: Random) -> None:
        """Found a space, and let the people join it."""
        self.hosts = hosts
        self._people = people
        self._chance = chance
        persons = [Person(f"{name} person {place}") for place in range(people.persons)]
        self.voices = [Voice(each, chance.choice(hosts)) for each in persons]
        for voice in self.voices[1 : 1 + people.ahead]:
            voice.skew = YEAR
        for voice in self.voices[1 + people.ahead : 1 + people.ahead + people.behind]:
            voice.skew = -YEAR
        self._timeline: Timeline = hosts[0].around.timeline
        founder = self.voices[0].device
        body = Founding(name, founder.certificate(bytes(32)))
        founding = founder.found(body, self._timeline.now)
        self.space = founding.id
        self.voices[0].log.append(founding)
        for voice in self.voices[1:]:
            voice.log.append(voice.device.join(self.space, self._timeline.now - YEAR))
        self.watch: Watch | None = None

    def begin(self, watch: Watch, seconds: float) -> None:
        """Let people say things for so long."""
        self.watch = watch
        self._ends = self._timeline.now + int(seconds * SECOND)
        if self._people.rate:
            self._wait()

    def ask(self, question: Question, witnesses: Sequence[Host]) -> None:
        """Let the founder ask now what is to be witnessed by these nodes."""
        now = self._timeline.now
        closes = now + int((question.closes - question.at) * SECOND)
        devices = tuple(each.device.name for each in witnesses)
        terms = Terms(closes, devices, sealed=question.sealed)
        ask = EstimateAsk(terms, "How many beans?", Number(low=1, high=10_000), "median")
        asked = self.say(self.voices[0], ask)
        assert self.watch is not None
        self.watch.asked(self.space, asked.id.hex(), witnesses, question.lying)
        self._timeline.after(SECOND, self._open, asked.id.hex(), question)

    def say(self, voice: Voice, body: Body, until: int = 0) -> Operation:
        """Let somebody say something."""
        said = voice.device.write(self.space, body, self._timeline.now + voice.skew, until)
        voice.log.append(said)
        assert self.watch is not None
        self.watch.said(said)
        self._offer(voice)
        return said

    def _wait(self) -> None:
        pause = self._chance.expovariate(self._people.rate / SECOND)
        self._timeline.after(1 + int(pause), self._chat)

    def _chat(self) -> None:
        if self._timeline.now < self._ends:
            voice = self._chance.choice(self.voices)
            line = f"What I think at {self._timeline.now} is {self._chance.randrange(10**6)}."
            is_erased = self._chance.random() < self._people.erased
            is_expiring = self._chance.random() < self._people.expiring
            soon = self._chance.randint(1, SOON)
            until = self._timeline.now + soon if is_expiring else 0
            said = self.say(voice, Profile(voice.device.name[:8], line), until)
            if is_erased:
                self._timeline.after(soon, self._erase, voice, said)
            self._wait()

    def _erase(self, voice: Voice, said: Operation) -> None:
        if self._timeline.now < self._ends:
            assert self.watch is not None
            self.watch.erased(said)
            self.say(voice, Erase(said.id.hex()))

    def _door(self, voice: Voice) -> Host | None:
        if voice.home.is_up:
            return voice.home
        up = [each for each in self.hosts if each.is_up]
        return self._chance.choice(up) if up else None

    def _offer(self, voice: Voice) -> None:
        """Hand in at a door what it lacks of what somebody said, and again until it has it."""
        voice.turn += 1
        door = self._door(voice)
        if door is not None:
            here = door.disk.head(self.space, voice.device.key.public).seq
            run, turn = voice.log[here + 1 :], voice.turn
            if not run:
                return
            tell: Callable[[Outcome], None] = lambda told: self._told(voice, door, run, told)  # noqa: E731 - short
            door.submit(self.space, run, tell)
        else:
            turn = voice.turn
        self._timeline.after(OFFER_AGAIN, self._offer_again, voice, turn)

    def _offer_again(self, voice: Voice, turn: int) -> None:
        if voice.turn == turn:
            self._offer(voice)

    def _told(self, voice: Voice, door: Host, run: Sequence[Operation], told: Outcome) -> None:
        if isinstance(told, Taken) and told.is_kept:
            assert self.watch is not None
            self.watch.acknowledged(door, self.space, run[-1])
            if run[-1] is voice.log[-1]:
                voice.turn += 1  # nothing is left to offer

    def _closing(self, asked: str, voice: Voice) -> Closing | None:
        """Return what a person sees of a question, once their node has it."""
        door = self._door(voice)
        if door is None or door.disk.find(self.space, bytes.fromhex(asked)) is None:
            return None
        return door.carried[self.space].space.closing(asked)

    def _open(self, asked: str, question: Question) -> None:
        closing = self._closing(asked, self.voices[0])
        accepts = closing.accepts() if closing is not None else {}
        if closing is None or len(accepts) < question.witnesses:
            self._timeline.after(SECOND, self._open, asked, question)
            return
        terms = closing.ask.terms
        if self._timeline.now >= terms.closes:
            return
        named = tuple(accepts[each].id for each in terms.witnesses)
        opened = self.say(self.voices[0], Open(asked, named))
        assert self.watch is not None
        self.watch.opened(asked, opened.id.hex())
        for _ in range(question.answers):
            later = self._chance.randint(1, terms.closes - self._timeline.now + LATEST)
            self._timeline.after(later, self._answer, asked, self._chance.choice(self.voices))

    def _answer(self, asked: str, voice: Voice) -> None:
        closing = self._closing(asked, voice)
        view = closing.view(None) if closing is not None else None
        if view is None:
            return
        try:
            answer = make_answer(
                EstimateAnswer,
                Guess(self._chance.randint(1, 10_000)),
                view.facts,
                space=self.space,
                device=voice.device.key.public,
                secret=self._chance.randbytes(32),
            )
        except NotOpen:
            return
        self.say(voice, answer)
