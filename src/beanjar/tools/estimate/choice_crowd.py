"""A crowd that chooses among options, counted one choice at a time."""

from collections.abc import Iterable
from fractions import Fraction

from beanjar.tools.estimate.figures import write_percent
from beanjar.tools.estimate.schema import Choice, EstimateAsk, FigureName, Guess
from beanjar.tools.estimate.views import Chosen, Favourite, OptionCount
from beanjar.wisdom.parts import PERCENT
from beanjar.wisdom.surprise import Surprise, highest

NOBODY = "Nobody has answered, so there is no figure. Wait for a first answer."
NOBODY_PREDICTS = "Nobody has said what they expect of the others. Wait for the first who does."

Picked = tuple[int, ...] | str
"""The places of the options picked, or the sentence that says why there are none."""


class ChoiceCrowd:
    """Choices among options, and the shares that people expect of the others."""

    def __init__(self, ask: EstimateAsk, guesses: Iterable[Guess]) -> None:
        """Begin with some choices."""
        assert isinstance(ask.kind, Choice)
        self._ask = ask
        self._labels = ask.kind.options
        self._counts = [0] * len(self._labels)
        self._expected = [0] * len(self._labels)
        self._predicting = 0
        for guess in guesses:
            self.change(guess, 1)

    def change(self, guess: Guess, times: int) -> None:
        """Take a choice in, or out where `times` is -1."""
        self._counts[guess.value] += times
        if guess.shares:
            self._predicting += times
        for place, share in enumerate(guess.shares):
            self._expected[place] += times * share

    @property
    def counts(self) -> tuple[int, ...]:
        """How many chose each option."""
        return tuple(self._counts)

    def shares(self) -> tuple[Fraction, ...]:
        """Return the share that chose each option; zeros while nobody has."""
        return _divide(self._counts, sum(self._counts))

    def expected(self) -> tuple[Fraction, ...]:
        """Return the share that people expect for each option; zeros while nobody has said."""
        return _divide(self._expected, PERCENT * self._predicting)

    def picks(self) -> dict[FigureName, Picked]:
        """Return what each way to pick among the options picks."""
        anybody = sum(self._counts) > 0
        picked: dict[FigureName, Picked] = {
            "most_chosen": highest(self.shares()) if anybody else NOBODY
        }
        if self._ask.others:
            known = anybody and self._predicting > 0
            surprise = Surprise(self.shares(), self.expected())
            picked["surprisingly_popular"] = surprise.winners if known else NOBODY_PREDICTS
        return picked

    def view(self) -> Chosen:
        """Return what the choices add up to."""
        return Chosen(
            people=sum(self._counts),
            figures=[self._favourite(*each) for each in self.picks().items()],
            options=self._options(),
            predicting=self._predicting,
        )

    def _favourite(self, name: FigureName, picked: Picked) -> Favourite:
        counts = name == self._ask.figure
        if isinstance(picked, str):
            return Favourite(name, counts, [], picked)
        return Favourite(name, counts, list(picked))

    def _options(self) -> list[OptionCount]:
        rows = zip(self._labels, self._counts, self.shares(), self.expected(), strict=True)
        return [
            OptionCount(
                label=label,
                count=count,
                share=write_percent(share),
                expected=write_percent(expected) if self._predicting else None,
            )
            for label, count, share, expected in rows
        ]


def _divide(parts: list[int], whole: int) -> tuple[Fraction, ...]:
    return tuple(Fraction(part, whole) if whole else Fraction(0) for part in parts)
