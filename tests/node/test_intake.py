import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from beanjar.base.clock import DAY, HOUR, MINUTE
from beanjar.base.limits import FUTURE
from beanjar.fold.engine import UnknownSubject
from beanjar.node.folder import Folder, FolderInUse, NoFolder
from beanjar.node.spaces import UnknownSpace
from beanjar.ops.errors import BadSignature, BrokenChain, Forked, Malformed, Refused
from beanjar.ops.log import EMPTY
from beanjar.ops.operation import Operation
from beanjar.ops.run import write_run
from beanjar.space.charter import Founding, Leave, Profile
from beanjar.space.members import NotFounded
from beanjar.testing.clock import HandClock
from beanjar.testing.people import Person
from tests.node.conftest import Story
from tests.node.house import House, open_house
from tests.space.tiny import Count, present, see_all
from tests.told import told

Play = Callable[[Story], None]


def count(house: House) -> int:
    """Return how many entries the node has on its disk."""
    return house.verify().operations


def test_a_founded_space_is_carried_and_its_receipt_names_it(tmp_path: Path, ada: Person) -> None:
    async def story() -> None:
        async with open_house(tmp_path) as house:
            founding = Founding("The table", ada.device.certificate(bytes(32)))
            founded = ada.device.found(founding, house.clock.now())
            receipt = await house.node.found(write_run([founded]))
            assert (receipt.space, receipt.id, receipt.seq) == (receipt.id, founded.id.hex(), 0)
            assert await house.node.found(write_run([founded])) == receipt
            assert house.node.spaces() == [founded.id]
            assert house.node.space(founded.id).members.view(None).name == "The table"

    asyncio.run(story())


def test_a_run_that_is_handed_in_again_changes_nothing(play: Play, ben: Person) -> None:
    async def story(house: House) -> None:
        run = house.write(ben.device, house.join(ben.device), Profile("Ben"))
        receipt = await house.take(*run)
        before = count(house)
        assert await house.take(*run) == receipt
        assert (await house.take(run[0])).seq == 0
        more = [*run, *house.write(ben.device, Leave())]
        assert (await house.take(*more)).seq == 2
        assert count(house) == before + 1
        assert house.verify().problems == []

    play(story)


def test_a_run_that_is_handed_in_twice_at_once_is_kept_once(play: Play, ben: Person) -> None:
    async def story(house: House) -> None:
        run = house.write(ben.device, house.join(ben.device), Profile("Ben"))
        before = count(house)
        receipts = await asyncio.gather(*(house.take(*run) for _ in range(5)))
        assert len(set(map(str, receipts))) == 1
        assert count(house) == before + 2

    play(story)


def test_many_devices_at_once_are_all_taken_in(play: Play) -> None:
    async def story(house: House) -> None:
        people = [Person(f"P{number}") for number in range(40)]
        before = count(house)
        await asyncio.gather(*(house.say(person.device, Profile(person.name)) for person in people))
        assert count(house) == before + 2 * len(people)
        members = house.space.members.view(None).members
        assert {member.name for member in members} >= {person.name for person in people}
        assert see_all(house.recompute()) == see_all(house.space)

    play(story)


def test_a_space_that_is_not_carried_is_refused_with_a_sentence(play: Play, ben: Person) -> None:
    async def story(house: House) -> None:
        elsewhere = bytes(31) + b"1"
        run = [ben.device.join(elsewhere, house.clock.now())]
        with told(UnknownSpace, "does not carry"):
            await house.node.submit(elsewhere, write_run(run))
        with told(UnknownSpace, "does not carry"):
            await house.node.view(elsewhere, "00" * 32)
        assert len(house.node.spaces()) == 1

    play(story)


def test_a_gap_is_told_by_the_entries_that_are_missing(play: Play, ben: Person) -> None:
    async def story(house: House) -> None:
        bodies = [Profile(f"Ben {number}") for number in range(4)]
        run = house.write(ben.device, house.join(ben.device), *bodies)
        await house.take(run[0])
        with told(BrokenChain, "Entries 2 to 3 of this log have not arrived"):
            await house.take(*run[3:])
        await house.take(*run[1:])
        await house.take(*run[3:])

    play(story)


