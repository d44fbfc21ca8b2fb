"""Whom a browser lets answer: every node reads in its words the persons that its asker named."""

from collections.abc import Sequence
from hashlib import sha256
from itertools import chain
from typing import Any

import msgspec
import pytest

from beanjar.base.limits import ROLL_PART
from beanjar.ops.body import write_body
from beanjar.ops.run import read_run
from beanjar.space.question import Open, RollPart
from beanjar.testing.gathering import Gathering
from beanjar.testing.people import Person
from tests.browser.modules import ask
from tests.space.tiny import TinyAsk, facts_of, gather


@pytest.fixture
def table() -> Gathering:
    """Ada's table, at which nothing has been asked yet."""
    return gather(Person("Ada"))


def say(table: Gathering, body: str) -> str:
    """Let the founder say what a browser wrote, byte for byte; return its id."""
    device, time = table.founder.device, table.clock.pass_time()
    return table.take(device.write_bytes(table.space.id, bytes.fromhex(body), time))


def make_persons(many: int) -> list[str]:
    return [sha256(f"{n}".encode()).hexdigest() for n in range(many)]


@pytest.mark.parametrize(
    ("many", "parts"),
    [
        (0, 0),
        (1, 0),
        (ROLL_PART, 0),
        (ROLL_PART + 1, 2),
        (2 * ROLL_PART, 2),
        (2 * ROLL_PART + 1, 3),
    ],
)
def test_who_is_named_in_a_browser_may_answer_and_nobody_else(
    table: Gathering, many: int, parts: int
) -> None:
    persons = make_persons(many)
    asked = table.say(table.founder.device, TinyAsk(table.terms(listed=bool(persons))))
    table.attend(asked)
    accepts = [each.id for each in table.space.closing(asked).accepts().values()]
    names = [say(table, part) for part in ask("parts", {"on": asked, "persons": persons})]
    assert len(names) == parts
    opening = {"on": asked, "accepts": accepts, "persons": persons, "parts": names}
    say(table, ask("open", opening))
    assert facts_of(table.space, asked).state == "open"
    [opened] = table.space.closing(asked).openings()
    assert opened.roll == (frozenset(persons) if persons else None)


def test_a_roll_is_written_in_a_browser_as_it_is_in_python() -> None:
    on, accepts, ids = "0a" * 32, ("0b" * 32,), ("0c" * 32, "0d" * 32)
    long = tuple(make_persons(ROLL_PART + 1))
    few, last = long[:2], long[ROLL_PART:]
    written = ask("parts", {"on": on, "persons": long})
    parts = [RollPart(on, long[:ROLL_PART]), RollPart(on, last)]
    assert [bytes.fromhex(each) for each in written] == [write_body(each) for each in parts]
    for persons, named, body in [
        ((), (), Open(on, accepts)),
        (few, (), Open(on, accepts, roll=few)),
        (long, ids, Open(on, accepts, parts=ids)),
    ]:
        asked = {"on": on, "accepts": accepts, "persons": persons, "parts": named}
        assert bytes.fromhex(ask("open", asked)) == write_body(body)


def open_twice(persons: Sequence[str], *, refuses: bool = False) -> list[Any]:
    """Return what a browser says that is told more than once that its question can be opened."""
    on, accepts = "0a" * 32, ["0b" * 32]
    asked = {"on": on, "accepts": accepts, "persons": persons, "refuses": refuses}
    opened = ask("opens", asked)
    log = list(chain.from_iterable(read_run(bytes.fromhex(run)) for _, run in opened["runs"]))
    said = [msgspec.json.decode(each.body or b"") for each in log[1:]]
    names = [each.id.hex() for each in log[1:-1]]
    assert said[-1].get("parts", []) == names
    assert [each for part in said[:-1] for each in part["persons"]] == (
        list(persons) if names else []
    )
    assert opened["rolls"] == []
    return said


@pytest.mark.parametrize("many", [0, 1, ROLL_PART + 1])
def test_a_question_is_opened_once_though_a_page_is_told_twice_that_it_can_be(many: int) -> None:
    persons = make_persons(many)
    said = open_twice(persons)
    kinds = ["question.roll"] * (2 if many > ROLL_PART else 0)
    assert [each["t"] for each in said] == [*kinds, "question.open"]


def test_a_question_that_could_not_be_opened_is_opened_when_the_page_changes_next() -> None:
    [said] = open_twice(make_persons(1), refuses=True)
    assert said["roll"] == make_persons(1)


def test_a_question_is_opened_no_more_once_nobody_could_answer_it() -> None:
    on, accepts, persons = "0a" * 32, ["0b" * 32], make_persons(1)
    asked = {"on": on, "accepts": accepts, "persons": persons, "refuses": False, "late": True}
    opened = ask("opens", asked)
    log = list(chain.from_iterable(read_run(bytes.fromhex(run)) for _, run in opened["runs"]))
    assert len(log) == 1  # founding the space
    assert opened["rolls"] == [{"on": on, "persons": persons}]
