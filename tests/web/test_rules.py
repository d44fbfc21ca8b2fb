"""The rules of a space."""

import pytest

from beanjar.space.charter import Charter, Profile
from beanjar.space.doors import Door
from beanjar.testing.people import Person
from beanjar.web.reach import read_address
from tests.web.reading import Page, check_page
from tests.web.table import Table


def look(table: Table) -> Page:
    return check_page(table.read("/s/SPACE/rules").text)


def test_the_rules_say_who_founded_the_space_and_that_nobody_changes_them(table: Table) -> None:
    table.say(table.founder.device, Profile("Ada"))
    words = look(table).text("p")
    assert "To eat together." in words
    assert "founded this space" in words
    assert "Nobody can change them" in words
    view = table.read("/s/SPACE/rules.json").json()
    assert view["founder"] == table.founder.id
    assert (view["charter"], view["doors"]) == ({}, [])


def test_the_rules_are_those_of_the_charter(table: Table, ben: Person) -> None:
    words = look(table).text("p")
    assert "Anyone may join." in words
    assert "Nobody can have erased what others said." in words
    assert "who founded the space, and nodes of members for whom 2 others vouch" in words
    table.found(Charter(admission="invitation", erasers=3, witnesses=(ben.id,)))
    table.say(table.founder.device, Profile("Ada"))
    words = look(table).text("p")
    assert "Whom a member invites." in words
    assert "3 members together can have erased what others said." in words
    assert f"The node of someone ({ben.id[:6]}), and nodes of members" in words


def test_the_rules_say_how_many_witnesses_may_fail(table: Table) -> None:
    page = look(table)
    assert page.texts("td") == ["1", "0", "3", "1", "5", "2"]
    assert page.texts("th")[3:] == ["1", "4", "7"]


def test_the_rules_lead_to_the_doors_of_members(table: Table, ben: Person) -> None:
    addresses = {
        "https://jar.example.org": "opens from everywhere",
        "http://ben.local:2326": "opens only on the network where it is",
        "http://127.0.0.1:2326": "opens only on the machine where it is",
        "http://[": "",
    }
    for n, address in enumerate(addresses):
        table.say(ben.new_device(f"node {n}"), Door(address))
    page = look(table)
    assert len(page.values("a", "rel")) - page.values("a", "rel").count("alternate nofollow") == 3
    for address, words in addresses.items():
        assert (f"{address}/s/{table.name}" in page.values("a", "href")) is bool(words)
        assert words in page.text("p")


@pytest.mark.parametrize(
    ("address", "open_to"),
    [
        ("https://jar.example.org", "everyone"),
        ("http://nachbarin.local:2326", "this network"),
        ("http://nachbarin:2326", "this network"),
        ("http://192.168.1.7:2326", "this network"),
        ("http://[fe80::1]:2326", "this network"),
        ("http://9.9.9.9", "everyone"),
        ("http://localhost:2326", "this machine"),
        ("http://[::1]", "this machine"),
    ],
)
def test_who_can_open_a_door_shows_in_its_address(address: str, open_to: str) -> None:
    found = read_address(address)
    assert found is not None
    assert (found.url, found.open_to) == (address, open_to)


@pytest.mark.parametrize("address", ["http://[", "http://[::1", "http://:80", "https://]"])
def test_an_address_that_nothing_can_open_is_none(address: str) -> None:
    assert read_address(address) is None
