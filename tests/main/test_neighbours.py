"""Stories of two nodes: a ticket leads from one to the other, and what is said becomes safe."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec
import pytest

from beanjar.base.clock import MINUTE
from beanjar.space.ticket import NodeAddress, Ticket, read_ticket, write_ticket
from beanjar.testing.clock import HandClock
from tests.main.running import Room, RunningNode
from tests.main.terminal import BEANS, Terminal
from tests.sights import believe, star
from tests.sights import key_of as node_key

LOOKS = 50
"""How often one looks at what is about to be told, before one gives up."""
NOWHERE = NodeAddress("ab" * 32, ("192.0.2.1:2327",))


class Homes(NamedTuple):
    """Two people, each at the node that they keep."""

    room: Room
    ada: Terminal
    ben: Terminal


@pytest.fixture
def homes(tmp_path: Path) -> Iterator[Homes]:
    """Ada has founded a space; Ben's node knows nothing of it yet."""
    room, clock = Room(), HandClock()
    nodes = [RunningNode(tmp_path / f"{name}'s node", clock, room) for name in ("Ada", "Ben")]
    ada, ben = Terminal(tmp_path / "Ada", nodes[0]), Terminal(tmp_path / "Ben", nodes[1])
    ada("me", "new", "Ada")
    ada.found()
    ben("me", "new", "Ben")
    yield Homes(room, ada, ben)
    for node in nodes:
        node.stop()
    room.stop()


def without_doors(ticket: str) -> str:
    return write_ticket(msgspec.structs.replace(read_ticket(ticket), doors=()))


def join(homes: Homes) -> str:
    """Let Ben join at his own node; return what he is told."""
    ticket = without_doors(homes.ada.ticket(*homes.ada.own))
    return homes.ben("space", "join", ticket, *homes.ben.own).stdout


def key_of(terminal: Terminal) -> bytes:
    assert terminal.node.peers is not None
    return terminal.node.peers.endpoint.key


def part(homes: Homes) -> None:
    """Let the two nodes reach one another no more."""
    homes.room.call(lambda: homes.room.board.part([key_of(homes.ada)], [key_of(homes.ben)]))


def meet_again(homes: Homes) -> None:
    homes.room.call(homes.room.board.part)
    homes.ada.node.clock.pass_time(10 * MINUTE)


def test_a_ticket_leads_a_space_to_ones_own_node(homes: Homes) -> None:
    assert "You joined “The market”" in join(homes)
    space = homes.ben.home.logs()[0].space
    ada_node, ben_node = homes.ada.node.node, homes.ben.node.node
    assert ben_node.space(space).members.founding == ada_node.space(space).members.founding
    people = homes.ben.read("space", "show")["members"]["members"]
    assert [each["name"] for each in people] == ["Ada", "Ben"]
    assert "in that space already" in homes.ben.refused(
        "space", "join", homes.ada.ticket(), *homes.ben.own
    )


def test_a_ticket_names_the_node_and_its_neighbours(homes: Homes) -> None:
    join(homes)
    nodes = read_ticket(homes.ben.ticket(*homes.ben.own)).nodes
    assert [each.key for each in nodes] == [key_of(homes.ben).hex(), key_of(homes.ada).hex()]
    assert all(each.addresses for each in nodes)
    nobody = read_ticket(homes.ben.ticket("--data", "/nowhere")).nodes
    assert [each.key for each in nobody] == [key_of(homes.ben).hex()]


def test_where_nobody_can_be_reached_one_is_told_and_the_node_goes_on(homes: Homes) -> None:
    ticket = without_doors(homes.ada.ticket())
    part(homes)
    refused = homes.ben.refused("space", "join", ticket, *homes.ben.own, "--timeout", "0.5")
    assert "could be reached within 0.5 seconds" in refused
    assert read_ticket(ticket).nodes[0].addresses[0] in refused
    told = homes.ben.read("doctor", *homes.ben.own)
    assert "Nothing of the space" in str(told["findings"])
    assert "arriving" in homes.ben("peers", *homes.ben.own).stdout
    meet_again(homes)
    assert "You joined" in homes.ben("space", "join", ticket, *homes.ben.own).stdout


