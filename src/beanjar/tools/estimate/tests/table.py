"""A table at which people ask and guess, in real operations."""

from collections.abc import Iterable, Sequence

from beanjar.ops.body import Body
from beanjar.space.question import Terms
from beanjar.space.space import Space
from beanjar.testing.gathering import Gathering
from beanjar.testing.people import Person
from beanjar.tools.estimate import TOOL
from beanjar.tools.estimate.schema import (
    AnyKind,
    EstimateAnswer,
    EstimateAsk,
    EstimateResolve,
    FigureName,
    Guess,
    Number,
)
from beanjar.tools.estimate.views import BoardView, EstimateView

POUNDS = Number("lb", low=1, high=5_000)
A_MONTH = 30 * 24 * 60  # minutes: every word at the table takes a second


class Table:
    """Ada's table; her node witnesses."""

    def __init__(self, asker: Person) -> None:
        self.asker = asker
        self.gathering = Gathering(asker, [TOOL])
        self.gathering.add_witness(asker)
        self._guessers: list[Person] = []

    def terms(self, **more: bool) -> Terms:
        return self.gathering.terms(minutes=A_MONTH, **more)

    def ask(
        self,
        kind: AnyKind = POUNDS,
        figure: FigureName = "mean",
        *,
        others: bool = False,
        roll: Sequence[Person] = (),
        **terms: bool,
    ) -> str:
        """Ask and open; return the id that answers name."""
        terms |= {"listed": bool(roll)}
        ask = EstimateAsk(self.terms(**terms), "How heavy is the ox?", kind, figure, others=others)
        return self.gathering.ask(self.asker, ask, roll)

    def say(self, person: Person, body: Body) -> str:
        return self.gathering.say(person.device, body)

    def answer(self, person: Person, question: str, guess: Guess | int | None) -> str:
        """Let a person guess; a bare number is the value, `None` withdraws."""
        choice = Guess(guess) if isinstance(guess, int) else guess
        return self.gathering.answer(person.device, question, choice)

    def guesser(self, place: int) -> Person:
        """Return one of many people; they are the same in every question."""
        while len(self._guessers) <= place:
            self._guessers.append(Person(f"guesser {len(self._guessers)}"))
        return self._guessers[place]

    def view(self, question: str) -> EstimateView:
        view = self.gathering.space.view(question, self.gathering.now)
        assert isinstance(view, EstimateView)
        return view

    def halt(self, state: str, now: int = 0) -> EstimateView:
        """Return the view, at `now` (ms), of the only question once it had come so far."""
        space = Space(self.gathering.space.id, [TOOL])
        for operation in self.gathering.operations:
            space.add(operation)
            views = (space.view(name, now) for name in space.subjects(TOOL))
            for view in views:
                if isinstance(view, EstimateView) and view.state == state:
                    return view
        raise AssertionError(f"No question here was ever {state}.")

    def close(self, question: str) -> EstimateView:
        self.gathering.close(question)
        return self.view(question)

    def play(self, question: str, guesses: Iterable[Guess | int], truth: int) -> EstimateView:
        """Let as many people as there are guesses answer, close, and say the truth."""
        for place, guess in enumerate(guesses):
            self.answer(self.guesser(place), question, guess)
        return self.resolve(question, truth)

    def play_fast(self, question: str, guesses: Iterable[int], truth: int) -> EstimateView:
        """Play the same where nobody has spoken before: each joins and answers in one run.

        A run needs one signature check, and who joins need not be looked up.
        """
        facts = self.view(question).facts
        assert facts.open is not None
        for place, guess in enumerate(guesses):
            device = self.guesser(place).device
            join = device.join(self.gathering.space.id, self.gathering.now)
            said = EstimateAnswer(facts.open, choice=Guess(guess))
            answer = device.write(self.gathering.space.id, said, self.gathering.now)
            self.gathering.take(join, answer)
        return self.resolve(question, truth)

    def resolve(self, question: str, truth: int) -> EstimateView:
        """Close, say the truth, and return what it comes to."""
        self.close(question)
        self.say(self.asker, EstimateResolve(question, truth))
        return self.view(question)

    def board(self) -> BoardView:
        board = self.gathering.space.board(TOOL, self.gathering.now)
        assert isinstance(board, BoardView)
        return board
