"""What the page of an estimate says in each state that it can be in."""

import pytest

from beanjar.testing.people import Person
from beanjar.tools.estimate.board import board
from beanjar.tools.estimate.schema import EstimateWithdraw
from beanjar.tools.estimate.tests.table import Table
from beanjar.tools.estimate.tests.test_pages import FRENCH, draw, draw_list, words
from beanjar.tools.estimate.views import EstimateView

NEVER = "it never opened: its witnesses, or whoever asked, were not ready before"
TRUSTING_ONE = "That holds as long as the one node that keeps the jar does not lie."
TRUSTING_MOST = "That holds as long as no more than 1 of its 4 witnesses lies."


@pytest.mark.parametrize(
    ("state", "keepers", "sentences"),
    [
        ("asked", 1, ["You can answer once the witnesses are ready", "Waiting for the node of"]),
        ("asked", 4, ["it never opens, and has to be asked again", "Waiting for 4 of the 4 nodes"]),
        ("never opened", 1, [NEVER, "Whoever still wants to know can ask again.", "Ask again"]),
        ("never opened", 4, [NEVER, "Whoever still wants to know can ask again.", "Ask again"]),
        ("open", 1, ["You can guess until", "sure to count once the witness has logged it"]),
        ("open", 4, ["You can guess until", "sure to count once all 4 witnesses have logged it"]),
        ("closing", 1, ["If that node is lost now, it is never settled."]),
        (
            "closing",
            4,
            [
                (
                    "2 of 4 witnesses have closed the jar. It takes 3 of the 4 to agree on what "
                    "counts; with fewer it is never settled."
                )
            ],
        ),
        ("settled", 1, [f"What counts is settled and changes no more. {TRUSTING_ONE}"]),
        ("settled", 4, [f"What counts is settled and changes no more. {TRUSTING_MOST}"]),
        ("opened", 1, [f"which guesses count changes no more. {TRUSTING_ONE}", "Check the count"]),
        ("opened", 4, [f"which guesses count changes no more. {TRUSTING_MOST}", "Check the count"]),
        ("void", 1, ["There is no result.", "device was lost or copied before this was settled"]),
    ],
)
def test_every_state_has_a_page(
    table: Table, ben: Person, state: str, keepers: int, sentences: list[str]
) -> None:
    for number in range(1, keepers):
        table.gathering.add_witness(Person(f"Keeper {number}"))
    view = live_through(table, ben, state)
    page = words(draw(table, view))
    for sentence in sentences:
        assert sentence in page
        assert sentence not in words(draw(table, view, FRENCH))
    assert ("data-until" in draw(table, view)) == (state == "asked")


def live_through(table: Table, ben: Person, state: str) -> EstimateView:
    """Return the view of a question as it was once it had come so far."""
    thief = table.asker.device.copied()
    question = table.ask()
    table.answer(ben, question, 5)
    if state == "void":
        twin = thief.write(table.gathering.space.id, EstimateWithdraw("5b" * 32), 0)
        asked = next(each for each in table.gathering.operations if each.prev == twin.prev)
        table.gathering.fork(asked, twin)
        return table.view(question)
    view = table.close(question)
    return table.halt(state, view.facts.closes if state == "never opened" else 0)


def test_what_never_opened_takes_no_answer_on_any_page(table: Table, ben: Person) -> None:
    view = live_through(table, ben, "never opened")
    page, row = draw(table, view), words(draw_list(table, board({"5b" * 32: view})))
    assert "never opened · 0 answers" in row
    assert "· closes" not in row
    offered = ("You can answer once", "Waiting for", "open until", "data-open=", "<form")
    assert not [each for each in offered if each in page]
