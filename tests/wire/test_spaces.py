"""The code against the recorded bodies, tickets, invitations, certificates and export."""

import io
import itertools
import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import msgspec
import pytest

from beanjar.main.tools import TOOLS
from beanjar.ops.body import write_body
from beanjar.ops.device import certify_device
from beanjar.ops.signing import SigningKey
from beanjar.space.certificate import read_certificate
from beanjar.space.charter import Hop
from beanjar.space.export import Export, export_space
from beanjar.space.invitation import (
    Invitation,
    NotInvited,
    check_invitation,
    invite,
    use_invitation,
)
from beanjar.space.question import Settled
from beanjar.space.space import Space, know
from beanjar.space.ticket import Ticket, WrongTicket, read_ticket, write_ticket
from beanjar.space.words import Voters
from beanjar.tools import estimate
from beanjar.tools.estimate.schema import Guess
from tests.wire import second, second_votes

Row = dict[str, Any]

VECTORS = Path(__file__).parents[1] / "vectors"
BODIES, TICKETS, INVITATION, CERTIFICATE, EXPORT = (
    json.loads((VECTORS / f"{name}.json").read_text(encoding="utf-8"))
    for name in ("bodies", "ticket", "invitation", "certificate", "export")
)
VOCABULARY = know(TOOLS)
SPACE = bytes.fromhex(INVITATION["space"])


def rows(file: Row, part: str) -> pytest.MarkDecorator:
    assert file[part]
    return pytest.mark.parametrize("row", file[part], ids=[row["name"] for row in file[part]])


@pytest.mark.parametrize("said", BODIES["bodies"], ids=itertools.count())
def test_a_body_is_read_and_written_as_recorded(said: Row) -> None:
    for text in (json.dumps(said), json.dumps(said, indent=2, sort_keys=True)):
        read = VOCABULARY.read(text.encode())
        assert read is not None
        assert json.loads(write_body(read)) == said


def test_a_body_of_every_kind_is_recorded() -> None:
    assert {said["t"] for said in BODIES["bodies"]} == set(VOCABULARY.kinds)


@rows(BODIES, "spellings")
def test_other_spellings_are_read_as_recorded(row: Row) -> None:
    assert VOCABULARY.read(row["text"].encode()) is not None


@rows(BODIES, "nonsense")
def test_what_means_nothing_is_recorded(row: Row) -> None:
    assert VOCABULARY.read(bytes.fromhex(row["bytes"])) is None


@rows(TICKETS, "tickets")
def test_a_ticket_is_read_and_written_as_recorded(row: Row) -> None:
    ticket = read_ticket(row["ticket"])
    assert json.loads(msgspec.json.encode(ticket)) == row["says"]
    assert write_ticket(msgspec.convert(row["says"], Ticket)) == row["ticket"]


@rows(TICKETS, "refused")
def test_what_is_no_ticket_is_recorded(row: Row) -> None:
    with pytest.raises(WrongTicket):
        read_ticket(row["ticket"])


def key_of(name: str, part: str) -> SigningKey:
    return SigningKey(bytes.fromhex(INVITATION["seeds"][name][part]))


def test_an_invitation_by_the_founder_is_made_as_recorded() -> None:
    expected = msgspec.convert(INVITATION["by_ada"], Invitation)
    device = key_of("Ada", "device")
    certificate = certify_device(key_of("Ada", "person"), bytes(32), device.public)
    secret = bytes.fromhex(expected.secret)
    until = INVITATION["until"]
    made = invite(device, certificate, SPACE, secret=secret, until=until, before=())
    assert made == expected


def test_an_invitation_by_a_guest_is_made_as_recorded() -> None:
    expected = msgspec.convert(INVITATION["by_ben"], Invitation)
    by_ada = msgspec.convert(INVITATION["by_ada"], Invitation)
    ben, device = key_of("Ben", "person"), key_of("Ben", "device")
    made = invite(
        device,
        certify_device(ben, SPACE, device.public),
        SPACE,
        secret=bytes.fromhex(expected.secret),
        until=INVITATION["until"],
        before=use_invitation(by_ada, SPACE, ben.public),
    )
    assert made == expected


