import msgspec
import pytest

from beanjar.base.limits import INTEGER
from beanjar.ops.body import Vocabulary, write_body
from beanjar.space.question import Terms
from beanjar.tools.estimate import TOOL
from beanjar.tools.estimate.guessing import fits, fits_truth
from beanjar.tools.estimate.schema import (
    AnyKind,
    Choice,
    Date,
    EstimateAnswer,
    EstimateAsk,
    FigureName,
    Guess,
    Number,
    Probability,
    Senseless,
)

TERMS = Terms(1, ("0" * 64,))
VOCABULARY = Vocabulary([TOOL.ask, TOOL.answer, *TOOL.bodies])
LENGTH_SIZE = 2  # bytes before a sealed choice that say how long it is


def ask(kind: AnyKind, figure: FigureName | None = None, *, others: bool = False) -> EstimateAsk:
    named = figure or ("most_chosen" if isinstance(kind, Choice) else "mean")
    return EstimateAsk(TERMS, "What?", kind, named, others=others)


@pytest.mark.parametrize(
    ("kind", "others", "guess", "allowed"),
    [
        (Number(), False, Guess(-INTEGER), True),
        (Number(low=3), False, Guess(3), True),
        (Number(low=3), False, Guess(2), False),
        (Number(high=3), False, Guess(4), False),
        (Number(), False, Guess(5, 4, 6), True),
        (Number(), False, Guess(5, 5, 5), True),
        (Number(), False, Guess(5, 6, 7), False),
        (Number(), False, Guess(5, 3, 4), False),
        (Number(), False, Guess(5, 4), False),
        (Number(), False, Guess(5, high=6), False),
        (Number(low=4), False, Guess(5, 3, 6), False),
        (Number(), False, Guess(5, others=5), False),
        (Number(), True, Guess(5, others=5), True),
        (Number(), True, Guess(5), True),
        (Number(high=9), True, Guess(5, others=10), False),
        (Number(), True, Guess(5, shares=(100,)), False),
        (Date(), False, Guess(2_932_896), True),
        (Date(), False, Guess(2_932_897), False),
        (Date(low=10, high=20), False, Guess(9), False),
        (Probability(1), False, Guess(1_000), True),
        (Probability(1), False, Guess(1_001), False),
        (Probability(), False, Guess(-1), False),
        (Choice(("a", "b")), False, Guess(1), True),
        (Choice(("a", "b")), False, Guess(2), False),
        (Choice(("a", "b")), False, Guess(-1), False),
        (Choice(("a", "b")), False, Guess(1, 0, 1), False),
        (Choice(("a", "b")), False, Guess(1, shares=(50, 50)), False),
        (Choice(("a", "b")), True, Guess(1, shares=(30, 70)), True),
        (Choice(("a", "b")), True, Guess(1, shares=(30, 71)), False),
        (Choice(("a", "b")), True, Guess(1, shares=(100,)), False),
        (Choice(("a", "b")), True, Guess(1, others=1), False),
    ],
)
def test_a_question_allows_only_guesses_that_answer_it(
    kind: AnyKind,
    others: bool,  # noqa: FBT001 - a row of the table
    guess: Guess,
    allowed: bool,  # noqa: FBT001 - likewise
) -> None:
    assert fits(ask(kind, others=others), guess) is allowed


@pytest.mark.parametrize(
    ("kind", "possible", "impossible"),
    [
        (Probability(2), (0, 10_000), (1, 5_000, -10_000)),
        (Choice(("a", "b")), (0, 1), (2, -1)),
        (Date(low=0, high=1), (5, -700_000), (2_932_897,)),
        (Number(low=1, high=2), (3, -INTEGER), ()),
    ],
)
def test_a_truth_may_lie_outside_what_was_asked_but_not_outside_what_there_is(
    kind: AnyKind, possible: tuple[int, ...], impossible: tuple[int, ...]
) -> None:
    assert all(fits_truth(kind, truth) for truth in possible)
    assert not any(fits_truth(kind, truth) for truth in impossible)


@pytest.mark.parametrize(
    ("kind", "figure", "others"),
    [
        (Number(), "geometric_mean", False),
        (Number(low=0), "geometric_mean", False),
        (Date(low=1), "geometric_mean", False),
        (Probability(), "geometric_mean", False),
        (Number(), "knowledge_weighted", False),
        (Number(), "most_chosen", False),
        (Choice(("a", "b")), "mean", False),
        (Choice(("a", "b")), "surprisingly_popular", False),
        (Choice(("a", "b")), "knowledge_weighted", True),
    ],
)
def test_a_figure_that_the_answers_could_never_give_cannot_count(
    kind: AnyKind,
    figure: FigureName,
    others: bool,  # noqa: FBT001 - a row of the table
) -> None:
    with pytest.raises(Senseless, match="cannot come from these answers"):
        ask(kind, figure, others=others)


def test_a_senseless_ask_means_nothing_to_anybody() -> None:
    sound = write_body(ask(Number(low=1, high=5), "geometric_mean"))
    assert VOCABULARY.read(sound) is not None
    assert VOCABULARY.read(sound.replace(b'"low":1', b'"low":6')) is None
    assert VOCABULARY.read(sound.replace(b'"low":1,', b"")) is None
    two = write_body(ask(Choice(("a", "b"))))
    assert VOCABULARY.read(two) is not None
    assert VOCABULARY.read(two.replace(b'"b"', b'"a"')) is None


@pytest.mark.parametrize(
    ("part", "too_much"),
    [
        (b'"decimals":9', b'"decimals":10'),
        (b'"unit":"lb"', b'"unit":"' + b"x" * 21 + b'"'),
        (b'"title":"What?"', b'"title":"' + b"x" * 121 + b'"'),
        (b'"title":"What?"', b'"title":""'),
    ],
)
def test_every_field_is_bounded(part: bytes, too_much: bytes) -> None:
    sound = write_body(ask(Number("lb", 9)))
    assert part in sound
    assert VOCABULARY.read(sound.replace(part, too_much)) is None


def test_the_longest_guess_just_fits_its_seal() -> None:
    asked = ask(Number(), others=True)
    longest = Guess(-INTEGER, -INTEGER, -INTEGER, -INTEGER)
    assert fits(asked, longest)
    size = len(msgspec.json.encode(longest)) + LENGTH_SIZE
    assert size == EstimateAnswer.sealed_size


def test_the_longest_choice_fits_the_same_seal() -> None:
    options = tuple(f"option {place}" for place in range(12))
    longest = Guess(11, shares=(0, 0, *[10] * 10))
    assert fits(ask(Choice(options), others=True), longest)
    assert len(msgspec.json.encode(longest)) + LENGTH_SIZE <= EstimateAnswer.sealed_size
