"""What settles a question: the precommits of k witnesses for one set of closes in one round.

A certificate convinces by itself: it carries the precommits whole, with their signatures, and
needs nothing but the open and its accepts to be checked.
"""

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from beanjar.fold.statement import Statement
from beanjar.ops.alone import read_alone, write_alone
from beanjar.ops.body import Vocabulary
from beanjar.ops.errors import Refused
from beanjar.ops.operation import Operation
from beanjar.space.opening import Opening
from beanjar.space.question import Close, Precommit, Settled

Closes = tuple[str, ...]
_VOCABULARY = Vocabulary([Precommit])


class Vote(Struct, frozen=True):
    """One witness's precommit: who, in which round, for which closes."""

    device: str
    round: int
    closes: Closes


class Certificates:
    """The certificates of one question, each read once."""

    def __init__(self, space: str) -> None:
        """Begin with none; the question is of this space (hex)."""
        self._space = space
        self._read: dict[str, Closes | None] = {}

    def sets(
        self, opening: Opening, settled: Iterable[Statement], closes: Mapping[str, Statement]
    ) -> dict[Closes, str]:
        """Return the sets that `settled`, which names the opening, settles, each with an id of it.

        `closes` are those that have arrived, by id. A set settles nothing once one of them is here
        that is not a witness's on this opening, or the second of one witness.
        """
        sets: dict[Closes, str] = {}
        for said in sorted(settled, key=lambda each: each.id, reverse=True):
            if said.id not in self._read:
                assert isinstance(said.body, Settled)
                self._read[said.id] = read_certificate(
                    said.body, self._space, opening.devices, opening.quorum
                )
            named = self._read[said.id]
            if named and _is_proper([closes[each] for each in named if each in closes], opening):
                sets[named] = said.id
        return sets


def _is_proper(closes: Sequence[Statement], opening: Opening) -> bool:
    devices = {said.device for said in closes}
    named = {said.body.on for said in closes if isinstance(said.body, Close)}
    return (
        len(devices) == len(closes)
        and devices <= set(opening.devices)
        and named <= {opening.said.id}
    )


def write_certificate(opened: str, precommits: Sequence[Operation]) -> Settled:
    """Return the body that settles the question `opened` by these precommits."""
    return Settled(opened, tuple(write_alone(each) for each in precommits))


def read_certificate(
    settled: Settled, space: str, witnesses: Sequence[str], quorum: int
) -> Closes | None:
    """Return the ids of the closes that are settled, or `None` if this settles nothing.

    `witnesses` are the devices (hex) that accepted; `quorum` of them must agree.
    """
    votes = [_read_vote(data, space, settled.on) for data in settled.precommits]
    devices = {vote.device for vote in votes if vote is not None and vote.device in witnesses}
    sets = {(vote.round, vote.closes) for vote in votes if vote is not None}
    if None in votes or len(sets) != 1 or len(devices) < max(quorum, len(votes)):
        return None
    closes = sets.pop()[1]
    return closes if len(closes) >= quorum and list(closes) == sorted(set(closes)) else None


def _read_vote(data: bytes, space: str, opened: str) -> Vote | None:
    try:
        operation = read_alone(data)
    except Refused:
        return None
    body = _VOCABULARY.read(operation.body or b"")
    if not isinstance(body, Precommit) or body.on != opened or operation.space.hex() != space:
        return None
    return Vote(operation.key.hex(), body.round, body.closes)
