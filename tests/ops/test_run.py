from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beanjar.base.ids import ZERO
from beanjar.base.limits import BODY_BYTES, INTEGER, RUN_BODY_BYTES, RUN_OPERATIONS
from beanjar.ops.errors import BadSignature, Malformed, Refused
from beanjar.ops.log import EMPTY, Head, head_of, write_operation
from beanjar.ops.operation import Operation
from beanjar.ops.run import read_run, rebuild_run, write_run
from beanjar.testing.clock import START
from tests.ops.logs import KEY, SPACE, counted, pack_entry, pack_start, unsigned, write_log

SMALL = [b"{}", b"yes"]


@st.composite
def logs(draw: st.DrawFn) -> list[Operation]:
    """Up to eight operations of one log, some of them without their bodies."""
    head = draw(st.sampled_from([EMPTY, Head(4, b"p" * 32, START)]))
    space = draw(st.sampled_from([SPACE, ZERO])) if head == EMPTY else SPACE
    log: list[Operation] = []
    for _ in range(draw(st.integers(1, 8))):
        body, salt = draw(st.binary(max_size=50)), draw(st.binary(min_size=16, max_size=16))
        time = draw(st.integers(0, INTEGER))
        until = draw(st.integers(0, INTEGER))
        log.append(write_operation(KEY, space, head, body, salt=salt, time=time, until=until))
        head, space = head_of(log[-1]), log[0].effective_space
    return [each.without_body() if draw(st.booleans()) else each for each in log]


@given(logs())
def test_what_is_written_as_a_run_is_read_as_it_was(log: list[Operation]) -> None:
    assert read_run(write_run(log)) == log


@given(logs(), logs())
def test_runs_can_follow_one_another(one: list[Operation], other: list[Operation]) -> None:
    data = write_run(one) + write_run(other)
    first, middle = rebuild_run(data, 0)
    second, end = rebuild_run(data, middle)
    assert (first, second, end) == (one, other, len(data))


def test_a_run_is_laid_out_as_it_is_described() -> None:
    first, second = write_log([b"one", b"second"], until=START + 9)
    second = second.without_body()
    entries = (
        pack_entry(b"one", until=START + 9),
        pack_entry(kind=0, delta=1000, until=START + 9, size=6),
    )
    data = bytearray(pack_start(count=2) + b"".join(entries))
    for at, content in [(137, first.signature), (201, first.salt), (241, second.signature)]:
        data[at : at + len(content or b"")] = content or b""
    data[-32:] = second.digest
    assert write_run([first, second]) == data


def test_a_run_may_begin_in_the_middle_of_a_log() -> None:
    log = write_log([b"a", b"b", b"c", b"d"])
    assert read_run(write_run(log[1:3])) == log[1:3]


def test_a_run_of_a_thousand_needs_one_signature(monkeypatch: pytest.MonkeyPatch) -> None:
    log = write_log([b"%d" % number for number in range(1_000)])
    data = write_run(log)
    with counted(monkeypatch) as checked:
        assert read_run(data) == log
    assert checked == [log[-1].id]


def test_only_the_last_signature_vouches() -> None:
    log = [unsigned(each) for each in write_log(SMALL)[:1]] + write_log(SMALL)[1:]
    assert read_run(write_run(log)) == log
    with pytest.raises(BadSignature):
        read_run(write_run([log[0]]))


@pytest.mark.parametrize("withheld", [False, True])
def test_a_run_that_is_cut_off_anywhere_is_refused(withheld: bool) -> None:  # noqa: FBT001 - both kinds of run
    log = [each.without_body() if withheld else each for each in write_log(SMALL)]
    data = write_run(log)
    for end in range(len(data)):
        with pytest.raises(Malformed, match="cut off"):
            read_run(data[:end])


def test_nothing_may_follow_a_run() -> None:
    with pytest.raises(Malformed, match="follows the end"):
        read_run(write_run(write_log(SMALL)) + b"\0")


