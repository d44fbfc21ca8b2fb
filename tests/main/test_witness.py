"""Stories of nodes that offer to witness, of vouching, and of questions that several witness."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from beanjar.base.clock import MINUTE
from beanjar.ops.operation import Operation
from beanjar.space.drawing import draw
from beanjar.space.offers import Vouch
from beanjar.space.question import Ask
from tests.main.keepers import Keepers
from tests.main.running import RunningNode
from tests.main.terminal import BEANS, SOON, Terminal

FRIENDS = ("Ben", "Cal", "Dan", "Eve")


@pytest.fixture
def own(ada: Terminal) -> tuple[str, str]:
    """The option that says where Ada's own node is."""
    return ("--data", str(ada.node.folder))


@pytest.fixture
def friends(ada: Terminal) -> Keepers:
    """Four who offer, and vouch for one another."""
    keepers = Keepers(ada, FRIENDS)
    for person in keepers.people:
        for other in keepers.people:
            keepers.say(person.device, Vouch(other.id))
    return keepers


def offers(terminal: Terminal) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = terminal.read("witness", "list")
    return found


def ask_of(terminal: Terminal, question: str) -> tuple[Operation, Ask]:
    """Return an ask as it was signed."""
    (log,) = terminal.home.logs()
    operation = terminal.node.node.find_operation(log.space, bytes.fromhex(question))
    assert operation is not None
    body = terminal.node.node.space(log.space).vocabulary.read(operation.body or b"")
    assert isinstance(body, Ask)
    return operation, body


def test_a_keeper_offers_their_node_and_takes_it_back(ada: Terminal, own: Sequence[str]) -> None:
    assert "Nobody offers to witness here" in ada("witness", "list").stdout
    assert "It may be drawn for any question." in ada("witness", "offer", *own).stdout
    [offered] = offers(ada)
    assert offered["device"] == ada.node.node.device.hex()
    listed = ada("witness", "list").stdout
    assert f"Ada     {offered['device'][:8]}  trusted from the start  may be drawn" in listed
    assert "A question is given 1 of them." in listed
    ada("witness", "stop", *own)
    assert offers(ada) == []
    assert "nothing to stop" in ada.refused("witness", "stop", *own)


def test_a_node_that_offers_already_does_not_offer_again(ada: Terminal, own: Sequence[str]) -> None:
    assert ada.read("witness", "offer", *own) == ada.read("witness", "offer", *own)


def test_a_node_that_was_not_lent_joins_when_it_offers(
    sit_down: Callable[[str], Terminal], tmp_path: Path
) -> None:
    ada = sit_down("Ada")
    ada("space", "new", "The market", "--data", str(tmp_path / "nowhere"))
    refused = ada.refused("witness", "offer", "--data", str(tmp_path / "nowhere"))
    assert "There is no node in" in refused
    ada("witness", "offer", "The market", "--data", str(ada.node.folder))
    assert [each["may_be_drawn"] for each in offers(ada)] == [True]


def test_a_lost_node_s_offer_is_taken_back_by_its_keeper_alone(
    ada: Terminal, own: Sequence[str], tmp_path: Path
) -> None:
    ada("witness", "offer", *own)
    ada.node.clock.pass_time(1)
    stopped = ada("witness", "stop", "--data", str(tmp_path / "nowhere"))
    assert "Sent." in stopped.stderr
    assert offers(ada) == []


def test_an_offer_that_counts_as_earlier_than_a_stop_is_told(
    ada: Terminal, own: Sequence[str], tmp_path: Path
) -> None:
    ada("witness", "offer", *own)
    ada.node.clock.pass_time(60_000)
    ada("witness", "stop", "--data", str(tmp_path / "nowhere"))
    ada.node.clock.pass_time(-60_000)
    assert "clocks of your machines differ" in ada.refused("witness", "offer", *own)
    ada.node.clock.pass_time(120_000)
    ada("witness", "offer", *own)


