"""The fold of one estimate."""

from collections import defaultdict
from collections.abc import Mapping

from beanjar.fold.statement import Statement
from beanjar.space.answers import Answers
from beanjar.space.tool import Given
from beanjar.tools.estimate.crowd import Crowd, RunningCrowd
from beanjar.tools.estimate.digest import digest
from beanjar.tools.estimate.history import Wording, read_history
from beanjar.tools.estimate.outcome import Reckoning, reckon
from beanjar.tools.estimate.schema import EstimateAsk, Guess
from beanjar.tools.estimate.views import EstimateView

HISTORY = 8
"""How many changes a view shows; the operations hold them all."""


class Estimate:
    """Adds up what the asker says and, with the closing's help, what the crowd does."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._said: defaultdict[str, dict[str, Statement]] = defaultdict(dict)
        self._running = RunningCrowd()
        self._final: _Final | None = None

    def add(self, said: Statement) -> None:
        """Take an edit, a truth or a withdrawal; whose it is shows once the ask is here."""
        self._said[said.person][said.id] = said

    def view(self, given: Given) -> EstimateView | None:
        """Return the question as it stands, or `None` as long as its ask has not arrived."""
        closing = given.closing
        if closing is None:
            return None
        ask, facts, answers = closing.ask, closing.facts, closing.answers
        assert isinstance(ask, EstimateAsk)
        wording = read_history(ask, self._said.get(facts.asker, {}).values())
        crowd = self._running.follow(ask, answers) if answers is not None else None
        final = self._settle(answers) if answers is not None and facts.state == "opened" else None
        reckoned = final.reckon(ask, crowd, wording) if final and crowd else None
        seen = reckoned.crowd if reckoned else crowd.view() if crowd else None
        return EstimateView(
            facts=facts,
            state=(
                "withdrawn"
                if wording.withdrawn
                else "resolved"
                if reckoned
                else facts.stage(given.now)
            ),
            ask=ask,
            title=wording.title,
            details=wording.details,
            withdrawn=wording.withdrawn,
            truth=wording.truth,
            crowd=seen,
            outcome=reckoned.outcome if reckoned else None,
            tally=final.tally if final else None,
            changes=len(wording.changes),
            history=wording.changes[-HISTORY:],
        ).with_scores(reckoned.scores if reckoned else None)

    def _settle(self, answers: Answers) -> "_Final":
        if self._final is None or self._final.answers is not answers:
            self._final = _Final(answers)
        return self._final


class _Final:
    """Answers that change no more, and what was worked out from them once."""

    def __init__(self, answers: Answers) -> None:
        self.answers = answers
        self._guesses = _guesses(answers)
        self.tally = digest(self._guesses)
        self._reckoned: tuple[int, Reckoning | None] | None = None

    def reckon(self, ask: EstimateAsk, crowd: Crowd, wording: Wording) -> Reckoning | None:
        if wording.truth is None:
            return None
        truth = wording.truth.value
        if self._reckoned is None or self._reckoned[0] != truth:
            self._reckoned = (truth, reckon(ask, crowd, self._guesses, truth))
        return self._reckoned[1]


def _guesses(answers: Answers) -> Mapping[str, Guess]:
    choices = answers.choices().items()
    return {person: choice for person, choice in choices if isinstance(choice, Guess)}
