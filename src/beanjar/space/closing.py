"""The life of a question, from the ask to the answers that count.

A fold that all questions share. It stands alone: what a question names counts by its own good
signature, so it is fed cut statements too, and leaves them out only until the question is settled.
"""

from collections import defaultdict

from beanjar.fold.statement import Statement
from beanjar.ops.body import Body
from beanjar.space.answers import (
    Answers,
    Entry,
    Fits,
    read_closed_answer,
    read_open_answer,
    read_unsealed_answer,
)
from beanjar.space.certificate import Certificates, Closes
from beanjar.space.closing_view import (
    ClosingFacts,
    ClosingView,
    Contradiction,
    State,
    WitnessView,
)
from beanjar.space.count import NotHere, admitted, choose, count_pairs
from beanjar.space.opening import Opening, is_sound, read_opening
from beanjar.space.question import (
    QUORUMS,
    Accept,
    Answer,
    Ask,
    Close,
    Key,
    Open,
    RollPart,
    Seen,
    Settled,
)
from beanjar.space.unsealing import Job, Unsealed, make_job, published_keys, unseal_all

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
        self._fits = fits
        self._said: defaultdict[type[Body], dict[str, Statement]] = defaultdict(dict)
        self._asked: Statement | None = None
        self._openings: dict[str, Opening] = {}
        self._naming: defaultdict[tuple[type[Body], str], list[Statement]] = defaultdict(list)
        self._so_far: dict[str, tuple[Answers, int]] = {}
        self._certificates = Certificates(space)
        self._unsealed: Unsealed = {}
        self._results: dict[tuple[str, Closes, bool], Answers] = {}

    def add(self, said: Statement) -> None:
        """Take one more statement of this question."""
        kind = type(said.body)
        shared = Ask if issubclass(kind, Ask) else Answer if issubclass(kind, Answer) else kind
        if said.id in self._said[shared]:
            return
        self._said[shared][said.id] = said
        if isinstance(said.body, Ask) and is_sound(said.body):
            self._asked = said
        self._naming[shared, getattr(said.body, "on", "")].append(said)

    @property
    def asked(self) -> Statement | None:
        """The ask, if it has arrived and its witnesses have a quorum."""
        return self._asked

    @property
    def ask(self) -> Ask:
        """What is asked. There must be an ask."""
        assert self._asked is not None
        assert isinstance(self._asked.body, Ask)
        return self._asked.body

    def about(self, opening: Opening, kind: type[Body]) -> list[Statement]:
        """Return the statements of one kind that name the opening."""
        return self._naming[kind, opening.said.id]

    def accepts(self) -> dict[str, Statement]:
        """Return the accepts that have arrived, by device; of two of one device the earlier."""
        said = sorted(self._said[Accept].values(), key=lambda each: each.stamp, reverse=True)
        return {each.device: each for each in said}

    def answer(self, name: str) -> Statement | None:
        """Return the answer with this id, if it has arrived."""
        return self._said[Answer].get(name)

    def openings(self) -> list[Opening]:
        """Return the proper openings, the one made first at the head."""
        asked = self.asked
        if asked is None:
            return []
        for name, said in self._said[Open].items():
            if name not in self._openings:
                opening = read_opening(said, asked, self._said[Accept], self._said[RollPart])
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

    def _settled_sets(self) -> dict[tuple[str, Closes], str]:
        """Return what is settled: an opening and a set of closes, with the id that says so."""
        return {
            (opening.said.id, closes): name
            for opening in self.openings()
            for closes, name in self._certificates.sets(
                opening, self.about(opening, Settled), self._said[Close]
            ).items()
        }

    def so_far(self, opening: Opening) -> Answers:
        """Return the answers that are here before it is settled; nobody has agreed on them yet."""
        name = opening.said.id
        answers, read = self._so_far.get(name, (Answers(), 0))
        arrived = self.about(opening, Answer)
        for said in arrived[read:]:
            if opening.admits(said.person) and not said.cut:
                answers.add(self._read(said.person, said, readable=not self.ask.terms.sealed))
        self._so_far[name] = (answers, len(arrived))
        return answers

    def result(self, opening: Opening, closes: Closes) -> Answers:
        """Return the answers that count. Raises `NotHere` while something is missing.

        Those of a sealed question have no choices before enough witnesses published their keys.
        """
        known = (opening.said.id, closes, self._readable(opening))
        if known not in self._results:
            self.remember(unseal_all(self.jobs()))
            chosen = self._chosen(opening, closes)
            self._results[known] = Answers(
                self._read(person, said, readable=known[2]) for person, said in chosen.items()
            )
        return self._results[known]

    def counted(self) -> dict[str, Statement]:
        """Return the answer that counts for each person; none before it is settled and all here."""
        opening = self.opening()
        closes = self.settled(opening) if opening else None
        if opening is None or not isinstance(closes, tuple):
            return {}
        try:
            return self._chosen(opening, closes)
        except NotHere:
            return {}

    def jobs(self) -> list[Job]:
        """Return the work of opening the sealed answers that can be opened and are not yet.

        Whoever has several processors does it beforehand and hands the outcome to `remember`;
        otherwise the first look at the result does it.
        """
        opening = self.opening()
        if opening is None or not self.ask.terms.sealed or not self._readable(opening):
            return []
        if (opening.said.id, self.settled(opening), True) in self._results:
            return []
        keys = self.keys(opening)
        return [
            make_job(self.space, opening, said, keys)
            for said in self.counted().values()
            if said.id not in self._unsealed and isinstance(said.body, Answer) and said.body.sealed
        ]

    def remember(self, unsealed: Unsealed) -> None:
        """Take the outcome of `jobs`."""
        self._unsealed.update(unsealed)

    def keys(self, opening: Opening) -> dict[int, bytes]:
        """Return the private keys that the opening's witnesses have published, by their place."""
        return published_keys(opening, self.about(opening, Key))

    def view(self, given: object) -> ClosingView | None:
        """Return what is known of the closing; nothing, as long as the ask has not arrived."""
        del given  # a closing depends on what was said alone, not on the time or the members
        if self.asked is None:
            return None
        opening = self.opening()
        state, reason, answers = self._stand(opening)
        readable = answers is not None and (state == "opened" or not self.ask.terms.sealed)
        facts = ClosingFacts(
            state=state,
            reason=reason,
            asker=self.asked.person,
            asked=self.asked.time,
            closes=self.ask.terms.closes,
            sealed=self.ask.terms.sealed,
            open=opening.said.id if opening else None,
            roll=len(opening.roll) if opening and opening.roll is not None else None,
            witnesses=[self._witness(device, opening) for device in self.ask.terms.witnesses],
            quorum=QUORUMS[len(self.ask.terms.witnesses)],
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
        return ("closing" if closing else "open"), "", self.so_far(opening)

    def _devices(self, opening: Opening, kind: type[Body]) -> set[str]:
        """Return the witnesses who have said something of this kind about the opening."""
        return {said.device for said in self.about(opening, kind)} & set(opening.devices)

    def _stand_settled(self, opening: Opening, closes: Closes) -> tuple[State, str, Answers | None]:
        try:
            answers = self.result(opening, closes)
        except NotHere as error:
            return "settled", str(error), None
        return ("opened" if self._readable(opening) else "settled"), "", answers

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
            closed=any(said.device == device for said in self.about(opening, Close)),
            key_published=place in self.keys(opening),
        )

    def _readable(self, opening: Opening) -> bool:
        return not self.ask.terms.sealed or len(self.keys(opening)) >= opening.quorum

    def _chosen(self, opening: Opening, closes: Closes) -> dict[str, Statement]:
        held = self._said[Close]
        missing = [name for name in closes if name not in held]
        if missing:
            raise NotHere(missing)
        admissions = [admitted(held[name], self._said[Seen]) for name in closes]
        pairs = count_pairs(admissions, opening.need)
        return choose(pairs, self._said[Answer], opening.said.id)

    def _read(self, person: str, said: Statement, *, readable: bool) -> Entry:
        if not self.ask.terms.sealed:
            return read_open_answer(self.ask, person, said, self._fits)
        if not readable:
            return read_closed_answer(person, said)
        return read_unsealed_answer(self.ask, person, said, self._unsealed.get(said.id), self._fits)
