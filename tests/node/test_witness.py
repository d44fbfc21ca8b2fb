import asyncio
import shutil
from collections import Counter
from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path

import pytest

from beanjar.base.clock import HOUR
from beanjar.ops.body import Body
from beanjar.ops.device import LastWord, certify_device, revoke_device
from beanjar.ops.errors import Forked, Refused
from beanjar.space.charter import Erase, Join, Leave, Profile, Revoke
from beanjar.space.question import Accept, Close, End, Key, Precommit, Seen, Settled, Terms
from beanjar.testing.clock import HandClock
from beanjar.testing.people import Person
from tests.node.conftest import Story
from tests.node.house import House, open_house
from tests.space.panel import publish
from tests.space.tiny import TINY, Count, Note, TinyAsk
from tests.told import told

Play = Callable[[Story], None]

both_forms = pytest.mark.parametrize("sealed", [True, False], ids=["sealed", "in the clear"])


def words(house: House) -> list[Body]:
    """Return what the node's own device has said, one entry after the other."""
    log = house.node.folder.store.read_log(house.id, house.node.device)
    read = [house.space.vocabulary.read(each.body or b"") for each in log]
    return [body for body in read if body is not None]


def kinds(house: House) -> list[str]:
    return [type(body).__name__ for body in words(house)]


@both_forms
def test_a_node_witnesses_a_question_to_its_end(
    play: Play, ben: Person, cal: Person, *, sealed: bool
) -> None:
    async def story(house: House) -> None:
        question = await house.ask(sealed=sealed)
        await house.answer(ben, question, 5)
        await house.answer(cal, question, 7)
        assert (await house.facts(question)).answers == 2
        await house.close(question)
        assert (await house.facts(question)).state == "opened"
        assert (await house.look(question)).choices == {ben.id: 5, cal.id: 7}
        report = house.verify()
        assert report.problems == []
        assert [each.result for each in report.questions] == [await house.digest(question)]
        expected = ["Join", "Accept", "Seen", "Seen", "Close", "Precommit", "Settled", "Key"]
        assert kinds(house) == expected[: None if sealed else -1]
        await house.node.tick()
        assert len(words(house)) == len(expected[: None if sealed else -1])

    play(story)


def test_a_large_crowd_is_opened_on_all_processors_to_the_same_result(play: Play) -> None:
    async def story(house: House) -> None:
        question = await house.ask()
        crowd = [Person(f"P{number}") for number in range(70)]
        await asyncio.gather(
            *(house.answer(person, question, number) for number, person in enumerate(crowd))
        )
        await house.close(question)
        expected = {person.id: number for number, person in enumerate(crowd)}
        assert (await house.look(question)).choices == expected
        assert house.verify().questions[0].result == await house.digest(question)

    play(story)


def test_a_late_answer_finds_the_jar_closed_although_no_tick_has_come(
    play: Play, ben: Person, cal: Person
) -> None:
    async def story(house: House) -> None:
        question = await house.ask()
        await house.answer(ben, question, 5)
        back_dated = house.write(ben.device, house.prepare(ben.device, question, Count(6)))
        house.clock.pass_time(HOUR)
        assert (await house.facts(question)).state == "open"
        await house.answer(cal, question, 7)
        await house.take(*back_dated)
        await house.node.tick()
        assert (await house.look(question)).choices == {ben.id: 5}

    play(story)


def test_what_comes_after_the_asker_ended_a_question_is_late(
    play: Play, ben: Person, cal: Person
) -> None:
    async def story(house: House) -> None:
        question = await house.ask(asker_may_end=True)
        await house.answer(ben, question, 5)
        await house.say(house.ada.device, End(question))
        await house.answer(cal, question, 7)
        await house.node.tick()
        assert (await house.look(question)).choices == {ben.id: 5}

    play(story)


def revoke(house: House, person: Person, *, after: int) -> Revoke:
    """Return a person's word that nothing in their device's log counts after a place."""
    key = person.device.key.public
    last = house.node.folder.store.read_log(house.id, key, after, 1)[0]
    word = LastWord(house.id, key, after, last.id)
    return Revoke(key.hex(), after, last.id.hex(), revoke_device(person.key, word))


