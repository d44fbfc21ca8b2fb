import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from hashlib import shake_256
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any, cast

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from beanjar.base.errors import BeanjarError
from beanjar.space import hpke, sealing, shamir
from beanjar.space.hpke import CannotSeal
from beanjar.space.sealing import VOID, BadlyDealt, Context, KeysMissing

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "sealing.json").read_text())
SIZE = 24
ANSWER = b'{"yes":true}'
QUORUMS = [(1, 1), (4, 3), (7, 5)]


def chance(*seed: object, size: int = 32) -> bytes:
    """Bytes that look random and are the same in every run."""
    return shake_256(repr(seed).encode()).digest(size)


def pick(most: int, *seed: object) -> int:
    """A number from 0 to `most` - 1, the same in every run."""
    return int.from_bytes(chance(*seed)) % most


def public(private: bytes) -> bytes:
    return X25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()


CONTEXT = Context(space=chance("space"), open=chance("open"), author=chance("author"))
SECRET = chance("secret")
PRIVATE = [chance("witness", i) for i in range(7)]
PUBLIC = [public(private) for private in PRIVATE]


def seal(n: int, k: int, answer: bytes = ANSWER, context: Context = CONTEXT) -> bytes:
    return sealing.seal(SECRET, answer, SIZE, PUBLIC[:n], k, context)


def open_sealed(
    blob: bytes, n: int, k: int, keys: dict[int, bytes], context: Context = CONTEXT
) -> bytes:
    return sealing.open_sealed(blob, SIZE, PUBLIC[:n], k, context, keys)


def key_sets(n: int, k: int, most: int | None = None) -> Iterator[dict[int, bytes]]:
    """Every set of at least k, and at most `most`, of the n private keys."""
    for size in range(k, (most or n) + 1):
        for chosen in combinations(range(n), size):
            yield {i: PRIVATE[i] for i in chosen}


def outcome(blob: bytes, n: int, k: int, keys: dict[int, bytes], context: Context) -> bytes | str:
    try:
        return open_sealed(blob, n, k, keys, context)
    except BadlyDealt as void:
        return str(void)


@dataclass
class Dealing:
    """A sealed answer worked out again from the written layout, with every part open to harm."""

    n: int
    k: int
    seed: int
    secret: bytes = SECRET
    context: Context = CONTEXT
    read_in: Context = CONTEXT
    padded: bytes = len(ANSWER).to_bytes(2, "big") + ANSWER + bytes(SIZE - 2 - len(ANSWER))
    tail_secret: bytes = SECRET
    whole: bytes | None = None
    to: list[bytes] = field(default_factory=list)
    shares: list[bytes] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    ephemerals: list[X25519PrivateKey] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.to = PUBLIC[: self.n]
        self.shares = self.split(self.secret, self.k)
        self.places = list(range(self.n))
        derived = [self.derive(self.secret, b"ephemeral", i) for i in self.places]
        self.ephemerals = [X25519PrivateKey.from_private_bytes(key) for key in derived]

    @property
    def bound(self) -> bytes:
        return b"BJ1 seal\0" + self.context.space + self.context.open + self.context.author

    def derive(self, secret: bytes, label: bytes, *number: int, size: int = 32) -> bytes:
        return HKDF(SHA256(), size, salt=self.bound, info=label + bytes(number)).derive(secret)

    def split(self, secret: bytes, k: int) -> list[bytes]:
        coefficients = [self.derive(secret, b"coefficient", j) for j in range(1, k)]
        return shamir.split(secret, k, self.n, coefficients)

    def sealed_share(self, i: int) -> bytes:
        info = self.bound + bytes([self.places[i]])
        return hpke.seal(self.shares[i], to=self.to[i], ephemeral=self.ephemerals[i], info=info)

    def tail(self) -> bytes:
        key = self.derive(self.tail_secret, b"answer key")
        nonce = self.derive(self.tail_secret, b"answer nonce", size=12)
        return AESGCM(key).encrypt(nonce, self.padded, self.bound)

    def blob(self) -> bytes:
        if self.whole is not None:
            return self.whole
        return b"".join(self.sealed_share(i) for i in range(self.n)) + self.tail()

    def pick(self, most: int) -> int:
        return pick(most, self.n, self.seed)

    def pick_two(self) -> tuple[int, int]:
        first = self.pick(self.n)
        return first, (first + 1 + self.pick(self.n - 1)) % self.n


