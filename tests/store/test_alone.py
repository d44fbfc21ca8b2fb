from collections.abc import Callable
from pathlib import Path

import pytest

from beanjar.base import limits
from beanjar.ops.errors import BrokenChain, Malformed
from beanjar.ops.operation import Operation
from beanjar.store import Store, Unknown, alone
from tests.store.signed import NOON, SPACE, device, write_log

ADA, BEN = device(1), device(2)
OTHER = b"o" * 32


def keep_alone(store: Store, *operations: Operation) -> list[bool]:
    with store.writing() as writer:
        return [writer.keep_alone(each) for each in operations]


def by_id(operations: list[Operation]) -> list[Operation]:
    return sorted(operations, key=lambda each: each.id)


def test_what_stands_by_itself_is_found_and_listed_though_no_log_has_it(path: Path) -> None:
    log = write_log(ADA, 70)
    store = Store.open(path)
    with store.writing() as writer:
        writer.add_space(SPACE)
    assert keep_alone(store, log[69], log[3]) == [True, True]
    store.close()
    store = Store.open(path)
    assert [store.find(SPACE, each.id) for each in (log[3], log[69])] == [log[3], log[69]]
    assert list(store.alone(SPACE)) == by_id([log[3], log[69]])
    assert (store.arrival(SPACE, log[3].id), list(store.scan(SPACE))) == (None, [])
    assert list(store.alone(OTHER)) == []
    store.close()


def test_what_is_kept_already_is_not_new(store: Store) -> None:
    log = write_log(ADA, 3)
    with store.writing() as writer:
        writer.append(log[:1])
        assert writer.keep_alone(log[2])
        assert writer.find(SPACE, log[2].id) == log[2]
        assert not writer.keep_alone(log[2])
        assert not writer.keep_alone(log[0])
    assert keep_alone(store, log[2], log[0]) == [False, False]
    assert list(store.alone(SPACE)) == [log[2]]


@pytest.mark.parametrize("bare", [True, False])
def test_a_log_takes_up_what_stood_by_itself(store: Store, *, bare: bool) -> None:
    log, other = write_log(ADA, 70), write_log(BEN, 2)
    keep_alone(store, log[3], log[69], other[1])
    with store.writing() as writer:
        writer.append([each.without_body() if bare and each.seq > 2 else each for each in log])
    assert list(store.alone(SPACE)) == [other[1]]
    here = {3, 69} if bare else set(range(70))
    expected = [each if each.seq < 3 or each.seq in here else each.without_body() for each in log]
    assert store.read_log(SPACE, ADA.public) == expected


def test_a_run_that_is_refused_takes_nothing_up(store: Store) -> None:
    log = write_log(ADA, 3)
    with store.writing() as writer:
        writer.keep_alone(log[2])
        with pytest.raises(BrokenChain):
            writer.append(log[1:])
    assert list(store.alone(SPACE)) == [log[2]]


def test_a_log_whose_body_is_missing_gets_it_from_what_came_by_itself(store: Store) -> None:
    log = write_log(ADA, 3)
    with store.writing() as writer:
        writer.append([each.without_body() for each in log])
    assert keep_alone(store, log[1], log[1]) == [True, False]
    assert store.find(SPACE, log[1].id) == log[1]
    assert list(store.alone(SPACE)) == []


def test_what_was_erased_does_not_come_back_by_itself(store: Store) -> None:
    log = write_log(ADA, 3)
    with store.writing() as writer:
        writer.append(log[:2])
        writer.keep_alone(log[2])
        writer.drop_bodies(SPACE, [log[1].id, log[2].id])
    assert list(store.alone(SPACE)) == []
    assert store.find(SPACE, log[2].id) is None
    assert keep_alone(store, log[1]) == [False]
    assert store.find(SPACE, log[1].id) == log[1].without_body()


def test_what_expires_does_not_stand_by_itself(store: Store) -> None:
    log = write_log(ADA, 1, until=lambda _seq: NOON)
    assert keep_alone(store, *log) == [False]
    assert store.find(SPACE, log[0].id) is None


def test_a_header_without_a_body_does_not_stand_by_itself(store: Store) -> None:
    bare = write_log(ADA, 1)[0].without_body()
    with pytest.raises(Malformed, match="is not here"), store.writing() as writer:
        writer.keep_alone(bare)


def test_nothing_stands_by_itself_in_a_space_that_is_not_carried(store: Store) -> None:
    with pytest.raises(Unknown, match="does not carry"), store.writing() as writer:
        writer.keep_alone(write_log(ADA, 1, OTHER)[0])


@pytest.fixture
def set_limits(monkeypatch: pytest.MonkeyPatch) -> Callable[[int, int], None]:
    def set_them(space: int, one_device: int) -> None:
        monkeypatch.setattr(alone, "ALONE_OPERATIONS", space)
        monkeypatch.setattr(alone, "ALONE_PER_DEVICE", one_device)

    assert (limits.ALONE_OPERATIONS, limits.ALONE_PER_DEVICE) == (100_000, 4_096)
    return set_them


def test_one_device_fills_only_its_part_and_all_together_the_whole(
    store: Store, set_limits: Callable[[int, int], None]
) -> None:
    set_limits(5, 3)
    ada, ben, elsewhere = write_log(ADA, 9), write_log(BEN, 9), write_log(ADA, 9, OTHER)
    assert keep_alone(store, *ada[:2]) == [True, True]
    assert keep_alone(store, *ada[2:5]) == [True, False, False]
    assert keep_alone(store, *ben[:4]) == [True, True, False, False]
    with store.writing() as writer:
        writer.add_space(OTHER)
    assert keep_alone(store, *elsewhere[:4]) == [True, True, True, False]
    with store.writing() as writer:
        writer.append(ada[:1])
        writer.drop_bodies(SPACE, [ben[0].id])
        assert [writer.keep_alone(each) for each in ben[5:]] == [True, True, False, False]
    assert len(list(store.alone(SPACE))) == 5


def test_more_than_a_page_of_them_is_listed(store: Store) -> None:
    logs = [write_log(device(number), 20) for number in range(60)]
    everything = [each for log in logs for each in log]
    assert all(keep_alone(store, *everything))
    assert list(store.alone(SPACE)) == by_id(everything)


def test_a_forgotten_space_takes_what_stands_by_itself_along(store: Store) -> None:
    ada, elsewhere = write_log(ADA, 3), write_log(ADA, 3, OTHER)
    with store.writing() as writer:
        writer.add_space(OTHER)
        writer.keep_alone(ada[1])
        writer.keep_alone(elsewhere[1])
        writer.forget_space(SPACE)
        writer.add_space(SPACE)
        assert writer.find(SPACE, ada[1].id) is None
        assert writer.keep_alone(ada[2])
    assert list(store.alone(SPACE)) == [ada[2]]
    assert list(store.alone(OTHER)) == [elsewhere[1]]
