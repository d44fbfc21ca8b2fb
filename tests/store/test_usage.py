from hashlib import sha256

from beanjar.store import Store
from tests.store.signed import NOON, SPACE, device, write_log

ADA = device(1)
OTHER = b"o" * 32


def test_a_space_takes_about_what_the_file_grows_by(store: Store) -> None:
    empty = store.size()
    with store.writing() as writer:
        for number in range(20):
            writer.append(write_log(device(number + 1), 200))
    grown = store.size() - empty
    assert 0.75 * grown < store.usage(SPACE) < 1.25 * grown


def test_each_space_is_measured_by_itself(store: Store) -> None:
    with store.writing() as writer:
        writer.add_space(OTHER)
        writer.append(write_log(ADA, 10))
    assert store.usage(OTHER) == 0
    assert store.usage(SPACE) > 0
    assert store.usage(b"?" * 32) == 0


def test_what_was_erased_takes_less_and_chunks_of_files_more(store: Store) -> None:
    log = write_log(ADA, 10)
    with store.writing() as writer:
        writer.append(log)
    whole = store.usage(SPACE)
    chunk = bytes(5_000)
    with store.writing() as writer:
        writer.name_chunks(SPACE, log[0].id, [sha256(chunk).digest()])
        writer.keep_chunk(SPACE, chunk)
    assert store.usage(SPACE) == whole + len(chunk)
    with store.writing() as writer:
        writer.drop_bodies(SPACE, [each.id for each in log])
    assert store.usage(SPACE) < whole


def test_what_stands_by_itself_or_waits_is_measured_too(store: Store) -> None:
    before = store.usage(SPACE)
    with store.writing() as writer:
        writer.keep_alone(write_log(ADA, 2)[1])
    alone = store.usage(SPACE)
    with store.writing() as writer:
        writer.hold(SPACE, ADA.public, NOON, bytes(1_000))
    assert before < alone < store.usage(SPACE) - 1_000
