import json
from hashlib import shake_256
from pathlib import Path
from typing import cast

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from beanjar.space import hpke

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "hpke.json").read_text())
PUBLISHED = {name: bytes.fromhex(value) for name, value in VECTORS["published"].items()}
LIBRARY = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


class Forged:
    """An ephemeral key that claims another public half, or makes another shared secret."""

    def __init__(self, public: bytes, shared: bytes) -> None:
        self.public = public
        self.shared = shared

    def public_key(self) -> "Forged":
        return self

    def public_bytes_raw(self) -> bytes:
        return self.public

    def exchange(self, _: X25519PublicKey) -> bytes:
        return self.shared


def private(seed: str) -> X25519PrivateKey:
    return X25519PrivateKey.from_private_bytes(shake_256(seed.encode()).digest(32))


def public(key: X25519PrivateKey) -> bytes:
    return key.public_key().public_bytes_raw()


def seal(plaintext: bytes, seed: str = "1") -> bytes:
    to = public(private("receiver"))
    return hpke.seal(plaintext, to=to, ephemeral=private(seed), info=b"info", aad=b"aad")


def test_the_published_vector_is_sealed_byte_for_byte() -> None:
    sealed = hpke.seal(
        PUBLISHED["plaintext"],
        to=PUBLISHED["receiver_public"],
        ephemeral=X25519PrivateKey.from_private_bytes(PUBLISHED["ephemeral_private"]),
        info=PUBLISHED["info"],
        aad=PUBLISHED["aad"],
    )
    assert sealed == PUBLISHED["enc"] + PUBLISHED["ciphertext"]


def test_the_published_vector_opens() -> None:
    receiver = X25519PrivateKey.from_private_bytes(PUBLISHED["receiver_private"])
    sealed = PUBLISHED["enc"] + PUBLISHED["ciphertext"]
    opened = hpke.open_sealed(
        sealed, private_key=receiver, info=PUBLISHED["info"], aad=PUBLISHED["aad"]
    )
    assert opened == PUBLISHED["plaintext"]


@pytest.mark.parametrize("who", ["ephemeral", "receiver"])
def test_the_private_keys_of_the_published_vector_follow_from_its_seeds(who: str) -> None:
    suite = b"HPKE-v1KEM\x00\x20"
    root = hpke.extract(b"", suite + b"dkp_prk" + PUBLISHED[f"{who}_seed"])
    assert hpke.expand(root, b"\x00\x20" + suite + b"sk") == PUBLISHED[f"{who}_private"]


@pytest.mark.parametrize("vector", VECTORS["ours"], ids=lambda vector: vector["name"])
def test_our_own_vectors_are_sealed_byte_for_byte_and_a_library_opens_them(
    vector: dict[str, str],
) -> None:
    plaintext, info = bytes.fromhex(vector["plaintext"]), bytes.fromhex(vector["info"])
    receiver = X25519PrivateKey.from_private_bytes(bytes.fromhex(vector["receiver_private"]))
    ephemeral = X25519PrivateKey.from_private_bytes(bytes.fromhex(vector["ephemeral_private"]))
    sealed = hpke.seal(plaintext, to=public(receiver), ephemeral=ephemeral, info=info)
    assert sealed.hex() == vector["sealed"]
    assert LIBRARY.decrypt(sealed, receiver, info) == plaintext


@pytest.mark.parametrize("size", [0, 1, 15, 16, 17, 32, 1000])
def test_a_library_opens_what_we_seal_and_we_open_what_it_seals(size: int) -> None:
    receiver, plaintext = private(f"receiver {size}"), bytes(range(256)) * 4
    plaintext = plaintext[:size]
    ours = hpke.seal(plaintext, to=public(receiver), ephemeral=private("1"), info=b"for you")
    theirs = LIBRARY.encrypt(plaintext, receiver.public_key(), b"for you")
    assert len(ours) == len(theirs) == size + hpke.OVERHEAD
    assert LIBRARY.decrypt(ours, receiver, b"for you") == plaintext
    assert hpke.open_sealed(theirs, private_key=receiver, info=b"for you") == plaintext


def test_no_flipped_bit_opens() -> None:
    sealed, receiver = seal(b"seven"), private("receiver")
    for bit in range(len(sealed) * 8):
        flipped = (int.from_bytes(sealed, "big") ^ 1 << bit).to_bytes(len(sealed), "big")
        with pytest.raises(hpke.DoesNotOpen):
            hpke.open_sealed(flipped, private_key=receiver, info=b"info", aad=b"aad")


@pytest.mark.parametrize("size", [0, 1, 31, 32, 47, 48, 52, 54])
def test_nothing_shorter_or_longer_opens(size: int) -> None:
    sealed = (seal(b"seven") + bytes(1))[:size]
    with pytest.raises(hpke.DoesNotOpen):
        hpke.open_sealed(sealed, private_key=private("receiver"), info=b"info", aad=b"aad")


@pytest.mark.parametrize(
    ("receiver", "info", "aad"),
    [
        ("stranger", b"info", b"aad"),
        ("receiver", b"infa", b"aad"),
        ("receiver", b"info", b""),
        ("receiver", b"infoa", b"ad"),
    ],
)
def test_another_key_or_another_purpose_does_not_open(
    receiver: str, info: bytes, aad: bytes
) -> None:
    with pytest.raises(hpke.DoesNotOpen):
        hpke.open_sealed(seal(b"seven"), private_key=private(receiver), info=info, aad=aad)


@pytest.mark.parametrize("u", sorted(hpke.SMALL_ORDER))
def test_a_shared_secret_of_zeros_does_not_open(u: int) -> None:
    enc, receiver = u.to_bytes(32, "little"), private("receiver")
    forged = cast("X25519PrivateKey", Forged(enc, bytes(32)))
    sealed = hpke.seal(b"seven", to=public(receiver), ephemeral=forged, info=b"")
    assert sealed.startswith(enc)
    with pytest.raises(ValueError, match="shared key"):
        receiver.exchange(X25519PublicKey.from_public_bytes(enc))
    with pytest.raises(hpke.DoesNotOpen):
        hpke.open_sealed(sealed, private_key=receiver, info=b"")


@pytest.mark.parametrize(
    "key", [bytes.fromhex(key) for key in VECTORS["unsound_public_keys"]], ids=bytes.hex
)
def test_nothing_is_sealed_to_a_key_that_is_not_sound(key: bytes) -> None:
    assert not hpke.is_sound(key)
    with pytest.raises(hpke.CannotSeal, match="not a sound X25519 public key"):
        hpke.seal(b"seven", to=key, ephemeral=private("1"), info=b"")


def test_every_public_half_is_sound_and_one_can_seal_to_it() -> None:
    for seed in range(100):
        receiver = private(f"receiver {seed}")
        assert hpke.is_sound(public(receiver))
        sealed = hpke.seal(b"seven", to=public(receiver), ephemeral=private("1"), info=b"")
        assert hpke.open_sealed(sealed, private_key=receiver, info=b"") == b"seven"


def test_sealing_twice_makes_the_same_bytes_and_another_ephemeral_key_makes_others() -> None:
    assert seal(b"seven") == seal(b"seven")
    first, second = seal(b"seven"), seal(b"seven", "2")
    assert first[:32] != second[:32]
    assert first[32:] != second[32:]


@pytest.mark.parametrize("size", [1, 12, 32])
def test_extract_and_expand_are_hkdf(size: int) -> None:
    theirs = HKDF(SHA256(), size, salt=b"salt" * 30, info=b"info").derive(b"secret")
    assert hpke.expand(hpke.extract(b"salt" * 30, b"secret"), b"info", size) == theirs
