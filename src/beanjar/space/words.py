"""What witnesses say in agreeing, and what makes it count: a good signature, and what it carries.

A word counts by its own good signature, whatever became of the log it stood in. One for a set of
closes carries the prevotes of a quorum whole, so that whoever hears it can check it there and then.
"""

from collections.abc import Sequence

from msgspec import Struct

from beanjar.base.limits import PRECOMMIT_BYTES, PREVOTE_BYTES
from beanjar.ops.alone import read_alone
from beanjar.ops.body import Body, Vocabulary
from beanjar.ops.errors import Refused
from beanjar.space.opening import Opening
from beanjar.space.question import QUORUMS, Closes, Precommit, Prevote, Propose

NIL: Closes = ()
"""The vote for no set."""
_VOCABULARY = Vocabulary([Prevote, Precommit])


class Voters(Struct, frozen=True):
    """Who votes on what: an opening's id, its space (both in hex) and its witnesses' devices."""

    space: str
    opened: str
    devices: tuple[str, ...]

    @property
    def quorum(self) -> int:
        """How many of them must agree."""
        return QUORUMS[len(self.devices)]

    @property
    def spare(self) -> int:
        """How many of them may lie or vanish."""
        return len(self.devices) - self.quorum

    @property
    def backing(self) -> int:
        """How many prevotes a set carries: a quorum's. A lone witness needs none."""
        return self.quorum if self.spare else 0

    def proposer(self, turn: int) -> str:
        """Return the device that proposes in a round.

        The opening's id says who is first. An asker can steer that by trying, and gains nothing: a
        proposal counts only as far as a quorum can check it.
        """
        return self.devices[(int(self.opened[:8], 16) + turn) % len(self.devices)]

    def may_settle(self, closes: Closes) -> bool:
        """Say whether so many closes, in this order, can be a set."""
        enough = self.quorum <= len(closes) <= len(self.devices)
        return enough and list(closes) == sorted(set(closes))


def voters_of(space: str, opening: Opening) -> Voters:
    """Return who votes on an opening of the space (hex)."""
    return Voters(space, opening.said.id, opening.devices)


class Vote(Struct, frozen=True):
    """One witness's prevote or precommit: who, in which round, for which closes."""

    device: str
    round: int
    closes: Closes


class Words:
    """Checks the words of one opening's witnesses, each good prevote once."""

    def __init__(self, voters: Voters) -> None:
        """Begin with nothing checked."""
        self._voters = voters
        self._prevotes: dict[bytes, Vote] = {}

    def is_sound(self, body: Body) -> bool:
        """Say whether a word's set and the prevotes that it carries hold."""
        match body:
            case Propose(closes=closes, valid=None):
                return self._voters.may_settle(closes)
            case Propose(closes=closes, valid=int(valid), prevotes=prevotes):
                return valid < body.round and self._is_backed(closes, valid, prevotes)
            case Prevote(closes=closes):
                return closes == NIL or self._voters.may_settle(closes)
            case Precommit(closes=(), prevotes=prevotes):
                return not prevotes
            case Precommit(closes=closes, round=turn, prevotes=prevotes):
                return self._is_backed(closes, turn, prevotes)
        return False

    def read_precommit(self, whole: bytes) -> Vote | None:
        """Return what a precommit says that travels whole, or `None` if it says nothing."""
        read = self._read(whole, PRECOMMIT_BYTES)
        if read is None or not isinstance(read[1], Precommit) or not self.is_sound(read[1]):
            return None
        return Vote(read[0], read[1].round, read[1].closes)

    def _is_backed(self, closes: Closes, turn: int, prevotes: Sequence[bytes]) -> bool:
        """Say whether these are the prevotes of just a quorum for the set in the round."""
        if not self._voters.may_settle(closes) or len(prevotes) != self._voters.backing:
            return False
        votes = [self._read_prevote(whole) for whole in prevotes]
        devices = {vote.device for vote in votes if vote is not None}
        return len(devices) == len(votes) and all(
            vote is not None and (vote.round, vote.closes) == (turn, closes) for vote in votes
        )

    def _read_prevote(self, whole: bytes) -> Vote | None:
        if whole not in self._prevotes:
            read = self._read(whole, PREVOTE_BYTES)
            if read is None or not isinstance(read[1], Prevote):
                return None
            self._prevotes[whole] = Vote(read[0], read[1].round, read[1].closes)
        return self._prevotes[whole]

    def _read(self, whole: bytes, most: int) -> tuple[str, Body] | None:
        """Return a word of these witnesses on this opening, and who said it."""
        if len(whole) > most:
            return None
        try:
            operation = read_alone(whole)
        except Refused:
            return None
        device, body = operation.key.hex(), _VOCABULARY.read(operation.body or b"")
        if (
            not isinstance(body, Prevote | Precommit)
            or body.on != self._voters.opened
            or device not in self._voters.devices
            or operation.space.hex() != self._voters.space
            or operation.until  # what lasts does not expire
        ):
            return None
        return device, body