def test_an_answer_is_not_admitted_if_its_device_is_revoked_before_it_is_seen(
    play: Play, ben: Person, cal: Person
) -> None:
    async def story(house: House) -> None:
        question = await house.ask()
        await house.answer(ben, question, 5)
        await house.answer(cal, question, 7)
        await house.say(ben.new_device("laptop"), revoke(house, ben, after=0))
        await house.close(question)
        assert (await house.look(question)).choices == {cal.id: 7}
        assert house.verify().problems == []

    play(story)


def test_an_answer_is_not_admitted_if_its_log_forks_before_it_is_seen(
    play: Play, ben: Person, cal: Person
) -> None:
    async def story(house: House) -> None:
        question = await house.ask()
        await house.answer(cal, question, 7)
        await house.node.tick()
        await house.say(ben.device, Profile("Ben"))
        other = house.write(ben.device, Leave())
        await house.answer(ben, question, 5)
        with told(Forked, "new device"):
            await house.take(*other)
        await house.close(question)
        assert (await house.look(question)).choices == {cal.id: 7}
        assert house.verify().questions[0].result == await house.digest(question)

    play(story)


def test_who_leaves_and_comes_back_in_time_counts(play: Play, ben: Person, cal: Person) -> None:
    async def story(house: House) -> None:
        question = await house.ask()
        for person in (ben, cal):
            await house.answer(person, question, 5)
            await house.say(person.device, Leave())
        await house.node.tick()
        await house.say(ben.device, house.join(ben.device))
        await house.close(question)
        assert (await house.look(question)).choices == {ben.id: 5}

    play(story)


def test_a_witness_goes_on_when_something_beside_the_answers_is_erased(
    play: Play, ben: Person, cal: Person
) -> None:
    async def story(house: House) -> None:
        question = await house.ask()
        note = await house.say(ben.device, Note(question, "Well"))
        await house.answer(ben, question, 5)
        await house.node.tick()
        await house.say(ben.device, Erase(note))
        await house.answer(cal, question, 7)
        await house.node.tick()
        await house.close(question)
        assert (await house.look(question)).choices == {ben.id: 5, cal.id: 7}
        seen = [pair for body in words(house) if isinstance(body, Seen) for pair in body.pairs]
        assert len(seen) == len(set(seen)) == 2

    play(story)


def test_a_node_that_is_not_asked_to_witness_says_nothing(play: Play) -> None:
    async def story(house: House) -> None:
        await house.ask(witness=Person("Dan").new_device("node").key.public)
        await house.node.tick()
        assert kinds(house) == ["Join"]

    play(story)


def test_a_node_serves_the_first_opening_that_it_sees(play: Play, ben: Person) -> None:
    async def story(house: House) -> None:
        first = await house.ask(sealed=False)
        await house.answer(ben, first, 5)
        second = await house.open(house.space.find(first)[0])
        assert (await house.facts(second)).open == first
        await house.close(first)
        assert (await house.look(second)).choices == {ben.id: 5}

    play(story)


def test_a_question_whose_deadline_has_passed_is_not_accepted(play: Play, ada: Person) -> None:
    async def story(house: House) -> None:
        terms = Terms(house.clock.now(), (house.node.device.hex(),))
        asked = await house.say(ada.device, TinyAsk(terms))
        await house.node.tick()
        assert (await house.facts(asked)).state == "asked"
        assert kinds(house) == ["Join"]

    play(story)


def test_a_node_takes_part_once_however_often_it_is_asked_to(play: Play) -> None:
    async def story(house: House) -> None:
        receipt = await house.keep()
        assert await house.keep() == receipt
        assert kinds(house) == ["Join"]

    play(story)


def test_a_node_takes_part_only_with_a_certificate_for_itself(play: Play, ben: Person) -> None:
    async def story(house: House) -> None:
        for certificate in (
            ben.device.certificate(house.id),
            certify_device(ben.key, bytes(32), house.node.device, node=True),
        ):
            with told(Refused, "not for this node"):
                await house.node.keep(house.id, certificate)

    play(story)


