"""What nodes say, read by a second implementation that knows docs/WIRE.md and nothing else."""

import hmac
import json
from hashlib import sha256
from pathlib import Path
from struct import pack
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from beanjar.sync.codec import BadMessage, read_message, write_message
from tests.wire.record import VECTORS
from tests.wire.record_sync import say_all

MESSAGES = json.loads((VECTORS / "messages.json").read_text(encoding="utf-8"))
COMPARING = json.loads((VECTORS / "comparing.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("tag", MESSAGES["good"])
def test_a_message_is_an_array_that_begins_with_its_tag(tag: str) -> None:
    data = bytes.fromhex(MESSAGES["good"][tag])
    plain: list[Any] = msgspec.msgpack.decode(data)
    assert plain[0] == tag
    assert read_message(data) == say_all()[tag]
    assert write_message(read_message(data)) == data


def test_every_message_is_recorded() -> None:
    assert set(MESSAGES["good"]) == set(say_all())


@pytest.mark.parametrize("name", MESSAGES["bad"])
def test_what_is_no_message_is_refused(name: str) -> None:
    with pytest.raises(BadMessage):
        read_message(bytes.fromhex(MESSAGES["bad"][name]))


def test_a_space_is_named_as_the_document_says() -> None:
    mine, theirs = map(bytes.fromhex, COMPARING["nonces"])
    said = b"BJ1 space\0" + bytes.fromhex(COMPARING["node"]) + mine + theirs
    tag = hmac.digest(bytes.fromhex(COMPARING["space"]), said, "sha256")[:16]
    assert tag.hex() == COMPARING["tag"]


def pack_entry(entry: dict[str, Any]) -> bytes:
    numbers = pack(">qq", entry["seq"], entry["fork"])
    return bytes.fromhex(entry["key"]) + numbers + bytes.fromhex(entry["id"])


def place(entry: dict[str, Any]) -> str:
    return sha256(bytes.fromhex(entry["key"])).hexdigest()


def below(prefix: str) -> list[dict[str, Any]]:
    held = [each for each in COMPARING["entries"] if place(each).startswith(prefix)]
    return sorted(held, key=lambda each: str(each["key"]))


def digest(prefix: str) -> bytes:
    """Return the digest of the trie at a prefix."""
    held = below(prefix)
    if not held:
        return bytes(32)
    if len(held) <= 32:
        return sha256(b"\0" + b"".join(map(pack_entry, held))).digest()
    return sha256(b"\1" + b"".join(digest(prefix + each) for each in "0123456789abcdef")).digest()


def short(whole: bytes) -> bytes:
    salt = sha256(b"BJ1 salt\0" + b"".join(sorted(map(bytes.fromhex, COMPARING["nonces"]))))
    assert salt.hexdigest() == COMPARING["salt"]
    return sha256(salt.digest() + whole).digest()[:8]


def test_the_trie_is_as_the_document_says() -> None:
    assert digest("").hex() == COMPARING["root"]
    assert short(digest("")).hex() == COMPARING["short of the root"]


@pytest.mark.parametrize("listing", COMPARING["listings"], ids=lambda each: each["prefix"])
def test_a_listing_is_as_the_document_says(listing: dict[str, Any]) -> None:
    held = below(listing["prefix"])
    assert listing["leaf"] is (len(held) <= 32)
    shorts = (
        [short(sha256(pack_entry(each)).digest()) for each in held]
        if listing["leaf"]
        else [short(digest(listing["prefix"] + each)) for each in "0123456789abcdef"]
    )
    assert b"".join(shorts).hex() == listing["digests"]


def test_a_card_is_signed_as_the_document_says() -> None:
    told = COMPARING["card"]
    near = b"".join(bytes.fromhex(each) for each in told["neighbours"])
    said = b"BJ1 card\0" + bytes.fromhex(COMPARING["space"])
    said += pack(">QQ", told["time"], told["operations"]) + bytes.fromhex(told["root"])
    said += sha256(near).digest() + "\n".join(told["addresses"]).encode()
    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(COMPARING["node"]))
    key.verify(bytes.fromhex(told["signature"]), said)


def test_the_document_names_every_message_with_its_fields() -> None:
    text = (Path(__file__).parents[2] / "docs/WIRE.md").read_text(encoding="utf-8")
    text = text.partition("\n## Between nodes\n")[2].partition("\n## Files\n")[0]
    for tag, message in say_all().items():
        rows = [line for line in text.splitlines() if line.startswith(f"| `{tag}` |")]
        assert len(rows) == 1, tag
        for field in message.__struct_fields__:
            assert field == "space" or f"`{field}`" in rows[0], (tag, field)
