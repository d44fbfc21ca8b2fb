"""The store beside a twin made of lists and dicts, through the same random acts."""

import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from beanjar.base.ids import ZERO
from beanjar.ops.log import EMPTY, head_of
from beanjar.ops.operation import Operation
from beanjar.ops.run import read_run
from beanjar.store import Store
from tests.store.empty import open_empty
from tests.store.signed import NOON, SPACE, device, write_log

LENGTH = 150
"""Longer than two stretches between ids that are stored."""


def _until(seq: int) -> int:
    return NOON + seq % 10 if seq % 3 == 0 else 0


GARDEN = write_log(device(1), LENGTH, ZERO, until=_until)
LOGS = [
    GARDEN,
    write_log(device(2), LENGTH, GARDEN[0].id, until=_until),
    write_log(device(1), LENGTH, SPACE, until=_until),
    write_log(device(3), LENGTH, SPACE, until=_until),
]
SPACES = [GARDEN[0].id, SPACE]
PLACES = {each.id: (number, each.seq) for number, log in enumerate(LOGS) for each in log}

some_log = st.integers(0, len(LOGS) - 1)
some_space = st.sampled_from(SPACES)
some_key = st.sampled_from([bytes([number]) * 32 for number in range(3)])
some_moment = st.integers(NOON - 1, NOON + 10)


class _Undone(Exception):
    """Ends a transaction that should leave no trace."""


