"""Files of ballots: read, refused with a sentence, and written so that they are read alike."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beanjar.wisdom.counting.rankings import Rankings, Tiers
from beanjar.wisdom.counting.scores import Points
from beanjar.wisdom.polls.pabulib import read_pabulib, write_pabulib
from beanjar.wisdom.polls.poll import Money, NoPoll, Poll, distinguish
from beanjar.wisdom.polls.preflib import read_preflib, write_preflib
from beanjar.wisdom.polls.reading import read_poll
from beanjar.wisdom.polls.scottish import read_scottish
from beanjar.wisdom.tables import NoTable

PREFLIB = """\
# FILE NAME: 00001-00000001.toi
# TITLE: Where: to meet
# NUMBER ALTERNATIVES: 3
# NUMBER VOTERS: 8
# NUMBER UNIQUE ORDERS: 3
# ALTERNATIVE NAME 1: Hall
# ALTERNATIVE NAME 2: Park
# ALTERNATIVE NAME 3: Hall
4: 3,{1,2}
3: 2
1: {1, 3}, 2
"""
PABULIB = """\
META
key;value
description;Green budget
budget;1000,50
vote_type;approval
PROJECTS
project_id;name;cost;votes
a;"Trees; and a bench";300;2
b;Bees;700.25;1
VOTES
voter_id;age;vote
1;30;a,b
2;40;a
3;50;
"""
SCOTTISH = """\
3,2,
5,1,2,
4,3,
"Candidate 1","Ada","Left (L)",
"Candidate 2","Ben","Right (R)",
"Candidate 3","Cal","None",
"Ward 7 - Harbour",
"""


def test_preflib_is_read() -> None:
    poll = read_preflib(PREFLIB)
    assert poll.title == "Where: to meet"
    assert poll.options == ("Hall", "Park", "Hall (2)")
    assert isinstance(poll.ballots, Rankings)
    assert list(poll.ballots.tiers()) == [
        (4, [[2], [0, 1]]),
        (3, [[1]]),
        (1, [[0, 2], [1]]),
    ]


@given(
    st.lists(
        st.tuples(
            st.integers(1, 9),
            st.sampled_from(([], [[0]], [[1, 2]], [[2], [0]], [[1], [0, 2]], [[2], [1], [0]])),
        )
    )
)
def test_what_is_written_for_preflib_is_read_alike(ballots: list[tuple[int, Tiers]]) -> None:
    poll = Poll("Three\nlines", ("a: b", "c", "{d}"), Rankings.of_tiers(ballots, 3))
    again = read_preflib(write_preflib(poll))
    assert (again.title, again.options, again.voters) == ("Three lines", poll.options, poll.voters)
    assert isinstance(again.ballots, Rankings)
    alike = {str(tiers): 0 for _, tiers in ballots}
    for count, tiers in ballots:
        alike[str(tiers)] += count
    assert {str(tiers): count for count, tiers in again.ballots.tiers()} == alike


@pytest.mark.parametrize(
    ("ballots", "kind"),
    [
        ("1: 1,2,3", "soc"),
        ("1: 1,2", "soi"),
        ("1: 1,{2,3}", "toc"),
        ("1: {2,3}", "toi"),
    ],
)
def test_ties_and_gaps_tell_the_kind(ballots: str, kind: str) -> None:
    head, _ = PREFLIB.split("4: 3")
    poll = read_preflib(head.replace("VOTERS: 8", "VOTERS: 1") + ballots)
    assert f"# DATA TYPE: {kind}\n" in write_preflib(poll)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("4: 3,{1,2}", "4: 3,{1,2", "Line 9 is no ballot"),
        ("4: 3,{1,2}", "four: 3", "Line 9 is no ballot"),
        ("4: 3,{1,2}", "4: 3,3", "twice"),
        ("4: 3,{1,2}", "4: 4", "option 4, and there are 3"),
        ("4: 3,{1,2}", "4: 0", "option 0, and there are 3"),
        ("4: 3,{1,2}", "4: {},1", "Line 9 is no ballot"),
        ("4: 3,{1,2}", "9999999999999999: 1", "Line 9 is no ballot"),
        ("4: 3,{1,2}", "999999999999: 1", "people can be counted"),
        ("4: 3,{1,2}", "0: 3", "at least 1"),
        ("VOTERS: 8", "VOTERS: 9", "says that 9 voted, and has ballots of 8"),
        ("# NUMBER ALTERNATIVES: 3", "", "how many alternatives"),
        ("NUMBER ALTERNATIVES: 3", "NUMBER ALTERNATIVES: 4", "name its 4 alternatives"),
    ],
)
def test_what_is_wrong_with_a_preflib_file_is_said(old: str, new: str, message: str) -> None:
    with pytest.raises(NoPoll, match=message):
        read_preflib(PREFLIB.replace(old, new))


def test_pabulib_is_read_with_amounts_in_hundredths() -> None:
    poll = read_pabulib(PABULIB)
    assert (poll.title, poll.options, poll.voters) == ("Green budget", ("a", "b"), 3)
    assert poll.money == Money((30_000, 70_025), 100_050, 100)
    assert isinstance(poll.ballots, Points)
    assert poll.ballots.points.tolist() == [[1, 1], [1, 0], [0, 0]]


def test_votes_of_pabulib_may_be_points_or_orders() -> None:
    head = PABULIB.replace("1000,50", "1000").replace("700.25", "700")
    points = head.replace("approval", "cumulative").replace("age;vote", "points;vote")
    scored = read_pabulib(points.replace("1;30;a,b", '1;"3,2";a,b').replace("3;50;", "3;;"))
    assert isinstance(scored.ballots, Points)
    assert scored.money == Money((300, 700), 1000)
    assert scored.ballots.points.tolist() == [[3, 2], [40, 0], [0, 0]]
    assert scored.approvals().points.tolist() == [[1, 1], [1, 0], [0, 0]]
    assert scored.rankings().ranks.tolist() == [[1, 2], [1, 0], [0, 0]]
    ranked = read_pabulib(head.replace("approval", "ordinal").replace("a,b", "b,a"))
    assert isinstance(ranked.ballots, Rankings)
    assert ranked.ballots.ranks.tolist() == [[2, 1], [1, 0], [0, 0]]
    assert ranked.approvals().points.tolist() == [[1, 1], [1, 0], [0, 0]]


def test_what_is_written_for_pabulib_is_read_alike() -> None:
    money = Money((30_000, 70_025), 100_050, 100)
    poll = Poll("Green; budget", ("a", "b"), Points.of([[1, 1], [0, 1]], [2, 1]), money=money)
    again = read_pabulib(write_pabulib(poll, ["Trees; and a bench", "Bees\n"]))
    assert (again.title, again.options, again.money) == (poll.title, poll.options, money)
    assert isinstance(again.ballots, Points)
    assert again.ballots.points.tolist() == [[1, 1], [1, 1], [0, 1]]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("VOTES\n", "BALLOTS\n", "should have the parts"),
        ("b;Bees", "a;Bees", "project_id of its own"),
        ("700.25", "some", "must be amounts"),
        ("700.25", "700.255", "two decimals"),
        ("700.25", "Infinity", "must be amounts"),
        ("a,b", "a,c", "names the project 'c'"),
        ("approval", "shouting", "of the kind “shouting”"),
        ("approval", "scoring", "should give points to each"),
        ("1;30;a,b", "1;30;a,a", "names a project twice"),
        ("budget;1000,50", "budget;500,000", "without a sign for thousands"),
        ("budget;1000,50", "budget;1e999999", "must be amounts"),
        ("700.25", "9" * 200_000, "cannot be read"),
    ],
)
def test_what_is_wrong_with_a_pabulib_file_is_said(old: str, new: str, message: str) -> None:
    with pytest.raises((NoPoll, NoTable), match=message):
        read_pabulib(PABULIB.replace(old, new))


def test_hundredths_stay_hundredths_though_all_amounts_are_whole() -> None:
    money = Money((500, 1100), 2200, 100)
    poll = Poll("", ("a", "b"), Points.of([[1, 1]]), money=money)
    assert read_pabulib(write_pabulib(poll, ["A", "B"])).money == money


def test_who_gives_less_than_nothing_ranks_that_last() -> None:
    poll = Poll("", ("a", "b", "c"), Points.of([[-3, 0, 1], [0, 0, 2]]))
    assert poll.rankings().ranks.tolist() == [[3, 2, 1], [0, 0, 1]]


def test_ids_that_the_format_cannot_hold_are_not_written() -> None:
    poll = Poll("", ("a,b",), Points.of([[1]]), money=Money((1,), 1))
    with pytest.raises(NoPoll, match="no spaces, commas"):
        write_pabulib(poll, ["A"])


def test_a_poll_without_money_cannot_be_written_for_pabulib() -> None:
    with pytest.raises(NoPoll, match="costs and a budget"):
        write_pabulib(Poll("", ("a",), Points.of([[1]])), ["A"])


def test_scottish_ballots_are_read_with_their_seats() -> None:
    poll = read_scottish(SCOTTISH)
    assert (poll.title, poll.options, poll.seats) == ("Ward 7 - Harbour", ("Ada", "Ben", "Cal"), 2)
    assert isinstance(poll.ballots, Rankings)
    assert list(poll.ballots.tiers()) == [(5, [[0], [1]]), (4, [[2]])]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("3,2,\n", "", "name its 5 candidates|should begin"),
        ("5,1,2", "Ada,1,2", "should begin|name its"),
        ("5,1,2", "5,1,1", "twice"),
        ("5,1,2", "5,1,,2", "name its 3 candidates"),
        ('"Candidate 3","Cal","None",\n', "", "name its 3 candidates"),
        ('"Candidate 3","Cal"', '"Candidate 3",""', "name its 3 candidates"),
        ("3,2,\n", "3000000000,2,\n", "name its 3,000,000,000 candidates"),
        ("5,1,2", "5,1,2" + "9" * 30, "name its 3 candidates"),
    ],
)
def test_what_is_wrong_with_scottish_ballots_is_said(old: str, new: str, message: str) -> None:
    with pytest.raises(NoPoll, match=message):
        read_scottish(SCOTTISH.replace(old, new))


def test_the_ending_of_a_name_says_how_to_read() -> None:
    assert read_poll("a.TOI", b"\xef\xbb\xbf" + PREFLIB.encode()).voters == 8
    assert read_poll("a.pb", PABULIB.encode()).voters == 3
    assert read_poll("a.csv", SCOTTISH.encode()).voters == 9
    with pytest.raises(NoPoll, match="does not end as a file of ballots"):
        read_poll("a.txt", b"")
    with pytest.raises(NoPoll, match="UTF-8"):
        read_poll("a.toi", b"\xff")


def test_thousands_of_names_that_are_alike_are_told_apart_soon() -> None:
    assert distinguish(["a"] * 20_000)[-1] == "a (20000)"


def test_names_that_are_alike_are_told_apart() -> None:
    assert distinguish(["a", "a (2)", "a", "a"]) == ("a", "a (2)", "a (3)", "a (4)")
