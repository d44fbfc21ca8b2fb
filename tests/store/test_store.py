import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from beanjar.base.ids import ZERO
from beanjar.base.limits import BODY_BYTES
from beanjar.ops.errors import BrokenChain
from beanjar.ops.log import EMPTY, check_signature, head_of, write_operation
from beanjar.store import Store, Unknown
from tests.store.signed import NOON, SPACE, Scribbler, device, write_log

ADA, BEN = device(1), device(2)
OTHER = b"o" * 32


def test_every_field_of_an_operation_comes_back_after_the_store_was_closed(path: Path) -> None:
    log = write_log(ADA, 70, until=lambda seq: NOON + seq if seq % 3 == 0 else 0)
    store = Store.open(path)
    with store.writing() as writer:
        writer.add_space(SPACE)
        writer.append(log)
    store.close()
    store = Store.open(path)
    assert store.read_log(SPACE, ADA.public) == log
    assert store.head(SPACE, ADA.public) == head_of(log[-1])
    store.close()


@pytest.mark.parametrize("size", [0, 1, BODY_BYTES])
def test_a_body_of_any_size_comes_back(store: Store, size: int) -> None:
    said = write_operation(ADA, SPACE, EMPTY, b"x" * size, salt=bytes(16), time=NOON)
    with store.writing() as writer:
        writer.append([said])
    assert store.find(SPACE, said.id) == said


def test_a_header_whose_body_has_not_arrived_comes_back_as_it_is(store: Store) -> None:
    log = [each if each.seq % 2 else each.without_body() for each in write_log(ADA, 70)]
    with store.writing() as writer:
        writer.append(log)
    assert store.read_log(SPACE, ADA.public) == log
    assert [each for _, each in store.scan(SPACE)] == log


def test_one_key_founds_two_spaces(store: Store) -> None:
    garden = write_log(ADA, 70, ZERO)
    street = [write_operation(ADA, ZERO, EMPTY, b"the street", salt=bytes(16), time=NOON)]
    with store.writing() as writer:
        for log in (garden, street):
            writer.add_space(log[0].id)
            writer.append(log)
    assert store.spaces() == [SPACE, garden[0].id, street[0].id]
    for log in (garden, street):
        space = log[0].id
        assert store.read_log(space, ADA.public) == log
        assert [each for _, each in store.scan(space)] == log
        assert store.find(space, log[-1].id) == log[-1]
        check_signature(store.read_log(space, ADA.public)[0])


def test_a_log_that_nobody_began_is_empty(store: Store) -> None:
    assert store.head(SPACE, ADA.public) == EMPTY
    assert store.head(OTHER, ADA.public) == EMPTY
    assert store.read_log(SPACE, ADA.public) == []
    assert store.heads(SPACE) == {}
    assert list(store.scan(SPACE)) == []
    assert list(store.logs(SPACE)) == []
    assert store.forks(SPACE) == []


@pytest.mark.parametrize("start", [0, 1, 63, 64, 65, 127, 128, 199, 200])
def test_a_log_is_read_from_any_place_on(store: Store, start: int) -> None:
    log = write_log(ADA, 200)
    with store.writing() as writer:
        writer.append(log)
    assert store.read_log(SPACE, ADA.public, start) == log[start:]
    assert store.read_log(SPACE, ADA.public, start, 10) == log[start : start + 10]


def test_an_operation_is_found_by_id_anywhere_in_a_long_log(store: Store) -> None:
    log = write_log(ADA, 200)
    with store.writing() as writer:
        writer.append(log)
    assert [store.find(SPACE, each.id) for each in log] == log


def test_an_operation_is_found_by_id_among_tens_of_thousands(store: Store) -> None:
    log = write_log(Scribbler(bytes(32)), 33_000)
    with store.writing() as writer:
        writer.append(log)
    # The index has a block of its own for every 16,384 arrivals, which begin with 1.
    for seq in (0, 16_382, 16_383, 16_384, 32_766, 32_767, 32_768, 32_999):
        assert store.find(SPACE, log[seq].id) == log[seq]


def test_an_id_that_only_begins_alike_is_not_found(store: Store) -> None:
    log = write_log(ADA, 3)
    with store.writing() as writer:
        writer.append(log)
    assert store.find(SPACE, log[1].id[:8] + bytes(24)) is None


def test_an_operation_is_not_found_from_another_space(store: Store) -> None:
    log = write_log(ADA, 3)
    with store.writing() as writer:
        writer.add_space(OTHER)
        writer.append(log)
    assert store.find(OTHER, log[1].id) is None