class StoreAndTwin(RuleBasedStateMachine):
    """What the store says, the twin says."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.path = self.folder / "store.sqlite3"
        self.logs: list[list[Operation]] = [[] for _ in LOGS]
        self.order: list[bytes] = []
        self.held: dict[tuple[bytes, bytes], tuple[int, bytes]] = {}
        self.alone: dict[bytes, Operation] = {}
        self.erased: set[bytes] = set()

    @initialize()
    def open(self) -> None:
        self.store = open_empty(self.path, *SPACES)

    @rule()
    def restart(self) -> None:
        self.store.close()
        self.store = Store.open(self.path)

    @rule(
        steps=st.lists(
            st.tuples(some_log, st.integers(1, 70), st.booleans()), min_size=1, max_size=5
        )
    )
    def append(self, steps: list[tuple[int, int, bool]]) -> None:
        with self.store.writing() as writer:
            for number, count, bare in steps:
                run = self.next_run(number, count)
                if run:
                    writer.append([each.without_body() for each in run] if bare else run)
                    self.logs[number] += [
                        each.without_body() if bare and each.id not in self.alone else each
                        for each in run
                    ]
                    for each in run:
                        self.alone.pop(each.id, None)
                    self.order += [each.id for each in run]
                    assert writer.head(run[0].effective_space, run[0].key) == head_of(run[-1])

    @rule(number=some_log, count=st.integers(1, 70), at=some_moment)
    def undo(self, number: int, count: int, at: int) -> None:
        run = self.next_run(number, count)

        def write_in_vain() -> None:
            with self.store.writing() as writer:
                if run:
                    writer.append(run)
                    writer.drop_bodies(run[0].effective_space, [each.id for each in run])
                for log in LOGS:
                    writer.keep_alone(log[-1])
                    writer.want_again(log[0].effective_space, [each.id for each in log])
                writer.drop_expired(at)
                writer.take_due(at)
                writer.forget_space(SPACE)
                raise _Undone

        with pytest.raises(_Undone):
            write_in_vain()

    @rule(number=some_log, seqs=st.sets(st.integers(0, LENGTH - 1), max_size=10))
    def drop(self, number: int, seqs: set[int]) -> None:
        wanted = [LOGS[number][seq] for seq in sorted(seqs)]
        with self.store.writing() as writer:
            writer.drop_bodies(LOGS[number][0].effective_space, [each.id for each in wanted])
        self.bare([each.id for each in wanted])
        self.erased.update(each.id for each in wanted if self.now(each.id))
        for each in wanted:
            self.alone.pop(each.id, None)

    @rule(number=some_log, seqs=st.sets(st.integers(0, LENGTH - 1), max_size=50))
    def want_again(self, number: int, seqs: set[int]) -> None:
        names = [LOGS[number][seq].id for seq in sorted(seqs)]
        with self.store.writing() as writer:
            writer.want_again(LOGS[number][0].effective_space, names)
        self.erased.difference_update(names)

    @rule(number=some_log, seqs=st.sets(st.integers(0, LENGTH - 1), max_size=10))
    def keep_alone(self, number: int, seqs: set[int]) -> None:
        some = [LOGS[number][seq] for seq in sorted(seqs)]
        with self.store.writing() as writer:
            kept = [writer.keep_alone(each) for each in some]
        assert kept == [self.keep(each) for each in some]

    @rule(now=some_moment)
    def expire(self, now: int) -> None:
        whole = [each for log in self.logs for each in log if each.body is not None]
        expected = sorted((each.effective_space, each.id) for each in whole if each.expired(now))
        with self.store.writing() as writer:
            assert sorted(writer.drop_expired(now)) == expected
        self.bare([name for _, name in expected])

    @rule(number=some_log, seqs=st.sets(st.integers(0, LENGTH - 1), max_size=50))
    def restore(self, number: int, seqs: set[int]) -> None:
        some = [LOGS[number][seq] for seq in sorted(seqs) if seq < len(self.logs[number])]
        with self.store.writing() as writer:
            restored = [writer.restore_body(each) for each in some]
        assert restored == [self.restore_one(each) for each in some]

    @rule(space=some_space, key=some_key, due=some_moment, run=st.binary(min_size=1, max_size=9))
    def hold(self, space: bytes, key: bytes, due: int, run: bytes) -> None:
        with self.store.writing() as writer:
            assert writer.hold(space, key, due, run)
        self.held[space, key] = (due, run)

    @rule(now=some_moment)
    def take_due(self, now: int) -> None:
        due = {place: run for place, (at, run) in self.held.items() if at <= now}
        with self.store.writing() as writer:
            taken = writer.take_due(now)
        assert sorted(taken) == sorted((space, run) for (space, _), run in due.items())
        self.held = {place: held for place, held in self.held.items() if place not in due}

    @rule(space=some_space)
    def forget(self, space: bytes) -> None:
        with self.store.writing() as writer:
            writer.forget_space(space)
            writer.add_space(space)
        for number, log in enumerate(LOGS):
            if log[0].effective_space == space:
                self.logs[number] = []
        self.order = list(filter(self.now, self.order))
        self.erased = set(filter(self.now, self.erased))
        self.alone = {
            name: each for name, each in self.alone.items() if each.effective_space != space
        }
        self.held = {place: held for place, held in self.held.items() if place[0] != space}

    @rule(space=some_space, part=st.floats(0, 1))
    def scan(self, space: bytes, part: float) -> None:
        everything = list(self.store.scan(space))
        expected = [each for each in map(self.now, self.order) if each]
        mine = [each for each in expected if each.effective_space == space]
        assert [each for _, each in everything] == mine
        arrivals = [arrival for arrival, _ in everything]
        assert arrivals == sorted(set(arrivals))
        place = int(part * len(everything))
        after = arrivals[place - 1] if place else 0
        assert list(self.store.scan(space, after)) == everything[place:]

    @rule(space=some_space, now=some_moment, part=st.floats(0, 1), count=st.integers(1, 200))
    def wanted(self, space: bytes, now: int, part: float, count: int) -> None:
        arrivals = [arrival for arrival, _ in self.store.scan(space)]
        after = arrivals[int(part * (len(arrivals) - 1))] if arrivals else 0
        expected = [
            (arrival, each)
            for arrival, each in self.store.scan(space, after)
            if each.body is None and each.id not in self.erased and not each.expired(now)
        ]
        assert self.store.wanted(space, now, after, count) == expected[:count]

    @rule(number=some_log, start=st.integers(0, LENGTH), count=st.integers(0, LENGTH))
    def read_log(self, number: int, start: int, count: int) -> None:
        first = LOGS[number][0]
        found = self.store.read_log(first.effective_space, first.key, start, count)
        assert found == self.logs[number][start : start + count]
        data, after = self.store.write_run(first.effective_space, first.key, start)
        assert (read_run(data) if data else []) == self.logs[number][start:]
        assert after == max(start, len(self.logs[number]))

    @rule(name=st.sampled_from(sorted(PLACES)))
    def find(self, name: bytes) -> None:
        found = {space: self.store.find(space, name) for space in SPACES}
        here = self.now(name) or self.alone.get(name)
        expected = {
            space: here if here and here.effective_space == space else None for space in SPACES
        }
        assert found == expected

    @invariant()
    def stands_where_the_twin_stands(self) -> None:
        for log, mine in zip(LOGS, self.logs, strict=True):
            head = self.store.head(log[0].effective_space, log[0].key)
            assert head == (head_of(mine[-1]) if mine else EMPTY)
        alone = [each for space in SPACES for each in self.store.alone(space)]
        assert {each.id: each for each in alone} == self.alone

    def teardown(self) -> None:
        if hasattr(self, "store"):
            for space in SPACES:
                mine = [log for log in self.logs if log and log[0].effective_space == space]
                mine.sort(key=lambda log: log[0].key)
                assert list(self.store.logs(space)) == mine
            self.store.close()
        shutil.rmtree(self.folder)

    def next_run(self, number: int, count: int) -> list[Operation]:
        done = len(self.logs[number])
        return LOGS[number][done : done + count]

    def restore_one(self, whole: Operation) -> bool:
        """Let the twin take a body; say whether it does."""
        here = self.now(whole.id)
        if here is None or here.body is not None or whole.id in self.erased:
            return False
        number, seq = PLACES[whole.id]
        self.logs[number][seq] = whole
        return True

    def keep(self, whole: Operation) -> bool:
        """Let the twin keep an operation by itself; say whether it does."""
        if self.now(whole.id):
            return self.restore_one(whole)
        if whole.until or whole.id in self.alone:
            return False
        self.alone[whole.id] = whole
        return True

    def now(self, name: bytes) -> Operation | None:
        number, seq = PLACES[name]
        return self.logs[number][seq] if seq < len(self.logs[number]) else None

    def bare(self, names: list[bytes]) -> None:
        for name in names:
            number, seq = PLACES[name]
            if seq < len(self.logs[number]):
                self.logs[number][seq] = self.logs[number][seq].without_body()


TestStoreAndTwin = StoreAndTwin.TestCase
TestStoreAndTwin.settings = settings(
    max_examples=settings().max_examples // 4, stateful_step_count=25
)
