"""What witnesses say who lie and know the protocol: an honest word is bent, or others are added."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from hashlib import sha256
from random import Random
from typing import Protocol

from beanjar.fold.statement import Statement
from beanjar.lab.people import make_key
from beanjar.ops.alone import write_alone
from beanjar.ops.body import Body
from beanjar.ops.operation import Operation
from beanjar.space.closing import Closing
from beanjar.space.question import (
    QUORUMS,
    Close,
    Closes,
    Key,
    Precommit,
    Prevote,
    Propose,
    Seen,
)

HABITS = (
    "falls silent",
    "closes twice",
    "says nothing to proposals",
    "says two things",
    "agrees with everyone",
    "proposes rubbish",
    "proposes what is old",
    "votes without prevotes",
    "leaves people out",
    "publishes keys",
)
LIKELY = 0.35
"""The chance of each habit."""
SILENT_AFTER = (Close, Propose, Prevote, Precommit)
NOTHING = sha256(b"an id that nothing has").hexdigest()


class Sight(Protocol):
    """What a liar sees of one question."""

    @property
    def closing(self) -> Closing:
        """The question, as far as it is known."""
        ...

    def find(self, name: str) -> Operation | None:
        """Return an operation by its id in hex, if it is here."""
        ...

    def secret_for(self, ask: str) -> bytes:
        """Return the one-time key for the ask."""
        ...


def draw_habits(chance: Random) -> set[str]:
    """Return some habits."""
    return {each for each in HABITS if chance.random() < LIKELY}


def is_left_out(habits: Collection[str], person: str) -> bool:
    """Say whether a liar admits nothing of a person, however early."""
    return "leaves people out" in habits and int(person[:2], 16) % 2 == 1


class Lies:
    """What one lying witness says about one question; its device is given in hex."""

    def __init__(self, sight: Sight, device: str, habits: Collection[str], chance: Random) -> None:
        """Lie by these habits."""
        self.is_silent = False
        """Whether nothing more is said, for ever."""
        self._sight = sight
        self._device = device
        self._habits = habits
        self._chance = chance
        self._last_kind = chance.choice(SILENT_AFTER)
        self._agreed: set[tuple[type[Body], int, Closes]] = set()
        self._keys_out = False

    def bend(self, word: Body) -> list[Body]:
        """Return what is said instead of a word that an honest witness would say."""
        if self.is_silent:
            return []
        self.is_silent = "falls silent" in self._habits and isinstance(word, self._last_kind)
        match word:
            case Close() if "closes twice" in self._habits:
                return [word, self._close_again(word)]
            case Propose():
                return self.bend_proposal(word)
            case Prevote() | Precommit():
                return self._bend_vote(word)
            case Key() if "publishes keys" in self._habits:
                return [Key(word.on, make_key("a false key").seed.hex())]
        return [word]

    def bend_proposal(self, word: Propose) -> list[Body]:
        """Return what is proposed instead."""
        said: list[Body] = [word]
        if "says two things" in self._habits:
            said.append(Propose(word.on, word.round, self.some_closes()))
        if "proposes rubbish" in self._habits:
            said[:] = [Propose(word.on, word.round, each) for each in self._rubbish(word.closes)]
        if "proposes what is old" in self._habits:
            backed = [each for each in self._backed() if each[0] < word.round]
            said[:0] = [Propose(word.on, word.round, each[1], each[0], each[2]) for each in backed]
            said += [
                Propose(word.on, word.round, self.some_closes(), word.round - 1, each[2])
                for each in backed
            ]
        return said

    def publish_early(self) -> Iterator[Body]:
        """Yield the key to answers as soon as there may be any."""
        closing = self._sight.closing
        opening, asked = closing.opening(), closing.asked
        if opening is None or asked is None:
            return
        if "publishes keys" in self._habits and not self._keys_out:
            self._keys_out = True
            yield Key(opening.said.id, self._sight.secret_for(asked.id).hex())

    def agree(self, decoy: Closes | None = None) -> Iterator[Body]:
        """Yield votes for all that anybody proposes, but for a `decoy`."""
        opening = self._sight.closing.opening()
        if opening is None or "agrees with everyone" not in self._habits:
            return
        on = opening.said.id
        yield from (Prevote(on, *each) for each in self._proposed(decoy))
        yield from (
            Precommit(on, turn, closes, prevotes)
            for turn, closes, prevotes in self._backed()
            if self._is_new(Precommit, turn, closes, decoy)
        )

    def some_closes(self) -> Closes:
        """Return some set of closes that could be settled."""
        closes = {said.device: said.id for said in self._about(Close)}
        quorum = QUORUMS[len(self._sight.closing.ask.terms.witnesses)]
        return tuple(sorted(self._chance.sample(sorted(closes.values()), min(quorum, len(closes)))))

    def _close_again(self, word: Close) -> Body:
        """Close with fewer batches than the first time."""
        mine = [said for said in self._about(Seen) if said.device == self._device]
        return Close(word.on, self._chance.choice([word.last, *(said.id for said in mine)]))

    def _bend_vote(self, word: Prevote | Precommit) -> list[Body]:
        nothing = type(word)(word.on, word.round, ())
        if "says nothing to proposals" in self._habits:
            return [nothing]
        if "votes without prevotes" in self._habits and isinstance(word, Precommit):
            return [Precommit(word.on, word.round, self.some_closes(), word.prevotes)]
        if "says two things" in self._habits:
            return self._chance.sample([word, nothing], 2)
        return [word]

    def _proposed(self, decoy: Closes | None) -> list[tuple[int, Closes]]:
        proposals = [said.body for said in self._about(Propose)]
        rows = [(body.round, body.closes) for body in proposals if isinstance(body, Propose)]
        return [row for row in rows if self._is_new(Prevote, *row, decoy)]

    def _is_new(self, kind: type[Body], turn: int, closes: Closes, decoy: Closes | None) -> bool:
        """Say whether this liar has not voted so, and let it be so from now on."""
        if (kind, turn, closes) in self._agreed or closes == decoy:
            return False
        self._agreed.add((kind, turn, closes))
        return True

    def _backed(self) -> list[tuple[int, Closes, tuple[bytes, ...]]]:
        """Return rounds and sets with the prevotes of a quorum."""
        votes: defaultdict[tuple[int, Closes], dict[str, bytes]] = defaultdict(dict)
        for said in self._about(Prevote):
            here = self._sight.find(said.id)
            if isinstance(said.body, Prevote) and said.body.closes and here is not None:
                votes[said.body.round, said.body.closes][said.device] = write_alone(here)
        quorum = QUORUMS[len(self._sight.closing.ask.terms.witnesses)]
        return [
            (*row, tuple(by_device.values())[:quorum])
            for row, by_device in votes.items()
            if len(by_device) >= quorum
        ]

    def _rubbish(self, closes: Closes) -> list[Closes]:
        """Return sets that no honest witness may vote for."""
        of_one = tuple({said.id for said in self._about(Close) if said.device == self._device})
        return [
            closes[::-1],
            closes[:1],
            tuple(sorted((*closes[1:], NOTHING))),
            tuple(sorted({*closes[2:], *of_one, self._about(Seen)[0].id})),
        ]

    def _about(self, kind: type[Body]) -> list[Statement]:
        opening = self._sight.closing.opening()
        return self._sight.closing.about(opening, kind) if opening else []
