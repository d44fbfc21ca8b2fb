"""People, pages and programs that mean harm, at a door: what they say does nothing but be read."""

import asyncio
import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from litestar import Litestar
from litestar.routes import HTTPRoute
from litestar.testing import TestClient

from beanjar.base.clock import HOUR
from beanjar.base.limits import REQUEST_BYTES
from beanjar.node.folder import Folder
from beanjar.node.node import Node
from beanjar.ops.run import write_run
from beanjar.space.charter import Founding, Profile
from beanjar.space.doors import Door
from beanjar.space.question import Open, Terms
from beanjar.testing.clock import HandClock
from beanjar.testing.people import Person
from beanjar.tools.estimate import TOOL as ESTIMATE
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
from beanjar.web.app import make_app
from beanjar.web.policy import write_policy
from beanjar.web.reach import Reach
from beanjar.web.sheets import ADDRESS
from tests.web.hands import TOOL
from tests.web.table import BYTES, Table
from tests.web.test_site import check_page

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
EVIL = "https://evil.example"
CROSS = {"origin": EVIL, "referer": f"{EVIL}/", "sec-fetch-site": "cross-site"}
PLAIN = {"content-type": "text/plain;charset=UTF-8"}
"""What a page elsewhere may send without asking first."""
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
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    """A node with the tool whose questions have the most that people write."""
    node = Node(Folder(tmp_path_factory.mktemp("hostile") / "node"), [TOOL, ESTIMATE], HandClock())
    yield node
    asyncio.run(node.stop())


@pytest.fixture(scope="module")
def app(node: Node) -> Litestar:
    return make_app(node)


@pytest.fixture(scope="module")
def table(app: Litestar, node: Node) -> Iterator[Table]:
    """One door for all of it, with a space in which nobody means harm."""
    clock = node.clock
    assert isinstance(clock, HandClock)
    with TestClient(app, base_url="http://127.0.0.1:8000") as client:
        table = Table(client, node, clock, Person("Ada"))
        assert table.found().status_code == 201
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


@pytest.mark.parametrize(
    "host",
    [
        'evil.example"><script>alert(1)</script>',
        "evil.example/x?y#z",
        "evil.example:1@b",
        "e\x00 v",
    ],
)
def test_a_forged_name_of_a_host_is_not_gone_by_and_breaks_no_page(
    table: Table, node: Node, host: str
) -> None:
    for path in ("/", "/source", "/s/SPACE", "/s/SPACE/feed.atom", "/s/SPACE/calendar.ics"):
        assert table.read(path, {"host": host}).status_code in {400, 421}, path
    with TestClient(make_app(node, reach=Reach(any_name=True))) as client:
        for path in ("/source", f"/s/{table.name}", f"/s/{table.name}/feed.atom"):
            answer = client.get(path, headers={"host": host})
            assert answer.status_code in {200, 400, 421}, path
            assert "<script>" not in answer.text
            if path.endswith(".atom") and answer.status_code == 200:
                ET.fromstring(answer.content)  # noqa: S314 - our own


def test_a_name_that_is_forwarded_is_not_believed(table: Table) -> None:
    forged = {"x-forwarded-host": "evil.example", "forwarded": "host=evil.example"}
    for path in ("/", "/source", "/s/SPACE", "/s/SPACE/feed.atom", "/s/SPACE/calendar.ics"):
        answer = table.read(path, forged)
        assert answer.status_code == 200
        assert "evil.example" not in answer.text


def posts(app: Litestar, space: str) -> list[str]:
    """Every address that takes something."""
    routes = [each for each in app.routes if isinstance(each, HTTPRoute) and "POST" in each.methods]
    return [each.path_format.replace("{space}", space) for each in routes]


@pytest.mark.parametrize("body", [b"{}", b"x=1&y=2", b"\x00" * 200, b""])
def test_a_page_elsewhere_that_posts_without_asking_changes_nothing(
    table: Table, app: Litestar, body: bytes
) -> None:
    before = table.read("/api").json()
    paths = posts(app, table.name)
    assert len(paths) > 5
    for path in paths:
        answer = table.client.post(path, content=body, headers=CROSS | PLAIN)
        assert 400 <= answer.status_code < 500, path
        assert "access-control-allow-credentials" not in answer.headers
        assert "set-cookie" not in answer.headers
    assert table.read("/api").json() == before


