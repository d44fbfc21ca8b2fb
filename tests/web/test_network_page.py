"""The page of the network of a space, and what programs read of it."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from beanjar.base.clock import SECOND
from beanjar.base.limits import CARD_FRESH, NODES_DRAWN
from beanjar.wisdom.resilience.survival import EXACT_UP_TO
from tests.node.street import PATIENCE
from tests.sights import Links, believe, key_of, ring, star
from tests.web.meeting import Meeting, Play
from tests.web.reading import Page, check_page
from tests.web.table import Table

BARBELL = [("a", "b"), ("b", "c"), ("c", "a"), ("c", "d"), ("d", "e"), ("e", "f"), ("f", "d")]


async def found(meeting: Meeting, links: Links = (), *, more: int | None = None) -> str:
    """Found a space of whose network Ada's node believes this; return its address."""
    meeting.clock.pass_time()
    space = await meeting.found(0)
    believe(meeting.peers[0], space, links, meeting.clock.now(), more=more)
    return f"/s/{space.hex()}/network"


async def read(meeting: Meeting, address: str, without: str = "") -> Page:
    more = f"?without={key_of(without).hex()}" if without else ""
    answer = await meeting.read(address + more)
    assert answer.status_code == 200
    return check_page(answer.text)


async def data(meeting: Meeting, address: str) -> Any:  # noqa: ANN401 - JSON
    return (await meeting.read(address.replace("/s/", "/api/spaces/"))).json()


async def pass_time(meeting: Meeting, is_so: Callable[[], bool]) -> None:
    """Let time pass at both nodes until something is so."""
    async with asyncio.timeout(PATIENCE):
        while not is_so():
            meeting.clock.pass_time(SECOND)
            for peers in meeting.peers:
                peers.tick()
            await asyncio.sleep(0)


def number(page: Page, name: str) -> int:
    """Return by which number a node is called."""
    return page.texts("code").index(key_of(name).hex()[:8]) + 1


def test_a_node_that_holds_the_only_copy_says_how_to_have_more(
    play: Play,
) -> None:
    async def story(meeting: Meeting) -> None:
        page = await read(meeting, await found(meeting))
        assert "This node holds the only copy of the space that it knows of." in page.text("p")
        assert "“beanjar space ticket” makes one" in page.text("p")
        assert page.tags["svg"] == page.tags["table"] == 0

    play(story)


def test_a_node_that_is_alone_says_so_and_can_be_taken_away(table: Table) -> None:
    page = check_page(table.read("/s/SPACE/network").text)
    assert "It speaks with no other nodes" in page.text("p")
    told = table.read("/api/spaces/SPACE/network").json()
    assert (told["operations"], told["copies"]["nodes"]) == (None, 1)
    left = table.read(f"/s/SPACE/network?without={told['me']}").text
    assert "Nobody would be left" in left


def test_two_nodes_are_told_what_a_third_would_bring(play: Play) -> None:
    async def story(meeting: Meeting) -> None:
        space = await meeting.found(0)
        await meeting.peers[1].carry(space, [meeting.address(0)])
        holders, store = meeting.peers[0].holders, meeting.peers[0].store
        await meeting.until(lambda: bool(holders.holding(space, store.last_arrival(space))))
        page = await read(meeting, f"/s/{space.hex()}/network")
        assert "Two nodes hold this space. Either of them may vanish" in page.text("p")
        assert "that takes a third node" in page.text("p")
        assert "Each of them holds all that is here." in page.text("p")
        assert "a neighbour" in page.text("p")
        assert page.texts("td").count("now") == 2

    play(story)


def test_of_two_nodes_one_that_was_lost_is_not_said_to_hold_the_space(play: Play) -> None:
    async def story(meeting: Meeting) -> None:
        space = await meeting.found(0)
        await meeting.peers[1].carry(space, [meeting.address(0)])
        peers, (here, there) = meeting.peers[0], (each.endpoint.key for each in meeting.peers)
        book = peers.exchange.overlays.of(space).book
        await pass_time(meeting, lambda: book.card(there) is not None)
        meeting.board.part({here}, {there})
        await pass_time(meeting, lambda: peers.absences.since(there) is not None)
        page = await read(meeting, f"/s/{space.hex()}/network")
        assert "This node holds the only copy of the space that it knows of." in page.text("p")
        assert "1 other was a neighbour, cannot be reached any more" in page.text("p")

    play(story)


def test_it_is_said_what_a_node_holds_beside_what_is_here(play: Play) -> None:
    async def story(meeting: Meeting) -> None:
        for more, said in [
            (-1, "1 entry fewer"),
            (0, "as many, but others"),
            (1_200, "1,200 entries more"),
            (None, "all that is here"),
        ]:
            page = await read(meeting, await found(meeting, [("b", "b")], more=more))
            assert said in page.texts("td")
            assert ("1 of them, counting this one, holds" in page.text("p")) is (more is not None)
            whole = more is None
            assert ("Two nodes hold this space." in page.text("p")) is whole
            assert ("That the other has all of it is not known yet." in page.text("p")) is not whole

    play(story)


def test_each_of_barans_kinds_is_named_and_why(play: Play) -> None:
    async def story(meeting: Meeting) -> None:
        for links, kind, why in [
            (star(12), "is centralized: it hangs on one node", "with 11 of the 11 others"),
            (
                ring(40),
                "is decentralized: it hangs on a few nodes",
                "If 8 of its 40 nodes are lost",
            ),
            (
                [(str(one), str(other)) for one in range(8) for other in range(one)],
                "is distributed: it holds together though many of its nodes are lost",
                "100 % of those left still hang together where chance decides",
            ),
        ]:
            words = (await read(meeting, await found(meeting, links))).text("p")
            assert kind in words
            assert why in words

    play(story)


