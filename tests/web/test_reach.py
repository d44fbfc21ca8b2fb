"""What a door knows of itself: where its pages are, and who can open them."""

import pytest
from litestar.testing import TestClient

from beanjar.node.node import Node
from beanjar.web.app import make_app
from beanjar.web.reach import Reach, WrongName, reach_at, reach_near, reach_public

DOORS = (reach_at("127.0.0.1", 2326), reach_near("ada", 2326), reach_public("jar.example.org"))


def test_a_door_tells_where_its_pages_are_and_who_can_open_them(node: Node) -> None:
    with TestClient(make_app(node, reach=Reach(DOORS)), base_url="http://127.0.0.1") as door:
        assert door.get("/api").json()["doors"] == [
            {"url": "http://127.0.0.1:2326", "open_to": "this machine"},
            {"url": "http://ada.local:2326", "open_to": "this network"},
            {"url": "https://jar.example.org", "open_to": "everyone"},
        ]


def test_a_door_goes_by_the_names_at_which_it_is_reached(node: Node) -> None:
    with TestClient(make_app(node, reach=Reach(DOORS)), base_url="http://127.0.0.1") as door:
        for host in ("ada.local:2326", "Jar.Example.org", "jar.example.org:443", "localhost"):
            assert door.get("/api", headers={"host": host}).status_code == 200, host
        for host in ("ben.local", "example.org", "ada.local.example", ""):
            assert door.get("/api", headers={"host": host}).status_code == 421, host


def test_an_address_in_figures_is_nobodys_to_lead_elsewhere(node: Node) -> None:
    with TestClient(make_app(node), base_url="http://127.0.0.1") as door:
        for host in ("192.168.1.5:2326", "10.0.0.1", "[fe80::1]:2326", "[::1]"):
            assert door.get("/api", headers={"host": host}).status_code == 200, host
        for host in ("192.168.1.5.example", "1.2.3", "[fe80::1].example"):
            assert door.get("/api", headers={"host": host}).status_code == 421, host


@pytest.mark.parametrize(
    ("host", "open_to"),
    [
        ("127.0.0.1", "this machine"),
        ("::1", "this machine"),
        ("localhost", "this machine"),
        ("192.168.1.5", "this network"),
        ("fe80::1", "this network"),
        ("kitchen", "this network"),
        ("8.8.8.8", "everyone"),
    ],
)
def test_who_reaches_an_address_shows_in_it(host: str, open_to: str) -> None:
    assert reach_at(host, 80).open_to == open_to


def test_an_ipv6_address_stands_in_brackets() -> None:
    assert reach_at("::1", 2326).url == "http://[::1]:2326"
    assert Reach((reach_at("::1", 2326),)).hosts == {"::1"}


def test_a_public_name_is_read_as_people_write_it() -> None:
    for written in ("jar.example.org", "Jar.Example.org", "https://jar.example.org/"):
        assert reach_public(written).url == "https://jar.example.org"
    assert reach_public("jar.example.org:8443").url == "https://jar.example.org:8443"


@pytest.mark.parametrize(
    "written", ["", "http://jar.example.org", "jar.example.org/x", "a b", "*", "jar..org", "a:b"]
)
def test_what_is_no_public_name_is_refused(written: str) -> None:
    with pytest.raises(WrongName, match="Give the name alone"):
        reach_public(written)
