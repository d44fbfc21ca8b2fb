from hashlib import sha256
from struct import pack_into

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beanjar.base.ids import ZERO
from beanjar.base.limits import BODY_BYTES, INTEGER
from beanjar.ops.alone import read_alone, write_alone
from beanjar.ops.errors import BadSignature, Malformed, Refused
from beanjar.ops.log import EMPTY, Head, write_operation
from beanjar.ops.operation import hash_body
from tests.ops.logs import KEY, SPACE, unsigned, write_log

SALT = b"0123456789abcdef"


@given(
    body=st.binary(max_size=100),
    head=st.sampled_from([EMPTY, Head(3, b"p" * 32, 7)]),
    time=st.integers(0, INTEGER),
    until=st.integers(0, INTEGER),
)
def test_an_operation_by_itself_is_read_as_it_was(
    body: bytes, head: Head, time: int, until: int
) -> None:
    said = write_operation(KEY, SPACE, head, body, salt=SALT, time=time, until=until)
    data = write_alone(said)
    assert data == said.header + said.signature + SALT + body
    assert read_alone(data) == said


def test_a_founding_operation_can_travel_by_itself() -> None:
    said = write_log([b"found"], space=ZERO)[0]
    assert read_alone(write_alone(said)).effective_space == said.id


def test_one_that_is_cut_off_anywhere_is_refused() -> None:
    data = write_alone(write_log([b"body"])[0])
    for end in range(len(data)):
        with pytest.raises(Malformed):
            read_alone(data[:end])


def test_no_bit_of_it_can_be_changed() -> None:
    data = write_alone(write_log([b"body"])[0])
    for bit in range(len(data) * 8):
        changed = bytearray(data)
        changed[bit // 8] ^= 1 << bit % 8
        with pytest.raises(Refused):
            read_alone(bytes(changed))


def test_nothing_may_follow_it() -> None:
    with pytest.raises(Malformed, match="does not fit its body"):
        read_alone(write_alone(write_log([b"body"])[0]) + b"x")


def test_it_needs_its_own_signature() -> None:
    said = unsigned(write_log([b"a", b"b"])[0])
    with pytest.raises(BadSignature):
        read_alone(write_alone(said))


def test_one_without_its_body_cannot_be_shown_whole() -> None:
    with pytest.raises(Malformed, match="cannot be shown whole"):
        write_alone(write_log([b"body"])[0].without_body())


@pytest.mark.parametrize(
    ("at", "number"),
    [(68, INTEGER), (76, INTEGER + 1), (148, INTEGER + 1), (68, 0)],
    ids=["seq", "time", "until", "a first one that follows something"],
)
def test_what_no_run_could_hold_does_not_stand_alone(at: int, number: int) -> None:
    said = write_operation(KEY, SPACE, Head(3, b"p" * 32, 7), b"", salt=SALT, time=8)
    header = bytearray(said.header)
    pack_into(">Q", header, at, number)
    signature = KEY.sign(b"sign", sha256(header).digest())
    with pytest.raises(Malformed):
        read_alone(bytes(header) + signature + SALT)


def test_a_body_over_64_kib_does_not_stand_alone() -> None:
    largest = write_log([bytes(BODY_BYTES)])[0]
    assert read_alone(write_alone(largest)) == largest
    body = bytes(BODY_BYTES + 1)
    header = bytearray(largest.header)
    pack_into(">32sQI", header, 116, hash_body(SALT, body), 0, len(body))
    signature = KEY.sign(b"sign", sha256(header).digest())
    with pytest.raises(Malformed, match="out of bounds"):
        read_alone(bytes(header) + signature + SALT + body)