def swap(parts: list[Any], a: int, b: int) -> None:
    parts[a], parts[b] = parts[b], parts[a]


Harm = Callable[[Dealing], None]
HARMS: list[Harm] = []


def harm(done: Harm) -> Harm:
    HARMS.append(done)
    return done


@harm
def a_share_is_wrong(dealing: Dealing) -> None:
    dealing.shares[dealing.pick(dealing.n)] = chance("wrong share", dealing.seed)


@harm
def a_share_is_too_short(dealing: Dealing) -> None:
    i = dealing.pick(dealing.n)
    dealing.shares[i] = dealing.shares[i][: dealing.pick(32)]


@harm
def two_shares_are_swapped(dealing: Dealing) -> None:
    a, b = dealing.pick_two()
    swap(dealing.shares, a, b)


@harm
def two_sealed_shares_are_swapped(dealing: Dealing) -> None:
    a, b = dealing.pick_two()
    for parts in (dealing.to, dealing.shares, dealing.places, dealing.ephemerals):
        swap(cast("list[Any]", parts), a, b)


@harm
def a_share_is_sealed_for_another_place(dealing: Dealing) -> None:
    a, b = dealing.pick_two()
    dealing.places[a] = b


@harm
def a_share_is_sealed_to_another_witness(dealing: Dealing) -> None:
    a, b = dealing.pick_two()
    dealing.to[a] = PUBLIC[b]


@harm
def a_share_is_sealed_to_a_stranger(dealing: Dealing) -> None:
    dealing.to[dealing.pick(dealing.n)] = public(chance("stranger", dealing.seed))


@harm
def the_shares_are_not_on_one_polynomial(dealing: Dealing) -> None:
    coefficients = [chance("off", dealing.seed, j) for j in range(dealing.k - 1)]
    others = shamir.split(dealing.secret, dealing.k, dealing.n, coefficients)
    dealing.shares = [*dealing.shares[: dealing.k], *others[dealing.k :]]


@harm
def the_shares_are_on_a_polynomial_of_their_own(dealing: Dealing) -> None:
    coefficients = [chance("own", dealing.seed, j) for j in range(dealing.k - 1)]
    dealing.shares = shamir.split(dealing.secret, dealing.k, dealing.n, coefficients)


@harm
def fewer_shares_are_enough_than_should_be(dealing: Dealing) -> None:
    dealing.shares = dealing.split(dealing.secret, 1 + dealing.pick(dealing.k - 1))


@harm
def more_shares_are_needed_than_should_be(dealing: Dealing) -> None:
    dealing.shares = dealing.split(dealing.secret, dealing.k + 1)


@harm
def some_shares_are_of_another_secret(dealing: Dealing) -> None:
    others = dealing.split(chance("another secret", dealing.seed), dealing.k)
    from_here = 1 + dealing.pick(dealing.n - 1)
    dealing.shares = [*dealing.shares[:from_here], *others[from_here:]]


@harm
def an_ephemeral_key_is_drawn_at_random(dealing: Dealing) -> None:
    drawn = X25519PrivateKey.from_private_bytes(chance("drawn", dealing.seed))
    dealing.ephemerals[dealing.pick(dealing.n)] = drawn


class WithUnusedBit:
    """An ephemeral key whose public half is written with its unused highest bit set."""

    def __init__(self, key: X25519PrivateKey) -> None:
        self.exchange = key.exchange
        self.raw = key.public_key().public_bytes_raw()

    def public_key(self) -> "WithUnusedBit":
        return self

    def public_bytes_raw(self) -> bytes:
        return self.raw[:-1] + bytes([self.raw[-1] | 0x80])


@harm
def an_encapsulated_key_is_written_another_way_that_opens(dealing: Dealing) -> None:
    i = dealing.pick(dealing.n)
    dealing.ephemerals[i] = cast("X25519PrivateKey", WithUnusedBit(dealing.ephemerals[i]))


@harm
def the_padding_is_not_all_zeros(dealing: Dealing) -> None:
    at = 2 + len(ANSWER) + dealing.pick(SIZE - 2 - len(ANSWER))
    dealing.padded = dealing.padded[:at] + b"\1" + dealing.padded[at + 1 :]


