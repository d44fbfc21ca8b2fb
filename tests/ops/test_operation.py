from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beanjar.base.ids import ZERO
from beanjar.base.limits import BODY_BYTES
from beanjar.ops.errors import BadSignature, BrokenChain, Forked, Malformed
from beanjar.ops.fork import prove_fork
from beanjar.ops.log import (
    EMPTY,
    Head,
    check_continuation,
    check_signature,
    find_fork,
    head_of,
    write_operation,
)
from beanjar.ops.operation import effective_space, hash_body
from beanjar.testing.clock import START
from tests.ops.logs import KEY, SPACE, unsigned, write_log

SALT = b"0123456789abcdef"


def test_the_header_has_160_bytes_in_this_order() -> None:
    head = Head(6, b"p" * 32, START)
    said = write_operation(KEY, SPACE, head, b"body", salt=SALT, time=START + 1, until=START + 2)
    parts = [
        b"BJ1\0",
        SPACE,
        KEY.public,
        (7).to_bytes(8, "big"),
        (START + 1).to_bytes(8, "big"),
        b"p" * 32,
        sha256(b"\x01" + SALT + b"body").digest(),
        (START + 2).to_bytes(8, "big"),
        (4).to_bytes(4, "big"),
    ]
    assert [len(part) for part in parts] == [4, 32, 32, 8, 8, 32, 32, 8, 4]
    assert said.header == b"".join(parts)
    assert len(said.header) == 160


def test_the_id_is_the_hash_of_the_header_and_the_signature_is_over_the_id() -> None:
    said = write_log([b"body"])[0]
    assert said.id == sha256(said.header).digest()
    assert said.signature == KEY.sign(b"sign", said.id)


def test_the_salt_hides_a_short_body_behind_its_digest() -> None:
    assert hash_body(SALT, b"yes") != hash_body(SALT[::-1], b"yes")


def test_an_operation_without_its_body_keeps_its_id_and_its_signature() -> None:
    said = write_log([b"body"])[0].without_body()
    assert (said.body, said.salt) == (None, None)
    assert said.id == sha256(said.header).digest()
    check_signature(said)


def test_a_founding_operation_belongs_to_the_space_that_it_founds() -> None:
    first, second = write_log([b"found", b"speak"], space=ZERO)
    assert first.space == ZERO
    assert first.effective_space == first.id == second.space == second.effective_space
    assert effective_space(SPACE, first.id) == SPACE


def test_one_key_may_found_two_spaces_without_a_fork() -> None:
    one, other = write_log([b"one"], space=ZERO), write_log([b"other"], space=ZERO)
    assert one[0].effective_space != other[0].effective_space
    with pytest.raises(Malformed, match="nothing is forked"):
        prove_fork(one, other)


def test_a_body_expires_at_its_date_if_it_has_one() -> None:
    lasting, passing = write_log([b"body"])[0], write_log([b"body"], until=START)[0]
    assert not lasting.expired(START)
    assert [passing.expired(now) for now in (START - 1, START, START + 1)] == [False, True, True]


def test_time_never_decreases_in_a_log() -> None:
    head = Head(0, b"p" * 32, START)
    said = write_operation(KEY, SPACE, head, b"", salt=SALT, time=START - 5_000)
    assert said.time == START


def test_a_body_has_at_most_64_kib() -> None:
    largest = bytes(BODY_BYTES)
    assert write_log([largest])[0].size == 64 * 1024
    with pytest.raises(Malformed, match="Shorten it"):
        write_log([largest + b"x"])


def test_a_log_goes_on_where_it_stands() -> None:
    log = write_log([b"a", b"b", b"c"])
    head = EMPTY
    for operation in log:
        check_continuation(head, operation)
        head = head_of(operation)
    assert head == Head(2, log[2].id, log[2].time)


def test_a_gap_is_named_by_the_entries_that_are_missing() -> None:
    log = write_log([b"a", b"b", b"c", b"d"])
    with pytest.raises(BrokenChain, match="Entries 2 to 3 "):
        check_continuation(head_of(log[0]), log[3])


def test_an_operation_that_follows_another_one_is_refused() -> None:
    log, other = write_log([b"a", b"b"]), write_log([b"x", b"y"])
    with pytest.raises(BrokenChain, match="Entry 2 does not follow"):
        check_continuation(head_of(log[0]), other[1])


def test_an_operation_older_than_the_one_before_is_refused() -> None:
    first, second = write_log([b"a", b"b"])
    with pytest.raises(BrokenChain):
        check_continuation(Head(0, first.id, second.time + 1), second)


def test_an_operation_that_is_here_already_does_not_come_next() -> None:
    log = write_log([b"a", b"b"])
    with pytest.raises(BrokenChain):
        check_continuation(head_of(log[1]), log[1])


def test_a_fork_is_found_at_the_first_place_that_differs() -> None:
    log = write_log([b"a", b"b", b"c"])
    branch = write_log([b"x", b"y"], head=head_of(log[0]))
    assert find_fork([log[0], *branch], log) == 1
    assert find_fork(log, log[:2]) is None
    assert find_fork(log, log) is None


def test_a_forked_log_is_explained_by_its_place() -> None:
    error = Forked(4)
    assert error.seq == 4
    assert "at place 5" in str(error)


def test_nobodys_signature_is_bad() -> None:
    with pytest.raises(BadSignature):
        check_signature(unsigned(write_log([b"a"])[0]))


@given(body=st.binary(max_size=200), time=st.integers(0, 2**53 - 1))
def test_whatever_is_written_is_signed(body: bytes, time: int) -> None:
    said = write_operation(KEY, SPACE, EMPTY, body, salt=SALT, time=time)
    assert (said.body, said.size, said.time, said.seq) == (body, len(body), time, 0)
    assert said.digest == hash_body(SALT, body)
    check_signature(said)