def test_operations_come_back_in_the_order_in_which_they_arrived(store: Store) -> None:
    ada, ben, elsewhere = write_log(ADA, 9), write_log(BEN, 9), write_log(ADA, 9, OTHER)
    parts = [ada[:3], elsewhere[:4], ben[:5], ada[3:], elsewhere[4:], ben[5:]]
    with store.writing() as writer:
        writer.add_space(OTHER)
        arrivals = [writer.append(part) for part in parts]
    assert arrivals == [3, 7, 12, 18, 23, 27]
    assert [each for _, each in store.scan(SPACE)] == ada[:3] + ben[:5] + ada[3:] + ben[5:]
    assert [each for _, each in store.scan(OTHER)] == elsewhere


def test_a_scan_from_any_arrival_gives_the_rest(store: Store) -> None:
    ada, ben = write_log(ADA, 140), write_log(BEN, 140)
    with store.writing() as writer:
        for start in range(0, 140, 7):
            writer.append(ada[start : start + 7])
            writer.append(ben[start : start + 7])
    everything = list(store.scan(SPACE))
    assert len(everything) == 280
    for place in (0, 1, 6, 7, 100, 255, 256, 257, 279, 280):
        after = everything[place - 1][0] if place else 0
        assert list(store.scan(SPACE, after)) == everything[place:]


def test_a_scan_goes_on_with_what_is_written_meanwhile(store: Store) -> None:
    log = write_log(ADA, 300)
    with store.writing() as writer:
        writer.append(log[:290])
    scan = store.scan(SPACE)
    first = next(scan)
    with store.writing() as writer:
        writer.append(log[290:])
    assert [each for _, each in [first, *scan]] == log


def test_whole_logs_come_in_the_order_of_their_keys(store: Store) -> None:
    logs = [write_log(device(number), 60 + number) for number in range(5)]
    with store.writing() as writer:
        for log in logs:
            writer.append(log)
    assert list(store.logs(SPACE)) == sorted(logs, key=lambda log: log[0].key)


def test_an_operation_that_does_not_follow_is_refused_and_nothing_is_kept(store: Store) -> None:
    log, other = write_log(ADA, 5), write_log(BEN, 5)
    wrong = {
        "a gap": log[1:],
        "a gap inside": [log[0], log[2]],
        "another log": [log[0], other[1]],
        "twice": [log[0], log[0]],
    }
    for run in wrong.values():
        with pytest.raises(BrokenChain), store.writing() as writer:
            writer.append(run)
    with store.writing() as writer:
        writer.append(log[:3])
    with pytest.raises(BrokenChain), store.writing() as writer:
        writer.append(log[2:])
    assert list(store.logs(SPACE)) == [log[:3]]


def test_a_refused_run_leaves_the_rest_of_its_transaction_alone(store: Store) -> None:
    ada, ben = write_log(ADA, 5), write_log(BEN, 5)
    with store.writing() as writer:
        writer.append(ada)
        with pytest.raises(BrokenChain):
            writer.append(ben[1:])
        writer.append(ben[:2])
    assert [each for _, each in store.scan(SPACE)] == ada + ben[:2]


def test_nothing_is_kept_of_a_space_that_is_not_carried(store: Store) -> None:
    with pytest.raises(Unknown, match="does not carry"), store.writing() as writer:
        writer.append(write_log(ADA, 1, OTHER))


def test_a_space_that_is_added_twice_is_carried_once(store: Store) -> None:
    with store.writing() as writer:
        writer.add_space(SPACE)
    assert store.spaces() == [SPACE]


def test_a_transaction_sees_what_it_wrote_and_nobody_else_does_before_its_end(
    store: Store,
) -> None:
    log = write_log(ADA, 100)
    with store.writing() as writer:
        writer.append(log[:70])
        assert writer.head(SPACE, ADA.public) == head_of(log[69])
        assert writer.find(SPACE, log[66].id) == log[66]
        assert writer.read_log(SPACE, ADA.public, 60) == log[60:70]
        writer.append(log[70:])
        assert writer.find(SPACE, log[99].id) == log[99]
        assert store.head(SPACE, ADA.public) == EMPTY
        assert list(store.scan(SPACE)) == []
    assert store.read_log(SPACE, ADA.public) == log


