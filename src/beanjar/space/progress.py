"""How far the witnesses of an opening have come, and for whom the question waits."""

from collections import defaultdict
from collections.abc import Collection, Iterable

from beanjar.base.limits import OPINIONS
from beanjar.fold.statement import Statement
from beanjar.ops.body import Body
from beanjar.space.opening import Opening
from beanjar.space.question import Closes, Precommit, Prevote, Propose, Seen
from beanjar.space.said import Said
from beanjar.space.words import Voters

_VOTES = (Prevote, Precommit)


class Progress:
    """What the witnesses of one opening have said; each look goes on where the last one stopped."""

    def __init__(self, said: Said, opening: Opening, voters: Voters) -> None:
        """Look at what has been said about the opening, on which these witnesses vote."""
        self._said = said
        self._opening = opening
        self._voters = voters
        self._read: defaultdict[type[Body], int] = defaultdict(int)
        self._seen_by: defaultdict[str, set[str]] = defaultdict(set)
        self._latest: dict[str, int] = dict.fromkeys(voters.devices, -1)

    def receipts(self, answer: str) -> int:
        """Return how many witnesses have logged an answer (its id) in a batch."""
        for said in self._unread(Seen):
            if isinstance(said.body, Seen):
                for _, name in said.body.pairs:
                    self._seen_by[name].add(said.device)
        return len(self._seen_by.get(answer, ()))

    @property
    def round(self) -> int:
        """The latest round in which more witnesses have voted, or in a later one, than may lie."""
        return max(0, sorted(self._votes().values(), reverse=True)[self._voters.spare])

    def voted(self) -> set[str]:
        """Return the witnesses who have voted in that round, or in a later one."""
        turn = self.round
        return {device for device, latest in self._votes().items() if latest >= turn}

    def considered(self) -> list[Closes]:
        """Return the sets that may be voted for next: what is proposed in that round or the next.

        Only what the witness proposes whose turn it is, and of that the first `OPINIONS` a round.
        """
        left = {self.round: OPINIONS, self.round + 1: OPINIONS}
        found = []
        for said in self._said.about(self._opening, Propose):
            body = said.body
            if (
                isinstance(body, Propose)
                and left.get(body.round)
                and self._is_due(said.device, body)
            ):
                left[body.round] -= 1
                found.append(body.closes)
        return found

    def _is_due(self, device: str, body: Propose) -> bool:
        due = device == self._voters.proposer(body.round)
        return due and self._voters.may_settle(body.closes)

    def _votes(self) -> dict[str, int]:
        """Return the latest round in which each witness has voted, -1 for none."""
        for kind in _VOTES:
            for said in self._unread(kind):
                if isinstance(said.body, _VOTES):
                    latest = max(said.body.round, self._latest[said.device])
                    self._latest[said.device] = latest
        return self._latest

    def _unread(self, kind: type[Body]) -> Iterable[Statement]:
        """Return what the witnesses have said of one kind since the last look."""
        said = self._said.about(self._opening, kind)
        fresh, self._read[kind] = said[self._read[kind] :], len(said)
        return [each for each in fresh if each.device in self._voters.devices]


def others(devices: Collection[str], done: Collection[str], wanted: int) -> list[str]:
    """Return the devices that are not done, in their order; none once enough are."""
    return [] if len(done) >= wanted else [each for each in devices if each not in done]
