"""What arrived last comes first, a page at a time, of all devices or of some."""

import pytest

from beanjar.ops.operation import Operation
from beanjar.ops.signing import SigningKey
from beanjar.store import Store
from beanjar.store.latest import Arrived
from tests.store.signed import NOON, SPACE, device, write_log

ADA, BEN, CAL = device(1), device(2), device(3)
NEVER = 2**53


@pytest.fixture
def arrived(store: Store) -> list[Operation]:
    """What Ada, Ben and Cal said by turns, in the order in which it came; another space besides."""
    logs = [write_log(key, 70) for key in (ADA, BEN, CAL)]
    turns = [each for turn in zip(*logs, strict=True) for each in turn]
    with store.writing() as writer:
        writer.add_space(SPACE)
        writer.add_space(b"t" * 32)
        for each in turns:
            writer.append([each])
            if each.seq == 5 and each.key == ADA.public:
                writer.append(write_log(device(9), 1, b"t" * 32))
    return turns


def test_what_arrived_last_comes_first(store: Store, arrived: list[Operation]) -> None:
    page = store.read_before(SPACE, NEVER, 10)
    assert [each.operation for each in page] == arrived[:-11:-1]
    older = store.read_before(SPACE, page[-1].arrival, 10)
    assert [each.operation for each in older] == arrived[-11:-21:-1]
    assert store.read_before(SPACE, 1, 10) == []


def test_a_page_that_was_read_stays_what_it_is_as_more_arrives(
    store: Store, arrived: list[Operation]
) -> None:
    newest = store.read_before(SPACE, NEVER, 10)
    older = store.read_before(SPACE, newest[-1].arrival, 10)
    with store.writing() as writer:
        writer.append(write_log(device(4), 20))
    assert store.read_before(SPACE, newest[-1].arrival, 10) == older
    assert store.read_after(SPACE, older[0].arrival, 10) == newest
    assert len(store.read_after(SPACE, newest[0].arrival, 50)) == 20
    del arrived


@pytest.mark.parametrize("keys", [[BEN], [BEN, CAL], [], [device(8)]])
def test_of_some_devices_only_what_they_said_is_read(
    store: Store, arrived: list[Operation], keys: list[SigningKey]
) -> None:
    public = [key.public for key in keys]
    said = [each for each in arrived if each.key in public][::-1]
    found: list[Arrived] = []
    while page := store.read_before(SPACE, found[-1].arrival if found else NEVER, 25, public):
        found += page
    assert [each.operation for each in found] == said
    if said:
        later = store.read_after(SPACE, found[40].arrival, 25, public)
        assert [each.operation for each in later] == said[15:40]


def test_what_was_erased_differs_from_what_never_came(
    store: Store, arrived: list[Operation]
) -> None:
    erased, bare = arrived[-1], write_log(device(4), 1)[0].without_body()
    with store.writing() as writer:
        writer.drop_bodies(SPACE, [erased.id])
        writer.append([bare])
    page = store.read_before(SPACE, NEVER, 3)
    assert [each.erased for each in page] == [False, True, False]
    assert [each.operation.body is None for each in page] == [True, True, False]
    assert [store.is_erased(each.arrival) for each in page] == [False, True, False]
    assert page[1].operation == erased.without_body()
    assert page[0].operation.time >= NOON
