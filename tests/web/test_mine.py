"""What concerns one person: what needs them, what is new, and who is told of which spaces."""

from collections.abc import Iterator
from typing import Any

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from beanjar.base.clock import HOUR
from beanjar.node.node import Node
from beanjar.space.charter import Charter, Leave, Profile
from beanjar.testing.people import Person
from beanjar.web.app import make_app
from tests.web.places import place
from tests.web.table import Table


@pytest.fixture
def outside(node: Node) -> Iterator[TestClient[Litestar]]:
    """A browser on another machine."""
    app = place(make_app(node), "192.0.2.7")
    with TestClient(app, base_url="http://127.0.0.1") as client:
        yield client


def visit(table: Table, person: Person, seen: int = 0) -> Any:  # noqa: ANN401 - JSON
    query = f"person={person.key.public.hex()}&seen={table.name}.{seen}"
    return table.read(f"/.json?{query}").json()["mine"]


def needs(table: Table, person: Person) -> list[str]:
    return [need["title"] for need in visit(table, person)["needs"]]


def test_a_question_needs_whoever_has_not_answered(
    table: Table, ada: Person, ben: Person, cal: Person
) -> None:
    soup, cake = table.ask("Soup?"), table.ask("Cake?")
    table.raise_hands(soup, [ben])
    assert needs(table, ada) == ["Soup?", "Cake?"]
    assert needs(table, ben) == ["Cake?"]
    assert needs(table, cal) == []  # is not here
    table.close(cake)
    assert needs(table, ada) == needs(table, ben) == []


def test_nothing_needs_an_answer_once_its_time_is_over(table: Table, ada: Person) -> None:
    table.ask("Soup?")
    table.clock.pass_time(2 * HOUR)
    assert needs(table, ada) == []


def test_who_left_is_needed_no_more(table: Table, ben: Person) -> None:
    table.ask("Soup?")
    table.say(ben.device, Profile("Ben"))
    assert needs(table, ben) == ["Soup?"]
    table.say(ben.device, Leave())
    assert needs(table, ben) == []


def test_news_is_what_happened_since_somebody_looked(
    table: Table, ada: Person, ben: Person
) -> None:
    soup = table.ask("Soup?")
    table.close(soup)
    looked = table.clock.pass_time(1)
    assert visit(table, ada, looked)["news"][0]["asked"] == 0
    table.clock.pass_time(1)
    table.say(ben.device, Profile("Ben"))
    table.close(table.ask("Cake?"))
    table.ask("Tea?")
    (news,) = visit(table, ada, looked)["news"]
    assert {name: news[name] for name in ("name", "asked", "settled", "joined", "open")} == {
        "name": "The table",
        "asked": 2,
        "settled": 1,
        "joined": 1,
        "open": 1,
    }
    page = table.read(f"/?person={ada.key.public.hex()}&seen={table.name}.{looked}").text
    assert "2 new questions · 1 new result · 1 person has joined" in page
    assert 'aria-label="Answer: Tea?"' in page


def test_a_space_that_is_not_here_is_no_news(table: Table, ada: Person) -> None:
    query = f"person={ada.key.public.hex()}&seen={'01' * 32}.0&seen={table.name}.soon"
    assert [each["id"] for each in table.read(f"/.json?{query}").json()["mine"]["news"]] == [
        table.name
    ]
    assert table.read(f"/?person={ada.key.public.hex()}&seen=0").status_code == 404


def test_ones_own_calendar_holds_what_needs_one(table: Table, ada: Person, ben: Person) -> None:
    table.raise_hands(table.ask("Soup?"), [ben])
    for person, count in ((ada, 1), (ben, 0)):
        query = f"person={person.key.public.hex()}&seen={table.name}.0"
        calendar = table.read(f"/calendar.ics?{query}")
        assert calendar.headers["content-type"] == "text/calendar; charset=utf-8"
        assert calendar.text.count("SUMMARY:Closes: Soup? (The table)") == count


def test_only_its_own_machine_is_told_of_a_space_by_invitation(
    table: Table, outside: TestClient[Litestar], ben: Person
) -> None:
    table.founder = ben
    assert table.found(Charter(admission="invitation")).status_code == 201
    for path in ("/.json", "/api"):
        told = outside.get(path).json()["spaces"]
        assert table.name not in [each["id"] for each in told]
        assert len(table.read(path).json()["spaces"]) == len(told) + 1
    assert outside.get(f"/s/{table.name}.json").status_code == 200  # who knows it may read it
