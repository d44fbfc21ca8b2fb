import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from beanjar.wisdom.errors import NoFigure
from beanjar.wisdom.opinions.axes import Moments
from beanjar.wisdom.opinions.opinion_map import find_opinion_map
from beanjar.wisdom.opinions.running import RunningVotes
from beanjar.wisdom.opinions.votes import AGREE, DISAGREE, MOST_STATEMENTS, PASS, Votes
from tests.seeded import seeded
from tests.wisdom.opinions.test_opinion_map import describe

PEOPLE, STATEMENTS = 25, 20
NAMES = [f"statement {place:02}" for place in range(STATEMENTS)]
changes = st.lists(
    st.tuples(
        st.integers(0, PEOPLE - 1),
        st.integers(0, STATEMENTS - 1),
        st.sampled_from((AGREE, PASS, DISAGREE, None)),
    ),
    max_size=200,
)


@given(changes)
def test_votes_that_came_one_by_one_are_what_they_are_at_once(
    changes: list[tuple[int, int, int | None]],
) -> None:
    running = RunningVotes()
    latest = {}
    for person, on, sign in changes:
        running.vote(f"person {person:02}", NAMES[on], sign)
        latest[person, on] = sign
    cast = {key: sign for key, sign in latest.items() if sign is not None}
    people = sorted({person for person, _ in cast})
    votes = Votes.of(
        [(people.index(person), on, sign) for (person, on), sign in cast.items()],
        len(people),
        STATEMENTS,
    )
    names, found, moments = running.look(NAMES)
    assert names == tuple(f"person {person:02}" for person in people)
    assert np.array_equal(found.signs, votes.signs)
    assert np.array_equal(found.seen, votes.seen)
    cold = Moments.of(votes)
    assert np.array_equal(moments.both, cold.both)
    assert np.array_equal(moments.mixed, cold.mixed)
    assert np.array_equal(moments.pairs, cold.pairs)


def test_a_map_is_the_same_whether_its_moments_are_known_or_not() -> None:
    chance, running = seeded("running"), RunningVotes()
    for person in range(60):
        for on in chance.sample(range(STATEMENTS), 12):
            lean = AGREE if (person + on) % 2 else DISAGREE
            running.vote(f"person {person:02}", NAMES[on], chance.choice((lean, lean, PASS)))
    _, votes, moments = running.look(NAMES)
    for hidden in ([], [0, 3]):
        known = find_opinion_map(votes, hidden, moments)
        assert describe(known) == describe(find_opinion_map(votes, hidden))
        assert len(known.groups) == 2


def test_columns_come_in_the_order_asked_for_and_others_are_left_out() -> None:
    running = RunningVotes()
    running.vote("ben", "b", AGREE)
    running.vote("ada", "a", DISAGREE)
    running.vote("cal", "c", AGREE)
    people, votes, moments = running.look(["b", "nobody saw this", "a"])
    assert people == ("ada", "ben")
    assert votes.signs.tolist() == [[0, 0, DISAGREE], [AGREE, 0, 0]]
    assert np.array_equal(moments.pairs, np.diag([1.0, 0, 1]))


def test_what_is_no_vote_is_refused_and_so_are_more_than_can_be_mapped() -> None:
    running = RunningVotes()
    for sign in (2, 200, -2):
        with pytest.raises(NoFigure, match="1, 0 or -1"):
            running.vote("ada", "a", sign)
    for place in range(MOST_STATEMENTS):
        running.vote("ada", f"{place}", AGREE)
    with pytest.raises(NoFigure, match="more than can be mapped"):
        running.vote("ada", "one more", AGREE)
    running.vote("ada", "0", DISAGREE)
    _, votes, _ = running.look(["0", "one more"])
    assert votes.signs.tolist() == [[DISAGREE, 0]]
