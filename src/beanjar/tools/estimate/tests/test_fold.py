import re
from hashlib import sha256
from random import Random

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from beanjar.fold.statement import Statement
from beanjar.space.answers import Answers, Entry
from beanjar.space.closing_view import ClosingFacts, ClosingView, State
from beanjar.space.question import Terms
from beanjar.space.tool import Given
from beanjar.space.view import encode_view
from beanjar.testing.clock import START
from beanjar.tools.estimate.fold import Estimate
from beanjar.tools.estimate.schema import (
    AnyKind,
    Choice,
    EstimateAsk,
    EstimateEdit,
    EstimateResolve,
    EstimateWithdraw,
    FigureName,
    Guess,
    Number,
    Probability,
)
from beanjar.tools.estimate.views import EstimateView

ADA, BEN = "a" * 64, "b" * 64
KINDS: list[AnyKind] = [Number("lb", 1), Probability(), Choice(("x", "y", "z"))]
FLOAT = re.compile(rb"[:,\[]-?\d+(\.|e)", re.IGNORECASE)


def ranged(values: list[int], others: int | None) -> Guess:
    low, value, high = sorted(values)
    return Guess(value, low, high, others)


values = st.integers(0, 100)
predictions = st.none() | values
numbers = st.builds(Guess, values, others=predictions) | st.builds(
    ranged, st.lists(values, min_size=3, max_size=3), predictions
)
choices = st.builds(
    Guess, st.integers(0, 2), shares=st.sampled_from([(), (20, 30, 50), (0, 0, 100), (34, 33, 33)])
)


def closing(kind: AnyKind, answers: Answers, state: State = "opened") -> ClosingView:
    figure: FigureName = "most_chosen" if isinstance(kind, Choice) else "median"
    ask = EstimateAsk(Terms(START, (ADA,)), "What?", kind, figure, others=True)
    facts = ClosingFacts(
        state=state,
        reason="",
        asker=ADA,
        asked=START - 10,
        closes=START,
        sealed=False,
        open=BEN,
        roll=None,
        witnesses=[],
        quorum=1,
        answers=answers.count("given"),
        void=0,
    )
    return ClosingView(facts, ask, answers)


def view(fold: Estimate, kind: AnyKind, answers: Answers, state: State = "opened") -> EstimateView:
    seen = fold.view(Given(BEN, START, closing(kind, answers, state)))
    assert seen is not None
    return seen


def entry(person: int, moment: int, guess: Guess | None) -> Entry:
    name = sha256(b"%d" % person).hexdigest()
    stamp = (moment, 0, f"{moment:064x}")
    return Entry(name, stamp[2], stamp, "withdrawn" if guess is None else "given", guess)


def truth(value: int) -> Statement:
    return Statement("c" * 64, ADA, ADA, 9, START + 1, EstimateResolve(BEN, value))


@given(st.data())
def test_a_view_kept_warm_equals_one_added_up_afresh(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(KINDS))
    guesses = choices if isinstance(kind, Choice) else numbers
    said = data.draw(
        st.lists(st.tuples(st.integers(0, 5), st.none() | guesses, st.booleans()), max_size=20)
    )
    warm, answers = Estimate(), Answers()
    for moment, (person, guess, look) in enumerate(said):
        answers.add(entry(person, moment, guess))
        if look:
            view(warm, kind, answers, "open")
    cold = Estimate()
    for fold in (warm, cold):
        fold.add(truth(0))
    afresh = Answers(sorted(answers.current.values(), key=lambda each: each.person))
    assert encode_view(view(warm, kind, answers)) == encode_view(view(cold, kind, afresh))


@given(st.randoms(use_true_random=False), st.lists(st.integers(0, 9), max_size=8))
def test_the_order_in_which_the_askers_words_arrive_makes_no_difference(
    chance: Random, kinds: list[int]
) -> None:
    bodies = [EstimateEdit(BEN, "A"), EstimateEdit(BEN, "B"), EstimateWithdraw(BEN)]
    bodies += [EstimateResolve(BEN, value) for value in (3, 4)]
    said = [
        Statement(
            id=sha256(b"%d" % place).hexdigest(),
            device=ADA,
            person=BEN if number == 9 else ADA,
            seq=place,
            time=START - 5 + number % 3,
            body=bodies[number % len(bodies)],
        )
        for place, number in enumerate(kinds)
    ]
    answers = Answers([entry(1, 1, Guess(3))])
    one, other = Estimate(), Estimate()
    for each in said:
        one.add(each)
    for each in chance.sample([*said, *said], 2 * len(said)):
        other.add(each)
    assert view(one, KINDS[0], answers) == view(other, KINDS[0], answers)


def test_so_many_new_answers_that_all_is_added_up_afresh_give_the_same_view() -> None:
    answers, fold = Answers([entry(0, 0, Guess(5))]), Estimate()
    view(fold, KINDS[0], answers, "open")
    for place in range(1, 800):
        answers.add(entry(place, place, Guess(place % 100)))
    cold = view(Estimate(), KINDS[0], answers)
    assert encode_view(view(fold, KINDS[0], answers)) == encode_view(cold)


def test_the_view_of_many_answers_is_small_and_holds_no_floating_point_number() -> None:
    chance = Random(850)  # noqa: S311 - the test needs the same numbers each time
    answers = Answers(
        entry(place, place, Guess(chance.randint(1, 10**9), others=5)) for place in range(20_000)
    )
    fold = Estimate()
    fold.add(truth(500_000_000))
    data = encode_view(view(fold, Number("lb", 3), answers))
    assert len(data) < 6_000
    assert not FLOAT.search(data)


def test_the_digest_is_of_one_line_for_each_person() -> None:
    answers = Answers(
        [
            entry(1, 1, Guess(12, 10, 15, others=20)),
            entry(2, 2, Guess(7)),
            entry(3, 3, None),
        ]
    )
    lines = [
        sha256(b"1").hexdigest() + " 12 low 10 high 15 others 20\n",
        sha256(b"2").hexdigest() + " 7\n",
    ]
    expected = sha256("".join(sorted(lines)).encode()).hexdigest()
    assert view(Estimate(), KINDS[0], answers).tally == expected


def test_digests_differ_where_a_single_share_does() -> None:
    tallies = {
        view(Estimate(), KINDS[2], Answers([entry(1, 1, guess)])).tally
        for guess in (Guess(0), Guess(0, shares=(1, 1, 98)), Guess(0, shares=(1, 2, 97)), Guess(1))
    }
    assert len(tallies) == 4


def test_most_wild_guesses_lie_outside_the_bins_which_stay_readable() -> None:
    values = [*range(1_000, 1_200), 10**9, -(10**9)]
    answers = Answers(entry(place, place, Guess(value)) for place, value in enumerate(values))
    crowd = view(Estimate(), Number(), answers).crowd
    bins = msgspec.to_builtins(crowd)["bins"]
    assert (bins["below"], bins["above"]) == (1, 1)
    assert sum(bins["counts"]) == 200
    assert bins["edges"][0] == 1_000
    assert bins["edges"][-1] == 1_200


def test_without_its_ask_there_is_nothing_to_see() -> None:
    assert Estimate().view(Given(BEN, START, None)) is None
