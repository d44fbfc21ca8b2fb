from litestar.testing import TestClient

from beanjar.node.node import Node
from beanjar.space.charter import Profile
from beanjar.testing.people import Person
from beanjar.web.app import make_app
from beanjar.web.reach import Reach, reach_near
from beanjar.web.sheets import ADDRESS
from tests.web.table import Table

EVERYWHERE = ["/", "/api", "/api/spaces/SPACE", "/s/SPACE", "/nothing", f"{ADDRESS}/beanjar.css"]
A_SPACE = ["/api/spaces/SPACE", "/s/SPACE.json", "/s/SPACE/people.json", "/s/SPACE/hands.json"]
ELSEWHERE = {"origin": "https://elsewhere.example"}


def test_every_answer_tells_browsers_to_trust_this_node_alone(table: Table) -> None:
    for path in EVERYWHERE:
        headers = table.read(path).headers
        policy = headers["content-security-policy"].split("; ")
        assert "default-src 'self'" in policy, path
        assert "frame-ancestors 'none'" in policy, path
        assert "unsafe" not in headers["content-security-policy"], path
        assert headers["x-content-type-options"] == "nosniff", path
        assert headers["referrer-policy"] == "same-origin", path


def test_pages_elsewhere_may_read_a_space_whose_id_they_know(table: Table) -> None:
    for path in A_SPACE:
        answer = table.read(path, headers=ELSEWHERE)
        assert answer.status_code == 200, path
        assert answer.headers["access-control-allow-origin"] == "*", path
        assert "access-control-allow-credentials" not in answer.headers, path


def test_pages_elsewhere_may_read_why_they_were_refused(table: Table) -> None:
    answer = table.post(b"")
    assert answer.status_code == 400
    assert answer.headers["access-control-allow-origin"] == "*"


def test_pages_elsewhere_may_hand_in_what_was_signed(table: Table) -> None:
    wished = ELSEWHERE | {
        "access-control-request-method": "POST",
        "access-control-request-headers": "content-type",
    }
    answer = table.client.options(f"/api/spaces/{table.name}/runs", headers=wished)
    assert answer.status_code == 204
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "POST" in answer.headers["access-control-allow-methods"]
    assert answer.headers["access-control-allow-headers"] == "content-type"


def test_pages_elsewhere_cannot_find_out_which_spaces_are_here(table: Table) -> None:
    for path in ("/", "/.json", "/api", "/api/spaces", "/api/events", "/schema"):
        assert "access-control-allow-origin" not in table.client.options(path).headers, path
        if path != "/api/events":  # which never ends
            assert "access-control-allow-origin" not in table.read(path, ELSEWHERE).headers, path


def test_pages_elsewhere_cannot_do_what_the_keeper_does(table: Table) -> None:
    answer = table.client.options(f"/api/keeper/spaces/{table.name}/device", headers=ELSEWHERE)
    assert "access-control-allow-origin" not in answer.headers


def test_a_node_goes_by_its_own_machines_names(table: Table) -> None:
    for host in (
        "localhost",
        "LocalHost:80",
        "localhost.",
        "127.0.0.1:8000",
        "[::1]",
        "[::1]:8000",
    ):
        assert table.read("/api", headers={"host": host}).status_code == 200, host


def test_no_other_name_leads_to_a_node(table: Table) -> None:
    for host in ("elsewhere.example", "localhost.elsewhere.example:8000", "127.0.0.1.example"):
        for path in ("/", "/api", "/s/SPACE", f"{ADDRESS}/beanjar.css", "/schema"):
            answer = table.read(path, headers={"host": host})
            assert answer.status_code == 421, path
            assert host.partition(":")[0] in answer.text
            assert table.name not in answer.text


def test_a_node_goes_by_the_names_that_its_keeper_gives_it(node: Node) -> None:
    app = make_app(node, reach=Reach((reach_near("Ada", 8000),)))
    with TestClient(app, base_url="http://ada.local:8000") as door:
        assert door.get("/api").status_code == 200
        assert door.get("/api", headers={"host": "localhost"}).status_code == 200
        assert door.get("/api", headers={"host": "ben.local"}).status_code == 421


def test_a_node_that_everyone_may_read_goes_by_any_name(node: Node) -> None:
    app = make_app(node, reach=Reach(any_name=True))
    with TestClient(app, base_url="http://any.example") as door:
        assert door.get("/api").status_code == 200


def test_what_people_write_stays_text(table: Table, ben: Person) -> None:
    table.say(ben.device, Profile("<script>alert(1)</script>", "a & b"))
    page = table.read("/s/SPACE/people").text
    assert "<script>" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "a &amp; b" in page
