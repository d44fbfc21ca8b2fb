from hashlib import sha512
from itertools import count

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from beanjar.ops.signing import SigningKey, is_sound, message, verify
from beanjar.testing.people import make_key
from tests.ops import curve

ADA = make_key("Ada")
PURPOSE, WORD = b"sign", b"what is said"
SIGN_BIT = 1 << 255


def scalar(key: SigningKey) -> int:
    """The secret number of a key, as RFC 8032 derives it."""
    number = int.from_bytes(sha512(key.seed).digest()[:32], "little")
    return number & (1 << 254) - 8 | 1 << 254


def challenge(r: bytes, key: bytes, word: bytes) -> int:
    digest = sha512(r + key + message(PURPOSE, word)).digest()
    return int.from_bytes(digest, "little") % curve.ORDER


def forge(r: bytes, secret_r: int, word: bytes = WORD) -> bytes:
    """Ada's signature with another R than the rules would give it."""
    s = (secret_r + challenge(r, ADA.public, word) * scalar(ADA)) % curve.ORDER
    return r + s.to_bytes(32, "little")


def library_accepts(key: bytes, signature: bytes, word: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message(PURPOSE, word))
    except InvalidSignature:
        return False
    return True


def test_the_curve_of_these_tests_is_the_one_of_the_library() -> None:
    base = curve.points_at(4 * pow(5, -1, curve.PRIME) % curve.PRIME)[0]
    base = base if base[0] % 2 == 0 else (-base[0] % curve.PRIME, base[1])
    assert curve.encode(curve.times(scalar(ADA), base)) == ADA.public


def test_there_are_eight_points_of_small_order() -> None:
    points = curve.torsion()
    assert len(set(points)) == 8
    assert {curve.times(8, point) for point in points} == {curve.NEUTRAL}


@pytest.mark.parametrize("place", range(8))
def test_a_key_of_small_order_signs_nothing_though_the_library_takes_it(place: int) -> None:
    key = curve.encode(curve.torsion()[place])
    ben = make_key("Ben")
    signature = ben.public + (scalar(ben) % curve.ORDER).to_bytes(32, "little")
    words = (b"%d" % number for number in count())
    word = next(each for each in words if challenge(ben.public, key, each) % 8 == 0)
    assert library_accepts(key, signature, word)
    assert not verify(key, signature, PURPOSE, word)


@pytest.mark.parametrize("sign", [0, SIGN_BIT])
@pytest.mark.parametrize("above", range(19))
def test_a_key_with_a_y_beyond_the_prime_is_unsound(above: int, sign: int) -> None:
    key = (curve.PRIME + above | sign).to_bytes(32, "little")
    assert not is_sound(key)
    assert not verify(key, bytes(64), PURPOSE, WORD)


@pytest.mark.parametrize("point", [(0, 1), (0, curve.PRIME - 1)])
def test_a_sign_without_an_x_is_unsound(point: curve.Point) -> None:
    key = int.from_bytes(curve.encode(point), "little") | SIGN_BIT
    assert not is_sound(key.to_bytes(32, "little"))


@pytest.mark.parametrize("size", [0, 31, 33])
def test_a_key_has_32_bytes(size: int) -> None:
    assert not verify(ADA.public.ljust(size, b"\0")[:size], bytes(64), PURPOSE, WORD)


@pytest.mark.parametrize("size", [0, 63, 65])
def test_a_signature_has_64_bytes(size: int) -> None:
    signature = ADA.sign(PURPOSE, WORD).ljust(size, b"\0")[:size]
    assert not verify(ADA.public, signature, PURPOSE, WORD)


def test_a_key_that_is_no_point_signs_nothing() -> None:
    nowhere = next(y for y in count(2) if not curve.points_at(y))
    assert not verify(nowhere.to_bytes(32, "little"), bytes(64), PURPOSE, WORD)


def test_an_s_beyond_the_order_is_refused() -> None:
    signature = ADA.sign(PURPOSE, WORD)
    larger = int.from_bytes(signature[32:], "little") + curve.ORDER
    assert verify(ADA.public, signature, PURPOSE, WORD)
    assert not verify(ADA.public, signature[:32] + larger.to_bytes(32, "little"), PURPOSE, WORD)


# R = 0 B is the neutral point, and has these encodings.
CANONICAL = curve.encode(curve.NEUTRAL)
OTHERS = [
    (curve.PRIME + 1).to_bytes(32, "little"),
    (1 | SIGN_BIT).to_bytes(32, "little"),
    (curve.PRIME + 1 | SIGN_BIT).to_bytes(32, "little"),
]


def test_an_r_that_is_canonical_is_taken_whatever_its_order() -> None:
    assert verify(ADA.public, forge(CANONICAL, 0), PURPOSE, WORD)


@pytest.mark.parametrize("r", OTHERS, ids=["y beyond the prime", "sign without x", "both"])
def test_an_r_that_is_not_canonical_is_refused(r: bytes) -> None:
    assert not verify(ADA.public, forge(r, 0), PURPOSE, WORD)


def test_verification_does_not_multiply_by_the_cofactor() -> None:
    ben, eighth = make_key("Ben"), curve.torsion()[-1]
    y = int.from_bytes(ben.public, "little") & SIGN_BIT - 1
    r = next(point for point in curve.points_at(y) if curve.encode(point) == ben.public)
    shifted = curve.encode(curve.add(r, eighth))
    assert verify(ADA.public, forge(ben.public, scalar(ben)), PURPOSE, WORD)
    assert not verify(ADA.public, forge(shifted, scalar(ben)), PURPOSE, WORD)


def test_a_signature_fits_one_key_one_purpose_and_one_content() -> None:
    signature = ADA.sign(PURPOSE, WORD)
    assert verify(ADA.public, signature, PURPOSE, WORD)
    assert not verify(make_key("Ben").public, signature, PURPOSE, WORD)
    assert not verify(ADA.public, signature, b"device", WORD)
    assert not verify(ADA.public, signature, PURPOSE, WORD, b"more")


def test_the_purpose_stands_before_what_is_signed() -> None:
    assert message(b"sign", b"one", b"two") == b"BJ1 sign\0onetwo"


@given(seed=st.binary(min_size=32, max_size=32), parts=st.lists(st.binary(max_size=40)))
def test_what_a_key_signs_it_verifies(seed: bytes, parts: list[bytes]) -> None:
    key = SigningKey(seed)
    assert is_sound(key.public)
    assert verify(key.public, key.sign(PURPOSE, *parts), PURPOSE, *parts)
