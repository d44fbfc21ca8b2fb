"""Whether a question counts whoever is at a browser, as its page finds out."""

from tests.browser.modules import ask

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