def test_an_invitation_lets_in_whom_it_is_used_for_as_recorded() -> None:
    person = key_of("Cal", "person").public
    by_ben = msgspec.convert(INVITATION["by_ben"], Invitation)
    hops = use_invitation(by_ben, SPACE, person)
    assert json.loads(msgspec.json.encode(hops)) == INVITATION["hops"]
    check_invitation(
        hops, SPACE, founder=INVITATION["founder"], person=person.hex(), time=INVITATION["until"]
    )


@rows(INVITATION, "refused")
def test_an_invitation_that_lets_nobody_in_is_recorded(row: Row) -> None:
    hops = msgspec.convert(row["hops"], tuple[Hop, ...])
    with pytest.raises(NotInvited):
        check_invitation(
            hops, SPACE, founder=row["founder"], person=row["person"], time=row["time"]
        )


every_panel = pytest.mark.parametrize(
    "asked", CERTIFICATE["questions"], ids=lambda asked: f"{len(asked['witnesses'])} witnesses"
)


def write_settled(asked: Row, row: Row) -> str:
    """Return the body of a recorded certificate."""
    votes = [asked["votes"][place] for place in row["votes"]]
    return json.dumps({"t": "question.settled", "on": CERTIFICATE["open"], "precommits": votes})


def read_settled(asked: Row, row: Row) -> tuple[str, ...] | None:
    said = VOCABULARY.read(write_settled(asked, row).encode())
    assert isinstance(said, Settled)
    voters = Voters(CERTIFICATE["space"], CERTIFICATE["open"], tuple(asked["witnesses"]))
    assert voters.quorum == asked["quorum"]
    return read_certificate(said, voters)


def read_again(asked: Row, row: Row) -> list[str]:
    witnesses, quorum = asked["witnesses"], asked["quorum"]
    question = second_votes.Question(CERTIFICATE["space"], CERTIFICATE["open"], witnesses, quorum)
    return second_votes.read_certificate(write_settled(asked, row), question)


@every_panel
def test_a_certificate_settles_as_recorded(asked: Row) -> None:
    for row in asked["settles"]:
        assert read_settled(asked, row) == tuple(asked["closes"]), row["name"]
    assert read_again(asked, asked["settles"][0]) == asked["closes"]


@every_panel
def test_a_certificate_that_settles_nothing_is_recorded(asked: Row) -> None:
    assert asked["refused"]
    for row in asked["refused"]:
        assert read_settled(asked, row) is None, row["name"]


def test_the_second_reader_refuses_what_is_recorded_as_settling_nothing() -> None:
    asked = CERTIFICATE["questions"][1]
    for row in asked["refused"]:
        with pytest.raises(second.Wrong):
            read_again(asked, row)


def test_the_export_holds_what_is_recorded() -> None:
    data = (VECTORS / "export.bin").read_bytes()
    export = Export(io.BytesIO(data))
    logs, forks = list(export.logs()), list(export.forks())
    space, again, branches, _ = second.read_export(data)
    assert export.space.hex() == space.hex() == EXPORT["space"]
    for read in (logs, again):
        shown = [
            {"key": log[0].key.hex(), "count": len(log), "head": log[-1].id.hex()} for log in read
        ]
        assert shown == EXPORT["logs"]
        bare = [each.id.hex() for log in read for each in log if each.body is None]
        assert bare == EXPORT["erased"]
    assert [{"key": fork.key.hex(), "seq": fork.seq} for fork in forks] == EXPORT["forks"]
    assert [branch[0].id for branch in branches] == [fork.left[0].id for fork in forks]
    assert b"".join(export_space(export.space, logs, forks)) == data


def test_the_recorded_space_counts_what_is_recorded() -> None:
    export = Export(io.BytesIO((VECTORS / "export.bin").read_bytes()))
    space = Space(export.space, TOOLS)
    for log in export.logs():
        for operation in log:
            space.add(operation)
    for fork in export.forks():
        space.cut(fork)
    assert space.members.founding.name == EXPORT["name"]
    counted: dict[str, int] = defaultdict(int)
    for name in space.subjects(estimate.TOOL):
        view = space.closing(name).view(None)
        assert view is not None
        assert view.answers is not None
        for person, guess in view.answers.choices().items():
            assert isinstance(guess, Guess)
            counted[person] += guess.value
    assert counted == EXPORT["counted"]
