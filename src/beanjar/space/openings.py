"""The openings of one question: which there are, which counts, and what is settled on them."""

from collections.abc import Iterator

from beanjar.base.limits import OPINIONS
from beanjar.fold.statement import Statement
from beanjar.ops.body import Body
from beanjar.space.certificate import Certificates
from beanjar.space.closing_view import Contradiction
from beanjar.space.opening import Opening, named_by, read_opening
from beanjar.space.question import Accept, Ask, Close, Closes, Open, RollPart, Seen, Settled
from beanjar.space.said import Said


class Openings:
    """What has been opened and settled so far."""

    def __init__(self, said: Said, certificates: Certificates) -> None:
        """Look at what has been said about the question."""
        self._said = said
        self._certificates = certificates
        self._proper: list[Opening] = []
        self._settled: dict[tuple[str, Closes], Statement] = {}
        self._looked_at: dict[tuple[type[Body], ...], list[int]] = {}

    def accepts(self) -> dict[str, Statement]:
        """Return the accepts that have arrived, by device; of two of one device the earlier."""
        accepts = self._said.of(Accept).values()
        said = sorted(accepts, key=lambda each: each.stamp, reverse=True)
        return {each.device: each for each in said}

    def proper(self) -> list[Opening]:
        """Return the proper openings, the one made first at the head."""
        asked = self._said.asked
        if asked is not None and self._has_news(Ask, Open, Accept, RollPart):
            opens = [each for each in self._said.of(Open).values() if each.person == asked.person]
            here = self._said.of(Accept), self._said.of(RollPart)
            read = [read_opening(said, asked, *here) for said in opens]
            self._proper = sorted(
                (opening for opening in read if opening is not None),
                key=lambda opening: opening.said.stamp,
            )
        return self._proper

    def leading(self) -> Opening | None:
        """Return the opening that counts: a settled one, else the one that most witnesses serve.

        An asker may open twice, but a witness serves one opening, and any two quorums of an ask's
        witnesses share an honest one: so at most one opening is ever settled.
        """
        if len(self.proper()) <= 1:
            return next(iter(self.proper()), None)
        settled = {name for name, _ in self._sets()}

        def rank(opening: Opening) -> tuple[bool, int]:
            served = 0 if settled else len(self.speakers(opening, Seen))
            return opening.said.id in settled, served

        return max(self.proper(), key=rank, default=None)  # of equals the one made first

    def settled(self, opening: Opening) -> Closes | Contradiction | None:
        """Return the closes (by id) on which the witnesses agreed, if they have.

        Two sets contradict, also where they settle two openings of one ask.
        """
        sets = self._sets()
        mine = [closes for name, closes in sets if name == opening.said.id]
        if mine and len(sets) > 1:
            return Contradiction(tuple(sorted(said.id for said in sets.values())))
        return next(iter(mine), None)

    def certificate(self, opening: Opening) -> Statement | None:
        """Return a certificate that settles the opening, one that is not cut if there is one."""
        sets = self._sets()
        return next((said for (name, _), said in sets.items() if name == opening.said.id), None)

    def speakers(self, opening: Opening, kind: type[Body]) -> set[str]:
        """Return the witnesses who have said something of this kind about the opening."""
        return {said.device for said in self._said.about(opening, kind)} & set(opening.devices)

    def missing(self) -> Iterator[str]:
        """Yield what the asker's first `OPINIONS` opens name and is not here."""
        here = self._said.of(Accept).keys() | self._said.of(RollPart).keys()
        asker = self._said.asked.person if self._said.asked else None
        opens = [each for each in self._said.of(Open).values() if each.person == asker]
        for said in opens[:OPINIONS]:
            yield from (name for name in named_by(said) if name not in here)

    def _sets(self) -> dict[tuple[str, Closes], Statement]:
        """Return what is settled: an opening and a set of closes, with a certificate for it."""
        if self._has_news(Ask, Open, Accept, RollPart, Close, Settled):
            self._settled = {
                (opening.said.id, closes): said
                for opening in self.proper()
                for closes, said in self._certificates.sets(
                    opening, self._said.about(opening, Settled)
                ).items()
            }
        return self._settled

    def _has_news(self, *kinds: type[Body]) -> bool:
        """Say whether more of these kinds is here than at the last time; a fold only ever adds."""
        counts = [len(self._said.of(kind)) for kind in kinds]
        news = self._looked_at.get(kinds) != counts
        self._looked_at[kinds] = counts
        return news
