"""Counts in stages: instant run-off and the single transferable vote."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beanjar.wisdom.counting.rankings import MOST_VOTERS, Rankings
from beanjar.wisdom.counting.runoff import instant_runoff
from beanjar.wisdom.counting.schulze import pairwise, schulze
from beanjar.wisdom.counting.stages import Stage
from beanjar.wisdom.counting.transferable import VOTE, single_transferable_vote
from beanjar.wisdom.errors import NoFigure
from tests.wisdom.counting.ballots import FEW, crowds, ranked, strict_orders

A, B, C, D = range(4)
ORDER = range(FEW)


def test_in_a_run_off_votes_go_to_the_next_choice_until_one_has_more_than_half() -> None:
    stages = instant_runoff(ranked("4: a", "3: b c", "2: c b"), range(3))
    assert [(each.votes, each.excluded) for each in stages] == [
        ((4, 3, 2), C),
        ((4, 5, 0), None),
    ]
    assert stages[-1].elected == (B,)


def test_a_ballot_ends_where_it_ranks_two_alike() -> None:
    first, second = instant_runoff(ranked("3: a", "2: c ab", "4: b", "1: cb a"), range(3))
    assert (first.votes, first.exhausted, first.excluded) == ((3, 4, 2), 1, C)
    assert (second.votes, second.exhausted) == ((3, 4, 0), 3)


def test_of_those_with_fewest_leaves_who_had_fewest_at_the_latest_earlier_stage() -> None:
    # First d leaves, and its votes make c equal to b, which had more.
    stages = instant_runoff(ranked("9: a", "5: b", "4: c", "1: d c", "1: d a"), range(4))
    assert [each.excluded for each in stages[:2]] == [D, C]
    assert not stages[1].by_lot


@pytest.mark.parametrize(("lot", "leaves"), [((A, B, C), C), ((A, C, B), B)])
def test_where_nothing_tells_them_apart_the_lot_does_and_that_is_told(
    lot: tuple[int, ...], leaves: int
) -> None:
    first, *_ = instant_runoff(ranked("5: a", "3: b", "3: c"), lot)
    assert first.excluded == leaves
    assert first.by_lot == (leaves, B + C - leaves)


def test_a_surplus_goes_on_at_a_worth_cut_at_five_decimals() -> None:
    # Quota 4 of 10 votes for two seats; 7 papers hand on a surplus of 3, each at 3 / 7.
    count = single_transferable_vote(ranked("4: a b", "3: a c", "2: b", "1: c"), 2, range(3))
    assert count.quota == 4
    worth = 3 * VOTE // 7
    assert count.stages[1].votes == (4 * VOTE, 2 * VOTE + 4 * worth, VOTE + 3 * worth)
    assert count.elected == (A, B)
    assert count.stages[0].surplus == A
    assert count.stages[1].excluded == C


def test_a_paper_that_was_handed_on_is_worth_less_when_it_is_handed_on_again() -> None:
    ballots = ranked("12: a b c", "3: b c", "2: c", "3: d")
    count = single_transferable_vote(ballots, 3, range(4))
    first, second, third, *_ = count.stages
    assert count.quota == 6
    assert first.votes[A] == 12 * VOTE
    assert (second.votes[B], second.surplus) == (9 * VOTE, B)
    # 12 papers of 1/2 and 3 of 1 are worth 9 and hand on 3: each a third of its worth.
    assert third.votes[C] == 2 * VOTE + 12 * (VOTE // 2 * 3 // 9) + 3 * (VOTE * 3 // 9)


def test_who_is_elected_gets_no_more_papers() -> None:
    ballots = ranked("8: a b c", "6: b", "3: c", "3: d c")
    first, second, *_ = single_transferable_vote(ballots, 3, range(4)).stages
    assert first.elected == (A, B)
    assert second.votes[B] == 6 * VOTE
    assert second.votes[C] == 3 * VOTE + 8 * (VOTE // 4)


def votes_of(stage: Stage) -> int:
    return sum(stage.votes) + stage.exhausted


@given(crowds(strict_orders), st.integers(1, FEW), st.permutations(ORDER))
def test_all_seats_are_filled_and_no_more_votes_are_lost_than_cutting_takes(
    ballots: Rankings, seats: int, lot: list[int]
) -> None:
    count = single_transferable_vote(ballots, seats, lot)
    assert len(set(count.elected)) == seats == len(count.elected)
    total = votes_of(count.stages[0])
    assert total == ballots.voters * VOTE
    for stage in count.stages:
        assert 0 <= total - votes_of(stage) <= len(count.stages) * ballots.voters


@given(crowds(strict_orders), st.permutations(ORDER))
def test_for_one_seat_who_leaves_and_who_is_elected_is_as_in_a_run_off(
    ballots: Rankings, lot: list[int]
) -> None:
    stages = instant_runoff(ballots, lot)
    count = single_transferable_vote(ballots, 1, lot)
    assert count.elected == stages[-1].elected
    gone = [stage.excluded for stage in count.stages]
    assert gone[: len(stages) - 1] == [stage.excluded for stage in stages[:-1]][: len(gone)]


@given(crowds(strict_orders), st.sets(st.integers(0, FEW - 1), min_size=1, max_size=FEW - 1))
def test_who_has_the_quota_together_gets_a_seat_of_their_own(
    ballots: Rankings, liked: set[int]
) -> None:
    """Droop proportionality, for a solid coalition that is large enough for one seat of two."""
    tiers = [[[each]] for each in sorted(liked)]
    solid = [[tier for [tier] in (*tiers[at:], *tiers[:at])] for at in range(len(tiers))]
    others = list(ballots.tiers())
    needed = sum(count for count, _ in others)
    crowd = Rankings.of_tiers([*others, *((needed, order) for order in solid)], FEW)
    assert liked.intersection(single_transferable_vote(crowd, 2, ORDER).elected)


@pytest.mark.parametrize("seats", [0, 4])
def test_seats_that_cannot_be_filled_are_refused(seats: int) -> None:
    with pytest.raises(NoFigure, match="cannot be filled"):
        single_transferable_vote(ranked("1: a b c"), seats, range(3))


def test_nobody_elects_nobody() -> None:
    nobody = Rankings.of_tiers([], 3)
    for count in (
        lambda: instant_runoff(nobody, range(3)),
        lambda: single_transferable_vote(nobody, 1, range(3)),
    ):
        with pytest.raises(NoFigure, match="Nobody"):
            count()


def test_as_many_people_as_may_be_are_counted_without_an_overflow() -> None:
    few = [6, 1, 2, 1]
    orders = [[[0], [1]], [[1]], [[2]], [[3]]]
    many = Rankings.of_tiers(
        zip([MOST_VOTERS // 10 * each for each in few], orders, strict=True), 4
    )
    expected = single_transferable_vote(
        Rankings.of_tiers(zip(few, orders, strict=True), 4), 2, ORDER
    )
    found = single_transferable_vote(many, 2, ORDER)
    assert found.elected == expected.elected == (0, 1)
    for stage in found.stages:
        assert min(stage.votes) >= 0
        assert votes_of(stage) <= MOST_VOTERS * VOTE


def test_hundreds_of_options_that_all_tie_are_counted_soon() -> None:
    options = 400
    ballots = Rankings.of_tiers(((1, [[each]]) for each in range(options)), options)
    assert len(instant_runoff(ballots, range(options))) == options
    assert len(single_transferable_vote(ballots, 3, range(options)).elected) == 3
    assert len(schulze(pairwise(ballots), range(options)).order) == options