def test_an_error_in_the_block_undoes_all_of_it(store: Store) -> None:
    log = write_log(ADA, 5)
    with store.writing() as writer:
        writer.append(log[:2])

    def write_and_fail() -> None:
        with store.writing() as writer:
            writer.append(log[2:])
            writer.flush()
            writer.add_space(OTHER)
            writer.keep_private("name", b"value")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_and_fail()
    assert store.read_log(SPACE, ADA.public) == log[:2]
    assert store.spaces() == [SPACE]
    assert store.private("name") is None


def test_thousands_of_first_words_fit_one_transaction(store: Store) -> None:
    firsts = [write_log(device(number), 1) for number in range(3_000)]
    with store.writing() as writer:
        for first in firsts:
            writer.append(first)
    assert [[each] for _, each in store.scan(SPACE)] == firsts
    assert store.heads(SPACE) == {each.key: head_of(each) for (each,) in firsts}
    assert list(store.logs(SPACE)) == sorted(firsts, key=lambda first: first[0].key)


def test_many_threads_read_while_one_writes(store: Store) -> None:
    log = write_log(ADA, 300)

    def read_all(_: int) -> bool:
        seen = store.read_log(SPACE, ADA.public)
        return seen == log[: len(seen)] and len(seen) % 3 == 0

    with ThreadPoolExecutor(4) as threads:
        reads = threads.map(read_all, range(60))
        for start in range(0, 300, 3):
            with store.writing() as writer:
                writer.append(log[start : start + 3])
        assert all(reads)
    assert store.read_log(SPACE, ADA.public) == log


def test_a_forgotten_space_takes_all_of_it_along_and_gives_its_room_back(store: Store) -> None:
    ada, elsewhere = write_log(ADA, 5), write_log(ADA, 1_000, OTHER)
    with store.writing() as writer:
        writer.append(ada)
    before = store.size()
    with store.writing() as writer:
        writer.add_space(OTHER)
        writer.append(elsewhere)
        writer.hold(OTHER, BEN.public, NOON, b"a run")
    assert store.size() > before + sum(each.size for each in elsewhere)
    with store.writing() as writer:
        writer.forget_space(OTHER)
        assert writer.head(OTHER, ADA.public) == EMPTY
    assert store.size() < before + 100_000
    assert store.spaces() == [SPACE]
    assert list(store.scan(OTHER)) == []
    assert store.find(OTHER, elsewhere[0].id) is None
    assert store.read_log(SPACE, ADA.public) == ada


def test_a_space_can_come_back_after_it_was_forgotten(store: Store) -> None:
    log = write_log(ADA, 5)
    with store.writing() as writer:
        writer.add_space(OTHER)
        writer.append(log)
        writer.forget_space(SPACE)
        writer.add_space(SPACE)
        writer.append(log[:2])
    assert store.spaces() == [OTHER, SPACE]
    assert store.read_log(SPACE, ADA.public) == log[:2]
    assert [each for _, each in store.scan(SPACE)] == log[:2]


def test_what_is_private_stays_until_it_is_replaced(path: Path) -> None:
    store = Store.open(path)
    with store.writing() as writer:
        writer.keep_private("device", b"first")
        writer.keep_private("witness 1", b"other")
    with store.writing() as writer:
        writer.keep_private("device", b"second")
    store.close()
    store = Store.open(path)
    assert store.private("device") == b"second"
    assert store.private("witness 1") == b"other"
    assert store.private("witness 2") is None
    store.close()
    assert b"first" not in path.read_bytes()


def test_only_the_owner_may_open_the_files(store: Store, path: Path) -> None:
    with store.writing() as writer:
        writer.append(write_log(ADA, 1))
    files = [path.parent, *path.parent.iterdir()]
    assert len(files) == 4
    assert [stat.S_IMODE(each.stat().st_mode) & 0o077 for each in files] == [0] * 4


def test_the_operation_that_founds_a_space_is_known_as_it_is_now(store: Store) -> None:
    garden = write_log(ADA, 3, ZERO, until=lambda _seq: NOON)
    space, bare = garden[0].id, garden[0].without_body()
    with store.writing() as writer:
        writer.add_space(space)
        assert writer.founding(space) is None
        writer.append([bare])
        assert writer.founding(space) == bare
        writer.restore_body(garden[0])
        assert writer.founding(space) == writer.founding(space) == garden[0]
        writer.drop_expired(NOON)
        assert writer.founding(space) == bare
        writer.restore_body(garden[0])
        assert writer.founding(space) == garden[0]
        writer.drop_bodies(space, [space])
        assert writer.founding(space) == bare
        writer.forget_space(space)
        assert writer.founding(space) is None
