import pytest

from beanjar.ops.fork import ForkProof, prove_fork
from beanjar.ops.log import EMPTY, head_of, write_operation
from beanjar.store import Store, Unknown
from tests.store.signed import NOON, SPACE, device, write_log

ADA, BEN = device(1), device(2)


def fork_at(seq: int, body: bytes = b"another", space: bytes = SPACE) -> ForkProof:
    log = write_log(ADA, seq + 3, space)
    head = head_of(log[seq - 1]) if seq else EMPTY
    other = write_operation(ADA, space, head, body, salt=bytes(16), time=NOON + 1_000 * seq)
    return prove_fork(log[seq:], [other])


def test_a_proof_comes_back_whole(store: Store) -> None:
    proof = fork_at(2)
    with store.writing() as writer:
        assert writer.add_fork(proof)
    assert store.forks(SPACE) == [proof]


def test_of_a_log_the_proof_of_the_lowest_place_stays(store: Store) -> None:
    for seq, news in ((4, True), (5, False), (2, True), (2, False), (3, False), (0, True)):
        with store.writing() as writer:
            assert writer.add_fork(fork_at(seq)) is news
    assert store.forks(SPACE) == [fork_at(0)]


def test_a_second_proof_of_the_same_place_is_no_news(store: Store) -> None:
    with store.writing() as writer:
        assert writer.add_fork(fork_at(2))
        assert not writer.add_fork(fork_at(2, b"a third"))
    assert store.forks(SPACE) == [fork_at(2)]


def test_a_forked_log_keeps_its_operations(store: Store) -> None:
    log = write_log(ADA, 5)
    with store.writing() as writer:
        writer.append(log)
        writer.add_fork(fork_at(2))
    assert store.read_log(SPACE, ADA.public) == log


def test_forks_are_told_apart_by_space(store: Store) -> None:
    other = b"o" * 32
    with store.writing() as writer:
        writer.add_space(other)
        writer.add_fork(fork_at(2))
        writer.add_fork(fork_at(1, space=other))
    assert store.forks(SPACE) == [fork_at(2)]
    assert store.forks(other) == [fork_at(1, space=other)]
    with store.writing() as writer:
        writer.forget_space(SPACE)
    assert store.forks(SPACE) == []


def test_a_fork_in_a_space_that_is_not_carried_is_not_kept(store: Store) -> None:
    with pytest.raises(Unknown), store.writing() as writer:
        writer.add_fork(fork_at(2, space=b"o" * 32))