@harm
def the_length_reaches_beyond_the_end(dealing: Dealing) -> None:
    length = SIZE - 1 + dealing.pick(0xFFFF - SIZE)
    dealing.padded = length.to_bytes(2, "big") + dealing.padded[2:]


@harm
def the_tail_is_sealed_with_another_secret(dealing: Dealing) -> None:
    dealing.tail_secret = chance("another secret", dealing.seed)


@harm
def one_bit_is_flipped(dealing: Dealing) -> None:
    blob = dealing.blob()
    flip = 1 << dealing.pick(len(blob) * 8)
    dealing.whole = (int.from_bytes(blob) ^ flip).to_bytes(len(blob))


@harm
def a_bit_of_an_encapsulated_key_is_flipped(dealing: Dealing) -> None:
    blob = dealing.blob()
    bit = dealing.pick(256)
    at = 80 * dealing.pick(dealing.n) + bit // 8
    dealing.whole = blob[:at] + bytes([blob[at] ^ 1 << bit % 8]) + blob[at + 1 :]


@harm
def the_end_is_cut_off(dealing: Dealing) -> None:
    blob = dealing.blob()
    dealing.whole = blob[: dealing.pick(len(blob))]


@harm
def something_is_added(dealing: Dealing) -> None:
    dealing.whole = dealing.blob() + chance("more", dealing.seed, size=1 + dealing.pick(100))


@harm
def the_padded_size_is_another(dealing: Dealing) -> None:
    dealing.padded += bytes(1 + dealing.pick(40))


@harm
def it_is_noise(dealing: Dealing) -> None:
    dealing.whole = chance("noise", dealing.seed, size=len(dealing.blob()))


@harm
def another_author_copied_it(dealing: Dealing) -> None:
    dealing.read_in = replace(CONTEXT, author=chance("copier", dealing.seed))


@harm
def it_was_moved_to_another_open(dealing: Dealing) -> None:
    dealing.read_in = replace(CONTEXT, open=chance("another open", dealing.seed))


@harm
def it_was_moved_to_another_space(dealing: Dealing) -> None:
    dealing.read_in = replace(CONTEXT, space=chance("another space", dealing.seed))


@pytest.mark.parametrize(("n", "k"), [*QUORUMS, (3, 1), (5, 5), (2, 2)])
def test_an_honest_answer_opens_with_every_set_of_keys_that_is_enough(n: int, k: int) -> None:
    blob = seal(n, k)
    assert {open_sealed(blob, n, k, keys) for keys in key_sets(n, k)} == {ANSWER}


@pytest.mark.parametrize(("n", "k"), QUORUMS)
def test_the_bytes_are_those_that_the_written_layout_gives(n: int, k: int) -> None:
    assert seal(n, k) == Dealing(n, k, seed=0).blob()


@pytest.mark.parametrize("done", HARMS, ids=lambda done: done.__name__)
def test_a_badly_dealt_answer_is_void_whichever_keys_come_out(done: Harm, scale: int) -> None:
    for n, k, times in ((4, 3, 13), (7, 5, 1)):
        for seed in range(times * scale):
            dealing = Dealing(n, k, seed)
            done(dealing)
            blob, context = dealing.blob(), dealing.read_in
            assert (blob, context) != (seal(n, k), CONTEXT)
            assert {outcome(blob, n, k, keys, context) for keys in key_sets(n, k)} == {VOID}


def test_several_harms_at_once_leave_one_outcome_for_all_sets_of_keys(scale: int) -> None:
    n, k = 4, 3
    for seed in range(60 * scale):
        dealing = Dealing(n, k, seed)
        for step in range(3):
            if dealing.whole is None:  # what was harmed as a whole has no parts any more
                HARMS[pick(len(HARMS), "harms", seed, step)](dealing)
        untouched = (dealing.blob(), dealing.read_in) == (seal(n, k), CONTEXT)
        found = {outcome(dealing.blob(), n, k, keys, dealing.read_in) for keys in key_sets(n, k)}
        assert found == {ANSWER if untouched else VOID}


def test_without_making_the_bytes_again_some_would_read_what_others_cannot() -> None:
    dealing = Dealing(4, 3, seed=0)
    the_shares_are_not_on_one_polynomial(dealing)
    numbered = list(enumerate(dealing.shares))
    found = {shamir.combine(dict(chosen)) for chosen in combinations(numbered, 3)}
    assert SECRET in found
    assert len(found) > 1


