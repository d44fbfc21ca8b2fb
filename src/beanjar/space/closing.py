"""The life of a question, from the ask to the answers that count.

A fold that all questions share. It stands alone: what a question names counts by its own good
signature, so it is fed cut statements too, and leaves them out only until the question is settled.
"""

from collections.abc import Iterator

from beanjar.base.limits import MISSING
from beanjar.fold.statement import Statement
from beanjar.ops.body import Body
from beanjar.space.answers import Answers, Fits
from beanjar.space.certificate import Certificates
from beanjar.space.closing_view import ClosingFacts, ClosingView, Contradiction, State, WitnessView
from beanjar.space.count import NotHere
from beanjar.space.opening import Opening
from beanjar.space.openings import Openings
from beanjar.space.progress import Progress, others
from beanjar.space.question import LOOSE, QUORUMS, Ask, Close, Closes
from beanjar.space.reach import Reach
from beanjar.space.results import Results
from beanjar.space.said import Said
from beanjar.space.unsealing import Job, Unsealed
from beanjar.space.words import voters_of

CUT = "The asker's device was lost or copied before this was settled, so there is no result."
CONTRADICTED = (
    "The witnesses signed two different closings. More of them failed than this question allows, "
    "so there is no result."
)


class Closing:
    """The fold of one question."""

    def __init__(self, space: str, fits: Fits) -> None:
        """Begin a question of the space (hex)."""
        self.space = space
        self._said = Said()
        self._reach = Reach(self._said)
        self._results = Results(space, self._said, self._reach, fits)
        self._openings = Openings(self._said, Certificates(space, self._reach))
        self._progress: dict[str, Progress] = {}

    def add(self, said: Statement) -> None:
        """Take one more statement of this question."""
        self._said.add(said)

    @property
    def asked(self) -> Statement | None:
        """The ask, if it has arrived and its witnesses have a quorum."""
        return self._said.asked

    @property
    def ask(self) -> Ask:
        """What is asked. There must be an ask."""
        return self._said.ask

    def about(self, opening: Opening, kind: type[Body]) -> list[Statement]:
        """Return the statements of one kind that name the opening, in the order of arrival."""
        return self._said.about(opening, kind)

    def words(self, device: str, kind: type[Body], opening: Opening) -> list[Statement]:
        """Return what a device said about the opening, see `beanjar.space.said.Said.words`."""
        return self._said.words(device, kind, opening)

    def awaits(self, person: str) -> bool:
        """Say whether it is open, and the person (hex) may answer and has not."""
        opening = self.opening()
        if opening is None or not opening.admits(person) or self._stand(opening)[0] != "open":
            return False
        entry = self._results.so_far(opening).current.get(person)
        return entry is None or entry.standing != "given"

    def accepts(self) -> dict[str, Statement]:
        """Return the accepts that have arrived, by device; of two of one device the earlier."""
        return self._openings.accepts()

    def openings(self) -> list[Opening]:
        """Return the proper openings, the one made first at the head."""
        return self._openings.proper()

    def opening(self) -> Opening | None:
        """Return the opening that counts, see `beanjar.space.openings.Openings.leading`."""
        return self._openings.leading()

    def settled(self, opening: Opening) -> Closes | Contradiction | None:
        """Return the closes (by id) on which the witnesses agreed, if they have.

        Two sets contradict, also where they settle two openings of one ask.
        """
        return self._openings.settled(opening)

    def certificate(self, opening: Opening) -> Statement | None:
        """Return a certificate that settles the opening, one that is not cut if there is one."""
        return self._openings.certificate(opening)

    def closers(self, opening: Opening) -> set[str]:
        """Return the witnesses who have closed the opening."""
        return self._openings.speakers(opening, Close)

    def candidate(self, opening: Opening) -> Closes:
        """Return a close of each witness, see `beanjar.space.reach.Reach.candidate`."""
        return self._reach.candidate(opening)

    def holds(self, opening: Opening, closes: Closes) -> bool:
        """Say whether a set is as it should be, and all that it reaches is here with its body."""
        return self._reach.holds(opening, closes)

    def receipts(self, answer: str) -> int:
        """Return how many witnesses have logged an answer (its id): see `ClosingFacts.sure_at`."""
        opening = self.opening()
        return self._progress_of(opening).receipts(answer) if opening else 0

    def missing(self) -> tuple[str, ...]:
        """Return the ids of what the question needs next and is not here; at most `MISSING`.

        That is what a settled set reaches; before, what sets reach that are proposed now or that
        this node would propose; and what an open names. Whoever has it is asked for it by id.
        """
        return tuple(dict.fromkeys(self._missing()))[:MISSING]

    def is_finished(self) -> bool:
        """Say whether it is opened and nothing is missing any more."""
        opening = self.opening()
        closes = self.settled(opening) if opening else None
        if opening is None or not isinstance(closes, tuple):
            return False
        return self._results.readable(opening) and not self._reach.missing(opening, closes)

    def loose(self) -> list[Statement]:
        """Return what is here of this question past a fork, which logs do not bring to others."""
        return [said for kind in LOOSE for said in self._said.of(kind).values() if said.cut]

    def counted(self) -> dict[str, Statement]:
        """Return the answer that counts for each person; none before it is settled and all here."""
        opening = self.opening()
        closes = self.settled(opening) if opening else None
        if opening is None or not isinstance(closes, tuple):
            return {}
        try:
            return self._reach.chosen(opening, closes)
        except NotHere:
            return {}

    def jobs(self) -> list[Job]:
        """Return the work of opening the answers, see `beanjar.space.results.Results.jobs`."""
        opening = self.opening()
        closes = self.settled(opening) if opening else None
        if opening is None or not isinstance(closes, tuple):
            return []
        try:
            return self._results.jobs(opening, closes)
        except NotHere:
            return []

    def remember(self, unsealed: Unsealed) -> None:
        """Take the outcome of `jobs`."""
        self._results.remember(unsealed)

    def view(self, given: object) -> ClosingView | None:
        """Return what is known of the closing; nothing, as long as the ask has not arrived."""
        del given  # a closing depends on what was said alone, not on the time or the members
        if self.asked is None:
            return None
        opening, terms = self.opening(), self.ask.terms
        state, reason, answers = self._stand(opening)
        readable = answers is not None and (state == "opened" or not terms.sealed)
        witnesses, quorum = terms.witnesses, QUORUMS[len(terms.witnesses)]
        closed = self._closed(opening, state)
        facts = ClosingFacts(
            state=state,
            reason=reason,
            asker=self.asked.person,
            asked=self.asked.time,
            closes=terms.closes,
            sealed=terms.sealed,
            open=opening.said.id if opening else None,
            roll=len(opening.roll) if opening and opening.roll is not None else None,
            witnesses=[self._witness(each, opening, closed=each in closed) for each in witnesses],
            quorum=quorum,
            answers=answers.count("given") if answers else 0,
            void=answers.count("void") if answers else 0,
            sure_at=3 * (len(witnesses) - quorum) + 1,
            waiting_for=self._waiting_for(opening, state),
            proof=self._proof(opening),
        )
        return ClosingView(facts, self.ask, answers if readable else None)

    def _stand(self, opening: Opening | None) -> tuple[State, str, Answers | None]:
        """Return the state, why there is no result if there is none, and the answers."""
        assert self.asked is not None
        if opening is None:
            return ("void", CUT, None) if self.asked.cut else ("asked", "", None)
        closes = self.settled(opening)
        if isinstance(closes, Contradiction):
            return "void", CONTRADICTED, None
        if closes is not None:
            return self._stand_settled(opening, closes)
        if self.asked.cut or opening.said.cut:
            return "void", CUT, None
        closing = len(self.closers(opening)) >= opening.need
        return ("closing" if closing else "open"), "", self._results.so_far(opening)

    def _stand_settled(self, opening: Opening, closes: Closes) -> tuple[State, str, Answers | None]:
        try:
            answers = self._results.settled(opening, closes)
        except NotHere as error:
            return "settled", str(error), None
        return ("opened" if self._results.readable(opening) else "settled"), "", answers

    def _missing(self) -> Iterator[str]:
        opening = self.opening()
        closes = self.settled(opening) if opening else None
        if opening is not None and not isinstance(closes, Contradiction):
            for each in [closes] if closes else self._considered(opening):
                yield from self._reach.missing(opening, each)
        if closes is None:
            yield from self._openings.missing()

    def _considered(self, opening: Opening) -> list[Closes]:
        """Return the sets that this node may vote for, or propose, next."""
        own = self.candidate(opening) if len(self.closers(opening)) >= opening.quorum else ()
        return [*self._progress_of(opening).considered(), *([own] if own else [])]

    def _progress_of(self, opening: Opening) -> Progress:
        name = opening.said.id
        if name not in self._progress:
            self._progress[name] = Progress(self._said, opening, voters_of(self.space, opening))
        return self._progress[name]

    def _closed(self, opening: Opening | None, state: State) -> set[str]:
        """Return the witnesses who have closed; once it is settled, those whose close counts."""
        if opening is None or state == "void":
            return set()
        closes, held = self.settled(opening), self._said.of(Close)
        if isinstance(closes, tuple):
            return {held[name].device for name in closes if name in held}
        return self.closers(opening)

    def _waiting_for(self, opening: Opening | None, state: State) -> list[str]:
        """Return the witnesses whose next word is still needed."""
        devices = self.ask.terms.witnesses
        if state == "asked":
            return others(devices, self.accepts(), len(devices))
        if opening is None or state not in {"closing", "settled"}:
            return []
        if state == "settled":
            keys = {opening.devices[place] for place in self._results.keys(opening)}
            return others(devices, keys, opening.quorum) if self.ask.terms.sealed else []
        closers = self.closers(opening)
        if len(closers) < opening.quorum:
            return others(devices, closers, opening.quorum)
        return others(devices, self._progress_of(opening).voted(), len(devices))

    def _proof(self, opening: Opening | None) -> list[str]:
        closes = self.settled(opening) if opening else None
        return list(closes.settled) if isinstance(closes, Contradiction) else []

    def _witness(self, device: str, opening: Opening | None, *, closed: bool) -> WitnessView:
        if opening is None:
            said = self.accepts().get(device)
            return WitnessView(device, said.person, said.id) if said else WitnessView(device)
        place = opening.devices.index(device)
        return WitnessView(
            device=device,
            person=opening.persons[place],
            accept=opening.accepts[place],
            key=opening.keys[place],
            closed=closed,
        )