def test_what_is_too_large_is_refused_wherever_it_is_sent(table: Table, app: Litestar) -> None:
    def pieces() -> Iterator[bytes]:
        for _ in range(REQUEST_BYTES // 2**16 + 1):
            yield b"[" * 2**16

    for path in posts(app, table.name):
        for content in (bytes(REQUEST_BYTES + 1), pieces()):
            for kind in (BYTES, {"content-type": "application/json"}):
                answer = table.client.post(path, content=content, headers=kind)
                assert 400 <= answer.status_code < 500, (path, answer.text)
    assert table.client.post("/api/spaces", content=pieces(), headers=BYTES).status_code == 413


@pytest.mark.parametrize(
    "body", [b"[" * 100_000, b'{"a":' * 100_000, b'{"ids":[1e999]}', b"\xff\xfe", b'"\\ud800"']
)
def test_json_that_is_made_to_break_a_reader_does_not(
    table: Table, app: Litestar, body: bytes
) -> None:
    keeper = {"authorization": f"Bearer {table.node.token}", "content-type": "application/json"}
    for path in posts(app, table.name):
        answer = table.client.post(path, content=body, headers=keeper)
        assert answer.status_code < 500, path


@pytest.mark.parametrize(
    "path",
    [
        f"{ADDRESS}/../app.py",
        f"{ADDRESS}/%2e%2e/app.py",
        f"{ADDRESS}/..%2fapp.py",
        f"{ADDRESS}/%2e%2e%2f%2e%2e%2fweb%2fapp.py",
        f"{ADDRESS}//etc/passwd",
        f"{ADDRESS}/%00",
        f"{ADDRESS}/beanjar.css%00.js",
        f"{ADDRESS}/{'x' * 5_000}",
        f"{ADDRESS}/page",
        f"{ADDRESS}/%ff",
        '/s/SPACE"><script>alert(1)</script>',
        "/s/SPACE/%3Cscript%3Ealert(1)%3C/script%3E",
        "/s/SPACE/estimate/%3Cscript%3Ealert(1)%3C/script%3E",
        "/kit/%3Cscript%3E",
        "/api/spaces/%22%0d%0ax-evil:%201/export",
        "/api/spaces/SPACE/operations/..%2f..%2f/files/0",
        "/api/spaces/SPACE/operations/SPACE/files/99999999999999999999",
        "/api/spaces/SPACE/operations/SPACE/files/-1",
    ],
)
def test_an_address_that_is_made_to_harm_leads_nowhere(table: Table, path: str) -> None:
    answer = table.read(path)
    assert 400 <= answer.status_code < 500
    assert "<script>alert" not in answer.text
    assert "x-evil" not in answer.headers
    assert "root:" not in answer.text


@pytest.mark.parametrize(
    "query",
    [
        "language=%22%3E%3Cscript%3E",
        "x=%22%3E%3Cscript%3Ealert(1)%3C/script%3E",
        "start=-1",
        "start=99999999999999999999999999",
        "start=x%3Cscript%3E",
        "%ff=%fe&language=fr%0d%0ax-evil:1",
        "&".join(["a=1"] * 2_000),
    ],
)
def test_a_question_mark_and_what_follows_does_no_harm(table: Table, query: str) -> None:
    for path in ("/", "/s/SPACE/people", "/s/SPACE", "/kit"):
        answer = table.read(f"{path}?{query}")
        assert answer.status_code < 500, path
        assert "<script>" not in answer.text
        assert "x-evil" not in answer.headers


def test_what_names_a_language_badly_is_passed_over(table: Table) -> None:
    cookies = ('language="><script>', "language=fr\x0b", "language=" + "x" * 4_000, "=;=;;")
    for cookie in cookies:
        answer = table.read("/", {"cookie": cookie, "accept-language": "en;q=" + "1" * 400})
        assert answer.status_code == 200
        assert json.dumps(cookie) not in answer.text
        assert "<script>" not in answer.text