@given(data=st.data(), quorum=st.sampled_from(QUORUMS))
def test_any_answer_that_fits_comes_back_and_has_the_one_size(
    data: st.DataObject, quorum: tuple[int, int]
) -> None:
    n, k = quorum
    size = data.draw(st.integers(2, 200))
    answer = data.draw(st.binary(max_size=size - 2))
    blob = sealing.seal(SECRET, answer, size, PUBLIC[:n], k, CONTEXT)
    assert len(blob) == sealing.blob_size(size, n) == 80 * n + size + 16
    keys = {i: PRIVATE[i] for i in data.draw(st.permutations(range(n)))[:k]}
    assert sealing.open_sealed(blob, size, PUBLIC[:n], k, CONTEXT, keys) == answer


@pytest.mark.parametrize(
    ("secret", "context"),
    [
        (chance("another"), CONTEXT),
        (SECRET, replace(CONTEXT, space=chance("another"))),
        (SECRET, replace(CONTEXT, open=chance("another"))),
        (SECRET, replace(CONTEXT, author=chance("another"))),
    ],
    ids=["secret", "space", "open", "author"],
)
def test_another_secret_or_place_changes_every_part(secret: bytes, context: Context) -> None:
    first = seal(4, 3)
    second = sealing.seal(secret, ANSWER, SIZE, PUBLIC[:4], 3, context)
    cuts = sorted({*range(0, 321, 80), *range(32, 321, 80), len(first)})
    assert all(first[start:end] != second[start:end] for start, end in pairwise(cuts))


@pytest.mark.parametrize(("n", "k"), QUORUMS)
def test_with_too_few_keys_it_says_how_many_are_missing(n: int, k: int) -> None:
    for known in range(k):
        keys = {i: PRIVATE[i] for i in range(n - known, n)}
        with pytest.raises(KeysMissing, match=f"once {k - known} more"):
            open_sealed(seal(n, k), n, k, keys)


@pytest.mark.parametrize("size", [0, 60, 80, 359, 361])
def test_an_answer_of_the_wrong_size_is_void_before_any_key_is_known(size: int) -> None:
    blob = seal(4, 3) + bytes(1)
    with pytest.raises(BadlyDealt):
        open_sealed(blob[:size], 4, 3, {})


@pytest.mark.parametrize(
    "published", [chance("stranger"), PRIVATE[1], PUBLIC[0], bytes(32), b"", PRIVATE[0] + b"1"]
)
def test_a_witness_who_publishes_a_wrong_key_is_as_one_who_publishes_none(
    published: bytes,
) -> None:
    assert not sealing.fits(published, PUBLIC[0])
    lying = {0: published}
    assert open_sealed(seal(4, 3), 4, 3, lying | {i: PRIVATE[i] for i in (1, 2, 3)}) == ANSWER
    with pytest.raises(KeysMissing, match="once 1 more"):
        open_sealed(seal(4, 3), 4, 3, lying | {i: PRIVATE[i] for i in (1, 2)})


def test_a_key_for_a_place_that_no_witness_has_counts_for_nothing() -> None:
    keys = {-1: PRIVATE[3], 4: PRIVATE[0], 9: PRIVATE[1], 0: PRIVATE[0], 1: PRIVATE[1]}
    with pytest.raises(KeysMissing, match="once 1 more"):
        open_sealed(seal(4, 3), 4, 3, keys)


def test_a_key_that_differs_only_in_bits_that_x25519_ignores_fits() -> None:
    other = bytes([PRIVATE[0][0] ^ 7]) + PRIVATE[0][1:]
    assert sealing.fits(other, PUBLIC[0])
    assert open_sealed(seal(1, 1), 1, 1, {0: other}) == ANSWER


def test_an_answer_is_void_whose_witness_names_a_key_that_nothing_can_be_sealed_to() -> None:
    keys = [*PUBLIC[:3], bytes(32)]
    with pytest.raises(CannotSeal, match="not a sound X25519 public key"):
        sealing.seal(SECRET, ANSWER, SIZE, keys, 3, CONTEXT)
    with pytest.raises(BadlyDealt):
        sealing.open_sealed(seal(4, 3), SIZE, keys, 3, CONTEXT, dict(enumerate(PRIVATE[:3])))


