"""Stories of spaces: founding, tickets, invitations, leaving and coming back."""

from collections.abc import Callable
from pathlib import Path

import msgspec

from beanjar.base.clock import DAY
from beanjar.space.ticket import read_ticket, write_ticket
from tests.main.terminal import Terminal

Sit = Callable[[str], Terminal]


def names(terminal: Terminal) -> list[str]:
    members = terminal.read("space", "show")["members"]["members"]
    return sorted(each["name"] for each in members if not each["left"])


def test_a_new_space_has_a_purpose_a_founder_and_a_witness(sit_down: Sit) -> None:
    ada = sit_down("Ada")
    space = ada.found("--purpose", "Fair prices")
    shown = ada("space", "show").stdout
    for words in ("The market", "Fair prices", "Founded by Ada", "Anyone may join", space):
        assert words in shown
    node = ada.node.node.device.hex()
    assert {each["what"] for each in ada.read("me", "devices")} == {"this one", "the node"}
    assert node in {each["device"] for each in ada.read("me", "devices")}


def test_a_node_that_is_not_ours_is_lent_later_by_its_keeper(sit_down: Sit, tmp_path: Path) -> None:
    ada = sit_down("Ada")
    nowhere = ("--data", str(tmp_path / "nowhere"))
    founded = ada.read("space", "new", "The market", *nowhere)
    assert not founded["witness"]
    assert "space lend" in ada.refused("estimate", "ask", "?", *QUESTION)
    assert "There is no node in" in ada.refused("space", "lend", *nowhere)
    ada("space", "lend", "--data", str(ada.node.folder))
    assert ada.read("estimate", "ask", "?", *QUESTION)["open"]


def test_a_false_token_lends_nothing(sit_down: Sit, tmp_path: Path) -> None:
    ada = sit_down("Ada")
    (tmp_path / "keeper.token").write_bytes(bytes(32))
    founded = ada("space", "new", "The market", "--data", str(tmp_path))
    assert "No node of yours witnesses in it yet" in founded.stdout
    assert "Only this node's keeper" in ada.refused("space", "lend", "--data", str(tmp_path))


def test_anyone_with_the_ticket_of_an_open_space_joins_it(ada: Terminal, sit_down: Sit) -> None:
    ben = sit_down("Ben")
    assert "You joined “The market”" in ben("space", "join", ada.ticket()).stdout
    assert names(ben) == ["Ada", "Ben"]
    assert "in that space already" in ben.refused("space", "join", ada.ticket())


def test_by_invitation_a_guest_comes_in_and_brings_another(sit_down: Sit) -> None:
    ada, ben, cal = sit_down("Ada"), sit_down("Ben"), sit_down("Cal")
    ada.found("--by-invitation")
    ben("space", "join", ada.ticket())
    cal("space", "join", ben.ticket())
    assert names(ada) == ["Ada", "Ben", "Cal"]


def test_without_an_invitation_nothing_is_signed_and_nobody_comes_in(sit_down: Sit) -> None:
    ada, ben = sit_down("Ada"), sit_down("Ben")
    ada.found("--by-invitation")
    late = ada.ticket("--until", "in 1 day")
    bare = write_ticket(msgspec.structs.replace(read_ticket(late), invitation=None))
    assert "by invitation" in ben.refused("space", "join", bare)
    ada.node.pass_time(2 * DAY)
    assert "has run out" in ben.refused("space", "join", late)
    assert not ben.home.logs()
    ben("space", "join", ada.ticket())


def test_a_ticket_can_be_drawn_for_a_phones_camera(ada: Terminal) -> None:
    written, *drawing = ada("space", "ticket", "--qr").stdout.splitlines()
    assert read_ticket(written).space
    assert len(drawing) > 20
    assert any("█" in line for line in drawing)


def test_a_ticket_that_was_cut_off_is_no_ticket(ada: Terminal, sit_down: Sit) -> None:
    assert "Copy the whole of it" in sit_down("Ben").refused("space", "join", ada.ticket()[:-9])


def test_what_is_no_address_in_a_ticket_keeps_nobody_from_its_doors(
    ada: Terminal, sit_down: Sit
) -> None:
    ben = sit_down("Ben")
    ticket = read_ticket(ada.ticket())
    doors = ("http://[", f"http://{'a' * 300}", ada.node.url)
    ben.url = None
    ben("space", "join", write_ticket(msgspec.structs.replace(ticket, doors=doors)))
    assert names(ben) == ["Ada", "Ben"]


def test_a_ticket_that_nobody_could_use_is_not_made(ada: Terminal) -> None:
    assert "begins with http://" in ada.refused("space", "ticket", "--door", "jar.example.org")
    assert "cannot be read as a time" in ada.refused("space", "ticket", "--until", "soon")
    doors = [word for n in range(17) for word in ("--door", f"http://{n}.example")]
    assert "at most 16 doors" in ada("space", "ticket", *doors, code=2).stderr


def test_a_ticket_leads_to_the_door_that_it_names(ada: Terminal, sit_down: Sit) -> None:
    ben = sit_down("Ben")
    ticket = ada.ticket("--door", "http://127.0.0.1:9", "--door", ada.node.url)
    ben.url = None
    ben("space", "join", ticket)
    assert names(ben) == ["Ada", "Ben"]


def test_who_leaves_is_gone_and_may_come_back_with_the_same_log(
    ada: Terminal, ben: Terminal
) -> None:
    ben("space", "leave")
    assert names(ada) == ["Ada"]
    assert "You are in no space" in ben.refused("space", "show")
    assert "left" in ben("space", "list").stdout
    ben("space", "join", ada.ticket())
    assert names(ben) == ["Ada", "Ben"]
    assert len(ben.home.logs()[0]) == 4


def test_a_space_is_called_by_its_name_or_by_how_its_id_begins(sit_down: Sit) -> None:
    ada = sit_down("Ada")
    first = ada.read("space", "new", "One")["space"]
    second = ada.read("space", "new", "Two")["space"]
    for called, space in (("one", first), ("Two", second), (second[:8], second), (first, first)):
        assert ada.read("space", "show", called)["members"]["name"] == (
            "One" if space == first else "Two"
        )
    assert "Which space do you mean?" in ada.refused("space", "show")
    assert "No space of yours" in ada.refused("space", "show", "Three")


QUESTION = ("--kind", "number", "--figure", "mean", "--closes", "tonight", "--yes")
