"""A second reader of certificates, written from docs/WIRE.md alone."""

import json
from base64 import b64decode
from collections.abc import Sequence
from typing import Any, NamedTuple

from tests.wire.second import Said, Wrong, demand, read_alone


class Question(NamedTuple):
    """What a certificate is checked against: ids and keys in hex."""

    space: str
    opened: str
    witnesses: Sequence[str]
    quorum: int


def read_certificate(body: str, question: Question) -> list[str]:
    """Return the closes that a certificate settles, or raise `Wrong`."""
    said = json.loads(body)
    demand((said["t"], said["on"]) == ("question.settled", question.opened))
    votes = [_read_precommit(b64decode(each), question) for each in said["precommits"]]
    demand(len({vote["round"] for vote in votes}) == 1)
    demand(all(vote["closes"] == votes[0]["closes"] for vote in votes))
    demand(len({vote["device"] for vote in votes}) == len(votes) >= question.quorum)
    closes: list[str] = votes[0]["closes"]
    return closes


def _read_precommit(data: bytes, question: Question) -> dict[str, Any]:
    demand(len(data) <= 8_192)
    vote = _read_vote(data, "question.precommit", question)
    closes, prevotes = vote["closes"], [b64decode(each) for each in vote.get("prevotes", [])]
    demand(question.quorum <= len(closes) <= len(question.witnesses))
    demand(closes == sorted(set(closes)))
    demand(len(prevotes) == (question.quorum if len(question.witnesses) > 1 else 0))
    backing = []
    for each in prevotes:
        demand(len(each) <= 1_024)
        backing.append(_read_vote(each, "question.prevote", question))
    demand(len({each["device"] for each in backing}) == len(backing))
    demand(all((each["round"], each["closes"]) == (vote["round"], closes) for each in backing))
    return vote


def _read_vote(data: bytes, kind: str, question: Question) -> dict[str, Any]:
    said: Said = read_alone(data)
    try:
        body: dict[str, Any] = json.loads(said.body or b"")
    except ValueError as error:
        raise Wrong from error
    demand((body["t"], body["on"]) == (kind, question.opened))
    demand(said.key.hex() in question.witnesses)
    demand(said.header[4:36].hex() == question.space)
    demand(said.header[148:156] == bytes(8))
    return body | {"device": said.key.hex()}
