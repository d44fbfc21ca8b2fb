"""What people write who mean harm: it does nothing but be read."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from beanjar.base.clock import HOUR
from beanjar.ops.run import write_run
from beanjar.space.charter import Founding, Profile
from beanjar.space.doors import Door
from beanjar.space.question import Open, Terms
from beanjar.testing.people import Person
from beanjar.tools.estimate.schema import (
    AnyKind,
    Choice,
    EstimateAnswer,
    EstimateAsk,
    EstimateEdit,
    EstimateResolve,
    EstimateWithdraw,
    FigureName,
    Guess,
    Number,
)
from beanjar.web.policy import write_policy
from tests.web.hostile import open_door
from tests.web.reading import check_page
from tests.web.table import BYTES, Table

HARMLESS = "Soup for all of us,\nand cake?"
MARKDOWN = "Soup [x](https://a.example/) *x* `x`\n- y\n\n1. z\n\n# y\n\n> q\n\n```\nc\n```\nd"
HOSTILE = [
    "<script>alert(1)</script>&lt;b&gt;",
    "\"><img src=x onerror=alert(1)>' onfocus='alert(1)",
    "</title></textarea></script><svg onload=alert(1)>",
    "{{ 7 * 7 }}{% raw %}%(space)s %s %% ${7*7} <!-- ]]>",
    "javascript:alert(1) [x](javascript:alert(1)) <javascript:x>",
    "\u202e\u2066\x00\x07\x1b[2Ja\r\nEND:VEVENT\r\nX: 1\u2028;,\\",
]
LEADS = ("/", "#", "?", "http://127.0.0.1:8000/", "https://a.example/")
LINKS = {"action", "formaction", "href", "src", "xlink:href"}


class Shape(HTMLParser):
    """What a page is made of, whatever it says: its elements and their attributes' names."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.parts: set[tuple[str, ...]] = set()
        self.links: set[str] = set()
        self.said: dict[str, str] = {}
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.parts |= {(tag, name) for name, _ in attrs} | {(tag,)}
        self.links |= {value or "" for name, value in attrs if name in LINKS}
        given = dict(attrs)
        self.said[given.get("property") or ""] = given.get("content") or ""


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Table]:
    with open_door(tmp_path_factory.mktemp("hostile")) as table:
        yield table


def found(table: Table, name: str, purpose: str) -> None:
    """Found one more space, and let the table be that."""
    founding = Founding(name, table.founder.device.certificate(bytes(32)), purpose)
    operation = table.founder.device.found(founding, table.clock.pass_time())
    table.id = operation.id
    answer = table.client.post("/api/spaces", content=write_run([operation]), headers=BYTES)
    assert answer.status_code == 201
    assert table.lend().status_code == 201


def estimate(table: Table, kind: AnyKind, words: str) -> tuple[str, str]:
    """Ask for an estimate; return the ids of the ask, and of what answers name."""
    device, witness = table.founder.device, table.node.device.hex()
    terms = Terms(table.clock.now() + HOUR, (witness,), sealed=False)
    figure: FigureName = "most_chosen" if isinstance(kind, Choice) else "mean"
    ask = EstimateAsk(terms, words, kind, figure, f"{words}\n\n*{words}*", words)
    asked = table.say(device, ask)
    table.tick()
    accept = table.node.space(table.id).closing(asked).accepts()[witness]
    opened = table.say(device, Open(asked, (accept.id,)))
    table.tick()
    return asked, opened


def say_everywhere(table: Table, words: str) -> list[str]:
    """Write words into every field there is; return the addresses of all that shows them."""
    ada, ben = table.founder.device, Person("Ben")
    found(table, words, f"{words}\n\n- {words}")
    table.say(ada, Profile(words, words))
    table.say(ben.device, Profile(words, words))
    table.say(ada, Door("https://a.example"))
    options = (words, f"{words}.")
    asked = []
    for kind in (Choice(options), Number(words[:20], low=1, high=900)):
        ask, opened = estimate(table, kind, words)
        table.say(ada, EstimateEdit(ask, f"{words}!", f"> {words}"))
        for person in (ben, table.founder):
            table.say(person.device, EstimateAnswer(opened, choice=Guess(1)))
        asked.append((ask, opened))
    withdrawn, _ = estimate(table, Choice(options), words)
    table.say(ada, EstimateWithdraw(withdrawn, words))
    for ask, opened in asked:
        table.close(opened)
        table.say(ada, EstimateResolve(ask, 1, words))
    table.ask(words)
    shown = [withdrawn, *(ask for ask, _ in asked)]
    here = ["", "/people", "/hands", "/hands/ask", "/estimate", "/estimate/ask"]
    return ["/", *(f"/s/SPACE{each}" for each in here), *(f"/s/SPACE/estimate/{i}" for i in shown)]