def test_two_others_vouch_for_who_was_not_there_from_the_start(
    ada: Terminal, ben: Terminal
) -> None:
    friends = Keepers(ada, ["Cal"])
    assert [each["may_be_drawn"] for each in offers(ada)] == [False]
    ada("witness", "vouch", "Cal", "--yes")
    listed = ada("witness", "list").stdout
    assert "1 of 2 vouch" in listed
    assert "not yet" in listed
    assert "None of them may be drawn yet." in listed
    ben("witness", "vouch", friends.people[0].id[:12], "--yes")
    assert [each["may_be_drawn"] for each in offers(ada)] == [True]
    assert "2 vouch  may be drawn" in ada("witness", "list").stdout
    assert "You vouch for Cal no more" in ben("witness", "unvouch", "cal").stdout
    assert [each["vouched_by"] for each in offers(ada)] == [1]
    assert "Only others can vouch for you" in ben.refused("witness", "vouch", "Ben", "--yes")
    assert "Nobody here is called" in ben.refused("witness", "vouch", "Zoe", "--yes")


def test_nobody_vouches_without_a_yes(ada: Terminal, ben: Terminal) -> None:
    refused = ada("witness", "vouch", "Ben", typed="n\n", code=1)
    assert "that you know Ben" in refused.stderr
    said = [each.body or b"" for each in ada.home.logs()[0].read_from(0)]
    assert not [body for body in said if b"member.vouch" in body]
    ada("witness", "vouch", "Ben", typed="y\n")
    assert b"member.vouch" in (ada.home.logs()[0].read_from(0)[-1].body or b"")
    assert ben.home.me.person.encode() in (ada.home.logs()[0].read_from(0)[-1].body or b"")


def accept_as_they_wait(
    patch: pytest.MonkeyPatch, node: RunningNode, friends: Keepers, places: Sequence[int]
) -> None:
    """Let one more node accept whatever was asked last, each time that somebody waits."""
    left = list(places)

    def tick() -> None:
        if left:
            space = node.node.space(friends.space)
            friends.accept(left.pop(0), space.subjects(space.tools[0])[0])

    patch.setattr(node, "tick", tick)


@pytest.mark.parametrize("places", [(0, 1, 2, 3), (2, 0, 3, 1), (3, 2, 1, 0)])
def test_four_are_drawn_accept_in_any_order_and_it_opens(
    ada: Terminal, friends: Keepers, monkeypatch: pytest.MonkeyPatch, places: tuple[int, ...]
) -> None:
    last = ada.home.logs()[0].head.id
    with monkeypatch.context() as patch:
        accept_as_they_wait(patch, ada.node, friends, places)
        asked = ada("estimate", "ask", *BEANS, *SOON)
    noted = [line for line in asked.stderr.splitlines() if "has accepted" in line]
    expected = [
        f"{FRIENDS[place]} ({friends.nodes[place].name[:8]}) has accepted: {count} of 4."
        for count, place in enumerate(places, start=1)
    ]
    assert noted == expected
    question = ada.read("estimate", "list")["questions"][0]["id"]
    operation, ask = ask_of(ada, question)
    assert operation.prev == last
    space = ada.node.node.space(friends.space)
    assert ask.terms.witnesses == draw(last, space.offers(), 4)
    facts = ada.show(question)["facts"]
    assert (facts["state"], facts["quorum"]) == ("open", 3)
    assert [each["device"] for each in facts["witnesses"]] == list(ask.terms.witnesses)
    ada("estimate", "answer", question, "871", "--yes")
    assert ada.show(question)["facts"]["answers"] == 1


