"""The store beside a twin made of lists and dicts, through the same random acts."""

import shutil
import tempfile
from functools import cache
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from beanjar.base.ids import ZERO
from beanjar.ops.log import EMPTY, head_of
from beanjar.ops.operation import Operation
from beanjar.store import Store
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


@cache
def _empty_store() -> bytes:
    """Return the bytes of a store that carries both spaces; making it takes a migration."""
    with tempfile.TemporaryDirectory() as folder:
        store = Store.open(Path(folder, "empty.sqlite3"))
        with store.writing() as writer:
            for space in SPACES:
                writer.add_space(space)
        store.close()
        return Path(folder, "empty.sqlite3").read_bytes()


class StoreAndTwin(RuleBasedStateMachine):
    """What the store says, the twin says."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.path = self.folder / "store.sqlite3"
        self.logs: list[list[Operation]] = [[] for _ in LOGS]
        self.order: list[bytes] = []
        self.held: dict[tuple[bytes, bytes], tuple[int, bytes]] = {}

    @initialize()
    def open(self) -> None:
        self.path.write_bytes(_empty_store())
        self.store = Store.open(self.path)

    @rule()
    def restart(self) -> None:
        self.store.close()
        self.store = Store.open(self.path)

    @rule(steps=st.lists(st.tuples(some_log, st.integers(1, 70)), min_size=1, max_size=5))
    def append(self, steps: list[tuple[int, int]]) -> None:
        with self.store.writing() as writer:
            for number, count in steps:
                run = self.next_run(number, count)
                if run:
                    writer.append(run)
                    self.logs[number] += run
                    self.order += [each.id for each in run]
                    assert writer.head(run[0].effective_space, run[0].key) == head_of(run[-1])

    @rule(number=some_log, count=st.integers(1, 70), at=some_moment)
    def undo(self, number: int, count: int, at: int) -> None:
        run = self.next_run(number, count)

        def write_in_vain() -> None:
            with self.store.writing() as writer:
                if run:
                    writer.append(run)
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

    @rule(now=some_moment)
    def expire(self, now: int) -> None:
        whole = [each for log in self.logs for each in log if each.body is not None]
        expected = sorted((each.effective_space, each.id) for each in whole if each.expired(now))
        with self.store.writing() as writer:
            assert sorted(writer.drop_expired(now)) == expected
        self.bare([name for _, name in expected])

    @rule(number=some_log, seq=st.integers(0, LENGTH - 1))
    def restore(self, number: int, seq: int) -> None:
        if seq < len(self.logs[number]):
            with self.store.writing() as writer:
                writer.restore_body(LOGS[number][seq])
            self.logs[number][seq] = LOGS[number][seq]

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

    @rule(number=some_log, start=st.integers(0, LENGTH), count=st.integers(0, LENGTH))
    def read_log(self, number: int, start: int, count: int) -> None:
        first = LOGS[number][0]
        found = self.store.read_log(first.effective_space, first.key, start, count)
        assert found == self.logs[number][start : start + count]

    @rule(name=st.sampled_from(sorted(PLACES)))
    def find(self, name: bytes) -> None:
        found = {space: self.store.find(space, name) for space in SPACES}
        here = self.now(name)
        expected = {
            space: here if here and here.effective_space == space else None for space in SPACES
        }
        assert found == expected

    @invariant()
    def stands_where_the_twin_stands(self) -> None:
        for log, mine in zip(LOGS, self.logs, strict=True):
            head = self.store.head(log[0].effective_space, log[0].key)
            assert head == (head_of(mine[-1]) if mine else EMPTY)

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
