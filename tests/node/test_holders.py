"""What a node keeps in mind of who holds what."""

from hashlib import sha256

from beanjar.base.limits import HOLDERS, SAFE_AT
from beanjar.node.holders import Holders
from beanjar.sync.events import Holds

SPACE, NAME = bytes(32), sha256(b"operation").digest()


def keys(count: int) -> list[bytes]:
    return [sha256(bytes([n // 256, n % 256])).digest() for n in range(count)]


def test_of_who_holds_an_operation_no_more_are_remembered_than_make_it_safe() -> None:
    holders = Holders()
    counts = []
    for peer in keys(5 * SAFE_AT):
        holders.note(Holds(peer, SPACE, NAME))
        counts.append(holders.count(SPACE, NAME, None))
    assert counts == [min(n, SAFE_AT) for n in range(1, 5 * SAFE_AT + 1)]


def test_who_holds_all_up_to_an_operation_counts_once_with_who_named_it() -> None:
    holders = Holders()
    named, other = keys(2)
    holders.note(Holds(named, SPACE, NAME))
    for peer, arrival in ((named, 9), (other, 7)):
        holders.note(Holds(peer, SPACE, arrival=arrival))
    assert [holders.count(SPACE, NAME, arrival) for arrival in (7, 8)] == [2, 1]


def test_of_who_holds_a_space_only_so_many_are_remembered() -> None:
    holders = Holders()
    for peer in keys(2 * HOLDERS):
        holders.note(Holds(peer, SPACE, arrival=1))
    assert holders.holding(SPACE, 1) == set(keys(2 * HOLDERS)[HOLDERS:])
