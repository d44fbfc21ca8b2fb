"""What somebody is told who compares a door's pages with their own copy of this program."""

from collections.abc import Callable, Iterator
from hashlib import sha256

import pytest
from msgspec.structs import replace

from beanjar import __version__
from beanjar.web.sheets import STATIC
from tests.main.false_door import FalseDoor
from tests.main.running import RunningNode
from tests.main.terminal import Terminal

FALSE = b"fetch('https://elsewhere.example/')"
SCRIPT = "page/page.js"


@pytest.fixture
def door(shared_node: RunningNode) -> Iterator[FalseDoor]:
    """A door of somebody who is about to cheat."""
    with FalseDoor(shared_node.url) as door:
        yield door


@pytest.fixture
def sceptic(sit_down: Callable[[str], Terminal]) -> Terminal:
    return sit_down("Ada")


def findings(sceptic: Terminal, door: FalseDoor, path: str = "/") -> list[str]:
    told = sceptic.read("doctor", "page", door.url + path, code=1)
    return [each["finding"] for each in told["findings"]]


def put_in_page(door: FalseDoor, more: bytes) -> None:
    door.pages["/"] = door.pages["/"].replace(b"</main>", more + b"</main>")


def test_pages_of_ones_own_node_are_all_alike(ada: Terminal) -> None:
    question = ada.ask()
    [log] = ada.home.logs()
    space = log.space.hex()
    for path in ("/", f"/s/{space}", f"/s/{space}/estimate/{question}", "/source"):
        told = ada.read("doctor", "page", ada.node.url + path)
        assert told["findings"] == []
        assert told["alike"] == told["files"] > 20
        assert told["version"] == told["door_version"] == __version__
    shown = ada("doctor", "page", ada.node.url).stdout
    assert "All is as in this program" in shown
    assert "It can give others something else." in shown


def test_a_door_that_copies_all_is_as_good(sceptic: Terminal, door: FalseDoor) -> None:
    assert sceptic.read("doctor", "page", door.url)["findings"] == []


def test_a_false_script_is_found_though_it_is_listed_as_the_true_one(
    sceptic: Terminal, door: FalseDoor
) -> None:
    door.pages[door.find(SCRIPT).address] += FALSE
    told = sceptic.read("doctor", "page", door.url, code=1)
    assert [each["finding"] for each in told["findings"]] == [
        "“page/page.js” is not the file that the door says it is.",
        "“page/page.js” is not the same as in this program.",
    ]
    assert told["alike"] == told["files"] - 1
    shown = sceptic("doctor", "page", door.url, code=1).stdout
    assert "“page/page.js” is not the same as in this program. Do nothing on pages" in shown
    assert "All is as" not in shown


def test_a_false_script_is_found_though_it_is_listed_as_it_is(
    sceptic: Terminal, door: FalseDoor
) -> None:
    true = door.find(SCRIPT)
    door.pages[true.address] = FALSE
    door.relist(replace(true, size=len(FALSE), sha256=sha256(FALSE).hexdigest()))
    assert findings(sceptic, door) == ["“page/page.js” is not the same as in this program."]


def test_a_door_of_another_version_is_told_as_such(sceptic: Terminal, door: FalseDoor) -> None:
    true = door.find(SCRIPT)
    door.relist(true, version="0.0.1")
    assert sceptic.read("doctor", "page", door.url)["door_version"] == "0.0.1"
    door.pages[true.address] = FALSE
    assert "The door says that it is of version 0.0.1" in findings(sceptic, door)[0]


def test_a_file_too_many_and_one_too_few_are_found(sceptic: Terminal, door: FalseDoor) -> None:
    first, *others = door.source.files
    more = replace(first, name="more.js", address=first.address.replace(first.name, "more.js"))
    door.pages[more.address] = door.pages[first.address]
    door.pages["/"] = b"<!doctype html>"
    door.list(*others, more)
    assert findings(sceptic, door) == [
        f"“{first.name}” of this program is not among the door's files.",
        "“more.js” is a file that this program does not have.",
    ]


def test_a_file_that_is_listed_and_not_handed_out_is_found(
    sceptic: Terminal, door: FalseDoor
) -> None:
    del door.pages[door.find("jar.svg").address]
    [finding] = findings(sceptic, door)
    assert finding.startswith("The door lists “jar.svg” and does not hand it out: ")


def test_a_script_that_the_door_does_not_list_is_found(sceptic: Terminal, door: FalseDoor) -> None:
    for address in ("/more.js", "https://elsewhere.example/more.js", "//elsewhere.example/more.js"):
        honest = door.pages["/"]
        put_in_page(door, f'<script src="{address}"></script>'.encode())
        assert findings(sceptic, door) == [
            f"The page loads {address}, which the door does not list."
        ]
        door.pages["/"] = honest


