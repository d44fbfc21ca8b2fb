"""The fold of what has been erased: by who said it, or by as many members as the charter names."""

from collections import defaultdict
from collections.abc import Callable
from collections.abc import Set as AbstractSet

from beanjar.fold.fold import FoldKind
from beanjar.fold.statement import Statement
from beanjar.space.charter import Erase, Founding


class Erasures:
    """Who has asked that which operation be erased."""

    def __init__(self) -> None:
        """Begin with no requests."""
        self._erasers: defaultdict[str, set[str]] = defaultdict(set)
        self._quorum = 0

    def add(self, said: Statement) -> None:
        """Take a request, or the founding operation, whose charter names the quorum."""
        match said.body:
            case Founding() if said.seq == 0:
                self._quorum = said.body.charter.erasers
            case Erase():
                self._erasers[said.body.target].add(said.person)

    def view(self, given: object) -> dict[str, list[str]]:
        """Return by target (id) the persons who asked for it."""
        del given
        return {target: sorted(persons) for target, persons in sorted(self._erasers.items())}

    def targets(self) -> AbstractSet[str]:
        """Return the ids of all operations that somebody asked to erase."""
        return self._erasers.keys()

    def covers(self, target: Statement, is_member: Callable[[str], bool]) -> bool:
        """Say whether the erasure of `target` is valid: what a question needs never is.

        Only who is a member helps to erase what somebody else said.
        """
        erasers = self._erasers.get(target.id, set())
        by_many = 0 < self._quorum <= sum(map(is_member, erasers))
        return not target.body.lasting and (target.person in erasers or by_many)


ERASURES = FoldKind(name="erasures", make=Erasures, bodies=frozenset({Founding, Erase}))
"""Bodies that ask for an erasure, and the one that says how many must."""
