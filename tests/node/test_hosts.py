"""Real faults: nodes on machines of their own, as far as networks go."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec
import pytest

from beanjar.space.ticket import read_ticket, write_ticket
from tests.node.hosts import CommandFailed, Host, Hosts, make_hosts, wait_until

FIND = 15
"""Seconds within which nodes on one network find each other, on a machine that is busy with other
tests; on one that is not it takes less than one."""
NO_RELAY = "https://127.0.0.1:1"


@pytest.fixture
def hosts(tmp_path: Path) -> Iterator[Hosts]:
    with make_hosts(tmp_path) as made:
        yield made


def without_addresses(ticket: str) -> str:
    """Return a ticket that says which space it is, and not where."""
    return write_ticket(msgspec.structs.replace(read_ticket(ticket), doors=(), nodes=()))


def agree(hosts: Sequence[Host]) -> bool:
    """Say whether nodes are joined, and hold the same of their one space."""
    standings = [host.standing for host in hosts]
    roots = {each["spaces"][0]["root"] for each in standings}
    return len(roots) == 1 and all(each["spaces"][0]["neighbours"] for each in standings)


def names(host: Host, person: str) -> set[str]:
    members = host.ask(person, "space", "show")["members"]["members"]
    return {each["name"] for each in members}


def test_two_nodes_on_one_network_find_each_other_and_share_by_invitation_alone(
    hosts: Hosts,
) -> None:
    cable, a, b, silent = hosts.cable(), hosts.host("a"), hosts.host("b"), hosts.host("silent")
    for number, host in enumerate((silent, a, b), 2):
        host.plug(cable, f"10.7.0.{number}/24")
    silent.up("--no-local", "--relay", NO_RELAY)
    a.up()
    b.up()
    assert wait_until(lambda: bool(b.standing["neighbours"])) < FIND
    assert b.standing["neighbours"][0]["spaces"] == []
    ticket = without_addresses(a.found("Ada"))
    b.join("Ben", ticket)
    assert names(b, "Ben") == {"Ada", "Ben"}
    reached = a.keep("Ada", "doctor")["reached"]
    assert (reached["who"], reached["came"], reached["seen_at"]) == ("this network", 0, [])
    assert silent.standing["neighbours"] == []
    found = str(silent.keep("Eve", "doctor")["findings"])
    assert f"The relay {NO_RELAY} has not been reached." in found


def test_a_node_that_was_simply_started_is_joined_from_another_machine_by_a_ticket_alone(
    hosts: Hosts,
) -> None:
    cable, a, b = hosts.cable(), hosts.host("a"), hosts.host("b")
    a.plug(cable, "10.7.0.2/24")
    b.plug(cable, "10.7.0.3/24")
    a.up()
    ticket = a.found("Ada")
    assert "10.7.0.2:2327" in read_ticket(ticket).nodes[0].addresses
    b.up("--no-local")
    b.join("Ben", ticket)
    assert names(b, "Ben") == {"Ada", "Ben"}
    with pytest.raises(CommandFailed, match="No node answers at http"):
        b.ask("Ben", "doctor", "page", "http://10.7.0.2:2326")


def test_a_keeper_is_told_that_other_nodes_find_theirs_if_they_do(hosts: Hosts) -> None:
    host, words = hosts.host("a"), "Other nodes on this network can find it"
    host.plug(hosts.cable(), "10.7.0.2/24")
    assert words in host.read_greeting()
    assert words not in host.read_greeting("--no-local")
    assert words not in host.read_greeting("--listen", "127.0.0.1:0")


def test_after_losses_a_partition_and_a_sudden_death_nothing_acknowledged_is_lost(
    hosts: Hosts,
) -> None:
    here, there, a, b = hosts.cable(), hosts.cable(), hosts.host("a"), hosts.host("b")
    hosts.long_wire(here, there)
    port = a.plug(here, "10.7.0.2/24")
    b.plug(there, "10.7.0.3/24")
    a.up()
    b.up()
    ticket = a.found("Ada")
    b.join("Ben", ticket)
    wait_until(lambda: agree([a, b]))
    here.cut(port)
    a.join("Cal", ticket)
    b.join("Dan", ticket)
    b.kill()
    b.up()
    b.join("Eve", ticket)
    wait_until(lambda: not a.standing["neighbours"])
    here.mend(port)
    wait_until(lambda: agree([a, b]))
    everybody = {"Ada", "Ben", "Cal", "Dan", "Eve"}
    assert names(a, "Ada") == names(b, "Ben") == everybody


def test_behind_an_address_translation_a_node_joins_and_its_keeper_is_told_why_nobody_comes(
    hosts: Hosts,
) -> None:
    inside, outside = hosts.cable(), hosts.cable()
    a, b = hosts.host("a"), hosts.host("b")
    a.plug(outside, "198.18.0.2/24")
    b.plug(inside, "10.7.0.2/24")
    hosts.router(inside, outside, near="10.7.0.1/24", far="198.18.0.1/24")
    b.route("10.7.0.1")
    a.up()
    b.up()
    b.join("Ben", a.found("Ada"))
    assert names(b, "Ben") == {"Ada", "Ben"}
    reached = b.keep("Ben", "doctor")["reached"]
    assert (reached["who"], reached["seen_at"]) == ("this network", ["198.18.0.1:2327"])
    assert "behind an address translation" in reached["why"]
    assert "UDP port 2327 on to 10.7.0.2" in reached["advice"]
