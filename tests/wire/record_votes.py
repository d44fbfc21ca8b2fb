"""Vectors of certificates: what settles a question that one, four or seven nodes witness."""

from base64 import b64encode
from typing import Any

import msgspec

from beanjar.ops.alone import write_alone
from beanjar.ops.body import Body, write_body
from beanjar.ops.log import Head, write_operation
from beanjar.ops.operation import Operation
from beanjar.ops.signing import SigningKey
from beanjar.space.question import QUORUMS, Precommit, Prevote
from beanjar.testing.clock import START
from beanjar.testing.people import make_key

Row = dict[str, Any]
Votes = list[Operation]

SPACE, ELSEWHERE = b"s" * 32, b"o" * 32
ON, OTHER = "0a" * 32, "0b" * 32


class Panel:
    """A question's witnesses, who sign whatever they are told to."""

    def __init__(self, n: int) -> None:
        """Name the nodes, and a set of closes of just a quorum of them."""
        self.nodes = [make_key(f"node {number}") for number in range(n)]
        self.stranger = make_key("a stranger")
        self.quorum = QUORUMS[n]
        self.closes = tuple(f"{number:02x}" * 32 for number in range(1, self.quorum + 1))

    def prevote(self, node: SigningKey, closes: tuple[str, ...], turn: int = 0) -> Operation:
        """Let a node back a set."""
        return sign(node, Prevote(ON, turn, closes))

    def back(self, closes: tuple[str, ...], turn: int = 0) -> Votes:
        """Let a quorum back a set, which a lone witness does not need."""
        backing = self.nodes[: self.quorum] if len(self.nodes) > 1 else []
        return [self.prevote(node, closes, turn) for node in backing]

    def vote(
        self, node: SigningKey, closes: tuple[str, ...], backing: Votes, turn: int = 0
    ) -> Operation:
        """Let a node precommit to a set with these prevotes."""
        prevotes = tuple(write_alone(each) for each in backing)
        return sign(node, Precommit(ON, turn, closes, prevotes))

    def votes(self, closes: tuple[str, ...], turn: int = 0) -> Votes:
        """Let all nodes precommit to a set that a quorum has backed."""
        return [self.vote(node, closes, self.back(closes, turn), turn) for node in self.nodes]


def sign(node: SigningKey, body: Body, *, space: bytes = SPACE, until: int = 0) -> Operation:
    """Return a body as an entry of a node's log."""
    head = Head(3, b"p" * 32, START)
    return write_operation(
        node, space, head, write_body(body), salt=bytes(16), time=START, until=until
    )


def certificates() -> Row:
    """Record what settles questions, and what does not."""
    return {
        "about": "Three questions. 'votes' are precommits by themselves, in base64. A certificate "
        "is a 'question.settled' on the open with the votes whose places are given.",
        "space": SPACE.hex(),
        "open": ON,
        "questions": [_question(Panel(n)) for n in sorted(QUORUMS)],
    }


def _question(panel: Panel) -> Row:
    votes = panel.votes(panel.closes)
    settles = {
        "a quorum": votes[: panel.quorum],
        "everyone": votes,
        "a later round": panel.votes(panel.closes, 7)[-panel.quorum :],
    }
    refused = _refused(panel, votes)
    if len(panel.nodes) > 1:
        refused |= _unbacked(panel, votes)
    if panel.quorum == max(QUORUMS.values()):  # one of each, to keep the file small
        settles, refused = {"a quorum": settles["a quorum"]}, {"one too few": votes[1:3]}
    every = {write_alone(vote): None for each in (settles | refused).values() for vote in each}
    places = {whole: place for place, whole in enumerate(every)}

    def show(certificates: dict[str, Votes]) -> list[Row]:
        return [
            {"name": name, "votes": [places[write_alone(vote)] for vote in chosen]}
            for name, chosen in certificates.items()
        ]

    return {
        "witnesses": [node.public.hex() for node in panel.nodes],
        "quorum": panel.quorum,
        "closes": list(panel.closes),
        "settles": show(settles),
        "refused": show(refused),
        "votes": [b64encode(whole).decode() for whole in places],
    }


def _refused(panel: Panel, votes: Votes) -> dict[str, Votes]:
    closes, backing, most = panel.closes, panel.back(panel.closes), votes[: panel.quorum - 1]
    node = panel.nodes[panel.quorum - 1]
    whole = tuple(write_alone(each) for each in backing)
    vote = Precommit(ON, 0, closes, whole)
    more = (*closes, *(f"{number:02x}" * 32 for number in range(50, 58)))[: len(panel.nodes) + 1]
    return {
        "one twice": [*votes[: panel.quorum], votes[0]],
        "a signature is bad": [*most, msgspec.structs.replace(votes[-1], signature=bytes(64))],
        "a stranger": [*most, panel.vote(panel.stranger, closes, backing)],
        "another open": [*most, sign(node, msgspec.structs.replace(vote, on=OTHER))],
        "another space": [*most, sign(node, vote, space=ELSEWHERE)],
        "one that expires": [*most, sign(node, vote, until=START)],
        "one that is no precommit": [*most, sign(node, Prevote(ON, 0, closes))],
        "too many closes": panel.votes(more),
        "no closes": [sign(each, Precommit(ON, 0, ())) for each in panel.nodes],
    }


def _unbacked(panel: Panel, votes: Votes) -> dict[str, Votes]:
    """Return what only several witnesses can do wrong."""
    closes, backing, most = panel.closes, panel.back(panel.closes), votes[: panel.quorum - 1]
    node, last = panel.nodes[-1], panel.nodes[panel.quorum - 1]
    others = (*closes[1:], "ff" * 32)

    def carry(*prevotes: Operation) -> Votes:
        return [*most, panel.vote(node, closes, list(prevotes))]

    return {
        "one too few": most,
        "another round": [*most, panel.votes(closes, 1)[-1]],
        "another set": [*most, panel.votes(others)[-1]],
        "closes in another order": panel.votes(closes[::-1]),
        "one close twice": panel.votes((closes[0], *closes[:-1])),
        "a close too few": panel.votes(closes[:-1]),
        "no prevotes": carry(),
        "a prevote too few": carry(*backing[1:]),
        "a prevote too many": carry(*backing, panel.prevote(node, closes)),
        "a prevote twice": carry(*backing[1:], backing[1]),
        "a stranger's prevote": carry(*backing[1:], panel.prevote(panel.stranger, closes)),
        "a prevote in another round": carry(*backing[1:], panel.prevote(last, closes, 1)),
        "a prevote for another set": carry(*backing[1:], panel.prevote(last, others)),
        "a prevote on another open": carry(*backing[1:], sign(last, Prevote(OTHER, 0, closes))),
        "a prevote in another space": carry(
            *backing[1:], sign(last, Prevote(ON, 0, closes), space=ELSEWHERE)
        ),
        "a prevote whose signature is bad": carry(
            *backing[1:], msgspec.structs.replace(backing[0], signature=bytes(64))
        ),
        "a precommit for a prevote": carry(*backing[1:], sign(last, Precommit(ON, 0, closes))),
    }