def test_one_is_drawn_where_one_is_wished_for(
    ada: Terminal, friends: Keepers, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as slow:
        slow.setattr(ada.node, "tick", lambda: None)
        ada.refused("estimate", "ask", *BEANS, *SOON, "--witnesses", "1", "--timeout", "0")
    question = ada.read("estimate", "list")["questions"][0]["id"]
    operation, ask = ask_of(ada, question)
    space = ada.node.node.space(friends.space)
    assert ask.terms.witnesses == draw(operation.prev, space.offers(), 1)


def test_who_has_not_accepted_is_named_and_it_is_opened_later(
    ada: Terminal, friends: Keepers, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        accept_as_they_wait(patch, ada.node, friends, (1, 2))
        refused = ada.refused("estimate", "ask", *BEANS, *SOON, "--timeout", "0.5")
    late = {f"{FRIENDS[place]} ({friends.nodes[place].name[:8]})" for place in (0, 3)}
    assert all(name in refused for name in late)
    assert "Cal" not in refused
    question = ada.read("estimate", "list")["questions"][0]["id"]
    assert f"Open it later: beanjar estimate open {question[:8]}" in refused
    with monkeypatch.context() as patch:
        accept_as_they_wait(patch, ada.node, friends, (3, 0))
        assert ada.read("estimate", "open", question)["open"]
    assert ada.show(question)["facts"]["state"] == "open"


def test_more_than_may_be_drawn_are_refused(ada: Terminal, friends: Keepers) -> None:
    refused = ada.refused("estimate", "ask", *BEANS, *SOON, "--witnesses", "7")
    assert f"there are {len(friends.nodes)}" in refused
    assert ada.read("estimate", "list")["questions"] == []


def test_where_nobody_may_be_drawn_the_node_spoken_to_witnesses(ada: Terminal) -> None:
    Keepers(ada, ["Ben", "Cal"])  # nobody vouches for them
    question = ada.ask(*BEANS, "--witnesses", "1")
    _, ask = ask_of(ada, question)
    assert ask.terms.witnesses == (ada.node.node.device.hex(),)


def test_witnesses_are_named_by_person_or_by_device(ada: Terminal, friends: Keepers) -> None:
    ben, cal, dan, eve = friends.nodes
    named = ("ben", cal.name[:12], friends.people[2].id[:12], eve.name)
    options = [word for name in named for word in ("--witness", name)]
    ada.refused("estimate", "ask", *BEANS, *SOON, *options, "--timeout", "0")
    question = ada.read("estimate", "list")["questions"][0]["id"]
    _, ask = ask_of(ada, question)
    assert ask.terms.witnesses == tuple(each.name for each in (ben, cal, dan, eve))


@pytest.mark.usefixtures("friends")
@pytest.mark.parametrize(
    ("options", "why"),
    [
        (("--witness", "Ben", "--witness", "Cal"), "1, 4 or 7 witnesses"),
        (("--witness", "Ben", "--witnesses", "1"), "Either name the witnesses"),
        (("--witnesses", "2"), "'2' is not one of"),
    ],
)
def test_witnesses_that_make_no_sense_are_a_mistake_of_usage(
    ada: Terminal, options: tuple[str, ...], why: str
) -> None:
    assert why in ada("estimate", "ask", *BEANS, *SOON, *options, code=2).stderr


def test_four_nodes_of_three_people_are_a_mistake_of_usage(ada: Terminal, friends: Keepers) -> None:
    second = friends.people[0].new_device("another node")
    friends.say(second, Vouch(friends.people[1].id))
    names = ("Ben", second.name[:12], "Cal", "Dan")
    options = [word for name in names for word in ("--witness", name)]
    told = ada("estimate", "ask", *BEANS, *SOON, *options, code=2).stderr
    assert "each another person's" in told


def test_a_witness_who_offers_nothing_is_named_by_device_only(ada: Terminal, ben: Terminal) -> None:
    name = ben.home.me.name
    refused = ada.refused("estimate", "ask", *BEANS, *SOON, "--witness", name)
    assert "nobody of that name offers" in refused
    node = ada.node.node.device.hex()
    assert ada.ask(*BEANS, "--witness", node[:16])


def test_before_asking_one_is_told_whose_nodes_witness(ada: Terminal, friends: Keepers) -> None:
    told = ada("estimate", "ask", *BEANS, *SOON[:2], typed="n\n", code=1).stderr
    for name, node in zip(FRIENDS, friends.nodes, strict=True):
        assert f"{name} ({node.name[:8]})" in told


def test_a_question_says_for_whose_nodes_it_waits(
    ada: Terminal, friends: Keepers, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        accept_as_they_wait(patch, ada.node, friends, (1, 2))
        ada.refused("estimate", "ask", *BEANS, *SOON, "--timeout", "0.5")
    question = ada.read("estimate", "list")["questions"][0]["id"]
    shown = ada("estimate", "show", question).stdout
    assert (
        "Not open yet: 2 of 4 witnesses have accepted. It never opens if not all have by" in shown
    )
    [waiting] = [line for line in shown.splitlines() if line.startswith("Waiting for the nodes of")]
    assert {name for name in FRIENDS if name in waiting} == {"Ben", "Eve"}
    ada.node.pass_time(10 * MINUTE)
    shown = ada("estimate", "show", question).stdout
    assert "it never opened: its witnesses, or whoever asked, were not ready before" in shown
    assert "Waiting for" not in shown
    assert "never opened" in ada("estimate", "list").stdout
    assert "it can open no more" in ada.refused("estimate", "open", question)
