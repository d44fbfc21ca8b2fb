"""What can be said about an estimate.

Values are whole numbers in the smallest unit of the question: 1,287.5 lb asked with one decimal is
12875, a day is counted from 1970-01-01, 37.5 % asked with one decimal is 375, and an option is its
place in the list, from 0.
"""

from typing import Annotated, ClassVar, Literal

from msgspec import Meta, Struct

from beanjar.base.errors import BeanjarError
from beanjar.base.ids import Hex
from beanjar.base.limits import INTEGER
from beanjar.ops.body import Body
from beanjar.space.question import Answer, Ask

FIRST_DAY, LAST_DAY = -719_162, 2_932_896
"""0001-01-01 and 9999-12-31, counted from 1970-01-01: the days that calendars agree on."""

Value = Annotated[int, Meta(ge=-INTEGER, le=INTEGER)]
Day = Annotated[int, Meta(ge=FIRST_DAY, le=LAST_DAY)]
Percent = Annotated[int, Meta(ge=0, le=100)]
Title = Annotated[str, Meta(min_length=1, max_length=120)]
Details = Annotated[str, Meta(max_length=2_000)]
Note = Annotated[str, Meta(max_length=500)]
Label = Annotated[str, Meta(min_length=1, max_length=80)]
MOST_OPTIONS = 12

FigureName = Literal[
    "mean",
    "median",
    "trimmed_mean",
    "geometric_mean",
    "knowledge_weighted",
    "most_chosen",
    "surprisingly_popular",
]
"""A trimmed mean leaves out a tenth of the guesses at each end."""


class Senseless(BeanjarError, ValueError):
    """An ask that fits the limits but makes no sense, and so means nothing to anybody."""


class Kind(
    Struct, frozen=True, tag_field="is", forbid_unknown_fields=True, omit_defaults=True, gc=False
):
    """What sort of answer is asked for."""


class Number(Kind, frozen=True, tag="number"):
    """A number of some unit; guesses lie between `low` and `high`, themselves included."""

    unit: Annotated[str, Meta(max_length=20)] = ""
    decimals: Annotated[int, Meta(ge=0, le=9)] = 0
    low: Value | None = None
    high: Value | None = None

    def __post_init__(self) -> None:
        """Raise `Senseless` for an empty range."""
        _check_range(self.low, self.high)


class Date(Kind, frozen=True, tag="date"):
    """A day, from `low` to `high`."""

    low: Day | None = None
    high: Day | None = None

    def __post_init__(self) -> None:
        """Raise `Senseless` for an empty range."""
        _check_range(self.low, self.high)


class Probability(Kind, frozen=True, tag="probability"):
    """The chance of "yes", in percent with so many decimals."""

    decimals: Annotated[int, Meta(ge=0, le=4)] = 0

    @property
    def whole(self) -> int:
        """What a sure "yes" is."""
        return 100 * int(10**self.decimals)


class Choice(Kind, frozen=True, tag="choice"):
    """One of several options."""

    options: Annotated[tuple[Label, ...], Meta(min_length=2, max_length=MOST_OPTIONS)]

    def __post_init__(self) -> None:
        """Raise `Senseless` where two options read the same."""
        if len(set(self.options)) < len(self.options):
            raise Senseless("Two of the options read the same. Name them so that they differ.")


AnyKind = Number | Date | Probability | Choice


class EstimateAsk(Ask, frozen=True, tag="estimate.ask"):
    """Something is to be estimated.

    `figure` is the one that counts. `resolution` says how and when the truth will be known.
    `others`: each may also say what they expect of all others, their mean or the share of each
    option.
    """

    title: Title
    kind: AnyKind
    figure: FigureName
    details: Details = ""
    resolution: Note = ""
    others: bool = False

    def __post_init__(self) -> None:
        """Raise `Senseless` where the answers could never give the figure that counts."""
        if self.figure not in sensible_figures(self.kind, others=self.others):
            raise Senseless(
                f"The figure {self.figure} cannot come from these answers. Choose another one, or "
                "ask what people expect of the others; a geometric mean needs a lowest value of "
                "at least 1."
            )


class Guess(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, gc=False):
    """What one person thinks, and perhaps how sure they are and what they expect of the others.

    `low` to `high` is where they believe the truth to be. `others` is the mean that they expect
    of all others; of a choice, `shares` are the percent that they expect for each option.
    """

    value: Value
    low: Value | None = None
    high: Value | None = None
    others: Value | None = None
    shares: Annotated[tuple[Percent, ...], Meta(max_length=MOST_OPTIONS)] = ()


class EstimateAnswer(Answer, frozen=True, tag="estimate.answer"):
    """A guess; none withdraws it.

    The longest guess that any question allows is four numbers of 17 characters, 103 bytes as
    JSON, and 2 bytes say how long it is. A choice with its shares stays under 60.
    """

    choice_type: ClassVar[type[Struct]] = Guess
    sealed_size = 105

    choice: Guess | None = None


class EstimateEdit(Body, frozen=True, tag="estimate.edit"):
    """The asker puts it in better words, before the deadline; the older words stay visible."""

    lasting = True

    on: Hex
    title: Title
    details: Details = ""


class EstimateResolve(Body, frozen=True, tag="estimate.resolve"):
    """The asker says what came true: of a probability 0 or the whole, of a choice the option.

    `note` says how it is known.
    """

    lasting = True

    on: Hex
    truth: Value
    note: Note = ""


class EstimateWithdraw(Body, frozen=True, tag="estimate.withdraw"):
    """The asker takes the question back: it has no truth and is on nobody's record."""

    lasting = True

    on: Hex
    note: Note = ""


BODIES: tuple[type[Body], ...] = (EstimateEdit, EstimateResolve, EstimateWithdraw)


def sensible_figures(kind: AnyKind, *, others: bool) -> tuple[FigureName, ...]:
    """Return the figures that may count for a kind, whether or not `others` is asked for."""
    figures: tuple[FigureName, ...]
    if isinstance(kind, Choice):
        return ("most_chosen", "surprisingly_popular") if others else ("most_chosen",)
    figures = ("mean", "median", "trimmed_mean")
    if isinstance(kind, Number) and kind.low is not None and kind.low > 0:
        figures = (*figures, "geometric_mean")
    return (*figures, "knowledge_weighted") if others else figures


def _check_range(low: int | None, high: int | None) -> None:
    if low is not None and high is not None and low > high:
        raise Senseless("The lowest value allowed is above the highest one. Swap them.")