def test_no_bit_of_a_run_can_be_changed_but_in_a_signature_that_does_not_vouch() -> None:
    log = write_log(SMALL)
    data = write_run(log)
    start = data.index(log[0].signature) * 8
    for bit in range(len(data) * 8):
        changed = bytearray(data)
        changed[bit // 8] ^= 1 << bit % 8
        try:
            read = read_run(bytes(changed))
        except Refused:
            continue
        assert start <= bit < start + 64 * 8
        assert [each.id for each in read] == [each.id for each in log]


def test_a_run_has_at_most_1024_entries() -> None:
    log = write_log([b""] * RUN_OPERATIONS)
    assert len(read_run(write_run(log))) == 1024
    more = write_log([b""], head=head_of(log[-1]))
    with pytest.raises(Malformed, match="1 to 1024 entries; this one claims 1025"):
        read_run(write_run(log + more))


def test_a_run_has_at_least_one_entry() -> None:
    with pytest.raises(Malformed, match="claims 0"):
        read_run(pack_start(count=0))


def test_the_bodies_of_a_run_have_at_most_a_mebibyte_together() -> None:
    bodies = [bytes(BODY_BYTES)] * (RUN_BODY_BYTES // BODY_BYTES)
    assert len(read_run(write_run(write_log(bodies)))) == 16
    with pytest.raises(Malformed, match="1048576 bytes together"):
        read_run(write_run(write_log([*bodies, b"x"])))


def test_bodies_that_are_withheld_count_for_the_size_of_a_run() -> None:
    bodies = [bytes(BODY_BYTES)] * (RUN_BODY_BYTES // BODY_BYTES)
    log = [each.without_body() for each in write_log([*bodies, b"x"])]
    with pytest.raises(Malformed, match="1048576 bytes together"):
        read_run(write_run(log))


OUT_OF_BOUNDS = {
    "a body over 64 KiB": pack_start() + pack_entry(bytes(BODY_BYTES + 1)),
    "a withheld body over 64 KiB": pack_start() + pack_entry(kind=0, size=BODY_BYTES + 1),
    "a kind that there is not": pack_start() + pack_entry(kind=2),
    "a time beyond 2^53 - 1": pack_start(time=INTEGER + 1) + pack_entry(),
    "a delta that leads beyond it": pack_start(time=INTEGER) + pack_entry(delta=1),
    "the largest delta": pack_start() + pack_entry(delta=2**64 - 1),
    "an until beyond it": pack_start() + pack_entry(until=INTEGER + 1),
}


@pytest.mark.parametrize("data", OUT_OF_BOUNDS.values(), ids=OUT_OF_BOUNDS)
def test_an_entry_out_of_bounds_is_refused(data: bytes) -> None:
    with pytest.raises(Malformed, match="out of bounds"):
        read_run(data)


BAD_STARTS = {
    "a first entry that follows something": pack_start(prev=b"p" * 32),
    "a later entry that follows nothing": pack_start(seq=1),
    "a space that is founded later than first": pack_start(ZERO, seq=1, prev=b"p" * 32),
    "a seq beyond 2^53 - 1": pack_start(seq=INTEGER + 1, prev=b"p" * 32),
    "a seq that grows beyond it": pack_start(seq=INTEGER, prev=b"p" * 32),
}


@pytest.mark.parametrize("start", BAD_STARTS.values(), ids=BAD_STARTS)
def test_a_start_that_no_log_has_is_refused(start: bytes) -> None:
    with pytest.raises(Malformed, match=r"Only the first entry|A number in this entry"):
        read_run(start + pack_entry())


def test_times_within_a_run_cannot_go_back() -> None:
    data = pack_start(count=3) + b"".join(pack_entry(delta=each) for each in (5, 0, 7))
    read, _ = rebuild_run(data, 0)
    assert [each.time - START for each in read] == [5, 5, 12]


@pytest.mark.parametrize(
    "change",
    [
        lambda log: [log[1]],
        lambda log: [log[0], log[0]],
        lambda log: [log[1], log[0]],
        lambda log: [log[0], write_log([b"x", b"yes"])[1]],
    ],
    ids=["another start", "one twice", "in another order", "another predecessor"],
)
def test_what_does_not_link_comes_out_under_other_ids_and_so_unsigned(
    change: Callable[[list[Operation]], list[Operation]],
) -> None:
    log = [each.without_body() for each in write_log(SMALL)]
    data = pack_start(count=len(change(log))) + b"".join(
        pack_entry(kind=0, delta=1000 * place, size=each.size)[:-96] + each.signature + each.digest
        for place, each in enumerate(change(log))
    )
    with pytest.raises(BadSignature):
        read_run(data)