def test_the_page_that_is_named_is_the_one_that_is_looked_at(
    sceptic: Terminal, door: FalseDoor
) -> None:
    door.pages["/s/one?start=2"] = b'<!doctype html><script src="/more.js"></script>'
    assert len(findings(sceptic, door, "/s/one?start=2")) == 1
    assert sceptic.read("doctor", "page", door.url)["findings"] == []


@pytest.mark.parametrize(
    ("more", "found"),
    [
        (b"<script>alert(1)</script>", "a script of its own in it"),
        (b"<svg><SCRIPT>alert(1)</SCRIPT></svg>", "a script of its own in it"),
        (b'<p OnClick="alert(1)">a</p>', "a script in an attribute, onclick"),
        (b'<a href=" java\nscript:alert(1)">a</a>', "a script in a link"),
        (b"<style>p { color: red }</style>", "a style of its own in it"),
        (b'<base href="/more/">', "a <base> in it"),
        (b'<iframe src="/more"></iframe>', "a <iframe> in it"),
        (b'<meta http-equiv="Refresh" content="0; url=/more">', "an order to go elsewhere"),
        (b"<!-- <script>alert(1)</script> -->", "something in it that may be a script or not"),
        (b"<p>\0</p>", "something in it that may be a script or not"),
    ],
)
def test_what_a_page_could_run_otherwise_is_found(
    sceptic: Terminal, door: FalseDoor, more: bytes, found: str
) -> None:
    put_in_page(door, more)
    assert findings(sceptic, door) == [f"The page has {found}; Beanjar's own pages do not."]


def test_a_page_that_cannot_be_read_is_found(sceptic: Terminal, door: FalseDoor) -> None:
    put_in_page(door, b"\xff")
    assert findings(sceptic, door) == ["The page is not in UTF-8, so it cannot be read here."]


def test_files_that_only_seem_to_lie_together_are_found(sceptic: Terminal, door: FalseDoor) -> None:
    """A script is asked for what it imports from its own place, whatever is listed."""
    true = door.find("page/acts.js")
    elsewhere = replace(true, address=f"/static/{'0' * 16}/page/acts.js")
    door.pages[elsewhere.address] = door.pages[true.address]
    door.pages[true.address] = FALSE
    door.relist(elsewhere)
    assert findings(sceptic, door) == ["The door's files lie in several places."]


@pytest.mark.parametrize("place", ["http://127.0.0.1:9/", "//127.0.0.1:9/", "/static/x?", "/../"])
def test_the_terminal_asks_for_nothing_but_files_where_files_lie(
    sceptic: Terminal, door: FalseDoor, place: str
) -> None:
    door.relist(replace(door.find("page/acts.js"), address=f"{place}page/acts.js"))
    assert "The door says that “page/acts.js” lies where no file does." in findings(sceptic, door)


def test_a_door_that_does_not_say_what_its_pages_load_is_told_of(
    sceptic: Terminal, door: FalseDoor
) -> None:
    for listed in (b"{}", b"<!doctype html>"):
        door.pages["/source.json"] = listed
        [finding] = findings(sceptic, door)
        assert finding.startswith("This door does not say what its pages load: ")
    del door.pages["/source.json"]
    assert len(findings(sceptic, door)) == 1


def test_a_page_that_is_not_there_is_a_sentence(sceptic: Terminal, door: FalseDoor) -> None:
    assert "(404)" in sceptic.refused("doctor", "page", f"{door.url}/nothing")
    assert "No node answers" in sceptic.refused("doctor", "page", "http://127.0.0.1:9/")


@pytest.mark.parametrize(
    "url", ["beans.example", "ftp://beans.example/", "http://", "http://[", ""]
)
def test_what_is_no_address_is_a_sentence(sceptic: Terminal, url: str) -> None:
    assert "is no address of a page" in sceptic.refused("doctor", "page", url)


def test_what_is_compared_with_is_what_lies_on_this_disk(sceptic: Terminal) -> None:
    told = sceptic.read("doctor", "page", sceptic.node.url)
    files = [each for each in STATIC.rglob("*") if each.is_file()]
    assert told["files"] == len(files) - 1  # without the list of licences


def test_doctor_alone_looks_at_ones_own_node(sceptic: Terminal) -> None:
    data = ("--data", str(sceptic.node.folder))
    alone, named = sceptic.read("doctor", *data), sceptic.read("doctor", "node", *data)
    assert alone == named
    told = sceptic("doctor", "--help").stdout
    assert "node" in told
    assert "page" in told