def test_a_run_of_a_log_that_is_not_here_at_all_is_refused(play: Play, ben: Person) -> None:
    async def story(house: House) -> None:
        run = house.write(ben.device, house.join(ben.device), Profile("Ben"))
        with told(BrokenChain, "have not arrived"):
            await house.take(run[1])
        assert house.node.head(house.id, ben.device.key.public) == EMPTY

    play(story)


def test_what_was_said_in_one_space_cannot_be_said_again_in_another(
    play: Play, ben: Person
) -> None:
    async def story(house: House) -> None:
        here = house.id
        run = house.write(ben.device, house.join(ben.device), Profile("Ben"))
        await house.take(*run)
        house.ada = Person("Eve")
        await house.found()
        assert house.id != here
        with told(Refused, "another space"):
            await house.take(*run)
        start = 32
        moved = house.id + write_run(run)[start:]
        with told(BadSignature):
            await house.node.submit(house.id, moved)
        assert not house.space.knows(ben.device.key.public)

    play(story)


def test_one_key_founds_two_spaces_on_one_node(play: Play, ada: Person) -> None:
    async def story(house: House) -> None:
        first = house.id
        await house.say(ada.device, Profile("Ada, here"))
        house.clock.pass_time()
        await house.found()
        await house.say(ada.device, Profile("Ada, there"))
        assert len(house.node.spaces()) == 2
        for space in (first, house.id):
            house.id = space
            assert (house.verify().forks, house.verify().problems) == (0, [])

    play(story)


def test_what_names_a_space_does_not_found_one(play: Play, ben: Person) -> None:
    async def story(house: House) -> None:
        run = house.write(ben.device, house.join(ben.device))
        with told(Refused, "does not found a space"):
            await house.node.found(write_run(run))

    play(story)


def test_what_is_no_founding_founds_nothing(play: Play, ben: Person) -> None:
    async def story(house: House) -> None:
        with told(Refused, "does not begin with a join"):
            await house.node.found(write_run([ben.device.found(Leave(), house.clock.now())]))
        assert house.node.spaces() == [house.id]

    play(story)


def test_a_log_that_does_not_begin_with_a_join_leaves_no_trace(play: Play, ben: Person) -> None:
    async def story(house: House) -> None:
        before = count(house)
        with told(Refused, "joins first"):
            await house.take(*house.write(ben.device, Profile("Ben")))
        assert house.node.head(house.id, ben.device.key.public) == EMPTY
        assert count(house) == before

    play(story)


def test_a_join_with_somebody_elses_certificate_leaves_no_trace(
    play: Play, ben: Person, cal: Person
) -> None:
    async def story(house: House) -> None:
        with told(Refused, "did not say that this device is theirs"):
            await house.take(*house.write(ben.device, house.join(cal.device)))
        assert house.node.head(house.id, ben.device.key.public) == EMPTY

    play(story)


@pytest.mark.parametrize("cut", [0, 1, 31, 100, -1])
def test_a_run_that_was_cut_off_is_refused(play: Play, ben: Person, cut: int) -> None:
    async def story(house: House) -> None:
        run = write_run(house.write(ben.device, house.join(ben.device)))
        with told(Malformed, "cut off"):
            await house.node.submit(house.id, run[:cut])

    play(story)


def test_a_run_with_a_bit_changed_is_refused(play: Play, ben: Person) -> None:
    async def story(house: House) -> None:
        run = write_run(house.write(ben.device, house.join(ben.device)))
        whole, before = int.from_bytes(run), count(house)
        for bit in range(0, len(run) * 8, 29):
            with told(Refused):
                await house.node.submit(house.id, (whole ^ 1 << bit).to_bytes(len(run)))
        assert count(house) == before

    play(story)


