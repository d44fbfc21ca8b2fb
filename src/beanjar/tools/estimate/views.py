"""What an estimate adds up to, as plain data.

Figures are decimal strings in the question's unit with three places more than its answers have
(percent of a choice and Brier scores: three and four), each rounded half to even by itself.
`value` in a figure is `None` where `why` says why there is none. Edges, own values and truths are
whole numbers in the smallest unit.
"""

from collections.abc import Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import Literal, NamedTuple, Self

from msgspec import Struct

from beanjar.space.closing_view import ClosingFacts, Stage
from beanjar.tools.estimate.schema import AnyKind, EstimateAsk, FigureName

BRIER_PLACES = 4
LOSS_PARTS = 10**12
"""The finest that the square of a chance with four decimals in percent can be."""

EstimateStage = Stage | Literal["resolved", "withdrawn"]
"""How far an estimate has come: further than its closing once its asker said what came true."""


class Figure(Struct, frozen=True):
    """One way to add guesses up. After the truth: how far it was off, and how many it beat."""

    name: FigureName
    counts: bool
    value: str | None
    why: str = ""
    error: str | None = None
    beats: int | None = None


class Bins(Struct, frozen=True):
    """How many guesses lie from one edge up to, but without, the next, and how many outside.

    The edges hold all guesses but the lowest and the highest hundredth.
    """

    edges: list[int]
    counts: list[int]
    below: int
    above: int


class Ranges(Struct, frozen=True):
    """The mean of the ranges that people gave; after the truth, how many of them hold it."""

    people: int
    low: str
    high: str
    held: int | None = None


class Guessed(Struct, frozen=True, tag="numbers"):
    """What numbers, dates or probabilities add up to.

    `shift` is how far the mean moves without the most extreme twentieth of the guesses. `expected`
    is the mean of what `predicting` people expected of the others.
    """

    people: int
    figures: list[Figure]
    bins: Bins | None
    shift: str | None
    expected: str | None
    predicting: int
    ranges: Ranges | None


class Favourite(Struct, frozen=True):
    """One way to pick among options: the places picked, several where they tie."""

    name: FigureName
    counts: bool
    options: list[int]
    why: str = ""
    right: bool | None = None


class OptionCount(Struct, frozen=True):
    """One option: who chose it, and the percent that did and that people expected to."""

    label: str
    count: int
    share: str
    expected: str | None


class Chosen(Struct, frozen=True, tag="options"):
    """What choices add up to."""

    people: int
    figures: list[Favourite]
    options: list[OptionCount]
    predicting: int


class Truth(Struct, frozen=True):
    """What came true, as the asker said in the operation `id` at `time` (ms)."""

    id: str
    time: int
    value: int
    note: str


class Split(Struct, frozen=True):
    """The diversity prediction theorem in squared units: crowd = individual - diversity."""

    crowd: str
    individual: str
    diversity: str


class Placed(Struct, frozen=True):
    """One of those who came closest."""

    person: str
    rank: int
    value: int


class Brier(Struct, frozen=True):
    """How good the chances given were, from 0 (sure and right) to 1: the crowd's, and the mean."""

    crowd: str | None
    individual: str


class Outcome(Struct, frozen=True):
    """How close it all was. `beats` of `people` were strictly farther off than the crowd.

    `error` and `beats` are those of the figure that counts; `right` is how many chose the truth.
    """

    people: int
    error: str | None = None
    beats: int | None = None
    split: Split | None = None
    closest: list[Placed] = []
    right: int | None = None
    brier: Brier | None = None


class Change(Struct, frozen=True, omit_defaults=True):
    """One word of the asker after the ask, and when they claim to have said it (ms)."""

    id: str
    time: int
    act: Literal["edited", "resolved", "withdrawn"]
    title: str = ""
    details: str = ""
    truth: int | None = None
    note: str = ""


class Scores(NamedTuple):
    """What each guess was worth, by person, and what the crowd's was.

    Ranks are for numbers, dates and probabilities, 1 the closest. Losses are for probabilities
    and choices: Brier scores, each person's in whole parts of `LOSS_PARTS`. `distances` from the
    truth are in rising order, and left out where there are very many.
    """

    ranks: Mapping[str, int] = MappingProxyType({})
    losses: Mapping[str, int] = MappingProxyType({})
    crowd_rank: int | None = None
    crowd_loss: Fraction | None = None
    crowd_chance: Fraction | None = None
    distances: tuple[int, ...] = ()


class EstimateView(Struct, frozen=True, dict=True):
    """One question, and how far it has come at the time of the view.

    `crowd` is `None` while nobody may see the answers. `outcome` and `tally` are there once the
    answers are final. `tally` is the SHA-256 of everything that was counted: equal digests mean
    equal counts. `history` holds the newest changes, the last one at the end, and `changes` says
    how many there were.
    """

    facts: ClosingFacts
    state: EstimateStage
    ask: EstimateAsk
    title: str
    details: str
    withdrawn: bool
    truth: Truth | None
    crowd: Guessed | Chosen | None
    outcome: Outcome | None
    tally: str | None
    changes: int
    history: list[Change]

    def with_scores(self, scores: Scores | None) -> Self:
        """Keep what each person's guess was worth, beside the JSON, which has to stay small."""
        vars(self)["_scores"] = scores
        return self

    @property
    def scores(self) -> Scores | None:
        """What each person's guess was worth, once the truth is known."""
        scores: Scores | None = vars(self).get("_scores")
        return scores


class Listed(Struct, frozen=True):
    """A question on the board.

    `value` is the figure that counts, if known, of a choice the labels that it picks; `truth` is
    what came true.
    """

    id: str
    title: str
    state: EstimateStage
    closes: int
    answers: int
    kind: AnyKind
    figure: FigureName
    value: str | None
    truth: int | None


class Standing(Struct, frozen=True):
    """A place on a board; the crowd's has no person. `score` is over `questions`, low is good."""

    person: str | None
    questions: int
    score: str


class CoursePoint(Struct, frozen=True):
    """The Brier score over all questions up to this one, which got its truth at `time` (ms)."""

    id: str
    time: int
    score: str


class CalibrationBin(Struct, frozen=True):
    """Of the crowd's chances from `low` to `high` percent: how many, their mean, what came true."""

    low: str
    high: str
    count: int
    forecast: str
    came_true: str


class BoardView(Struct, frozen=True):
    """All questions of a space, and who tends to be right.

    `forecasters` are ranked by Brier score over `chances` questions on probabilities and choices,
    `guessers` by average rank over `numbers` questions on numbers and dates. On a board are the
    crowd and whoever answered at least half of its questions.
    """

    questions: list[Listed]
    chances: int
    forecasters: list[Standing]
    numbers: int
    guessers: list[Standing]
    course: list[CoursePoint]
    calibration: list[CalibrationBin]
