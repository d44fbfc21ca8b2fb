"""Which answers to a question count, and what they chose, as far as one may read them."""

from beanjar.fold.statement import Statement
from beanjar.space.answers import (
    Answers,
    Entry,
    Fits,
    read_closed_answer,
    read_open_answer,
    read_unsealed_answer,
)
from beanjar.space.opening import Opening
from beanjar.space.question import Answer, Closes, Key
from beanjar.space.reach import Reach
from beanjar.space.said import Said
from beanjar.space.unsealing import Job, Unsealed, make_job, published_keys, unseal_all


class Results:
    """The answers to one question, kept as far as they have been worked out."""

    def __init__(self, space: str, said: Said, reach: Reach, fits: Fits) -> None:
        """Work from what is said about a question of the space (hex)."""
        self._space = space
        self._said = said
        self._reach = reach
        self._fits = fits
        self._so_far: dict[str, tuple[Answers, int]] = {}
        self._unsealed: Unsealed = {}
        self._known: dict[tuple[str, Closes, bool], Answers] = {}

    def keys(self, opening: Opening) -> dict[int, bytes]:
        """Return the private keys that the opening's witnesses have published, by their place."""
        return published_keys(opening, self._said.about(opening, Key))

    def readable(self, opening: Opening) -> bool:
        """Say whether the answers can be read: those of a sealed question with k keys."""
        return not self._said.ask.terms.sealed or len(self.keys(opening)) >= opening.quorum

    def so_far(self, opening: Opening) -> Answers:
        """Return the answers that are here before it is settled; nobody has agreed on them yet."""
        name, readable = opening.said.id, not self._said.ask.terms.sealed
        answers, read = self._so_far.get(name, (Answers(), 0))
        arrived = self._said.about(opening, Answer)
        for said in arrived[read:]:
            if opening.admits(said.person) and not said.cut:
                answers.add(self._read(said.person, said, readable=readable))
        self._so_far[name] = (answers, len(arrived))
        return answers

    def settled(self, opening: Opening, closes: Closes) -> Answers:
        """Return the answers that count. Raises `NotHere` while something is missing.

        Those of a sealed question have no choices before enough witnesses published their keys.
        """
        known = (opening.said.id, closes, self.readable(opening))
        if known not in self._known:
            self.remember(unseal_all(self.jobs(opening, closes)))
            chosen = self._reach.chosen(opening, closes)
            self._known[known] = Answers(
                self._read(person, said, readable=known[2]) for person, said in chosen.items()
            )
        return self._known[known]

    def jobs(self, opening: Opening, closes: Closes) -> list[Job]:
        """Return the work of opening the sealed answers that can be opened and are not yet.

        Whoever has several processors does it beforehand and hands the outcome to `remember`;
        otherwise the first look at the result does it. Raises `NotHere`.
        """
        if not self._said.ask.terms.sealed or not self.readable(opening):
            return []
        if (opening.said.id, closes, True) in self._known:
            return []
        keys = self.keys(opening)
        return [
            make_job(self._space, opening, said, keys)
            for said in self._reach.chosen(opening, closes).values()
            if said.id not in self._unsealed and isinstance(said.body, Answer) and said.body.sealed
        ]

    def remember(self, unsealed: Unsealed) -> None:
        """Take the outcome of `jobs`."""
        self._unsealed.update(unsealed)

    def _read(self, person: str, said: Statement, *, readable: bool) -> Entry:
        ask = self._said.ask
        if not ask.terms.sealed:
            return read_open_answer(ask, person, said, self._fits)
        if not readable:
            return read_closed_answer(person, said)
        return read_unsealed_answer(ask, person, said, self._unsealed.get(said.id), self._fits)