def test_who_has_a_ticket_to_a_node_behind_a_relay_is_told_to_use_it_too(homes: Homes) -> None:
    nodes = (NodeAddress("ab" * 32, ("https://relay.example", "192.0.2.1:2327")),)
    ticket = write_ticket(Ticket("cd" * 32, nodes=nodes))
    refused = homes.ben.refused("space", "join", ticket, *homes.ben.own, "--timeout", "0.5")
    assert "Addresses tried: 192.0.2.1:2327. By relay it is reached if" in refused
    assert "beanjar up --relay https://relay.example." in refused


def test_a_ticket_to_nodes_only_takes_a_node_of_ones_own(homes: Homes) -> None:
    ticket = without_doors(homes.ada.ticket())
    homes.ben.url = None
    refused = homes.ben.refused("space", "join", ticket, "--data", "/nowhere")
    assert "Start one: beanjar up." in refused


def test_who_does_not_keep_the_node_here_joins_through_a_door(
    homes: Homes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "keeper.token").write_bytes(bytes(32))
    monkeypatch.setattr("beanjar.main.session.DOOR", homes.ben.url)
    homes.ben.url = None
    joined = homes.ben("space", "join", homes.ada.ticket(), "--data", str(tmp_path))
    assert "Only this node's keeper" in joined.stderr
    assert "You joined" in joined.stdout
    assert homes.ben.node.node.spaces() == []


def test_a_node_that_is_alone_leaves_it_to_the_doors(
    homes: Homes, own_node: RunningNode, tmp_path: Path
) -> None:
    cal = Terminal(tmp_path / "Cal", own_node)
    cal("me", "new", "Cal")
    refused = cal.refused("space", "join", without_doors(homes.ada.ticket()), *cal.own)
    assert "speaks with no other nodes" in refused


def test_what_is_said_is_sent_and_then_told_of_others(homes: Homes) -> None:
    assert homes.ada("estimate", "ask", *BEANS, "--closes", "tonight", "--yes").stdout.startswith(
        "It is open. Sent.\n"
    )
    join(homes)
    question = homes.ada.read("estimate", "list")["questions"][0]["id"]
    answered = homes.ada("estimate", "answer", question, "871", "--yes").stdout
    assert "Sent. It is on your node's disk. So far 1 other node has it too." in answered
    assert not homes.ada.read("estimate", "answer", question, "872", "--yes")["safe"]
    assert not homes.ada.home.logs()[0].is_safe


