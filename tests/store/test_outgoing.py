import msgspec
import pytest

from beanjar.base.ids import ZERO
from beanjar.base.limits import BODY_BYTES, RUN_BODY_BYTES, RUN_OPERATIONS
from beanjar.ops.errors import BadSignature
from beanjar.ops.log import EMPTY, head_of, write_operation
from beanjar.ops.operation import Operation
from beanjar.ops.run import read_run, write_run
from beanjar.store import Store
from tests.store.signed import NOON, SPACE, Scribbler, device, write_log

ADA, BEN = device(1), device(2)


def keep(store: Store, log: list[Operation]) -> None:
    with store.writing() as writer:
        writer.add_space(log[0].effective_space)
        writer.append(log)


def read_all(store: Store, log: list[Operation], start: int = 0) -> list[list[Operation]]:
    """Read the runs of a log one after the other, as a peer does."""
    runs, space, key = list[list[Operation]](), log[0].effective_space, log[0].key
    while data := store.write_run(space, key, start)[0]:
        runs.append(read_run(data))
        assert runs[-1][0].seq == start
        start = store.write_run(space, key, start)[1]
        assert start == runs[-1][-1].seq + 1
    return runs


@pytest.mark.parametrize("space", [SPACE, ZERO])
@pytest.mark.parametrize("start", [0, 1, 63, 64, 65, 128, 149])
def test_a_log_goes_out_from_any_place_as_it_would_be_written(
    store: Store, space: bytes, start: int
) -> None:
    log = write_log(ADA, 150, space, until=lambda seq: NOON + seq if seq % 3 == 0 else 0)
    log = [each.without_body() if each.seq % 5 == 2 else each for each in log]
    keep(store, log)
    assert store.write_run(log[0].effective_space, ADA.public, start) == (
        write_run(log[start:]),
        150,
    )


def test_where_nothing_is_nothing_goes_out(store: Store) -> None:
    keep(store, write_log(ADA, 3))
    assert store.write_run(SPACE, ADA.public, 3) == (b"", 3)
    assert store.write_run(SPACE, ADA.public, 2**60) == (b"", 2**60)
    assert store.write_run(SPACE, BEN.public) == (b"", 0)
    assert store.write_run(b"x" * 32, ADA.public) == (b"", 0)


def test_what_was_erased_goes_out_as_its_digest(store: Store) -> None:
    log = write_log(ADA, 70)
    keep(store, log)
    with store.writing() as writer:
        writer.drop_bodies(SPACE, [log[3].id, log[65].id])
    [run] = read_all(store, log)
    assert run == [each.without_body() if each.seq in {3, 65} else each for each in log]


def test_a_long_log_goes_out_in_runs_of_as_many_as_fit(store: Store) -> None:
    log = write_log(ADA, RUN_OPERATIONS + 100)
    keep(store, log)
    assert read_all(store, log) == [log[:RUN_OPERATIONS], log[RUN_OPERATIONS:]]
    assert read_all(store, log, 70) == [log[70 : 70 + RUN_OPERATIONS], log[70 + RUN_OPERATIONS :]]


def test_large_bodies_go_out_in_runs_of_as_many_bytes_as_fit(store: Store) -> None:
    log, head = list[Operation](), EMPTY
    for place in range(40):
        body = bytes([place]) * BODY_BYTES
        log.append(write_operation(ADA, SPACE, head, body, salt=bytes(16), time=NOON))
        head = head_of(log[-1])
    # Bodies that are not here count as well, since the reader's limit does not know.
    log = [each.without_body() if each.seq % 3 == 0 else each for each in log]
    keep(store, log)
    fit = RUN_BODY_BYTES // BODY_BYTES
    assert read_all(store, log) == [log[:fit], log[fit : 2 * fit], log[2 * fit :]]


def test_a_run_ends_where_the_signature_is_good(store: Store) -> None:
    bad = bytes(64)
    log = [
        each if each.seq % 100 == 99 else msgspec.structs.replace(each, signature=bad)
        for each in write_log(ADA, RUN_OPERATIONS + 176)
    ]
    keep(store, log)
    assert [run[-1].seq for run in read_all(store, log)] == [999, 1199]
    assert [run[-1].seq for run in read_all(store, log, 150)] == [1099, 1199]


def test_a_log_for_which_no_signature_vouches_does_not_go_out(store: Store) -> None:
    keep(store, write_log(Scribbler(bytes(32)), RUN_OPERATIONS + 1))
    with pytest.raises(BadSignature, match="no signature vouches"):
        store.write_run(SPACE, Scribbler(bytes(32)).public)