def test_an_answer_that_is_too_long_is_refused_with_its_limit() -> None:
    sealing.seal(SECRET, bytes(22), SIZE, PUBLIC[:1], 1, CONTEXT)
    with pytest.raises(CannotSeal, match=r"has 23 bytes\. Shorten it to at most 22"):
        sealing.seal(SECRET, bytes(23), SIZE, PUBLIC[:1], 1, CONTEXT)


@pytest.mark.parametrize(
    ("size", "witnesses", "threshold"),
    [(1, 1, 1), (65_537, 1, 1), (SIZE, 0, 0), (SIZE, 1, 0), (SIZE, 1, 2), (SIZE, 256, 1)],
)
def test_impossible_terms_are_refused_with_a_sentence_both_ways(
    size: int, witnesses: int, threshold: int
) -> None:
    keys = PUBLIC[:1] * witnesses
    with pytest.raises(CannotSeal, match=r"\.$"):
        sealing.seal(SECRET, b"", size, keys, threshold, CONTEXT)
    with pytest.raises(CannotSeal, match=r"\.$"):
        sealing.open_sealed(bytes(100), size, keys, threshold, CONTEXT, {0: PRIVATE[0]})


@pytest.mark.parametrize("part", ["space", "open", "author"])
def test_a_context_of_another_size_is_refused_with_a_sentence(part: str) -> None:
    with pytest.raises(CannotSeal, match="32 bytes each"):
        seal(1, 1, context=replace(CONTEXT, **{part: bytes(31)}))


def test_a_secret_of_another_size_is_refused_with_a_sentence() -> None:
    with pytest.raises(BeanjarError, match="32 bytes"):
        sealing.seal(SECRET[1:], ANSWER, SIZE, PUBLIC[:1], 1, CONTEXT)


def unhex(vector: dict[str, Any]) -> dict[str, Any]:
    """What a question and its answer have in common, as both directions take it."""
    return {
        "size": vector["size"],
        "witness_keys": [bytes.fromhex(key) for key in vector["witness_keys"]],
        "threshold": vector["threshold"],
        "context": Context(*(bytes.fromhex(vector[name]) for name in ("space", "open", "author"))),
    }


@pytest.mark.parametrize("vector", VECTORS["honest"], ids=lambda vector: vector["name"])
def test_the_honest_vectors_are_sealed_byte_for_byte_and_open(vector: dict[str, Any]) -> None:
    answer, terms = bytes.fromhex(vector["answer"]), unhex(vector)
    blob = sealing.seal(bytes.fromhex(vector["secret"]), answer, **terms)
    assert blob.hex() == vector["blob"]
    keys = [bytes.fromhex(key) for key in vector["private_keys"]]
    assert sealing.open_sealed(blob, **terms, private_keys=dict(enumerate(keys))) == answer


@pytest.mark.parametrize("vector", VECTORS["honest"], ids=lambda vector: vector["name"])
def test_the_steps_of_the_honest_vectors_lead_to_their_blobs(vector: dict[str, Any]) -> None:
    terms, steps = unhex(vector), vector["steps"]
    dealing = Dealing(
        len(terms["witness_keys"]),
        terms["threshold"],
        0,
        bytes.fromhex(vector["secret"]),
        terms["context"],
    )
    numbers = range(1, dealing.k)
    assert steps == {
        "bound": dealing.bound.hex(),
        "root": hpke.extract(dealing.bound, dealing.secret).hex(),
        "coefficients": [dealing.derive(dealing.secret, b"coefficient", j).hex() for j in numbers],
        "shares": [share.hex() for share in dealing.shares],
        "ephemerals": [key.private_bytes_raw().hex() for key in dealing.ephemerals],
        "answer_key": dealing.derive(dealing.secret, b"answer key").hex(),
        "answer_nonce": dealing.derive(dealing.secret, b"answer nonce", size=12).hex(),
    }


@pytest.mark.parametrize("vector", VECTORS["void"], ids=lambda vector: vector["name"])
def test_the_void_vectors_are_void_whichever_keys_come_out(vector: dict[str, Any]) -> None:
    terms, blob = unhex(vector), bytes.fromhex(vector["blob"])
    keys = list(enumerate(bytes.fromhex(key) for key in vector["private_keys"]))
    for chosen in combinations(keys, terms["threshold"]):
        with pytest.raises(BadlyDealt):
            sealing.open_sealed(blob, **terms, private_keys=dict(chosen))
