"""Whose log may begin: decided by its first entry alone."""

import msgspec
import pytest

from beanjar.ops.device import Certificate, certify_device
from beanjar.ops.errors import Refused
from beanjar.space.admission import admit
from beanjar.space.charter import Founding, Join
from beanjar.testing.gathering import Gathering
from beanjar.testing.people import Person
from tests.space.tiny import TINY, TinyAsk
from tests.told import told


@pytest.fixture
def table(ada: Person) -> Gathering:
    return Gathering(ada, [TINY])


def test_a_join_with_the_persons_own_certificate_is_let_in(table: Gathering, ben: Person) -> None:
    joined = ben.device.join(table.space.id, table.now)
    assert admit(joined, table.operations[0]) == ben.id


@pytest.mark.parametrize(
    "body", [b"", b"{}", b"hello", b'{"t":"space.later"}', b'{"t":"space.leave"}']
)
def test_a_log_that_begins_with_something_else_is_refused(
    table: Gathering, ben: Person, body: bytes
) -> None:
    with told(Refused, "does not begin with a join"):
        table.take(ben.device.write_bytes(table.space.id, body, table.now))


def test_a_log_that_begins_with_a_question_is_refused(
    table: Gathering, ada: Person, ben: Person
) -> None:
    table.add_witness(ada)
    with told(Refused, "does not begin with a join"):
        table.take(ben.device.write(table.space.id, TinyAsk(table.terms()), table.now))


def test_a_join_that_would_expire_begins_no_log(table: Gathering, ben: Person) -> None:
    joined = Join(ben.device.certificate(table.space.id))
    with told(Refused, "does not begin with a join"):
        table.take(ben.device.write(table.space.id, joined, table.now, table.now + 1))


def test_a_join_whose_body_is_gone_begins_no_log(table: Gathering, ben: Person) -> None:
    with told(Refused, "does not begin with a join"):
        table.take(ben.device.join(table.space.id, table.now).without_body())


def test_a_space_cannot_be_founded_a_second_time(table: Gathering, ben: Person) -> None:
    founding = Founding("The table", ben.device.certificate(table.space.id))
    with told(Refused, "founded once"):
        table.take(ben.device.write(table.space.id, founding, table.now))


def test_a_join_founds_nothing(table: Gathering, ben: Person) -> None:
    joined = ben.device.found(Join(ben.device.certificate(bytes(32))), table.now)
    with told(Refused, "founded once"):
        admit(joined, joined)


def test_a_founder_needs_their_own_certificate_too(ada: Person, ben: Person) -> None:
    founding = Founding("The table", ben.device.certificate(bytes(32)))
    founded = ada.device.found(founding, 0)
    with told(Refused, "did not say that this device is theirs"):
        admit(founded, founded)


def certificates(table: Gathering, ada: Person, ben: Person) -> dict[str, Certificate]:
    """Return certificates with which Ben's phone cannot be Ada's device, or anyone's."""
    device, space = ben.device.key.public, table.space.id
    own = certify_device(ben.key, space, device)
    bit = f"{int(own.signature[-1], 16) ^ 1:x}"
    return {
        "that Ada gave her own device": ada.device.certificate(space),
        "that Ben gave another device": ben.new_device("laptop").certificate(space),
        "that Ben gave for another space": ben.device.certificate(bytes(31) + b"1"),
        "that Ben gave for founding": ben.device.certificate(bytes(32)),
        "in Ada's name with Ben's signature": Certificate(ada.id, own.signature),
        "that the device gave itself": Certificate(
            ada.id, certify_device(ben.device.key, space, device).signature
        ),
        "with one bit changed": Certificate(ben.id, own.signature[:-1] + bit),
        "of a key under which anything fits": Certificate("01" + "00" * 31, "01" + "00" * 63),
    }


@pytest.mark.parametrize(
    "which", certificates(Gathering(Person("Ada"), [TINY]), *map(Person, "AB"))
)
def test_a_join_is_refused_with_a_certificate(
    table: Gathering, ada: Person, ben: Person, which: str
) -> None:
    body = Join(certificates(table, ada, ben)[which])
    with told(Refused, "did not say that this device is theirs"):
        table.take(ben.device.write(table.space.id, body, table.now))
    assert not table.space.knows(ben.device.key.public)


def test_a_join_for_one_space_does_not_let_into_another(ada: Person, ben: Person) -> None:
    here, there = Gathering(ada, [TINY]), Gathering(Person("Eve"), [TINY])
    joined = ben.device.join(there.space.id, here.now)
    moved = msgspec.structs.replace(joined, space=here.space.id)
    with told(Refused):
        admit(moved, here.operations[0])
