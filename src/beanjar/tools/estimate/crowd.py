"""The crowd of one question, kept in step with its answers."""

from collections.abc import Iterable

from beanjar.space.answers import Answers, Entry
from beanjar.tools.estimate.choice_crowd import ChoiceCrowd
from beanjar.tools.estimate.number_crowd import NumberCrowd
from beanjar.tools.estimate.schema import Choice, EstimateAsk, Guess

Crowd = NumberCrowd | ChoiceCrowd

MANY = 500
"""From so many changes on it is faster to add everything up afresh."""


class RunningCrowd:
    """Goes on from where it was as long as it is handed the same answers, grown."""

    def __init__(self) -> None:
        """Begin with no answers."""
        self._answers = Answers()
        self._read = 0
        self._crowd: Crowd | None = None

    def follow(self, ask: EstimateAsk, answers: Answers) -> Crowd:
        """Return the crowd of all the answers there now are."""
        new = len(answers.changes) - self._read
        if self._crowd is None or answers is not self._answers or new >= MANY:
            self._crowd = gather(ask, answers)
        else:
            for before, now in answers.changes[self._read :]:
                _replace(self._crowd, before, now)
        self._answers, self._read = answers, len(answers.changes)
        return self._crowd


def gather(ask: EstimateAsk, answers: Answers) -> Crowd:
    """Return the crowd of these answers, added up afresh."""
    guesses = _guesses(answers.current.values())
    return ChoiceCrowd(ask, guesses) if isinstance(ask.kind, Choice) else NumberCrowd(ask, guesses)


def _guesses(entries: Iterable[Entry]) -> Iterable[Guess]:
    return (each.choice for each in entries if isinstance(each.choice, Guess))


def _replace(crowd: Crowd, before: Entry | None, now: Entry) -> None:
    if isinstance(now.choice, Guess):
        crowd.change(now.choice, 1)
    if before is not None and isinstance(before.choice, Guess):
        crowd.change(before.choice, -1)
