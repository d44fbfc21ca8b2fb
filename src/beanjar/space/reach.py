"""What a set of closes reaches, whether all of it is here, and what of it is not.

A close pins its last batch by id, a batch the one before it, and each batch answers: so a set of
closes says all that counts, and a witness votes for one only when it holds all of that.
"""

from collections import Counter

from beanjar.base.limits import OPINIONS
from beanjar.fold.statement import Statement
from beanjar.space.count import NotHere, Pair, admitted, choose, count_pairs
from beanjar.space.opening import Opening
from beanjar.space.question import Answer, Close, Closes, Seen
from beanjar.space.said import Said


class Reach:
    """What sets of closes of one question reach; what was found to be here stays found."""

    def __init__(self, said: Said) -> None:
        """Look at what has been said about the question."""
        self._said = said
        self._admitted: dict[str, set[Pair]] = {}
        self._held: set[tuple[str, Closes]] = set()
        self._proper: set[tuple[str, Closes]] = set()

    def chosen(self, opening: Opening, closes: Closes) -> dict[str, Statement]:
        """Return the answer that a set lets count for each person.

        Raises `NotHere`, which names what is missing as far as one can see.
        """
        found: list[set[Pair]] = []
        missing: list[str] = []
        for name in closes:
            try:
                found.append(self._admit(name))
            except NotHere as error:
                missing += error.missing
        if missing:
            raise NotHere(missing)
        return choose(count_pairs(found, opening.need), self._said.of(Answer), opening.said.id)

    def missing(self, opening: Opening, closes: Closes) -> tuple[str, ...]:
        """Return the ids of what a set reaches and is not here, as far as one can see."""
        if (opening.said.id, closes) in self._held:
            return ()
        try:
            self.chosen(opening, closes)
        except NotHere as error:
            return error.missing
        self._held.add((opening.said.id, closes))
        return ()

    def holds(self, opening: Opening, closes: Closes) -> bool:
        """Say whether all that a set reaches is here, and the closes are as they should be."""
        return not self.missing(opening, closes) and self.may_be_proper(opening, closes)

    def may_be_proper(self, opening: Opening, closes: Closes) -> bool:
        """Say whether what is here of the closes is on the opening and of different witnesses."""
        if (opening.said.id, closes) in self._proper:
            return True
        held = self._said.of(Close)
        here = [held[name] for name in closes if name in held]
        devices = {said.device for said in here}
        proper = (
            len(devices) == len(here)
            and devices <= set(opening.devices)
            and all(_names(said, opening) for said in here)
        )
        if proper and len(here) == len(closes):
            self._proper.add((opening.said.id, closes))
        return proper

    def candidate(self, opening: Opening) -> Closes:
        """Return a close of each witness, of those closes whose batches are all here.

        Of each witness the first `OPINIONS` that arrived are looked at.
        """
        found: dict[str, str] = {}
        looked_at: Counter[str] = Counter()
        for said in self._said.about(opening, Close):
            looked_at[said.device] += 1
            fresh = said.device in opening.devices and said.device not in found
            if fresh and looked_at[said.device] <= OPINIONS and self._is_whole(said.id):
                found[said.device] = said.id
        return tuple(sorted(found.values()))

    def _is_whole(self, name: str) -> bool:
        try:
            self._admit(name)
        except NotHere:
            return False
        return True

    def _admit(self, name: str) -> set[Pair]:
        """Return the pairs that a close admits, or raise `NotHere`."""
        if name not in self._admitted:
            close = self._said.of(Close).get(name)
            if close is None:
                raise NotHere([name])
            self._admitted[name] = admitted(close, self._said.of(Seen))
        return self._admitted[name]


def _names(said: Statement, opening: Opening) -> bool:
    return isinstance(said.body, Close) and said.body.on == opening.said.id