def test_what_enough_nodes_have_is_safe_and_not_looked_after_again(
    homes: Homes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("beanjar.node.standing.SAFE_AT", 1)
    join(homes)
    assert homes.ben.home.logs()[0].is_safe
    assert not homes.ada.home.logs()[0].is_safe  # nobody had it when she founded the space
    for _ in range(LOOKS):  # until they have told one another that they hold the same
        homes.ada("space", "show")
        if homes.ada.home.logs()[0].is_safe:
            break
    assert homes.ada.home.logs()[0].is_safe
    asked = homes.ada.read("estimate", "ask", *BEANS, "--closes", "tonight", "--yes")
    assert asked["safe"]
    answered = homes.ben("estimate", "answer", asked["question"], "871", "--yes").stdout
    assert "Safe: 1 other node has it too." in answered


def test_a_node_that_lacks_ones_answer_says_so(homes: Homes) -> None:
    join(homes)
    question = homes.ada.ask()
    part(homes)
    homes.ada("estimate", "answer", question, "871", "--yes")
    assert "witnessed by" in homes.ada("estimate", "show", question).stdout
    homes.ada.url = homes.ben.url
    shown = homes.ada("estimate", "show", question).stdout
    assert "Your answer has not arrived at this node yet." in shown


def test_what_only_a_lost_node_had_is_handed_in_at_another_door(homes: Homes) -> None:
    ticket = homes.ada.ticket("--door", homes.ada.node.url)
    homes.ben("space", "join", ticket, *homes.ben.own)
    (log,) = homes.ben.home.logs()
    part(homes)
    assert "Sent." in homes.ben("space", "leave").stdout
    assert homes.ada.node.node.head(log.space, log.read(0).key).seq < log.head.seq
    homes.ben.node.stop()
    homes.ben.url = None
    shown = homes.ben("space", "show", log.space.hex())
    assert "Sent what was kept on this machine for The market." in shown.stderr
    assert homes.ada.node.node.head(log.space, log.read(0).key).seq == log.head.seq


def test_a_node_that_was_named_learns_of_no_space_for_that(
    homes: Homes, own_node: RunningNode
) -> None:
    (log,) = homes.ada.home.logs()
    homes.ada.url = own_node.url
    assert "does not carry that space" in homes.ada.refused("space", "show")
    assert own_node.node.spaces() == []
    assert not log.is_safe


def test_peers_shows_who_is_there_and_how_far_spaces_have_come(homes: Homes) -> None:
    lonely = homes.ada("peers", *homes.ada.own).stdout
    assert "No other node is connected. Give somebody a ticket: beanjar space ticket" in lonely
    join(homes)
    shown = homes.ben("peers", *homes.ben.own).stdout
    assert key_of(homes.ada).hex()[:8] in shown
    assert "we dialled" in shown
    assert "dialled us" in homes.ada("peers", *homes.ada.own).stdout
    assert "The market" in shown
    [neighbour] = homes.ben.read("peers", *homes.ben.own)["neighbours"]
    assert neighbour["spaces"] == [homes.ben.home.logs()[0].space.hex()]
    assert min(neighbour["sent"], neighbour["received"]) > 0


def test_network_shows_who_holds_a_space_and_what_is_left_without_a_node(homes: Homes) -> None:
    alone = homes.ada("network").stdout
    assert "This node holds the only copy of the space that it knows of." in alone
    join(homes)
    shown = homes.ada("network", "The market").stdout
    assert shown.startswith("Two nodes ")
    assert "a neighbour" in shown
    ben = key_of(homes.ben).hex()
    without = homes.ada("network", "--without", ben[:8]).stdout
    assert without.startswith("Nobody would be cut off. All that is here would still be on 1 node.")
    told = homes.ada.read("network", "--without", ben)
    assert [each["key"] for each in told["nodes"]] == [key_of(homes.ada).hex(), ben]
    assert (told["left"]["loss"]["node"], told["left"]["kind"]["name"]) == (ben, "small")
    assert homes.ada.read("network")["left"] is None


def test_network_says_what_it_withstands_and_which_keys_it_does_not_know(homes: Homes) -> None:
    (log,), peers = homes.ada.home.logs(), homes.ada.node.peers
    assert peers is not None
    now = homes.ada.node.clock.now()
    homes.room.call(lambda: believe(peers, log.space, star(9), now))
    shown = homes.ada("network", "--without", node_key("hub").hex()).stdout
    assert "7 nodes would be cut off from the rest" in shown
    assert "This network is centralized: it hangs on one node." in shown
    assert "most links first" in shown
    assert "has a key that begins with “zz”" in homes.ada.refused("network", "--without", "zz")
    assert "nodes have a key that begins with “”" in homes.ada.refused("network", "--without", "")


def test_peers_is_for_the_keeper_of_a_node_that_runs(
    homes: Homes, own_node: RunningNode, tmp_path: Path
) -> None:
    assert "There is no node in" in homes.ada.refused("peers", "--data", str(tmp_path / "none"))
    homes.ada.url = "http://127.0.0.1:9"
    assert "Start yours: beanjar up" in homes.ada.refused("peers", *homes.ada.own)
    homes.ada.url = "http://example.invalid"
    assert "on which your node runs" in homes.ada.refused("peers", *homes.ada.own)
    homes.ada.url = own_node.url
    alone = homes.ada.refused("peers", "--data", str(own_node.folder))
    assert "speaks with no other nodes" in alone


def test_a_ticket_that_would_be_too_long_to_draw_names_fewer_nodes(homes: Homes) -> None:
    assert len(write_ticket(Ticket("ab" * 32, nodes=(NOWHERE,)))) < 400
    door = "http://" + "a" * 1_960
    join(homes)
    written = homes.ben.ticket(*homes.ben.own, "--door", door)
    assert len(read_ticket(written).nodes) == 1
    assert len(written) <= 2_953
