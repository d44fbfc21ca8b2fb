"""Drawing witnesses: by an order that everyone can work out, from those who may be drawn."""

from collections import Counter
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beanjar.space.drawing import TooFewOffers, count_drawn, draw
from beanjar.space.offers import Offered
from tests.seeded import seeded
from tests.told import told


def make_offer(name: str, *, may_be_drawn: bool = True) -> Offered:
    person, device, offer = (
        sha256(f"{name}'s {what}".encode()).hexdigest() for what in ("key", "node", "offer")
    )
    return Offered(person, device, offer, named=False, vouched_by=2, may_be_drawn=may_be_drawn)


def make_offers(count: int) -> list[Offered]:
    return [make_offer(f"Keeper {number}") for number in range(count)]


@pytest.mark.parametrize(
    ("offers", "witnesses"),
    [(0, 0), (1, 1), (2, 1), (3, 1), (4, 4), (6, 4), (7, 7), (8, 7), (100, 7)],
)
def test_as_many_witness_as_the_offers_fill(offers: int, witnesses: int) -> None:
    undrawable = [make_offer(f"Stranger {number}", may_be_drawn=False) for number in range(9)]
    assert count_drawn([*undrawable, *make_offers(offers)]) == witnesses


def test_the_order_of_a_draw_is_that_of_a_hash() -> None:
    offers, seed = make_offers(9), sha256(b"what was said before the ask").digest()
    hashes = {sha256(seed + bytes.fromhex(each.offer)).digest(): each.device for each in offers}
    expected = [hashes[each] for each in sorted(hashes)]
    for count in (1, 4, 7):
        assert draw(seed, offers, count) == tuple(expected[:count])


@given(
    offers=st.permutations(make_offers(8)), seed=st.binary(min_size=32, max_size=32), data=st.data()
)
def test_a_draw_hangs_on_the_seed_and_on_those_who_may_be_drawn_alone(
    offers: list[Offered], seed: bytes, data: st.DataObject
) -> None:
    strangers = [make_offer(f"Stranger {number}", may_be_drawn=False) for number in range(3)]
    mixed = data.draw(st.permutations([*offers, *strangers]))
    assert draw(seed, mixed, 7) == draw(seed, make_offers(8), 7)


def test_everyone_is_drawn_about_as_often() -> None:
    chance, offers = seeded("draws"), make_offers(10)
    drawn = Counter(
        device for _ in range(1_000) for device in draw(chance.randbytes(32), offers, 4)
    )
    assert len(drawn) == 10
    assert all(340 < times < 460 for times in drawn.values())


def test_too_few_who_may_be_drawn_are_told() -> None:
    offers = [*make_offers(3), make_offer("Stranger", may_be_drawn=False)]
    with told(TooFewOffers, "there are 3"):
        draw(bytes(32), offers, 4)
