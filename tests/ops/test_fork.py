import pytest
from hypothesis import given
from hypothesis import strategies as st

from beanjar.base.ids import ZERO
from beanjar.ops.errors import BadSignature, Malformed, Refused
from beanjar.ops.fork import prove_fork, read_fork, write_fork
from beanjar.ops.log import head_of
from beanjar.ops.operation import Operation
from beanjar.testing.people import make_key
from tests.ops.logs import SPACE, unsigned, write_log

COMMON = write_log([b"common", b"past"])
HEAD = head_of(COMMON[-1])
ONE = write_log([b"one", b"goes", b"on"], head=HEAD)
OTHER = write_log([b"other", b"too"], head=HEAD)


def test_a_proof_says_whose_log_is_forked_and_where() -> None:
    proof = prove_fork(ONE, OTHER)
    assert (proof.space, proof.key, proof.seq) == (SPACE, ONE[0].key, 2)


def test_a_proof_holds_each_branch_up_to_a_good_signature_and_no_body() -> None:
    proof = prove_fork([unsigned(ONE[0]), *ONE[1:]], OTHER)
    branches = {len(branch): branch for branch in (proof.left, proof.right)}
    assert [each.id for each in branches[2]] == [each.id for each in ONE[:2]]
    assert [each.id for each in branches[1]] == [OTHER[0].id]
    assert {each.body for branch in branches.values() for each in branch} == {None}


def test_the_order_of_the_branches_makes_no_difference() -> None:
    assert write_fork(prove_fork(ONE, OTHER)) == write_fork(prove_fork(OTHER, ONE))


def test_the_same_proof_comes_from_branches_whose_bodies_are_gone() -> None:
    bare = [each.without_body() for each in ONE]
    assert prove_fork(bare, OTHER) == prove_fork(ONE, OTHER)


def test_one_operation_twice_is_no_fork() -> None:
    with pytest.raises(Malformed, match="nothing is forked"):
        prove_fork(ONE, ONE)


NO_FORKS = {
    "another space": write_log([b"other"], space=b"o" * 32),
    "another place": write_log([b"x"], head=head_of(ONE[0])),
    "another device": write_log([b"other"], key=make_key("another"), head=HEAD),
    "a space that the device founded": write_log([b"found"], space=ZERO),
}


@pytest.mark.parametrize("branch", NO_FORKS.values(), ids=NO_FORKS)
def test_what_does_not_contradict_is_no_fork(branch: list[Operation]) -> None:
    one = ONE if branch[0].seq else write_log([b"one"])
    with pytest.raises(Malformed, match="nothing is forked"):
        prove_fork(one, branch)


def test_a_second_first_operation_in_a_founded_space_is_a_fork() -> None:
    founding = write_log([b"found"], space=ZERO)
    again = write_log([b"join"], space=founding[0].id)
    proof = prove_fork(founding, again)
    assert (proof.space, proof.seq) == (founding[0].id, 0)
    assert read_fork(write_fork(proof)) == proof


def test_a_branch_that_nobody_signed_proves_nothing() -> None:
    with pytest.raises(BadSignature, match="No entry of this branch"):
        prove_fork(ONE, [unsigned(each) for each in OTHER])


@given(one=st.integers(1, 3), unsigned_until=st.integers(0, 2), other=st.integers(1, 2))
def test_a_proof_is_read_as_it_was_written(one: int, unsigned_until: int, other: int) -> None:
    branch = [unsigned(each) for each in ONE[: min(unsigned_until, one - 1)]]
    proof = prove_fork([*branch, *ONE[len(branch) : one]], OTHER[:other])
    assert read_fork(write_fork(proof)) == proof


def test_a_proof_that_is_cut_off_anywhere_is_refused() -> None:
    data = write_fork(prove_fork(ONE, OTHER))
    for end in range(len(data)):
        with pytest.raises(Malformed):
            read_fork(data[:end])


def test_nothing_may_follow_a_proof() -> None:
    with pytest.raises(Malformed, match="something follows its end"):
        read_fork(write_fork(prove_fork(ONE, OTHER)) + b"\0")


def test_no_bit_of_a_proof_can_be_changed() -> None:
    data = write_fork(prove_fork(ONE, OTHER))
    for bit in range(len(data) * 8):
        changed = bytearray(data)
        changed[bit // 8] ^= 1 << bit % 8
        with pytest.raises(Refused):
            read_fork(bytes(changed))


def test_a_proof_has_one_form_the_smaller_id_first() -> None:
    data = write_fork(prove_fork(ONE, OTHER))
    middle = 4 + int.from_bytes(data[:4], "big")
    with pytest.raises(Malformed, match="nothing is forked"):
        read_fork(data[middle:] + data[:middle])
