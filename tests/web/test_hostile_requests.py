"""What pages and programs send to a door that mean harm: they are told no, and nothing breaks."""

import json
from collections.abc import Iterator
from xml.etree import ElementTree as ET

import pytest
from litestar import Litestar
from litestar.routes import HTTPRoute
from litestar.testing import TestClient

from beanjar.base.limits import REQUEST_BYTES
from beanjar.web.app import make_app
from beanjar.web.reach import Reach
from beanjar.web.sheets import ADDRESS
from tests.web.hostile import open_door
from tests.web.table import BYTES, Table

EVIL = "https://evil.example"
CROSS = {"origin": EVIL, "referer": f"{EVIL}/", "sec-fetch-site": "cross-site"}
PLAIN = {"content-type": "text/plain;charset=UTF-8"}
"""What a page elsewhere may send without asking first."""


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Table]:
    with open_door(tmp_path_factory.mktemp("hostile")) as table:
        yield table


@pytest.mark.parametrize(
    "host",
    [
        'evil.example"><script>alert(1)</script>',
        "evil.example/x?y#z",
        "evil.example:1@b",
        "e\x00 v",
    ],
)
def test_a_forged_name_of_a_host_is_not_gone_by_and_breaks_no_page(table: Table, host: str) -> None:
    for path in ("/", "/source", "/s/SPACE", "/s/SPACE/feed.atom", "/s/SPACE/calendar.ics"):
        assert table.read(path, {"host": host}).status_code in {400, 421}, path
    with TestClient(make_app(table.node, reach=Reach(any_name=True))) as client:
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


def posts(table: Table) -> list[str]:
    """Every address that takes something."""
    app = table.client.app
    assert isinstance(app, Litestar)
    routes = [each for each in app.routes if isinstance(each, HTTPRoute) and "POST" in each.methods]
    return [each.path_format.replace("{space}", table.name) for each in routes]


@pytest.mark.parametrize("body", [b"{}", b"x=1&y=2", b"\x00" * 200, b""])
def test_a_page_elsewhere_that_posts_without_asking_changes_nothing(
    table: Table, body: bytes
) -> None:
    before = table.read("/api").json()
    paths = posts(table)
    assert len(paths) > 5
    for path in paths:
        answer = table.client.post(path, content=body, headers=CROSS | PLAIN)
        assert 400 <= answer.status_code < 500, path
        assert "access-control-allow-credentials" not in answer.headers
        assert "set-cookie" not in answer.headers
    assert table.read("/api").json() == before


def test_what_is_too_large_is_refused_wherever_it_is_sent(table: Table) -> None:
    def pieces() -> Iterator[bytes]:
        for _ in range(REQUEST_BYTES // 2**16 + 1):
            yield b"[" * 2**16

    for path in posts(table):
        for content in (bytes(REQUEST_BYTES + 1), pieces()):
            for kind in (BYTES, {"content-type": "application/json"}):
                answer = table.client.post(path, content=content, headers=kind)
                assert 400 <= answer.status_code < 500, (path, answer.text)
    assert table.client.post("/api/spaces", content=pieces(), headers=BYTES).status_code == 413


@pytest.mark.parametrize(
    "body", [b"[" * 100_000, b'{"a":' * 100_000, b'{"ids":[1e999]}', b"\xff\xfe", b'"\\ud800"']
)
def test_json_that_is_made_to_break_a_reader_does_not(table: Table, body: bytes) -> None:
    keeper = {"authorization": f"Bearer {table.node.token}", "content-type": "application/json"}
    for path in posts(table):
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
