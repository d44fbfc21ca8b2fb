"""Pages that are kept: they are what they would be if they were made anew, whatever happens."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from litestar import Litestar
from litestar.testing import TestClient

from beanjar.base.clock import MINUTE, SECOND
from beanjar.node.folder import Folder
from beanjar.node.node import Node
from beanjar.space.charter import Erase, Leave, Profile
from beanjar.space.question import Terms
from beanjar.space.tool import Given
from beanjar.testing.clock import HandClock
from beanjar.testing.people import Person
from beanjar.web import app as door
from beanjar.web.app import make_app
from beanjar.web.sheets import Sheets
from beanjar.web.warm import WarmPages
from tests.web.hands import TOOL, Hands, HandsAsk, HandsView
from tests.web.table import Table

PATHS = ("", ".json", "/people", "/hands", "/feed.atom")
ROOM = 20_000


class StillClock(HandClock):
    """A clock on which much is said within one second."""

    def pass_time(self, milliseconds: int = 1) -> int:
        return super().pass_time(milliseconds)


class PunctualHands(Hands):
    """A show of hands that is over when its time is, whatever its witnesses have said."""

    def view(self, given: Given) -> HandsView | None:
        view = super().view(given)
        is_over = view is not None and given.now >= view.facts.closes
        return msgspec.structs.replace(view, title="Over") if view and is_over else view


@pytest.fixture
def clock() -> HandClock:
    return StillClock()


@pytest.fixture
def node(tmp_path: Path, clock: HandClock) -> Iterator[Node]:
    tool = msgspec.structs.replace(TOOL, fold=PunctualHands)
    node = Node(Folder(tmp_path / "node"), [tool], clock)
    yield node
    node.folder.close()


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The templates of all that was made, not only served."""
    made: list[str] = []
    make = Sheets.render

    def render(sheets: Sheets, template: str, *more: Any, **shown: Any) -> bytes:  # noqa: ANN401 - as it is handed on
        made.append(template)
        return make(sheets, template, *more, **shown)

    monkeypatch.setattr(Sheets, "render", render)
    return made


def paths(table: Table) -> list[str]:
    subjects = table.node.space(table.id).subjects(table.node.tools[0])
    shown = [f"/hands/{each}{kind}" for each in subjects for kind in ("", ".json")]
    return [f"/s/{table.name}{each}" for each in (*PATHS, *shown)]


def read_warm(table: Table) -> list[str]:
    return [table.read(each).text for each in paths(table)]


def read_cold(table: Table, cold: Litestar) -> list[str]:
    """Read the same at a door of the same node that keeps nothing."""

    async def read() -> list[str]:
        transport = httpx.ASGITransport(cold)  # type: ignore[arg-type]
        base = table.client.base_url
        async with httpx.AsyncClient(transport=transport, base_url=base) as fresh:
            return [(await fresh.get(each)).text for each in paths(table)]

    with table.client.portal() as portal:
        return portal.call(read)


def happen(table: Table, opened: str) -> Iterator[str]:
    """Let one thing happen after the other, and say what."""
    yield from _come_and_go(table)
    cal = Person("Cal")
    table.raise_hands(opened, [Person("Ben"), cal])
    yield "answers"
    table.say(cal.device, Leave())
    yield "somebody who leaves"
    table.keep("offer")
    yield "an offer to witness"
    closing = table.node.space(table.id).closing(opened)
    table.clock.pass_time(closing.ask.terms.closes - table.clock.now())
    yield "a deadline"
    table.tick()
    yield "a close"
    table.ask("Who bakes?")
    yield "another question"


def _come_and_go(table: Table) -> Iterator[str]:
    ada, dan = table.founder.device, Person("Dan").device
    named = table.say(ada, Profile("Ada", "says too much"))
    yield "a profile"
    table.say(ada, Erase(named))
    read_warm(table)  # it is asked for, and the node has yet to do it
    table.tick()
    yield "an erasure"
    until = table.clock.now() + MINUTE
    table.send(table.write(ada, Profile("Ada", "is here for a minute"), until))
    yield "a word that expires"
    table.clock.pass_time(MINUTE)
    table.tick()
    yield "its end"
    table.send(table.join(dan))
    thief = dan.copied()
    table.send(table.write(dan, Profile("Dan")))
    yield "somebody who comes"
    assert table.send(table.write(thief, Profile("Not Dan"))).status_code == 409
    yield "a fork"


def test_a_warm_page_is_a_cold_one_whatever_happens(
    table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door, "WarmPages", lambda node: WarmPages(node, 0))
    cold, opened = make_app(table.node), table.ask("Who brings bread?")
    before = read_warm(table)
    for what in happen(table, opened):
        after = read_warm(table)
        assert after == read_cold(table, cold), what
        assert after != before, what
        before = after


def test_each_reads_in_their_own_language(table: Table) -> None:
    wished = ("en", "fr", "en")
    read = [table.read("/s/SPACE", {"accept-language": each}) for each in wished]
    assert [each.headers["content-language"] for each in read] == list(wished)
    assert read[0].text == read[2].text != read[1].text


def test_a_page_is_made_once_for_as_long_as_nothing_changes(table: Table, made: list[str]) -> None:
    table.ask("Who brings bread?")
    first = read_warm(table)
    once = len(made)
    assert read_warm(table) == first
    assert len(made) == once
    table.clock.pass_time(SECOND)
    assert read_warm(table) == first
    assert len(made) == 2 * once


def test_what_is_kept_comes_with_the_same_headers(table: Table) -> None:
    cold, warm = (table.read("/s/SPACE") for _ in range(2))
    assert warm.headers.multi_items() == cold.headers.multi_items()


def test_a_feed_names_the_door_at_which_it_is_read(table: Table) -> None:
    for host in ("127.0.0.1:8000", "localhost:8000"):
        assert f"http://{host}/s/" in table.read("/s/SPACE/feed.atom", {"host": host}).text


def test_what_was_not_here_is_found_once_it_is(table: Table) -> None:
    terms = Terms(table.clock.now() + MINUTE, (table.node.device.hex(),))
    asked = table.write(table.founder.device, HandsAsk(terms, "Who brings bread?"))
    path = f"/s/SPACE/hands/{asked.id.hex()}"
    assert [table.read(path).status_code for _ in range(2)] == [404, 404]
    table.send(asked)
    assert table.read(path).status_code == 200


def test_no_more_is_kept_than_there_is_room_for(
    node: Node, table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    keeping = WarmPages(node, ROOM)
    monkeypatch.setattr(door, "WarmPages", lambda _: keeping)
    with TestClient[Litestar](make_app(node), base_url="http://127.0.0.1:8000") as small:
        for place in range(20):
            path = f"/s/{table.name}/feed.atom" if place % 2 else f"/s/{table.name}"
            assert small.get(path, headers={"host": f"127.0.0.1:{place}"}).is_success
            assert 0 < keeping.size <= ROOM
        host = f"127.0.0.1:{'0' * ROOM}"  # an address all the same
        assert small.get(f"/s/{table.name}", headers={"host": host}).is_success
        assert keeping.size == 0
