"""What a terminal says of a question, in each state that it can be in."""

import pytest

from beanjar.main.stages import say_state
from beanjar.space.closing_view import ClosingFacts
from beanjar.testing.people import Person
from tests.space.tiny import TINY, Count, Note, TinyAsk, facts_of, gather, replay

NAMES = ("Ada", "Ben", "Cal", "Dan", "Fay", "Gus", "Hal")
NEVER = "it never opened: its witnesses, or whoever asked, were not ready before"
WHICH = "Settled: which answers count changes no more"
CHANGES = "1 answer count, and that changes no more"


def live_through(state: str, keepers: int) -> tuple[ClosingFacts, int]:
    """Return the facts of a question as they were once it had come so far, and the time."""
    ada, *_ = people = [Person(name) for name in NAMES[:keepers]]
    table = gather(ada, *people)
    thief = ada.device.copied()
    question = table.ask(ada, TinyAsk(table.terms()))
    table.answer(Person("Eve").device, question, Count(5))
    if state == "void":
        twin = thief.write(table.space.id, Note("5b" * 32, "…"), 0)
        asked = next(each for each in table.operations if each.prev == twin.prev)
        table.fork(asked, twin)
        return facts_of(table.space, question), 0
    table.close(question)
    now = table.now if state == "never opened" else 0
    for length in range(1, len(table.operations) + 1):
        space = replay(table, table.operations[:length])
        for name in space.subjects(TINY):
            if facts_of(space, name).stage(now) == state:
                return facts_of(space, name), now
    raise AssertionError(f"It was never {state}.")


@pytest.mark.parametrize(
    ("state", "keepers", "sentence"),
    [
        ("asked", 1, "Not open yet: 0 of 1 witnesses have accepted. It never opens if not all"),
        ("asked", 4, "Not open yet: 0 of 4 witnesses have accepted. It never opens if not all"),
        ("never opened", 1, NEVER),
        ("never opened", 4, NEVER),
        ("open", 4, "Open until"),
        ("closing", 1, "If that is lost now, it is never settled."),
        (
            "closing",
            4,
            (
                "Closing: 2 of 4 witnesses have closed it. Until 3 agree, what counts can still "
                "change; with fewer it is never settled."
            ),
        ),
        ("settled", 1, f"{WHICH}, as long as its one witness does not lie: 1 answer, but"),
        ("settled", 4, f"{WHICH}, as long as no more than 1 of its 4 witnesses lies: 1 answer,"),
        ("opened", 1, f"{CHANGES}, as long as its one witness does not lie."),
        ("opened", 4, f"{CHANGES}, as long as no more than 1 of its 4 witnesses lies."),
        ("opened", 7, f"{CHANGES}, as long as no more than 2 of its 7 witnesses lie together."),
        ("void", 1, "The asker's device was lost or copied before this was settled"),
    ],
)
def test_each_state_is_told_with_what_it_hangs_on(state: str, keepers: int, sentence: str) -> None:
    assert sentence in say_state(*live_through(state, keepers))
