"""What the door of a node tells of other nodes."""

from typing import Any

import msgspec

from beanjar.base.limits import ASKED_AT_ONCE
from beanjar.space.ticket import NodeAddress
from tests.web.meeting import Meeting, Play
from tests.web.table import Table

UNKNOWN = "ab" * 32
NOWHERE = NodeAddress("cd" * 32, ("192.0.2.1:2327",))


async def carry(meeting: Meeting, space: str, *nodes: NodeAddress) -> Any:  # noqa: ANN401 - JSON
    data = {"space": space, "nodes": msgspec.to_builtins(nodes)}
    answer = await meeting.door.post("/api/keeper/spaces", json=data, headers=meeting.keeper)
    assert answer.status_code == 201
    return answer.json()


async def connect(meeting: Meeting) -> str:
    """Let a space that Ben's node has come to Ada's."""
    space = await meeting.found(1)
    standing = await carry(meeting, space.hex(), meeting.address(1))
    assert standing["operations"] == 0
    peers = meeting.peers[0]
    await meeting.until(
        lambda: peers.holders.count(space, b"", peers.store.last_arrival(space)) > 0
    )
    return space.hex()


def test_a_space_comes_from_the_nodes_that_its_keeper_names(
    play: Play,
) -> None:
    async def story(meeting: Meeting) -> None:
        space = await connect(meeting)
        standing = (await meeting.read(f"/api/spaces/{space}/standing")).json()
        root = standing.pop("root")
        assert len(bytes.fromhex(root)) == 32
        assert standing == {
            "space": space,
            "operations": 1,
            "coming": 0,
            "neighbours": 1,
            "agreeing": 1,
        }
        told = (await meeting.read("/api/keeper/peers")).json()
        assert told["key"] == meeting.peers[0].endpoint.key.hex()
        assert told["spaces"] == [standing | {"root": root}]
        [neighbour] = told["neighbours"]
        assert neighbour["key"] == meeting.address(1).key
        assert (neighbour["dialled"], neighbour["spaces"]) == (True, [space])

    play(story)


def test_a_node_says_where_others_find_it_and_how_many_have(play: Play) -> None:
    async def story(meeting: Meeting) -> None:
        assert "Connected with no other node yet." in (await meeting.read("/")).text
        space = await connect(meeting)
        said = (await meeting.read("/api")).json()
        assert said["key"] == meeting.address(0).key
        assert tuple(said["addresses"]) == meeting.address(0).addresses
        assert said["connected"] == 1
        assert [each["id"] for each in said["spaces"]] == [space]
        assert "Connected with 1 other node." in (await meeting.read("/")).text

    play(story)


def test_a_space_that_nobody_brings_is_arriving(play: Play) -> None:
    async def story(meeting: Meeting) -> None:
        standing = await carry(meeting, UNKNOWN, NOWHERE)
        assert (standing["operations"], standing["agreeing"]) == (0, 0)
        said = {"name": "", "purpose": "", "people": 0, "open": 0}
        line = {"id": UNKNOWN, **said, "arriving": True, "example": False}
        for path in ("/api", "/.json"):
            assert (await meeting.read(path)).json()["spaces"] == [line]
        home = (await meeting.read("/")).text
        assert f'<a href="/s/{UNKNOWN}">Arriving…</a>' in home
        for path in (f"/s/{UNKNOWN}", f"/s/{UNKNOWN}/people", f"/s/{UNKNOWN}/hands"):
            answer = await meeting.read(path)
            assert answer.status_code == 404
            assert "<h1>Arriving…</h1>" in answer.text
            assert "goes on trying to reach one" in answer.text
            data = await meeting.read(f"{path}.json")
            assert data.status_code == 404
            assert "has not arrived yet" in data.json()["error"]
        assert (await meeting.read(f"/api/spaces/{UNKNOWN}")).status_code == 404
        health = (await meeting.read("/api/keeper/health")).json()
        quota = {"used": 0, "limit": None, "full": False}
        said = {"space": UNKNOWN, "name": "", "bodies": 0, "waiting": [], "quota": quota}
        assert health["spaces"] == [said]

    play(story)


def test_while_another_node_is_there_an_arriving_space_says_so(
    play: Play,
) -> None:
    async def story(meeting: Meeting) -> None:
        await connect(meeting)
        await carry(meeting, UNKNOWN)
        assert (
            "asks the other node that it is connected" in (await meeting.read(f"/s/{UNKNOWN}")).text
        )

    play(story)


def test_one_can_ask_whether_what_was_said_is_safe(play: Play) -> None:
    async def story(meeting: Meeting) -> None:
        space = bytes.fromhex(await connect(meeting))
        await meeting.lend(0, space)
        own = meeting.nodes[0].head(space, meeting.nodes[0].device).id
        holders = meeting.peers[0].holders
        await meeting.until(lambda: holders.count(space, own, None) > 0)
        path = f"/api/spaces/{space.hex()}"
        here = {"others": 1, "safe": False, "here": True, "neighbours": 1}
        nothing = {"others": 0, "safe": False, "here": False, "neighbours": 1}
        assert (await meeting.read(f"{path}/operations/{own.hex()}/holding")).json() == here
        ids = [own.hex(), UNKNOWN, space.hex()]
        answer = await meeting.door.post(f"{path}/holdings", json={"ids": ids})
        assert answer.json() == [here, nothing, here]
        many = await meeting.door.post(
            f"{path}/holdings", json={"ids": [UNKNOWN] * (ASKED_AT_ONCE + 1)}
        )
        assert many.status_code == 400

    play(story)


def test_only_its_keeper_sees_a_node_s_neighbours_or_lets_it_carry_a_space(table: Table) -> None:
    for path in ("/api/keeper/peers", "/api/keeper/health"):
        assert table.read(path).status_code == 401
    data = {"space": UNKNOWN, "nodes": []}
    assert table.client.post("/api/keeper/spaces", json=data).status_code == 401
    assert UNKNOWN not in table.read("/api").text


def test_a_node_that_is_alone_says_so(table: Table) -> None:
    keeper = {"authorization": f"Bearer {table.node.token}"}
    answer = table.read("/api/keeper/peers", keeper)
    assert answer.status_code == 409
    assert "beanjar doctor" in answer.json()["error"]
    assert table.read("/api/spaces/SPACE/standing").status_code == 409
    assert "speaks with no other nodes" in table.read("/").text
    holding = {"others": 0, "safe": False, "here": True, "neighbours": 0}
    path = f"/api/spaces/SPACE/operations/{table.name}/holding"
    assert table.read(path).json() == holding
    health = table.read("/api/keeper/health", keeper).json()
    assert health["standing"] is None
    assert health["folder"] == str(table.node.folder.path)
