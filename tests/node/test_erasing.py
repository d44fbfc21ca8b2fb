"""What was erased or has expired is gone: from the disk, from the export, from what is shown."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from beanjar.base.clock import DAY, HOUR, MINUTE
from beanjar.ops.errors import Forked
from beanjar.space.charter import Charter, Erase, Profile
from beanjar.store import DiskFull, Writer
from beanjar.testing.clock import HandClock
from beanjar.testing.people import Person
from tests.node.conftest import Story
from tests.node.house import House, open_house
from tests.space.tiny import Note, look, see_all

Play = Callable[[Story], None]

REMARK = "a remark that is better forgotten"


def on_disk(folder: Path) -> bytes:
    """Return all bytes of all files in which a node keeps anything."""
    return b"".join(file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file())


async def check_gone(house: House, question: str) -> None:
    """Check that neither view nor export holds the remark, and that warm and cold agree."""
    assert REMARK not in (await house.look(question)).notes
    assert REMARK.encode() not in house.export()
    assert house.verify().problems == []
    assert look(house.recompute(), question) == await house.look(question)
    assert see_all(house.recompute()) == see_all(house.space)


async def settle_in(house: House, erasers: int = 0) -> str:
    """Found a space in which so many may erase; return the open of a question."""
    await house.found(Charter(erasers=erasers))
    await house.keep()
    return await house.ask()


def test_what_its_author_erased_is_gone_from_the_disk(tmp_path: Path, ben: Person) -> None:
    async def story() -> None:
        async with open_house(tmp_path) as house:
            question = await settle_in(house)
            note = await house.say(ben.device, Note(question, REMARK))
            kept = await house.say(ben.device, Note(question, "kept"))
            operation = house.node.find_operation(house.id, bytes.fromhex(note))
            assert operation is not None
            assert operation.salt is not None
            assert REMARK.encode() in on_disk(tmp_path)
            await house.say(ben.new_device("laptop"), Erase(note))
            await house.node.tick()
            await check_gone(house, question)
            assert (await house.look(question)).notes == ["kept"]
            assert house.node.find_operation(house.id, operation.id) == operation.without_body()
            assert house.node.find_operation(house.id, bytes.fromhex(kept)) is not None
        left = on_disk(tmp_path)
        assert b"kept" in left
        assert REMARK.encode() not in left
        assert operation.salt not in left
        async with open_house(tmp_path) as house:
            await check_gone(house, question)

    asyncio.run(story())


def test_while_the_node_runs_too_the_files_hold_it_no_more(tmp_path: Path, ben: Person) -> None:
    async def story() -> None:
        async with open_house(tmp_path) as house:
            question = await settle_in(house)
            note = await house.say(ben.device, Note(question, REMARK))
            await house.say(ben.device, Erase(note))
            await house.node.tick()
            assert REMARK.encode() not in on_disk(tmp_path)

    asyncio.run(story())


def test_what_a_quorum_erased_is_gone(
    tmp_path: Path, ada: Person, ben: Person, cal: Person
) -> None:
    async def story() -> None:
        async with open_house(tmp_path) as house:
            question = await settle_in(house, erasers=2)
            note = await house.say(ben.device, Note(question, REMARK))
            await house.say(ada.device, Erase(note))
            await house.node.tick()
            assert (await house.look(question)).notes == [REMARK]
            await house.say(cal.device, Erase(note))
            await house.node.tick()
            await check_gone(house, question)
        assert REMARK.encode() not in on_disk(tmp_path)

    asyncio.run(story())


def test_what_a_stranger_wants_erased_stays(play: Play, ben: Person, cal: Person) -> None:
    async def story(house: House) -> None:
        question = await house.ask()
        note = await house.say(ben.device, Note(question, REMARK))
        await house.say(cal.device, Erase(note))
        await house.node.tick()
        assert (await house.look(question)).notes == [REMARK]

    play(story)


def test_what_a_question_needs_stays_whoever_wants_it_erased(play: Play, ben: Person) -> None:
    async def story(house: House) -> None:
        question = await house.ask()
        answer = await house.answer(ben, question, 5)
        for name in (answer, question, house.id.hex(), "ab" * 32):
            await house.say(ben.device, Erase(name))
            await house.say(house.ada.device, Erase(name))
        await house.node.tick()
        await house.close(question)
        assert (await house.look(question)).choices == {ben.id: 5}
        assert house.verify().problems == []

    play(story)


def test_a_body_that_comes_after_its_erasure_is_not_kept(tmp_path: Path, ben: Person) -> None:
    async def story() -> None:
        async with open_house(tmp_path) as house:
            question = await settle_in(house)
            await house.say(ben.device, Profile("Ben"))
            note = house.write(ben.device, Note(question, REMARK))
            await house.say(ben.new_device("laptop"), Erase(note[0].id.hex()))
            await house.node.tick()
            await house.take(*note)
            await house.node.tick()
            await check_gone(house, question)
            assert (await house.take(*note)).seq == 2
            await house.node.tick()
            await check_gone(house, question)
        assert REMARK.encode() not in on_disk(tmp_path)

    asyncio.run(story())


def test_an_erasure_of_what_nobody_known_said_stops_no_node(tmp_path: Path, ben: Person) -> None:
    async def story() -> None:
        async with open_house(tmp_path) as house:
            question = await settle_in(house)
            laptop = ben.new_device("laptop")
            log = house.write(laptop, house.join(laptop), Note(question, REMARK))
            note = log[1]
            await house.node.writing.do(lambda writer: writer.keep_alone(note))
            house.node.carried.feed_apart(house.id, note)
            await house.say(ben.device, Erase(note.id.hex()))
            await house.node.tick()
            assert house.node.find_statement(house.id, note.id) is None
        async with open_house(tmp_path) as house:
            await house.take(*log)
            await house.node.tick()
            await check_gone(house, question)

    asyncio.run(story())


def test_an_erasure_that_failed_is_done_later(
    tmp_path: Path, ben: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise DiskFull("There is no room on the disk.")

    async def story() -> None:
        async with open_house(tmp_path) as house:
            question = await settle_in(house)
            note = await house.say(ben.device, Note(question, REMARK))
            await house.say(ben.device, Erase(note))
            with monkeypatch.context() as full:
                full.setattr(Writer, "drop_bodies", refuse)
                with pytest.raises(DiskFull):
                    await house.node.tick()
            await house.node.tick()
            await check_gone(house, question)

    asyncio.run(story())


def test_an_erasure_that_was_not_done_before_a_restart_is_done_after_it(
    tmp_path: Path, ben: Person
) -> None:
    async def story() -> None:
        async with open_house(tmp_path) as house:
            question = await settle_in(house)
            note = await house.say(ben.device, Note(question, REMARK))
            await house.say(ben.device, Erase(note))
        async with open_house(tmp_path) as house:
            await check_gone(house, question)
        assert REMARK.encode() not in on_disk(tmp_path)

    asyncio.run(story())


def test_a_slip_in_a_profile_can_be_erased(play: Play, ben: Person) -> None:
    async def story(house: House) -> None:
        await house.say(ben.device, Profile("Ben"))
        slip = await house.say(ben.device, Profile(REMARK))
        await house.say(ben.device, Erase(slip))
        await house.node.tick()
        assert house.space.members.view(None).members[1].name == "Ben"
        assert REMARK.encode() not in house.export()
        assert see_all(house.recompute()) == see_all(house.space)

    play(story)


def test_what_has_expired_is_gone(tmp_path: Path, ben: Person) -> None:
    clock = HandClock()

    async def story() -> None:
        async with open_house(tmp_path, clock) as house:
            question = await settle_in(house)
            until = clock.now() + HOUR
            note = await house.say(ben.device, Note(question, REMARK), until=until)
            await house.say(ben.device, Note(question, "kept"))
            await house.node.tick()
            assert (await house.look(question)).notes == [REMARK, "kept"]
            assert REMARK.encode() in house.export()
            clock.pass_time(HOUR)
            await house.node.tick()
            assert (await house.look(question)).notes == ["kept"]
            await check_gone(house, question)
            operation = house.node.find_operation(house.id, bytes.fromhex(note))
            assert operation is not None
            assert (operation.body, operation.until) == (None, until)
        left = on_disk(tmp_path)
        assert REMARK.encode() not in left
        assert b"kept" in left
        async with open_house(tmp_path, clock) as house:
            await check_gone(house, question)

    asyncio.run(story())


def test_what_expired_while_the_node_was_off_is_gone_when_it_runs_again(
    tmp_path: Path, ben: Person
) -> None:
    clock = HandClock()

    async def story() -> None:
        async with open_house(tmp_path, clock) as house:
            question = await settle_in(house)
            await house.say(ben.device, Note(question, REMARK), until=clock.now() + HOUR)
        clock.pass_time(DAY)
        async with open_house(tmp_path, clock) as house:
            await check_gone(house, question)
        assert REMARK.encode() not in on_disk(tmp_path)

    asyncio.run(story())


def test_what_has_expired_before_it_comes_is_not_kept(tmp_path: Path, ben: Person) -> None:
    async def story() -> None:
        async with open_house(tmp_path) as house:
            question = await settle_in(house)
            await house.say(ben.device, Profile("Ben"))
            run = house.write(ben.device, Note(question, REMARK), until=house.clock.now() + MINUTE)
            house.clock.pass_time(MINUTE)
            await house.take(*run)
            assert (await house.look(question)).notes == []
            await check_gone(house, question)
            assert REMARK.encode() not in on_disk(tmp_path)

    asyncio.run(story())


def test_what_waits_for_its_time_is_gone_if_it_was_erased_before(
    tmp_path: Path, ben: Person
) -> None:
    async def story() -> None:
        async with open_house(tmp_path) as house:
            question = await settle_in(house)
            await house.say(ben.device, Profile("Ben"))
            run = house.write(ben.device, Note(question, REMARK), ahead=HOUR)
            await house.take(*run)
            await house.say(ben.new_device("laptop"), Erase(run[0].id.hex()))
            house.clock.pass_time(HOUR)
            await house.node.tick()
            await house.node.tick()
            await check_gone(house, question)
        assert REMARK.encode() not in on_disk(tmp_path)

    asyncio.run(story())


def test_a_log_goes_on_after_one_of_its_bodies_was_erased(play: Play, ben: Person) -> None:
    async def story(house: House) -> None:
        question = await house.ask()
        note = await house.say(ben.device, Note(question, REMARK))
        await house.say(ben.device, Erase(note))
        await house.node.tick()
        await house.answer(ben, question, 5)
        await house.close(question)
        assert (await house.look(question)).choices == {ben.id: 5}
        await check_gone(house, question)

    play(story)


def test_what_was_erased_is_wanted_again_once_the_erasure_does_not_count(
    tmp_path: Path, ben: Person
) -> None:
    async def story() -> None:
        async with open_house(tmp_path) as house:
            question = await settle_in(house)
            note = await house.say(ben.device, Note(question, REMARK))
            laptop, store = ben.new_device("laptop"), house.node.folder.store
            await house.take(*house.write(laptop, house.join(laptop)))
            joined = house.node.head(house.id, laptop.key.public)
            await house.say(laptop, Erase(note))
            await house.node.tick()
            assert not store.wanted(house.id, house.clock.now())
            with pytest.raises(Forked):
                await house.take(*house.write(laptop, Profile("Ben"), head=joined))
            await house.node.tick()
            wanted = store.wanted(house.id, house.clock.now())
            assert [operation.id.hex() for _, operation in wanted] == [note]

    asyncio.run(story())