@pytest.fixture(scope="module")
def parts(table: Table) -> set[tuple[str, ...]]:
    """What the same pages are made of where nobody means harm."""
    pages = [table.read(path).text for path in say_everywhere(table, HARMLESS)]
    found(table, HARMLESS, MARKDOWN)
    return set().union(*(Shape(each).parts for each in [*pages, table.read("/s/SPACE").text]))


@pytest.mark.parametrize("words", HOSTILE)
def test_whatever_people_write_does_nothing_but_be_read(
    table: Table, parts: set[tuple[str, ...]], words: str
) -> None:
    pages = say_everywhere(table, words)
    for path in pages:
        check_shape(table, path, parts)
        if not path.endswith("/ask"):
            check_data(table, f"{path}.json", words)
    check_shared(table, pages[-1], words)
    check_feed(table, words)
    check_calendar(table)


def check_shape(table: Table, path: str, parts: set[tuple[str, ...]]) -> None:
    """A page is made of the same elements and attributes, and leads to the same places."""
    answer = table.read(path)
    assert answer.status_code == 200, path
    check_page(answer.text)
    for text in (answer.text, table.read(path, {"accept-language": "fr"}).text):
        shape = Shape(text)
        assert shape.parts <= parts, (path, shape.parts - parts)
        assert all(each.startswith(LEADS) for each in shape.links), (path, shape.links)
    policy = answer.headers["content-security-policy"]
    assert policy in {write_policy(), write_policy(["https://a.example"])}, path


def check_data(table: Table, path: str, words: str) -> None:
    """Programs read just what was written, and browsers take it for nothing else."""
    answer = table.read(path)
    assert answer.headers["content-type"] == "application/json", path
    assert answer.headers["x-content-type-options"] == "nosniff", path
    assert words in said_in(answer.json()), path


def check_shared(table: Table, question: str, words: str) -> None:
    """A chat in which a link is shared is told the words, and no more."""
    for path, title in (("/s/SPACE", words), (question, f"{words}!")):
        told = Shape(table.read(path).text).said
        assert told["og:title"].split() == title.split()


def check_feed(table: Table, words: str) -> None:
    feed = ET.fromstring(table.read("/s/SPACE/feed.atom").content)  # noqa: S314 - our own
    plain = re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f]", "\ufffd", words)
    assert (feed.findtext("{*}title") or "").split() == plain.split()
    assert {each.tag.rpartition("}")[2] for each in feed.iter()} <= {
        *("feed", "id", "title", "subtitle", "updated", "author", "name", "link", "entry"),
        "summary",
    }


def check_calendar(table: Table) -> None:
    lines = table.read("/s/SPACE/calendar.ics").content.split(b"\r\n")
    names = {line.partition(b":")[0].partition(b";")[0] for line in lines if line[:1] != b" "}
    assert b"X" not in names
    assert lines.count(b"END:VEVENT") == lines.count(b"BEGIN:VEVENT") == 2


def said_in(data: Any) -> set[str]:  # noqa: ANN401 - JSON is anything
    """Every text in some JSON."""
    if isinstance(data, dict):
        return set().union(*(said_in(each) for each in data.values()))
    if isinstance(data, list):
        return set().union(*(said_in(each) for each in data))
    return {data} if isinstance(data, str) else set()


@pytest.mark.parametrize(
    "address",
    [
        "https://a.example; script-src *",
        "https://a.example\r\nx-evil: 1",
        "https://a.example 'unsafe-inline'",
        "javascript:alert(1)",
        'https://a.example"><script>',
        "https://a.example/\u2028",
        "*",
    ],
)
def test_a_door_that_is_no_address_is_no_door(table: Table, address: str) -> None:
    found(table, HARMLESS, "")
    table.say(table.founder.device, Door(address))
    answer = table.read("/s/SPACE")
    assert answer.headers["content-security-policy"] == write_policy()
    assert 'data-doors=""' in answer.text
