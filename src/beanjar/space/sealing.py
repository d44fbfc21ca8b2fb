"""A sealed answer: bytes that nobody can read until k of n witnesses have published their keys.

The asker's open names n one-time X25519 keys in an order, here counted from i = 0. Whoever answers
draws a fresh secret `s` of 32 bytes; every byte of the sealed answer is a function of `s`, the
answer and the open. `||` joins bytes, text stands for its ASCII bytes, `byte(i)` is one byte:

    bound         = "BJ1 seal" || byte(0) || space (32) || open (32) || author's device key (32)
    root          = HKDF-Extract(salt = bound, secret = s)               HKDF-SHA256, RFC 5869
    coefficient j = HKDF-Expand(root, "coefficient" || byte(j), 32)      j = 1 .. k - 1, of x^j
    share i       = Shamir's polynomial at i + 1                         see `beanjar.space.shamir`
    ephemeral i   = HKDF-Expand(root, "ephemeral" || byte(i), 32)        an X25519 private key
    sealed i      = HPKE seal of share i to witness key i with ephemeral i, info = bound || byte(i),
                    no associated data: enc (32) || ciphertext (48)      see `beanjar.space.hpke`
    padded        = length of the answer (2, big endian) || answer || zeros, `size` bytes in all
    tail          = AES-256-GCM of padded, associated data = bound, size + 16 bytes, with
                    key   = HKDF-Expand(root, "answer key", 32) and
                    nonce = HKDF-Expand(root, "answer nonce", 12)
    blob          = sealed 0 || ... || sealed n - 1 || tail              80 n + size + 16 bytes

To open: any k private keys give k shares, these give `s`, `s` gives the answer, and from both all
the bytes are made again. If a share does not open, or one byte differs, the answer is void. Why no
choice of keys changes the outcome: if one choice makes the whole blob again from its `s`, then
every share in it is an honest share of that `s`, so every other choice finds the same `s`.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from msgspec import Struct

from beanjar.base.errors import BeanjarError
from beanjar.base.ids import SIZE
from beanjar.space import hpke, shamir
from beanjar.space.hpke import CannotSeal, DoesNotOpen

LABEL = b"BJ1 seal\0"
SEALED_SHARE_SIZE = shamir.SECRET_SIZE + hpke.OVERHEAD
TAG_SIZE = 16
LENGTH_SIZE = 2
LARGEST_SIZE = 65_536
"""The most bytes that an answer may be padded to."""

VOID = "This answer is void and counts nowhere: it was not sealed as its question asks."


class BadlyDealt(BeanjarError):
    """A sealed answer that is void: on every node, and whichever keys come out."""


class KeysMissing(BeanjarError):
    """Too few witnesses have published their keys, so far, to open anything."""


class Context(Struct, frozen=True):
    """What a sealed answer is bound to: ids of space and open, key of the author's device.

    Each has 32 bytes.
    """

    space: bytes
    open: bytes
    author: bytes

    def bound(self) -> bytes:
        """Return the 105 bytes that stand for this context in every derivation."""
        if any(len(part) != SIZE for part in (self.space, self.open, self.author)):
            raise CannotSeal("Space, open and author must have 32 bytes each.")
        return LABEL + self.space + self.open + self.author


def blob_size(size: int, witnesses: int) -> int:
    """Return how many bytes an answer padded to `size` has once sealed for so many witnesses."""
    return witnesses * SEALED_SHARE_SIZE + size + TAG_SIZE


def fits(private_key: bytes, public_key: bytes) -> bool:
    """Say whether a published private key is the very one whose public half a witness named."""
    return len(private_key) == hpke.KEY_SIZE and _load(private_key)[1] == public_key


def seal(  # noqa: PLR0917 - the six things of which a sealed answer is a function
    secret: bytes,
    answer: bytes,
    size: int,
    witness_keys: Sequence[bytes],
    threshold: int,
    context: Context,
) -> bytes:
    """Seal `answer`, padded to `size` bytes, for any `threshold` of the witnesses.

    `secret` has 32 bytes, random and used for this one answer only: with a second answer under the
    same context both could be read. `witness_keys` are X25519 public keys of 32 bytes in the order
    of the open. Raise `CannotSeal` if the answer is too long, a witness's key is not sound or an
    argument is out of range, `shamir.BadShares` if the secret does not have 32 bytes.
    """
    _check(size, witness_keys, threshold)
    padded = _pad(answer, size)
    bound = context.bound()
    root = hpke.extract(bound, secret)
    coefficients = [hpke.expand(root, b"coefficient%c" % j) for j in range(1, threshold)]
    shares = shamir.split(secret, threshold, len(witness_keys), coefficients)
    sealed = [
        _seal_share(i, share, key, root, bound)
        for i, (share, key) in enumerate(zip(shares, witness_keys, strict=True))
    ]
    cipher, nonce = _answer_cipher(root)
    return b"".join(sealed) + cipher.encrypt(nonce, padded, bound)


def open_sealed(  # noqa: PLR0917 - as for sealing, with keys in place of the secret
    blob: bytes,
    size: int,
    witness_keys: Sequence[bytes],
    threshold: int,
    context: Context,
    private_keys: Mapping[int, bytes],
) -> bytes:
    """Return the answer in `blob`, whichever `threshold` of the keys are known.

    `private_keys` maps a witness's place in `witness_keys` to the 32 bytes that it published. A key
    that does not fit the public one counts as not published: no witness can void an answer. Of
    those that fit, the first `threshold` are used. Raise `KeysMissing` while too few are known,
    `BadlyDealt` if the answer is void, `CannotSeal` if an argument is out of range.
    """
    _check(size, witness_keys, threshold)
    bound = context.bound()
    if len(blob) != blob_size(size, len(witness_keys)):
        raise BadlyDealt(VOID)
    keys = _fitting(witness_keys, private_keys, threshold)
    try:
        secret = shamir.combine({i: _open_share(i, blob, key, bound) for i, key in keys.items()})
        answer = _open_answer(blob[-size - TAG_SIZE :], secret, bound)
        again = seal(secret, answer, size, witness_keys, threshold, context)
    except (DoesNotOpen, CannotSeal, InvalidTag) as why:
        raise BadlyDealt(VOID) from why
    if again != blob:
        raise BadlyDealt(VOID)
    return answer


def _check(size: int, witness_keys: Sequence[bytes], threshold: int) -> None:
    if not LENGTH_SIZE <= size <= LARGEST_SIZE:
        raise CannotSeal(f"An answer is padded to {LENGTH_SIZE} to {LARGEST_SIZE} bytes.")
    if not 1 <= threshold <= len(witness_keys) <= shamir.MOST_SHARES:
        raise CannotSeal(f"{len(witness_keys)} witnesses cannot have a quorum of {threshold}.")


def _pad(answer: bytes, size: int) -> bytes:
    most = size - LENGTH_SIZE
    if len(answer) > most:
        raise CannotSeal(f"This answer has {len(answer)} bytes. Shorten it to at most {most}.")
    return len(answer).to_bytes(LENGTH_SIZE, "big") + answer.ljust(most, b"\0")


def _answer_cipher(root: bytes) -> tuple[AESGCM, bytes]:
    return AESGCM(hpke.expand(root, b"answer key")), hpke.expand(root, b"answer nonce", 12)


def _open_answer(tail: bytes, secret: bytes, bound: bytes) -> bytes:
    cipher, nonce = _answer_cipher(hpke.extract(bound, secret))
    padded = cipher.decrypt(nonce, tail, bound)
    length = int.from_bytes(padded[:LENGTH_SIZE], "big")
    # A length beyond the end, or padding other than zeros, shows when the bytes are made again.
    return padded[LENGTH_SIZE : LENGTH_SIZE + length]


def _seal_share(i: int, share: bytes, witness_key: bytes, root: bytes, bound: bytes) -> bytes:
    ephemeral = X25519PrivateKey.from_private_bytes(hpke.expand(root, b"ephemeral%c" % i))
    return hpke.seal(share, to=witness_key, ephemeral=ephemeral, info=bound + bytes([i]))


def _open_share(i: int, blob: bytes, private_key: X25519PrivateKey, bound: bytes) -> bytes:
    sealed = blob[i * SEALED_SHARE_SIZE : (i + 1) * SEALED_SHARE_SIZE]
    return hpke.open_sealed(sealed, private_key=private_key, info=bound + bytes([i]))


def _fitting(
    witness_keys: Sequence[bytes], private_keys: Mapping[int, bytes], threshold: int
) -> dict[int, X25519PrivateKey]:
    known = (i for i in range(len(witness_keys)) if i in private_keys)
    places = [i for i in known if fits(private_keys[i], witness_keys[i])][:threshold]
    if len(places) < threshold:
        missing = threshold - len(places)
        raise KeysMissing(f"This answer opens once {missing} more of its witnesses publish a key.")
    return {i: _load(private_keys[i])[0] for i in places}


@lru_cache(maxsize=64)
def _load(private_key: bytes) -> tuple[X25519PrivateKey, bytes]:
    """A published key, ready for use: the few of one question open all its answers."""
    private = X25519PrivateKey.from_private_bytes(private_key)
    return private, private.public_key().public_bytes_raw()