def test_a_refused_run_does_not_harm_those_that_come_with_it(
    play: Play, ben: Person, cal: Person
) -> None:
    async def story(house: House) -> None:
        good = house.write(ben.device, house.join(ben.device), Profile("Ben"))
        bad = house.write(cal.device, Profile("Cal"))
        outcomes = await asyncio.gather(
            house.take(*good), house.take(*bad), house.take(*good), return_exceptions=True
        )
        assert [type(each).__name__ for each in outcomes] == ["Receipt", "Refused", "Receipt"]
        assert house.space.members.has(ben.id)
        assert not house.space.knows(cal.device.key.public)

    play(story)


def test_a_client_that_goes_away_has_said_it_all_the_same(play: Play, ben: Person) -> None:
    async def story(house: House) -> None:
        run = house.write(ben.device, house.join(ben.device), Profile("Ben"))
        gone = asyncio.create_task(house.take(*run))
        await asyncio.sleep(0)
        gone.cancel()
        with pytest.raises(asyncio.CancelledError):
            await gone
        assert (await house.take(*run)).seq == 1
        assert house.space.members.view(None).members[1].name == "Ben"
        assert see_all(house.recompute()) == see_all(house.space)

    play(story)


def fork(house: House, person: Person) -> tuple[list[Operation], list[Operation]]:
    """Return two branches that follow what the node has of the person's log."""
    head = house.node.head(house.id, person.device.key.public)
    return (
        house.write(person.device, Profile("One"), Leave(), head=head),
        house.write(person.device, Profile("Other"), head=head),
    )


def test_a_log_that_contradicts_itself_is_told_to_go_on_with_a_new_device(
    play: Play, ben: Person
) -> None:
    async def story(house: House) -> None:
        await house.say(ben.device, Profile("Ben"))
        one, other = fork(house, ben)
        await house.take(*one)
        assert not house.space.members.has(ben.id)
        for _ in range(2):
            with told(Forked, "new device"):
                await house.take(*other)
        member = house.space.members.view(None).members[1]
        assert (member.name, member.left) == ("Ben", False)
        report = house.verify()
        assert (report.forks, report.problems) == (1, [])
        assert see_all(house.recompute()) == see_all(house.space)

    play(story)


def test_two_nodes_agree_on_a_fork_whichever_branch_they_saw_first(
    tmp_path: Path, ben: Person
) -> None:
    async def story() -> None:
        seen = []
        async with open_house(tmp_path / "one") as here, open_house(tmp_path / "other") as there:
            for house in (here, there):
                founding = Founding("The table", house.ada.device.certificate(bytes(32)))
                founded = house.ada.device.found(founding, house.clock.now())
                await house.node.found(write_run([founded]))
                house.id = founded.id
                await house.say(ben.device, Profile("Ben"))
            assert here.id == there.id
            one, other = fork(here, ben)
            for house, branches in ((here, (one, other)), (there, (other, one))):
                await house.take(*branches[0])
                with told(Forked):
                    await house.take(*branches[1])
                seen.append(see_all(house.space))
            assert seen[0] == seen[1]

    asyncio.run(story())


def test_a_founder_cannot_bring_a_space_down_by_joining_it(
    tmp_path: Path, ada: Person, ben: Person
) -> None:
    async def story() -> None:
        async with open_house(tmp_path) as house:
            await house.found()
            await house.say(ben.device, Profile("Ben"))
            joined = house.write(ada.device, house.join(ada.device), head=EMPTY)
            with told(Forked):
                await house.take(*joined)
            assert house.space.members.view(None).name == "The table"
        async with open_house(tmp_path) as house:
            assert present(house.space) == {ada.id, ben.id}
            assert house.verify().name == "The table"

    asyncio.run(story())


def test_what_is_far_ahead_waits_until_it_is_due(play: Play, ben: Person) -> None:
    async def story(house: House) -> None:
        await house.say(ben.device, Profile("Ben"))
        run = house.write(ben.device, Profile("Ben, later"), ahead=HOUR)
        receipt = await house.take(*run)
        assert receipt.held_until == house.clock.now() + HOUR - FUTURE
        assert await house.take(*run) == receipt
        house.clock.pass_time(HOUR - FUTURE - 1)
        await house.node.tick()
        assert house.space.members.view(None).members[1].name == "Ben"
        house.clock.pass_time(1)
        await house.node.tick()
        assert house.space.members.view(None).members[1].name == "Ben, later"
        assert (await house.take(*run)).held_until is None

    play(story)


