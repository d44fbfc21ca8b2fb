"""Whether a question counts whoever is at a browser, as its page finds out."""

import pytest

from tests.browser.modules import Thrown, ask

ADA = {"person": "aa"}


def test_the_node_is_asked_once_whether_a_question_counts_somebody() -> None:
    for who in ("counted", "late", "unnamed"):
        looked = ask("roll", {"roll": "c0", "who": ADA, "says": {"who": who}})
        assert looked["found"] == [who, who]
        assert looked["asked"] == ["/api/spaces/5b/questions/c0/roll/aa"]


def test_nobody_is_asked_where_it_is_plain() -> None:
    assert ask("roll", {"who": ADA}) == {"found": ["counted"] * 2, "asked": []}
    assert ask("roll", {"roll": "c0"}) == {"found": ["late"] * 2, "asked": []}


def test_while_the_node_is_away_one_can_answer_and_it_is_asked_again() -> None:
    looked = ask("roll", {"roll": "c0", "who": ADA})
    assert looked["found"] == ["counted"] * 2
    assert len(looked["asked"]) == 2


def test_an_answer_that_breaks_off_is_none() -> None:
    looked = ask("roll", {"roll": "c0", "who": ADA, "says": {"who": "late"}, "breaks": True})
    assert looked["found"] == ["counted"] * 2
    assert len(looked["asked"]) == 2
    people = {"members": [{"person": "aa", "name": "Ada"}, {"person": "bb", "left": True}]}
    assert ask("members", {"says": people}) == [["aa", "Ada"]]
    with pytest.raises(Thrown) as thrown:
        ask("members", {"says": people, "breaks": True})
    assert thrown.value.args[0] == "NoDoor"
