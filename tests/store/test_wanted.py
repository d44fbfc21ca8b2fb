import sqlite3

import pytest
from sqlalchemy import Engine, event

from beanjar.ops.operation import Operation
from beanjar.store import Store, Unknown
from tests.store.signed import NOON, SPACE, device, write_log

ADA, BEN = device(1), device(2)
OTHER = b"o" * 32


def bare(log: list[Operation], *seqs: int) -> list[Operation]:
    return [each.without_body() if each.seq in seqs else each for each in log]


def keep(store: Store, *logs: list[Operation]) -> None:
    with store.writing() as writer:
        for log in logs:
            writer.append(log)


def wanted(store: Store, now: int = NOON) -> list[Operation]:
    return [each for _, each in store.wanted(SPACE, now)]


def test_a_body_that_did_not_come_is_wanted_until_it_comes(store: Store) -> None:
    log = write_log(ADA, 200)
    keep(store, bare(log, 0, 70, 71, 199))
    assert wanted(store) == [log[seq].without_body() for seq in (0, 70, 71, 199)]
    with store.writing() as writer:
        assert writer.restore_body(log[70])
        assert not writer.restore_body(log[70])
    assert wanted(store) == [log[seq].without_body() for seq in (0, 71, 199)]


def test_what_is_wanted_comes_in_order_of_arrival_a_part_at_a_time(store: Store) -> None:
    ada = bare(write_log(ADA, 140, until=lambda seq: NOON + 1 if seq % 2 else 0), *range(140))
    ben = bare(write_log(BEN, 140), *range(0, 140, 3))
    for start in range(0, 140, 70):
        keep(store, ada[start : start + 70], ben[start : start + 70])
    everything = [each for each in store.scan(SPACE) if each[1].body is None]
    assert store.wanted(SPACE, NOON) == everything
    found: list[tuple[int, Operation]] = []
    while part := store.wanted(SPACE, NOON, found[-1][0] if found else 0, 33):
        assert len(part) == min(33, len(everything) - len(found))
        found += part
    assert found == everything


def test_what_has_expired_is_not_wanted(store: Store) -> None:
    log = write_log(ADA, 10, until=lambda seq: NOON + seq)
    keep(store, bare(log, *range(5)))
    with store.writing() as writer:
        writer.drop_expired(NOON + 7)
    assert wanted(store, NOON + 2) == [each.without_body() for each in log[3:8]]
    assert wanted(store, NOON + 7) == []


def test_what_was_erased_is_wanted_only_once_its_erasure_does_not_count(store: Store) -> None:
    log = write_log(ADA, 70)
    keep(store, bare(log, 3, 66))
    with store.writing() as writer:
        writer.drop_bodies(SPACE, [log[2].id, log[3].id])
        assert not writer.restore_body(log[2])
        assert not writer.restore_body(log[3])
    assert wanted(store) == [log[66].without_body()]
    assert store.read_log(SPACE, ADA.public) == bare(log, 2, 3, 66)
    with store.writing() as writer:
        writer.want_again(SPACE, [log[2].id, log[2].id, log[5].id, log[66].id, bytes(32)])
    assert wanted(store) == [log[2].without_body(), log[66].without_body()]
    assert store.read_log(SPACE, ADA.public) == bare(log, 2, 3, 66)
    with store.writing() as writer:
        assert writer.restore_body(log[2])
        assert not writer.restore_body(log[3])
    assert store.read_log(SPACE, ADA.public) == bare(log, 3, 66)


def test_each_space_wants_its_own(store: Store) -> None:
    log, elsewhere = write_log(ADA, 3), write_log(ADA, 3, OTHER)
    with store.writing() as writer:
        writer.add_space(OTHER)
        writer.append(bare(log, 1))
        writer.append(bare(elsewhere, 2))
        writer.drop_bodies(OTHER, [log[1].id])
    assert wanted(store) == [log[1].without_body()]
    assert store.wanted(OTHER, NOON) == [(6, elsewhere[2].without_body())]
    assert store.wanted(b"x" * 32, NOON) == []


def test_nothing_is_wanted_again_in_a_space_that_is_not_carried(store: Store) -> None:
    with store.writing() as writer:
        writer.want_again(OTHER, [bytes(32)])
    with pytest.raises(Unknown), store.writing() as writer:
        writer.drop_bodies(OTHER, [bytes(32)])


def count_steps(store: Store) -> int:
    """Return how many tens of steps SQLite's own machine takes to find what is wanted."""
    steps = [0]

    def take_step() -> int:
        steps[0] += 1
        return 0

    def watch(connection: sqlite3.Connection, *_: object) -> None:
        connection.set_progress_handler(take_step, 10)

    event.listen(Engine, "checkout", watch)
    found = store.wanted(SPACE, NOON, 1, 9)
    event.remove(Engine, "checkout", watch)
    assert len(found) == 4
    return steps[0]


def test_what_is_here_or_erased_or_expired_is_passed_over_at_no_cost(store: Store) -> None:
    until = {1: NOON + 5, 2: NOON + 5}
    keep(store, bare(write_log(ADA, 5, until=lambda seq: until.get(seq, 0)), 1, 2, 3, 4))
    few = count_steps(store)
    log = write_log(BEN, 1_500, until=lambda seq: NOON if seq % 3 == 0 else 0)
    keep(store, bare(log, *range(0, 1_500, 3)))
    with store.writing() as writer:
        writer.drop_bodies(SPACE, [each.id for each in log[1:300:3]])
    assert 0 < few <= count_steps(store) <= 1.2 * few


def test_an_arrival_is_known_for_every_operation_and_for_the_last(store: Store) -> None:
    ada, elsewhere = write_log(ADA, 9), write_log(ADA, 9, OTHER)
    assert store.last_arrival(SPACE) == 0
    with store.writing() as writer:
        writer.add_space(OTHER)
        writer.append(ada[:3])
        writer.append(elsewhere)
    assert (store.last_arrival(SPACE), store.last_arrival(OTHER)) == (3, 12)
    keep(store, ada[3:])
    assert store.last_arrival(SPACE) == 18
    arrivals = [store.arrival(SPACE, each.id) for each in ada]
    assert arrivals == [arrival for arrival, _ in store.scan(SPACE)]
    assert store.arrival(SPACE, elsewhere[0].id) is None
    assert store.arrival(SPACE, bytes(32)) is None
