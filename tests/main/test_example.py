"""The example at a real door: what is in it, whom it counts, and that there is one a language."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from click.testing import CliRunner
from litestar import Litestar
from litestar.testing import TestClient

from beanjar.main.cli import main
from beanjar.main.demo.voice import Voice
from beanjar.main.example.fair import OX, PEOPLE
from beanjar.main.example.finding import Examples
from beanjar.main.example.making import LEFT_OPEN
from beanjar.main.tools import TOOLS
from beanjar.node.folder import Folder
from beanjar.node.node import Node
from beanjar.space.ballot import make_answer
from beanjar.space.charter import Join
from beanjar.space.ticket import Ticket, write_ticket
from beanjar.store.errors import DiskFull
from beanjar.testing.clock import HandClock
from beanjar.tools.estimate.schema import EstimateAnswer, Guess
from beanjar.tools.estimate.views import EstimateView
from beanjar.web.app import make_app
from beanjar.web.language import ENGLISH, LANGUAGES, Speaker
from tests.main.running import RunningNode
from tests.main.terminal import Terminal
from tests.web.reading import check_page

JSON = {"content-type": "application/json"}
FRENCH = Speaker(LANGUAGES["fr"])
BANNER = "An example: the people in it are made up."


class Door:
    """A node with an example to show, and a browser in front of it."""

    def __init__(self, folder: Path) -> None:
        self.clock = HandClock()
        self.node = Node(Folder(folder), TOOLS, self.clock)
        self.examples = Examples(self.node)
        app = make_app(self.node, find_example=self.examples.find)
        self.client: TestClient[Litestar] = TestClient(app, base_url="http://127.0.0.1:8000")

    def ask(self, language: str = "en", **headers: str) -> Any:  # noqa: ANN401 - an answer
        wished = JSON | {"accept-language": language} | headers
        return self.client.post("/api/example", content=b"{}", headers=wished)

    def find(self, language: str = "en") -> str:
        answer = self.ask(language)
        assert answer.status_code == 200, answer.text
        space: str = answer.json()["space"]
        return space

    def read(self, path: str) -> Any:  # noqa: ANN401 - JSON is anything
        answer = self.client.get(path)
        assert answer.status_code == 200, path
        return answer.json()

    def tick(self) -> None:
        with self.client.portal() as portal:
            portal.call(self.node.tick)

    def stop(self) -> None:
        asyncio.run(self.node.stop())


@pytest.fixture
def door(tmp_path: Path) -> Iterator[Door]:
    """A door at which nobody has asked for an example yet."""
    door = Door(tmp_path / "node")
    with door.client:
        yield door
    door.stop()


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    """A door at which tests only look around."""
    door = Door(tmp_path_factory.mktemp("example") / "node")
    with door.client:
        yield door
    door.stop()


def question(door: Door, title: str) -> tuple[str, EstimateView]:
    """Return the address and the view of the question whose title has these words."""
    space = door.find()
    board = door.read(f"/s/{space}/estimate.json")
    [name] = [each["id"] for each in board["questions"] if title in each["title"]]
    address = f"/s/{space}/estimate/{name}"
    content = door.client.get(f"{address}.json").content
    return address, msgspec.json.decode(content, type=EstimateView)


def test_the_people_have_names_and_are_marked_as_made_up(shown: Door) -> None:
    view = shown.read(f"/s/{shown.find()}/people.json")
    assert sorted(each["name"] for each in view["members"]) == sorted(each[0] for each in PEOPLE)
    assert view["example"] is True


def test_galtons_crowd_is_settled_and_was_close_to_the_truth(shown: Door) -> None:
    address, view = question(shown, "ox")
    assert (view.facts.state, view.facts.answers, view.facts.void) == ("opened", 19, 0)
    assert view.truth is not None
    assert view.truth.value == OX == 1198
    figures = shown.read(f"{address}.json")["crowd"]["figures"]
    # The mean of the 19 centiles that Galton published.
    assert [each["value"] for each in figures if each["counts"]] == ["1197.211"]
    assert "Vox Populi" in view.ask.details


def test_a_choice_is_settled_and_a_chance_has_come_true(shown: Door) -> None:
    _, stall = question(shown, "stall")
    assert (stall.facts.state, stall.truth) == ("opened", None)
    _, rain = question(shown, "rain")
    assert rain.outcome is not None
    board = shown.read(f"/s/{shown.find()}/estimate.json")
    # All twenty and the crowd; of the ox the one who asked says nothing.
    assert (len(board["forecasters"]), len(board["guessers"])) == (20 + 1, 19 + 1)
    assert [each["count"] for each in board["calibration"]] == [1]


def test_all_of_it_is_verified_from_its_export_with_no_node(shown: Door, tmp_path: Path) -> None:
    file = tmp_path / "space.export"
    file.write_bytes(shown.client.get(f"/api/spaces/{shown.find()}/export").content)
    done = CliRunner().invoke(main, ["space", "verify", str(file), "--json"])
    assert done.exit_code == 0, done.output
    questions = json.loads(done.stdout)["questions"]
    counted = sorted((each["facts"]["state"], each["facts"]["answers"]) for each in questions)
    assert counted == [("open", 20), ("opened", 19), ("opened", 20), ("opened", 20)]


@pytest.mark.parametrize(("code", "speaker"), [("en", ENGLISH), ("fr", FRENCH)])
def test_every_page_of_it_says_that_it_is_an_example(
    shown: Door, code: str, speaker: Speaker
) -> None:
    space = shown.find(code)
    assert shown.read(f"/s/{space}.json")["name"] == speaker.say("Example: the village fair")
    address, _ = question(shown, "beans")
    pages = ["", "/people", "/estimate", "/estimate/ask", address.removeprefix(f"/s/{space}")]
    for page in pages if code == "en" else pages[:-1]:
        text = shown.client.get(f"/s/{space}{page}", headers={"accept-language": code}).text
        assert f'<p class="example">{speaker.say(BANNER)}</p>' in text, page


def test_lists_of_spaces_and_their_data_mark_it(shown: Door) -> None:
    space = shown.find()
    assert shown.read(f"/s/{space}.json")["example"] is True
    for path in ("/api", "/.json"):
        marked = {each["id"]: each["example"] for each in shown.read(path)["spaces"]}
        assert marked[space] is True


def test_a_terminal_says_so_too(own_node: RunningNode, tmp_path: Path) -> None:
    space = httpx.post(f"{own_node.url}/api/example", content=b"{}", headers=JSON).json()["space"]
    ben = Terminal(tmp_path / "ben", own_node)
    ben("me", "new", "Ben")
    ben("space", "join", write_ticket(Ticket(space, doors=(own_node.url,))))
    assert ben.read("space", "show")["members"]["example"] is True
    assert BANNER in " ".join(ben("space", "show").stdout.split())


def test_another_is_made_once_nothing_is_left_to_answer(door: Door) -> None:
    first = door.find()
    door.clock.pass_time(LEFT_OPEN)
    assert door.find() != first


def test_there_is_one_in_each_language_and_no_more(door: Door) -> None:
    spaces = [door.find(language) for language in ("en", "fr", "fr-CA, en", "en", "de")]
    assert spaces[0] == spaces[3] == spaces[4] != spaces[1] == spaces[2]
    assert len(door.read("/api")["spaces"]) == 2


def test_two_who_ask_at_once_are_shown_the_same(door: Door) -> None:
    async def ask_twice() -> list[bytes]:
        return await asyncio.gather(*(door.examples.find(ENGLISH) for _ in range(2)))

    with door.client.portal() as portal:
        one, other = portal.call(ask_twice)
    assert one == other
    assert [each["id"] for each in door.read("/api")["spaces"]] == [one.hex()]


def test_a_node_that_was_started_again_knows_its_example(tmp_path: Path) -> None:
    found = []
    for _ in range(2):
        door = Door(tmp_path / "node")
        with door.client:
            found.append(door.find())
        door.stop()
    assert found[0] == found[1]


def test_a_visitor_joins_and_counts_in_the_jar_that_is_open_and_opens_in_a_week(
    door: Door,
) -> None:
    address, view = question(door, "beans")
    space = bytes.fromhex(door.find())
    assert view.facts.state == "open"
    assert view.facts.answers == 20
    assert view.crowd is None
    assert view.facts.closes == door.clock.now() + LEFT_OPEN
    assert not view.ask.terms.asker_may_end
    visitor = Voice(door.clock)
    answer = make_answer(
        EstimateAnswer,
        Guess(1500),
        view.facts,
        space=space,
        device=visitor.device.public,
        secret=bytes(32),
    )
    run = visitor.sign(space, Join(visitor.certificate(space)), answer).run
    assert door.client.post(f"/api/spaces/{space.hex()}/runs", content=run).status_code == 201
    door.tick()
    door.clock.pass_time(LEFT_OPEN)
    door.tick()
    facts = door.read(f"{address}.json")["facts"]
    assert (facts["state"], facts["answers"]) == ("opened", 21)


@pytest.mark.parametrize("left", [0, 1, 30, 47])
def test_one_that_fails_half_way_says_why_and_can_be_tried_again(
    door: Door, left: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    submit, taken = door.node.submit, iter(range(left))

    async def fail(space: bytes, data: bytes) -> object:
        if next(taken, None) is None:
            raise DiskFull("There is no room.")
        return await submit(space, data)

    with monkeypatch.context() as patch:
        patch.setattr(door.node, "submit", fail)
        answer = door.ask()
        assert (answer.status_code, answer.json()) == (507, {"error": "There is no room."})
    again = door.find()
    assert door.read(f"/s/{again}.json")["people"] == len(PEOPLE)
    assert all(each["example"] for each in door.read("/api")["spaces"])


def test_one_whose_witness_says_nothing_is_given_up_in_a_sentence(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def do_nothing() -> None:
        return

    with monkeypatch.context() as patch:
        patch.setattr(door.node, "tick", do_nothing)
        answer = door.ask()
    assert answer.status_code == 503
    assert "Try again" in answer.json()["error"]
    assert door.find()


def test_pages_elsewhere_cannot_have_it_made(door: Door) -> None:
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data"):
        assert door.ask(**{"content-type": kind}).status_code == 415, kind
    answer = door.client.options("/api/example", headers={"origin": "https://elsewhere.example"})
    assert "access-control-allow-origin" not in answer.headers
    assert not door.read("/api")["spaces"]


def test_a_door_that_has_none_to_show_says_so(door: Door) -> None:
    with TestClient(make_app(door.node), base_url="http://127.0.0.1:8000") as client:
        answer = client.post("/api/example", headers=JSON)
    assert (answer.status_code, answer.json()["error"]) == (
        404,
        "This node has no example to show.",
    )


def test_the_way_to_it_is_a_form_with_one_button(door: Door) -> None:
    sheets = door.client.app.state.door.sheets
    part = sheets.render("example.html").decode()
    assert 'data-act="example"' in part
    assert part.count("<button") == 1


def test_its_pages_are_sound(shown: Door) -> None:
    space = shown.find()
    for page in ("", "/people", "/estimate"):
        check_page(shown.client.get(f"/s/{space}{page}").text)
