from collections.abc import Callable

import pytest
from msgspec.structs import replace

from beanjar.ops.device import (
    Certificate,
    LastWord,
    certify_device,
    is_certified,
    is_revoked,
    revoke_device,
)
from beanjar.ops.signing import verify
from beanjar.testing.people import Person
from tests.ops.logs import SPACE

ADA, BEN = Person("Ada"), Person("Ben")
DEVICE = ADA.device.key.public
CERTIFICATE = certify_device(ADA.key, SPACE, DEVICE)
WORD = LastWord(SPACE, DEVICE, 7, b"l" * 32)


def test_a_person_says_that_a_device_is_theirs_in_one_space() -> None:
    assert CERTIFICATE.person == ADA.id
    assert is_certified(CERTIFICATE, SPACE, DEVICE)


def test_a_certificate_for_a_node_is_none_for_a_device_and_the_other_way_round() -> None:
    node = certify_device(ADA.key, SPACE, DEVICE, node=True)
    assert is_certified(node, SPACE, DEVICE, node=True)
    assert not is_certified(node, SPACE, DEVICE)
    assert not is_certified(CERTIFICATE, SPACE, DEVICE, node=True)


@pytest.mark.parametrize(
    ("certificate", "space", "device"),
    [
        (CERTIFICATE, b"o" * 32, DEVICE),
        (CERTIFICATE, SPACE, BEN.device.key.public),
        (Certificate(BEN.id, CERTIFICATE.signature), SPACE, DEVICE),
        (certify_device(BEN.key, SPACE, DEVICE), SPACE, ADA.key.public),
    ],
    ids=["another space", "another device", "another person", "the person key itself"],
)
def test_a_certificate_holds_for_nothing_else(
    certificate: Certificate, space: bytes, device: bytes
) -> None:
    assert not is_certified(certificate, space, device)


def test_a_certificate_signs_the_space_and_then_the_device() -> None:
    signature = bytes.fromhex(CERTIFICATE.signature)
    assert verify(ADA.key.public, signature, b"device", SPACE + DEVICE)


def test_a_person_says_where_the_log_of_a_lost_device_ends() -> None:
    signature = revoke_device(ADA.key, WORD)
    assert is_revoked(ADA.key.public, signature, WORD)
    parts = SPACE + DEVICE + (7).to_bytes(8, "big") + b"l" * 32
    assert verify(ADA.key.public, bytes.fromhex(signature), b"revoke", parts)


@pytest.mark.parametrize(
    "change",
    [
        lambda word: replace(word, space=b"o" * 32),
        lambda word: replace(word, device=BEN.device.key.public),
        lambda word: replace(word, seq=8),
        lambda word: replace(word, last=b"m" * 32),
    ],
    ids=["space", "device", "seq", "last"],
)
def test_a_revocation_names_one_end_of_one_log(change: Callable[[LastWord], LastWord]) -> None:
    assert not is_revoked(ADA.key.public, revoke_device(ADA.key, WORD), change(WORD))


def test_nobody_else_revokes_a_device() -> None:
    assert not is_revoked(ADA.key.public, revoke_device(BEN.key, WORD), WORD)
    assert not is_revoked(b"", revoke_device(ADA.key, WORD), WORD)


def test_a_certificate_is_no_revocation() -> None:
    assert not is_revoked(ADA.key.public, CERTIFICATE.signature, WORD)