def test_what_is_a_little_ahead_is_taken_at_once(play: Play, ben: Person) -> None:
    async def story(house: House) -> None:
        run = house.write(ben.device, house.join(ben.device), ahead=FUTURE)
        assert (await house.take(*run)).held_until is None
        assert house.space.members.has(ben.id)
        more = house.write(ben.device, Profile("Ben"), ahead=FUTURE + 1)
        assert (await house.take(*more)).held_until == house.clock.now() + 1

    play(story)


def test_what_waits_survives_a_restart(tmp_path: Path, ben: Person) -> None:
    clock = HandClock()

    async def story() -> None:
        async with open_house(tmp_path, clock) as house:
            await house.found()
            await house.take(*house.write(ben.device, house.join(ben.device), ahead=HOUR))
        clock.pass_time(HOUR)
        async with open_house(tmp_path, clock) as house:
            assert house.space.members.has(ben.id)

    asyncio.run(story())


def test_an_answer_from_a_clock_that_is_ahead_counts_if_it_is_due_in_time(
    play: Play, ben: Person, cal: Person
) -> None:
    async def story(house: House) -> None:
        for person in (ben, cal):
            await house.say(person.device, Profile(person.name))
        question = await house.ask()
        for person, ahead in ((ben, 30 * MINUTE), (cal, 90 * MINUTE)):
            body = house.prepare(person.device, question, Count(5))
            receipt = await house.take(*house.write(person.device, body, ahead=ahead))
            assert receipt.held_until is not None
        assert (await house.facts(question)).answers == 0
        house.clock.pass_time(20 * MINUTE)
        await house.node.tick()
        assert (await house.facts(question)).answers == 1
        await house.close(question)
        assert (await house.look(question)).choices == {ben.id: 5}
        house.clock.pass_time(DAY)
        await house.node.tick()
        assert (await house.look(question)).choices == {ben.id: 5}

    play(story)


def test_a_space_that_is_founded_far_ahead_says_that_it_is_not_here_yet(
    tmp_path: Path, ada: Person
) -> None:
    async def story() -> None:
        async with open_house(tmp_path) as house:
            founding = Founding("The table", ada.device.certificate(bytes(32)))
            founded = ada.device.found(founding, house.clock.now() + DAY)
            receipt = await house.node.found(write_run([founded]))
            assert receipt.held_until is not None
            with told(NotFounded, "not arrived"):
                house.node.space(founded.id).members.view(None)
            with told(NotFounded, "not arrived"):
                b"".join(house.node.export(founded.id))
            house.clock.pass_time(DAY)
            await house.node.tick()
            assert house.node.space(founded.id).members.view(None).name == "The table"

    asyncio.run(story())


def test_a_second_node_on_one_folder_is_refused_with_a_sentence(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    with told(FolderInUse, "--data"):
        Folder(tmp_path)
    folder.close()
    again = Folder(tmp_path)
    assert again.device.public == folder.device.public
    assert again.token == folder.token
    again.close()


def test_a_place_that_cannot_become_a_folder_is_refused_with_a_sentence(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    for place in (file, file / "node"):
        with told(NoFolder, "another place"):
            Folder(place)


def test_a_folder_is_for_its_keepers_eyes_only(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "node")
    folder.close()
    assert folder.path.stat().st_mode & 0o077 == 0
    for file in ("device.key", "keeper.token", "beanjar.db"):
        assert (folder.path / file).stat().st_mode & 0o077 == 0


def test_a_view_of_nothing_is_told_with_a_sentence(play: Play) -> None:
    async def story(house: House) -> None:
        with told(UnknownSubject, "Nothing here has this address"):
            await house.node.view(house.id, "ab" * 32)

    play(story)
