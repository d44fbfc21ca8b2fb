"""What somebody is told who wants to know whether their node is well."""

from pathlib import Path

import pytest

from beanjar.main.peers import write_size
from tests.main.keepers import Keepers
from tests.main.running import RunningNode
from tests.main.terminal import BEANS, SOON, Terminal

NAMES = ("Ben", "Cal", "Dan", "Eve")


def own(node: RunningNode) -> tuple[str, str]:
    return ("--data", str(node.folder))


def test_a_node_that_is_down_is_told_how_to_start(tmp_path: Path, own_node: RunningNode) -> None:
    ada = Terminal(tmp_path / "Ada", own_node)
    own_node.stop()
    told = ada("doctor", *own(own_node), code=1).stdout
    assert f"No node answers at {own_node.url}. Start yours: beanjar up." in told
    assert str(own_node.folder) in told
    assert ada.read("doctor", *own(own_node), code=1)["bytes"] > 10_000


def test_the_keeper_of_a_node_is_told_all_of_it(ada: Terminal) -> None:
    told = ada.read("doctor", *own(ada.node))
    assert (told["up"], told["url"], told["folder"]) == (True, ada.node.url, str(ada.node.folder))
    assert told["bytes"] > 10_000
    assert told["health"]["standing"] is None
    shown = ada("doctor", *own(ada.node)).stdout
    assert "Your node speaks with no other nodes. Start it without --alone" in shown


def test_who_keeps_another_node_is_told_so(ada: Terminal, tmp_path: Path) -> None:
    (tmp_path / "keeper.token").write_bytes(bytes(32))
    for folder in (tmp_path, tmp_path / "nothing"):
        assert "is not the one that answers" in ada("doctor", "--data", str(folder)).stdout


def test_a_missing_library_is_told(ada: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("beanjar.main.doctor.find_spec", lambda _: None)
    assert "The library iroh is not installed" in ada("doctor", *own(ada.node)).stdout


def test_a_question_that_waits_is_named_with_whom_it_waits_for(ada: Terminal) -> None:
    Keepers(ada, NAMES)
    options = [word for name in NAMES for word in ("--witness", name)]
    ada.refused("estimate", "ask", *BEANS, *SOON, *options, "--timeout", "0")
    told = ada("doctor", *own(ada.node)).stdout
    assert "“How many beans?” in “The market” waits for the node of Ben, Cal, Dan, Eve." in told
    ada.node.pass_time(11 * 60_000)
    assert "How many beans?" not in ada("doctor", *own(ada.node)).stdout


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1_000, "1.0 kB"),
        (2_340_000, "2.3 MB"),
        (5 * 10**12, "5000.0 GB"),
    ],
)
def test_a_size_is_told_in_a_unit_that_fits(count: int, words: str) -> None:
    assert write_size(count) == words
