import json
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beanjar.space import shamir

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "shamir.json").read_text())
SECRET = bytes(range(32))
BLOCK = st.binary(min_size=32, max_size=32)
BYTE = st.integers(0, 255)


@st.composite
def splits(draw: st.DrawFn) -> tuple[bytes, int, list[bytes]]:
    """A secret, a threshold k, and the shares that any k of give it back."""
    n = draw(st.integers(1, 7))
    k = draw(st.integers(1, n))
    secret = draw(BLOCK)
    coefficients = draw(st.lists(BLOCK, min_size=k - 1, max_size=k - 1))
    return secret, k, shamir.split(secret, k, n, coefficients)


def long_hand(secret: int, coefficients: list[int], x: int) -> int:
    """The polynomial at x with the multiplication of FIPS 197, one bit after another."""
    total, power = secret, x
    for coefficient in coefficients:
        total ^= times(coefficient, power)
        power = times(power, x)
    return total


def times(a: int, b: int) -> int:
    product = 0
    for bit in range(8):
        if b >> bit & 1:
            product ^= a
        a = a << 1 ^ (0x11B if a & 0x80 else 0)
    return product


def test_the_field_is_that_of_the_published_standard() -> None:
    # FIPS 197, sections 4.2 and 4.2.1.
    assert times(0x57, 0x83) == 0xC1
    assert times(0x57, 0x13) == 0xFE


@pytest.mark.parametrize("vector", VECTORS["splits"], ids=lambda vector: vector["name"])
def test_the_vectors_are_split_byte_for_byte(vector: dict[str, Any]) -> None:
    secret = bytes.fromhex(vector["secret"])
    coefficients = [bytes.fromhex(line) for line in vector["coefficients"]]
    shares = shamir.split(secret, vector["k"], vector["n"], coefficients)
    assert [share.hex() for share in shares] == vector["shares"]


@pytest.mark.parametrize("vector", VECTORS["combinations"], ids=lambda vector: vector["name"])
def test_the_vectors_are_combined_byte_for_byte(vector: dict[str, Any]) -> None:
    shares = {int(number): bytes.fromhex(share) for number, share in vector["shares"].items()}
    assert shamir.combine(shares).hex() == vector["secret"]


def test_every_product_in_the_field_is_as_worked_out_by_hand() -> None:
    # A slope c over the secret 0 is c x at x: 255 shares and 256 slopes are the whole table.
    for first in range(0, 256, 32):
        slopes = bytes(range(first, first + 32))
        for x, share in enumerate(shamir.split(bytes(32), 2, 255, [slopes]), start=1):
            assert share == bytes(times(slope, x) for slope in slopes)


@given(secret=BYTE, coefficients=st.lists(BYTE, max_size=6), n=st.integers(7, 255))
def test_each_share_is_the_polynomial_at_its_number_plus_one(
    secret: int, coefficients: list[int], n: int
) -> None:
    blocks = [bytes([coefficient]) * 32 for coefficient in coefficients]
    shares = shamir.split(bytes([secret]) * 32, len(blocks) + 1, n, blocks)
    assert shares == [bytes([long_hand(secret, coefficients, x)]) * 32 for x in range(1, n + 1)]


@given(splits())
def test_any_k_shares_or_more_give_the_secret_back(split: tuple[bytes, int, list[bytes]]) -> None:
    secret, k, shares = split
    for size in range(k, len(shares) + 1):
        for chosen in combinations(range(len(shares)), size):
            assert shamir.combine({number: shares[number] for number in chosen}) == secret


@given(splits(), st.permutations(range(7)))
def test_the_order_in_which_shares_come_does_not_matter(
    split: tuple[bytes, int, list[bytes]], order: list[int]
) -> None:
    secret, _, shares = split
    shuffled = {number: shares[number] for number in order if number < len(shares)}
    assert shamir.combine(shuffled) == secret


def test_one_share_fewer_fits_every_secret_equally_well() -> None:
    # Two shares of the three needed leave each secret byte with exactly one polynomial.
    share_0, share_1 = 0x3A, 0xC5
    for secret in range(0, 256, 5):
        pairs = [(c1, secret ^ c1 ^ share_0) for c1 in range(256)]
        fitting = [pair for pair in pairs if long_hand(secret, list(pair), 2) == share_1]
        assert len(fitting) == 1
        coefficients = [bytes([coefficient]) * 32 for coefficient in fitting[0]]
        shares = shamir.split(bytes([secret]) * 32, 3, 3, coefficients)
        assert shares[:2] == [bytes([share_0]) * 32, bytes([share_1]) * 32]


def test_with_a_threshold_of_one_each_share_is_the_secret() -> None:
    assert shamir.split(SECRET, 1, 3, []) == [SECRET] * 3


@pytest.mark.parametrize(
    ("k", "n", "coefficients"),
    [(0, 1, 0), (2, 1, 1), (1, 256, 0), (2, 3, 0), (2, 3, 2), (1, 1, 1)],
)
def test_impossible_numbers_are_refused_with_a_sentence(k: int, n: int, coefficients: int) -> None:
    with pytest.raises(shamir.BadShares, match=r"\.$"):
        shamir.split(SECRET, k, n, [SECRET] * coefficients)


@pytest.mark.parametrize(
    ("secret", "coefficient"), [(SECRET[1:], SECRET), (SECRET, SECRET + b"1"), (b"", b"")]
)
def test_blocks_of_another_size_are_refused_with_a_sentence(
    secret: bytes, coefficient: bytes
) -> None:
    with pytest.raises(shamir.BadShares, match="must have 32 bytes"):
        shamir.split(secret, 2, 2, [coefficient])


@pytest.mark.parametrize("shares", [{}, {-1: SECRET}, {255: SECRET}, {0: SECRET, 1: SECRET[1:]}])
def test_shares_that_cannot_be_are_refused_with_a_sentence(shares: dict[int, bytes]) -> None:
    with pytest.raises(shamir.BadShares, match=r"\.$"):
        shamir.combine(shares)
