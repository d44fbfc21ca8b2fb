"""A secret in n shares of which any k give it back and any k - 1 tell nothing.

A. Shamir, "How to share a secret", Communications of the ACM 22 (1979), here byte by byte over
GF(256) with the polynomial of AES, x^8 + x^4 + x^3 + x + 1 (0x11b), in which addition is XOR.
Shares are numbered from 0; byte b of share i is p(i + 1) with

    p(x) = secret[b] + coefficients[0][b] x + ... + coefficients[k - 2][b] x^(k - 1)

The caller gives the coefficients, so that the same call makes the same shares. They must be as
good as random for whoever holds fewer than k shares. A share does not say its own number. The
lookups take a time that depends on the secret: deal and combine on one's own machine only.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache

from beanjar.base.errors import BeanjarError

SECRET_SIZE = 32
POLYNOMIAL = 0x11B
ORDER = 256
"""How many values a byte, an element of the field, can have."""
MOST_SHARES = ORDER - 1


class BadShares(BeanjarError):
    """Numbers or sizes with which no secret can be split or put together."""


def split(secret: bytes, k: int, n: int, coefficients: Sequence[bytes]) -> list[bytes]:
    """Split 32 bytes into `n` shares of 32 bytes, of which any `k` give them back.

    `coefficients` holds k - 1 times 32 bytes, that of x first. With k = 1 each share is the secret.
    Raise `BadShares` unless 1 <= k <= n <= 255 and all sizes fit.
    """
    if not 1 <= k <= n <= MOST_SHARES:
        raise BadShares(f"{k} of {n} shares is not possible: take 1 <= k <= n <= {MOST_SHARES}.")
    if len(coefficients) != k - 1:
        raise BadShares(f"{k - 1} coefficients are needed for {k} of {n}, not {len(coefficients)}.")
    polynomial = [secret, *coefficients]
    if any(len(term) != SECRET_SIZE for term in polynomial):
        raise BadShares(f"The secret and each coefficient must have {SECRET_SIZE} bytes.")
    return [_evaluate(polynomial, x) for x in range(1, n + 1)]


def combine(shares: Mapping[int, bytes]) -> bytes:
    """Return the secret of all the given shares, keyed by their number from 0 (0 to 254).

    With at least k shares of one `split` this is its secret; otherwise it is some other 32 bytes,
    and nothing here can tell. Raise `BadShares` for no shares, a number or a size out of range.
    """
    if not shares or any(not 0 <= number < MOST_SHARES for number in shares):
        raise BadShares(f"At least one share is needed, with numbers from 0 to {MOST_SHARES - 1}.")
    if any(len(share) != SECRET_SIZE for share in shares.values()):
        raise BadShares(f"Each share must have {SECRET_SIZE} bytes.")
    total = bytes(SECRET_SIZE)
    for share, weight in zip(shares.values(), _weights(tuple(shares)), strict=True):
        total = _add(total, _times(share, weight))
    return total


def _evaluate(polynomial: Sequence[bytes], x: int) -> bytes:
    """Horner's rule on 32 polynomials at once."""
    total = bytes(SECRET_SIZE)
    for term in reversed(polynomial):
        total = _add(_times(total, x), term)
    return total


@lru_cache(maxsize=256)
def _weights(numbers: tuple[int, ...]) -> tuple[int, ...]:
    """Lagrange's weights at zero: the product of x_j / (x_j - x_i) over the other shares j."""
    points = [number + 1 for number in numbers]

    def exponents(point: int) -> Iterator[int]:
        return (_LOG[x] - _LOG[x ^ point] for x in points if x != point)

    return tuple(_EXP[sum(exponents(point)) % (ORDER - 1)] for point in points)


def _powers_of_three() -> Iterator[int]:
    value = 1
    for _ in range(ORDER - 1):
        yield value
        value ^= value << 1
        if value >= ORDER:
            value ^= POLYNOMIAL


# Three generates the field: every value but zero is one of its 255 powers.
_EXP = bytes(_powers_of_three()) * 2
_LOG = {value: exponent for exponent, value in enumerate(_EXP[: ORDER - 1])}


def _add(block: bytes, other: bytes) -> bytes:
    both = int.from_bytes(block, "big") ^ int.from_bytes(other, "big")
    return both.to_bytes(SECRET_SIZE, "big")


def _times(block: bytes, factor: int) -> bytes:
    return block.translate(_row(factor))


@cache
def _row(factor: int) -> bytes:
    """The products of `factor`, which is not zero, with 0 to 255."""
    return bytes([0, *(_EXP[_LOG[factor] + _LOG[value]] for value in range(1, ORDER))])