def test_a_keeper_that_goes_away_does_not_fork_the_nodes_log(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_house(tmp_path) as house:
            for _ in range(5):
                house.clock.pass_time()
                await house.found()
                gone = asyncio.create_task(house.keep())
                await asyncio.sleep(0)
                gone.cancel()
                await house.keep()
                assert gone.cancelled()
                assert set(kinds(house)) == {"Join"}
                assert house.space.knows(house.node.device)
                assert house.verify().forks == 0

    asyncio.run(story())


def test_two_ticks_at_once_say_each_word_once(play: Play, ben: Person) -> None:
    async def story(house: House) -> None:
        tick = house.node.tick

        async def tick_twice() -> None:
            await asyncio.gather(tick(), tick(), tick())

        house.node.tick = tick_twice  # type: ignore[method-assign]
        question = await house.ask()
        await house.answer(ben, question, 5)
        await house.close(question)
        assert (await house.look(question)).choices == {ben.id: 5}
        expected = ["Join", "Accept", "Seen", "Seen", "Close", "Precommit", "Settled", "Key"]
        assert kinds(house) == expected

    play(story)


class Mortal(HandClock):
    """A clock that keeps a copy of a node's folder each time that something new is on its disk.

    Whenever the node looks at the time, it could have been killed. A copy is what is left then.
    """

    def __init__(self, folder: Path, copies: Path) -> None:
        super().__init__()
        self._files = [folder / name for name in ("beanjar.db", "beanjar.db-wal")]
        self._folder, self._copies = folder, copies
        self._known: set[bytes] = set()
        self.deaths: list[tuple[Path, int]] = []

    def now(self) -> int:
        now = super().now()
        on_disk = sha256(b"".join(file.read_bytes() for file in self._files if file.exists()))
        if on_disk.digest() not in self._known:
            self._known.add(on_disk.digest())
            copy = self._copies / str(len(self.deaths))
            shutil.copytree(self._folder, copy)
            self.deaths.append((copy, now))
        return now


async def go_on(house: House, people: Sequence[Person]) -> str:
    """Take one story from wherever it stands to its end; return the open's id."""
    if not house.node.spaces():
        await house.found()
    await house.keep()
    if not house.space.subjects(TINY):
        terms = Terms(house.clock.now() + HOUR, (house.node.device.hex(),))
        await house.say(house.ada.device, TinyAsk(terms))
    await house.node.tick()
    [asked] = house.space.subjects(TINY)
    closing = house.space.closing(asked)
    opening = closing.opening()
    opened = opening.said.id if opening else await house.open(asked)
    for number, person in enumerate(people):
        facts = await house.facts(opened)
        if facts.state == "open" and facts.answers <= number:
            await house.answer(person, opened, number)
            await house.node.tick()
    await house.close(opened)
    return opened


def check_words(said: Sequence[Body]) -> None:
    """Check that a witness said each word once, with the key that it had accepted with."""
    counts = Counter(type(body) for body in said)
    assert counts.pop(Seen) >= 2
    assert counts == dict.fromkeys((Join, Accept, Close, Precommit, Settled, Key), 1)
    [accept] = [body for body in said if isinstance(body, Accept)]
    [key] = [body for body in said if isinstance(body, Key)]
    assert publish(bytes.fromhex(key.secret)).hex() == accept.key


def test_a_witness_that_is_killed_at_any_moment_goes_on_where_it_stopped(
    tmp_path: Path, ben: Person, cal: Person
) -> None:
    people = (ben, cal)
    clock = Mortal(tmp_path / "node", tmp_path)

    async def live(folder: Path, clock: HandClock) -> None:
        async with open_house(folder, clock) as house:
            before = words(house) if house.node.spaces() else []
            question = await go_on(house, people)
            assert (await house.look(question)).choices == {ben.id: 0, cal.id: 1}
            assert words(house)[: len(before)] == before
            check_words(words(house))
            report = house.verify()
            assert (report.forks, report.problems) == (0, [])
            assert report.questions[0].result == await house.digest(question)

    asyncio.run(live(tmp_path / "node", clock))
    deaths = list(clock.deaths)
    assert len(deaths) >= 15
    for folder, now in deaths:
        asyncio.run(live(folder, HandClock(now)))


def test_a_late_answer_stays_late_when_the_node_is_restarted(
    tmp_path: Path, ben: Person, cal: Person
) -> None:
    clock = HandClock()

    async def story() -> None:
        async with open_house(tmp_path, clock) as house:
            await house.found()
            await house.keep()
            question = await house.ask()
            await house.answer(ben, question, 5)
            await house.node.tick()
            clock.pass_time(HOUR)
            await house.answer(cal, question, 7)
        async with open_house(tmp_path, clock) as house:
            assert (await house.look(question)).choices == {ben.id: 5}

    asyncio.run(story())
