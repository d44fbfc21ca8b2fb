"""The life of a question, from the ask to the answers that count.

A fold that all questions share. It stands alone: what a question names counts by its own good
signature, so it is fed cut statements too, and leaves them out only until the question is settled.
"""

from beanjar.fold.statement import Statement
from beanjar.ops.body import Body
from beanjar.space.answers import Answers, Fits
from beanjar.space.certificate import Certificates, Closes
from beanjar.space.closing_view import (
    ClosingFacts,
    ClosingView,
    Contradiction,
    State,
    WitnessView,
)
from beanjar.space.count import NotHere
from beanjar.space.opening import Opening, read_opening
from beanjar.space.question import QUORUMS, Accept, Ask, Close, Open, RollPart, Seen, Settled
from beanjar.space.results import Results
from beanjar.space.said import Said
from beanjar.space.unsealing import Job, Unsealed

CUT = "The asker's device was lost or copied before this was settled, so there is no result."
CONTRADICTED = (
    "The witnesses signed two different closings. More of them failed than this question allows, "
    "so there is no result."
)


class Closing:
    """The fold of one question."""

    def __init__(self, space: str, fits: Fits) -> None:
        """Begin a question of the space (hex)."""
        self._said = Said()
        self._results = Results(space, self._said, fits)
        self._openings: dict[str, Opening] = {}
        self._certificates = Certificates(space)

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

    def accepts(self) -> dict[str, Statement]:
        """Return the accepts that have arrived, by device; of two of one device the earlier."""
        accepts = self._said.of(Accept).values()
        said = sorted(accepts, key=lambda each: each.stamp, reverse=True)
        return {each.device: each for each in said}

    def openings(self) -> list[Opening]:
        """Return the proper openings, the one made first at the head."""
        asked = self.asked
        if asked is None:
            return []
        for name, said in self._said.of(Open).items():
            if name not in self._openings and said.person == asked.person:
                opening = read_opening(said, asked, self._said.of(Accept), self._said.of(RollPart))
                if opening is not None:
                    self._openings[name] = opening
        return sorted(self._openings.values(), key=lambda opening: opening.said.stamp)

    def opening(self) -> Opening | None:
        """Return the opening that counts: a settled one, else the one that most witnesses serve.

        An asker may open twice, but a witness serves one opening, and any two quorums of an ask's
        witnesses share an honest one: so at most one opening is ever settled.
        """
        settled = {name for name, _ in self._settled_sets()}

        def rank(opening: Opening) -> tuple[bool, int]:
            return opening.said.id in settled, len(self._devices(opening, Seen))

        return max(self.openings(), key=rank, default=None)  # of equals the one made first

    def settled(self, opening: Opening) -> Closes | Contradiction | None:
        """Return the closes (by id) on which the witnesses agreed, if they have.

        Two sets contradict, also where they settle two openings of one ask.
        """
        sets = self._settled_sets()
        mine = [closes for name, closes in sets if name == opening.said.id]
        if mine and len(sets) > 1:
            return Contradiction(tuple(sorted(sets.values())))
        return next(iter(mine), None)

    def counted(self) -> dict[str, Statement]:
        """Return the answer that counts for each person; none before it is settled and all here."""
        opening = self.opening()
        closes = self.settled(opening) if opening else None
        if opening is None or not isinstance(closes, tuple):
            return {}
        try:
            return self._results.chosen(opening, closes)
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
        facts = ClosingFacts(
            state=state,
            reason=reason,
            asker=self.asked.person,
            asked=self.asked.time,
            closes=terms.closes,
            sealed=terms.sealed,
            open=opening.said.id if opening else None,
            roll=len(opening.roll) if opening and opening.roll is not None else None,
            witnesses=[self._witness(device, opening) for device in terms.witnesses],
            quorum=QUORUMS[len(terms.witnesses)],
            answers=answers.count("given") if answers else 0,
            void=answers.count("void") if answers else 0,
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
        closing = len(self._devices(opening, Close)) >= opening.need
        return ("closing" if closing else "open"), "", self._results.so_far(opening)

    def _stand_settled(self, opening: Opening, closes: Closes) -> tuple[State, str, Answers | None]:
        try:
            answers = self._results.settled(opening, closes)
        except NotHere as error:
            return "settled", str(error), None
        return ("opened" if self._results.readable(opening) else "settled"), "", answers

    def _settled_sets(self) -> dict[tuple[str, Closes], str]:
        """Return what is settled: an opening and a set of closes, with the id that says so."""
        return {
            (opening.said.id, closes): name
            for opening in self.openings()
            for closes, name in self._certificates.sets(
                opening, self.about(opening, Settled), self._said.of(Close)
            ).items()
        }

    def _devices(self, opening: Opening, kind: type[Body]) -> set[str]:
        """Return the witnesses who have said something of this kind about the opening."""
        return {said.device for said in self.about(opening, kind)} & set(opening.devices)

    def _witness(self, device: str, opening: Opening | None) -> WitnessView:
        if opening is None:
            said = self.accepts().get(device)
            return WitnessView(device, said.person, said.id) if said else WitnessView(device)
        place = opening.devices.index(device)
        return WitnessView(
            device=device,
            person=opening.persons[place],
            accept=opening.accepts[place],
            key=opening.keys[place],
            closed=device in self._devices(opening, Close),
            key_published=place in self._results.keys(opening),
        )
