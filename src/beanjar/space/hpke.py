"""Bytes sealed to one X25519 key: HPKE (RFC 9180), base mode, single shot, one fixed suite.

DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM. Libraries draw the ephemeral key themselves;
here the caller gives it, so that whoever knows it can make the same bytes again. What this seals,
any HPKE library opens.

Sealed bytes are `enc (32) || ciphertext (as long as the plaintext) || tag (16)`. Stricter than the
RFC in one point: nothing is sealed to a public key that is not sound (see `is_sound`).
"""

import hmac

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from beanjar.base.errors import BeanjarError

KEY_SIZE = 32
OVERHEAD = 48
"""How many bytes longer the sealed bytes are than the plaintext: enc and tag."""

PRIME = 2**255 - 19
_ORDER_8 = (
    0x00B8495F16056286FDB1329CEB8D09DA6AC49FF1FAE35616AEB8413B7C7AEBE0,
    0x57119FD0DD4E22D8868E1C58C45C44045BEF839C55B1D0B1248C50A3BC959C5F,
)
SMALL_ORDER = frozenset({0, 1, PRIME - 1, *_ORDER_8})
"""The u coordinates whose shared secret with every private key is all zeros."""

_KEM = b"HPKE-v1KEM\x00\x20"
_SUITE = b"HPKE-v1HPKE\x00\x20\x00\x01\x00\x02"


class CannotSeal(BeanjarError):
    """What was asked for cannot be sealed."""


class DoesNotOpen(BeanjarError):
    """Sealed bytes that the key at hand does not open."""


def is_sound(public_key: bytes) -> bool:
    """Say whether one can seal to `public_key`: 32 bytes, below the prime, not of small order."""
    u = int.from_bytes(public_key, "little")
    return len(public_key) == KEY_SIZE and u < PRIME and u not in SMALL_ORDER


def seal(
    plaintext: bytes, *, to: bytes, ephemeral: X25519PrivateKey, info: bytes, aad: bytes = b""
) -> bytes:
    """Seal `plaintext` to the public key `to` with the given ephemeral key (RFC 9180, SealBase).

    An ephemeral key and an `info` serve one plaintext only: a second would give both away.
    Raise `CannotSeal` if `to` is not sound.
    """
    if not is_sound(to):
        raise CannotSeal("Nothing can be sealed to this key: it is not a sound X25519 public key.")
    enc = ephemeral.public_key().public_bytes_raw()
    exchanged = ephemeral.exchange(X25519PublicKey.from_public_bytes(to))
    key, nonce = _schedule(_shared_secret(exchanged, enc + to), info)
    return enc + AESGCM(key).encrypt(nonce, plaintext, aad)


def open_sealed(
    sealed: bytes, *, private_key: X25519PrivateKey, info: bytes, aad: bytes = b""
) -> bytes:
    """Open what was sealed to the public half of `private_key` (RFC 9180, OpenBase).

    Raise `DoesNotOpen` if a byte of it, the key, `info` or `aad` differs, or if the shared secret
    is all zeros.
    """
    enc, ciphertext = sealed[:KEY_SIZE], sealed[KEY_SIZE:]
    public = private_key.public_key().public_bytes_raw()
    try:
        # `exchange` raises ValueError where the shared secret is all zeros, as the RFC demands.
        exchanged = private_key.exchange(X25519PublicKey.from_public_bytes(enc))
        key, nonce = _schedule(_shared_secret(exchanged, enc + public), info)
        return AESGCM(key).decrypt(nonce, ciphertext, aad)
    except (ValueError, InvalidTag) as why:
        raise DoesNotOpen(
            "The key at hand does not open this. Ask for it to be sent anew."
        ) from why


def extract(salt: bytes, secret: bytes) -> bytes:
    """Return the 32-byte HKDF-SHA256 key of `secret` (RFC 5869, section 2.2)."""
    return hmac.digest(salt, secret, "sha256")


def expand(key: bytes, info: bytes, size: int = 32) -> bytes:
    """Return `size` bytes, at most 32, of HKDF-SHA256 output (RFC 5869, section 2.3)."""
    return hmac.digest(key, info + b"\x01", "sha256")[:size]


def _labeled_extract(salt: bytes, suite: bytes, label: bytes, secret: bytes) -> bytes:
    return extract(salt, suite + label + secret)


def _labeled_expand(key: bytes, suite: bytes, label: bytes, info: bytes, size: int = 32) -> bytes:
    return expand(key, size.to_bytes(2, "big") + suite + label + info, size)


def _shared_secret(exchanged: bytes, kem_context: bytes) -> bytes:
    """RFC 9180, section 4.1, ExtractAndExpand."""
    key = _labeled_extract(b"", _KEM, b"eae_prk", exchanged)
    return _labeled_expand(key, _KEM, b"shared_secret", kem_context)


_BASE_MODE = b"\x00" + _labeled_extract(b"", _SUITE, b"psk_id_hash", b"")


def _schedule(shared_secret: bytes, info: bytes) -> tuple[bytes, bytes]:
    """RFC 9180, section 5.1, KeySchedule in base mode: the AEAD key and the first nonce."""
    context = _BASE_MODE + _labeled_extract(b"", _SUITE, b"info_hash", info)
    secret = _labeled_extract(shared_secret, _SUITE, b"secret", b"")
    key = _labeled_expand(secret, _SUITE, b"key", context)
    return key, _labeled_expand(secret, _SUITE, b"base_nonce", context, 12)
