"""Where other nodes can be reached is on the disk when it is needed there, and seldom written."""

import pytest

from beanjar.base.clock import SECOND
from beanjar.base.limits import BOOKS_EVERY
from beanjar.node.books import read_books
from beanjar.space.charter import Profile
from beanjar.testing.people import Person
from tests.node.street import Home, Live, Street


def file_of(home: Home) -> bytes:
    return (home.node.folder.path / "nodes").read_bytes()


def test_what_a_ticket_told_is_on_the_disk_at_once(live: Live) -> None:
    async def story(street: Street) -> None:
        a, b = await street.open("a"), await street.open("b")
        await a.found()
        await b.carry(a.id, a)
        known = read_books(b.node.folder.path / "nodes")
        assert known[a.id].nodes[a.key].addresses == a.ticket.addresses

    live(story)


def test_a_ticket_is_followed_though_the_disk_does_not_take_what_it_told(
    live: Live, caplog: pytest.LogCaptureFixture
) -> None:
    async def story(street: Street) -> None:
        a, b = await street.open("a"), await street.open("b")
        await a.found()
        in_the_way = b.node.folder.path / "nodes.new"
        in_the_way.mkdir()
        await b.carry(a.id, a)
        assert "could not be written down" in caplog.text
        await street.until(street.is_agreed)
        in_the_way.rmdir()
        await street.pass_time()
        assert a.key in read_books(b.node.folder.path / "nodes")[a.id].nodes

    live(story)


def test_what_neighbours_bring_is_noted_on_the_disk_once_a_minute_and_at_the_end(
    live: Live, ben: Person
) -> None:
    async def story(street: Street) -> None:
        a, b = await street.open_all("ab")
        for _ in range(BOOKS_EVERY // SECOND + 1):
            await street.pass_time()
        await a.say(ben.device, Profile("Ben"))
        await street.in_time(street.is_agreed)
        written = [file_of(b)]
        for number in range(BOOKS_EVERY // SECOND):
            await a.say(ben.device, Profile(f"Ben {number}"))
            await street.pass_time()
            written.append(file_of(b))
        assert 1 < len(set(written)) <= 3  # two minutes have begun at the most
        await a.say(ben.device, Profile("Ben at last"))
        await street.until(street.is_agreed)
        before = file_of(b)
        await street.close(b)
        assert file_of(b) != before

    live(story)
