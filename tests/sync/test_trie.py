"""The trie: equal where the same is held, whatever came first, and cheap to compare."""

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from beanjar.base.ids import ZERO
from beanjar.sync.trie import LEAF, Entry, Trie, place_of
from tests.seeded import seeded


def entries(count: int, chance: Random) -> list[Entry]:
    """Return entries of so many logs."""
    return [
        Entry(chance.randbytes(32), chance.randrange(1_000), chance.randbytes(32))
        for _ in range(count)
    ]


def fill(*held: Entry) -> Trie:
    trie = Trie()
    for entry in held:
        trie.put(entry)
    return trie


@given(count=st.integers(0, 400), seed=st.integers())
def test_the_order_of_arrival_makes_no_difference(count: int, seed: int) -> None:
    chance = seeded(f"{seed}")
    held = entries(count, chance)
    shuffled = chance.sample(held, count)
    assert fill(*held).digest() == fill(*shuffled).digest()


@given(count=st.integers(1, 400), seed=st.integers())
def test_what_stood_before_leaves_no_trace(count: int, seed: int) -> None:
    chance = seeded(f"{seed}")
    held = entries(count, chance)
    trie = fill(*(Entry(each.key, each.seq - 1, ZERO) for each in held))
    assert trie.digest() != fill(*held).digest()
    for entry in held:
        trie.put(entry)
    assert trie.digest() == fill(*held).digest()
    assert sorted(trie.node("").entries(), key=lambda each: each.key) == sorted(
        held, key=lambda each: each.key
    )


def test_every_field_of_an_entry_shows_in_the_root() -> None:
    key, name = b"k" * 32, b"n" * 32
    roots = [
        fill(entry).digest()
        for entry in (
            Entry(key, 1, name),
            Entry(b"j" * 32, 1, name),
            Entry(key, 2, name),
            Entry(key, 1, b"m" * 32),
            Entry(key, 1, name, 2),
            Entry(key, 1, name, 0),
        )
    ]
    assert len(set(roots)) == len(roots)
    assert Trie().digest() == ZERO


def test_a_log_is_found_by_its_key() -> None:
    held = entries(300, seeded("found"))
    trie = fill(*held)
    assert all(trie.get(each.key) == each for each in held)
    assert trie.get(b"x" * 32) is None
    assert Trie().get(b"x" * 32) is None


def test_below_a_prefix_is_what_has_its_place_there() -> None:
    held = entries(5 * LEAF, seeded("prefix"))
    trie = fill(*held)
    for prefix in ("", "a", "a7", "a7" * 32):
        below = {each.key for each in trie.node(prefix).entries()}
        assert below == {each.key for each in held if place_of(each.key).startswith(prefix)}


def test_looking_below_a_leaf_changes_nothing() -> None:
    trie = fill(*entries(LEAF, seeded("leaf")))
    before = trie.digest()
    trie.node("abc").put(b"k" * 32, place_of(b"k" * 32), bytes(48), 3)
    assert trie.digest() == before