def test_it_is_said_who_would_be_cut_off_by_one_loss(play: Play) -> None:
    async def story(meeting: Meeting) -> None:
        page = await read(meeting, await found(meeting, BARBELL))
        words = page.text("p")
        for node, others in (("c", "ab"), ("d", "ef")):
            one, other = sorted(number(page, each) for each in others)
            cut_off = f"2 others would be cut off: node {one} and node {other}."
            assert f"Without node {number(page, node)}, {cut_off}" in words
        one, other = sorted((number(page, "c"), number(page, "d")))
        assert f"There is no way around 1 link: {one} with {other}." in words
        assert "How 1 node is linked with the rest is not known here." in words

    play(story)


def test_where_no_single_loss_cuts_anybody_off_that_is_said(play: Play) -> None:
    async def story(meeting: Meeting) -> None:
        page = await read(meeting, await found(meeting, ring(5)))
        assert "No single loss cuts anybody off" in page.text("p")

    play(story)


def test_a_node_can_be_taken_away_and_put_back(play: Play) -> None:
    async def story(meeting: Meeting) -> None:
        address = await found(meeting, BARBELL)
        links = (await read(meeting, address)).values("a", "href")
        assert f"?without={key_of('d').hex()}" in links
        page = await read(meeting, address, without="d")
        assert f"Without node {number(page, 'd')}" in page.texts("h2")
        assert "2 nodes would be cut off from the rest: " in page.text("p")
        assert "All that is here would still be on 6 nodes." in page.text("p")
        assert "What is left would be distributed." in page.text("p")
        assert address in page.values("a", "href")
        assert len([each for each in page.values("circle", "stroke-dasharray") if each]) == 2
        assert "lost" in page.values("path", "class")
        unknown = await read(meeting, address, without="nobody")
        assert "No node that counts here has this key" in unknown.text("p")
        assert (await meeting.read(f"{address}?without=d")).status_code == 404

    play(story)


def test_the_picture_has_every_node_and_link_with_its_number(play: Play) -> None:
    async def story(meeting: Meeting) -> None:
        answer = await meeting.read(await found(meeting, BARBELL))
        picture = answer.text.partition("<svg")[2].partition("</svg>")[0]
        assert picture.count("<polyline") == len(BARBELL)
        assert (picture.count("<rect"), picture.count("<circle")) == (1, 6)
        assert all(f">{number}</text>" in picture for number in range(1, 8))
        assert "7 nodes, and 7 links between them." in picture
        rows = check_page(answer.text).texts("th")
        assert rows[4:11] == [f"{number} ·" for number in range(1, 8)]

    play(story)


def test_too_many_nodes_for_a_picture_stand_in_the_table(play: Play) -> None:
    async def story(meeting: Meeting) -> None:
        address = await found(meeting, ring(NODES_DRAWN))
        page = await read(meeting, address)
        assert "too many for a picture" in page.text("p")
        assert (
            len([each for each in page.values("a", "href") if "without" in each]) == NODES_DRAWN + 1
        )
        assert "lost at random" in page.text("text")

    play(story)


def test_a_node_that_has_fallen_silent_stands_in_the_table_alone(
    play: Play,
) -> None:
    async def story(meeting: Meeting) -> None:
        address = await found(meeting, [("b", "c")])
        meeting.clock.pass_time(CARD_FRESH)
        page = await read(meeting, address)
        assert "2 others have not been heard of for 30 minutes" in page.text("p")
        assert not [each for each in page.values("a", "href") if key_of("b").hex() in each]
        assert key_of("b").hex()[:8] in page.text("code")

    play(story)


def test_where_nodes_are_is_told_to_the_node_s_own_machine_alone(
    play: Play,
) -> None:
    async def story(meeting: Meeting) -> None:
        address = await found(meeting, [("b", "c")])
        assert "192.0.2.1:2327" in (await meeting.read(address)).text
        async with meeting.come("192.0.2.7") as far:
            for path in (address, f"{address}.json", address.replace("/s/", "/api/spaces/")):
                answer = await far.get(path)
                assert answer.status_code == 200
                assert key_of("b").hex() in answer.text
                assert "192.0.2" not in answer.text

    play(story)


def test_the_page_s_data_is_what_programs_read(play: Play) -> None:
    async def story(meeting: Meeting) -> None:
        address = await found(meeting, BARBELL)
        told = await data(meeting, address)
        assert (await meeting.read(f"{address}.json")).json() == told
        assert told["left"] is None
        assert told["outlook"]["kind"]["name"] == "decentralized"
        assert [sorted(each) for each in told["links"]] == told["links"]
        gone = await data(meeting, f"{address}?without={key_of('c').hex()}")
        assert gone["left"]["loss"]["cut_off"]["many"] == 2

    play(story)


def test_the_page_of_a_space_leads_to_its_network(table: Table) -> None:
    assert f"/s/{table.name}/network" in check_page(table.read("/s/SPACE").text).values("a", "href")
    assert table.read(f"/s/{'01' * 32}/network").status_code == 404


@pytest.mark.parametrize(
    ("size", "said"),
    [
        (EXACT_UP_TO, "the mean over all that is left to chance"),
        (EXACT_UP_TO + 1, "the mean of 20 trials, ± its standard error"),
    ],
)
def test_it_is_said_how_far_a_curve_may_be_off(play: Play, size: int, said: str) -> None:
    async def story(meeting: Meeting) -> None:
        page = await read(meeting, await found(meeting, star(size)))
        assert said in page.text("caption")
        assert ("± " in page.text("td")) == (size > EXACT_UP_TO)

    play(story)
