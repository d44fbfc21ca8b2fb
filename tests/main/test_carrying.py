"""Stories of keepers whose nodes leave a space, or have no more room for it."""

from collections.abc import Iterator
from pathlib import Path

import click
import httpx
import pytest

from beanjar.base.clock import DAY, SECOND
from beanjar.main.sizes import Size
from beanjar.node.standing import look_at_space
from beanjar.testing.clock import HandClock
from tests.main.running import Room, RunningNode
from tests.main.started import started
from tests.main.terminal import Terminal

FULL = "carries it no further"


@pytest.fixture
def two(tmp_path: Path) -> Iterator[tuple[Terminal, Terminal]]:
    """Ada has founded a space at her node, and Ben has joined it at his."""
    room, clock = Room(), HandClock()
    nodes = [RunningNode(tmp_path / f"{name}'s node", clock, room) for name in ("Ada", "Ben")]
    ada, ben = Terminal(tmp_path / "Ada", nodes[0]), Terminal(tmp_path / "Ben", nodes[1])
    ada("me", "new", "Ada")
    ada.found()
    ben("me", "new", "Ben")
    ben("space", "join", ada.ticket(*ada.own), *ben.own)
    yield ada, ben
    for node in nodes:
        node.stop()
    room.stop()


def agree(terminal: Terminal) -> None:
    """Let the node and its neighbour compare what they hold, until both know it is the same."""
    node, space = terminal.node, terminal.home.logs()[0].space
    assert node.peers is not None
    for _ in range(100):
        node.pass_time(5 * SECOND)
        if look_at_space(node.peers, space).agreeing:
            return
    raise AssertionError("They never agreed.")


def test_a_node_leaves_once_its_keeper_has_seen_what_is_lost(
    two: tuple[Terminal, Terminal],
) -> None:
    _, ben = two
    agree(ben)
    space = ben.home.logs()[0].space
    leave = ("space", "leave", "The market", "--erase", *ben.own)
    assert "Nothing was erased" in ben.refused(*leave, typed="n\n")
    told = ben(*leave, typed="y\n")
    assert "Your node erases “The market”" in told.stderr
    assert "1 connected with it hold all of it too." in told.stderr
    assert "nothing of it is on its disk" in told.stdout
    assert ben.node.node.spaces() == []
    assert space.hex() in str(ben.read("space", "list"))  # he is still in it
    assert "Your node carries no space." in ben.refused(*leave)


def test_who_leaves_is_told_that_their_node_still_carries_the_space(
    two: tuple[Terminal, Terminal],
) -> None:
    _, ben = two
    told = ben("space", "leave", "The market", *ben.own).stdout
    assert "You left “The market”" in told
    assert "Your node still carries it for others" in told
    assert "--erase" in told


def test_the_only_node_that_has_a_space_does_not_leave_unasked(keeper: Terminal) -> None:
    leave = ("space", "leave", "--erase", "--yes", *keeper.own)
    assert "may be nowhere else" in keeper.refused(*leave)
    keeper(*leave, "--even-so")
    assert keeper.node.node.spaces() == []


def test_a_witness_leaves_only_even_so(two: tuple[Terminal, Terminal]) -> None:
    ada, _ = two
    ada.ask()
    leave = ("space", "leave", "The market", "--erase", "--yes", *ada.own)
    assert "witnesses “How many beans?”" in ada.refused(*leave)
    ada.node.pass_time(DAY)
    ada("space", "leave", "The market", "--erase", "--yes", *ada.own, "--even-so")


def test_a_space_that_was_left_comes_back_with_a_ticket(two: tuple[Terminal, Terminal]) -> None:
    ada, ben = two
    agree(ben)
    ticket = ada.ticket(*ada.own)
    ben("space", "leave", "The market", "--erase", "--yes", *ben.own)
    assert "in that space already" in ben.refused("space", "join", ticket, *ben.own)
    space = ben.home.logs()[0].space
    assert ben.node.node.space(space).members.founding.name == "The market"


def test_a_quota_is_set_shown_told_by_the_doctor_and_raised(keeper: Terminal) -> None:
    space = keeper.home.logs()[0].space
    assert keeper.read("space", "quota", "The market", *keeper.own)["limit"] is None
    told = keeper("space", "quota", "The market", "1kB", *keeper.own).stdout
    assert "may take 1.0 kB" in told
    assert FULL in told
    assert FULL in keeper("doctor", *keeper.own).stdout
    assert "carries this space no further" in keeper.refused("space", "leave")
    page = httpx.get(f"{keeper.url}/s/{space.hex()}")
    assert "carries this space no further" in page.text
    assert httpx.get(f"{page.url}.json").json()["full"]
    free = keeper("space", "quota", "The market", "--none", *keeper.own).stdout
    assert "as much as there is" in free
    assert FULL not in keeper("doctor", *keeper.own).stdout


def test_a_quota_outlives_the_node_and_others_hold_for_all_spaces(
    keeper: Terminal,
) -> None:
    keeper("space", "quota", "The market", "1.5GB", *keeper.own)
    keeper.node.stop()
    keeper.node.start()
    keeper.url = keeper.node.url
    limit = keeper.read("space", "quota", "The market", *keeper.own)["limit"]
    assert limit == 1_500_000_000
    keeper.node.stop()
    with started(keeper.node.folder, "--quota", "1kB", "--quota-in-all", "1kB") as said:
        keeper.url = said["url"]
        assert keeper.read("space", "quota", "The market", *keeper.own)["full"]


@pytest.mark.parametrize(
    ("words", "size"),
    [("1", 1), ("500MB", 500_000_000), ("1.5 gb", 1_500_000_000), ("20 B", 20), ("3kB", 3_000)],
)
def test_a_size_is_read_as_people_write_it(words: str, size: int) -> None:
    assert Size().convert(words, None, None) == size


@pytest.mark.parametrize("words", ["much", "-1MB", "0", "1XB", "99999999TB"])
def test_what_is_no_size_is_refused(words: str) -> None:
    with pytest.raises(click.UsageError, match=r"500MB|too small or too large"):
        Size().convert(words, None, None)
