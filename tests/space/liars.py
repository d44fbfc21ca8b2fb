"""Witnesses who lie and know the protocol.

A liar runs the honest program in one or two copies with one key, which do not know of one another
(as in Bano and others, Twins, arXiv 2004.10617), and bends what it is about to say.
"""

from collections import defaultdict
from collections.abc import Iterator
from hashlib import sha256
from random import Random

from beanjar.fold.statement import Statement
from beanjar.ops.alone import write_alone
from beanjar.ops.body import Body
from beanjar.ops.operation import Operation
from beanjar.space.opening import Opening
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
from beanjar.space.words import Voters, voters_of
from beanjar.testing.people import Device, make_key
from tests.space.replica import Replica
from tests.space.scene import Scene
from tests.space.weather import Plot

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
PLOT = ("closes twice", "says two things", "agrees with everyone")
MORE = ("proposes what is old", "leaves people out")
SILENT_AFTER = (Close, Propose, Prevote, Precommit)
TIRED = 20
"""After so many rounds liars no longer push on."""
NOTHING = sha256(b"an id that nothing has").hexdigest()


class Liar(Replica):
    """One copy of a lying witness's node."""

    def __init__(
        self, scene: Scene, device: Device, skew: int, chance: Random, plot: Plot | None
    ) -> None:
        super().__init__(scene.space, scene.open.on, device, skew)
        self._chance = chance
        self._plot = plot
        mine = [each for each in scene.operations if each.key == device.key.public]
        self._base = mine[-1] if plot or chance.random() < 0.3 else None
        self._habits = {each for each in HABITS if chance.random() < 0.35}
        if plot:
            self._habits = set(PLOT) | {each for each in MORE if chance.random() < 0.5}
        self._last_kind = chance.choice(SILENT_AFTER)
        self._silent = False
        self._agreed: set[tuple[type[Body], int, Closes]] = set()
        self._keys_out = False
        self._turn = 0

    def admits(self, answer: Statement) -> bool:
        """Admit late answers too, and perhaps leave out some people."""
        unliked = int(answer.person[:2], 16) % 2
        return not ("leaves people out" in self._habits and unliked)

    def lies(self, now: int) -> Iterator[Operation]:
        """Yield what this liar says next, signed."""
        for word in self.words(now):
            bodies = self._bend(word)
            if word not in bodies:
                self._believe(word, now)
            yield from (self._say(body, now) for body in bodies)
        if not self._silent:
            yield from (self._say(body, now) for body in self._besides())

    def _say(self, body: Body, now: int) -> Operation:
        """Say something; who forks their log lets each word follow what everyone has of it."""
        if self._base is not None:
            self.device.follow(self.space.id, self._base)
        operation = self.write(body, now)
        self.take(operation, now)
        return operation

    def _believe(self, word: Body, now: int) -> None:
        """Let the honest program think that it has said its word."""
        shadow = self.device.copied().write(self.space.id, word, now + self.skew)
        self.take_alone(shadow, now)

    def _bend(self, word: Body) -> list[Body]:
        """Return what is said instead of a word."""
        if self._silent:
            return []
        self._silent = "falls silent" in self._habits and isinstance(word, self._last_kind)
        match word:
            case Close() if "closes twice" in self._habits:
                return [word, self._close_again(word)]
            case Propose():
                return self._bend_proposal(word)
            case Prevote() | Precommit():
                return self._bend_vote(word)
            case Key() if "publishes keys" in self._habits:
                return [Key(word.on, make_key("a false key").seed.hex())]
        return [word]

    def _close_again(self, word: Close) -> Body:
        """Close with fewer batches than the first time."""
        mine = [said for said in self._about(Seen) if said.device == self.device.name]
        return Close(word.on, self._chance.choice([word.last, *(said.id for said in mine)]))

    def _bend_proposal(self, word: Propose) -> list[Body]:
        said: list[Body] = [word]
        if "says two things" in self._habits:
            said.append(Propose(word.on, word.round, self._some_closes()))
        if "proposes rubbish" in self._habits:
            said[:] = [Propose(word.on, word.round, each) for each in self._rubbish(word.closes)]
        if "proposes what is old" in self._habits:
            backed = [each for each in self._backed() if each[0] < word.round]
            said[:0] = [Propose(word.on, word.round, each[1], each[0], each[2]) for each in backed]
            said += [
                Propose(word.on, word.round, self._some_closes(), word.round - 1, each[2])
                for each in backed
            ]
        return said

    def _bend_vote(self, word: Prevote | Precommit) -> list[Body]:
        nothing = type(word)(word.on, word.round, ())
        if "says nothing to proposals" in self._habits:
            return [nothing]
        if "votes without prevotes" in self._habits and isinstance(word, Precommit):
            return [Precommit(word.on, word.round, self._some_closes(), word.prevotes)]
        if "says two things" in self._habits:
            return self._chance.sample([word, nothing], 2)
        return [word]

    def _besides(self) -> Iterator[Body]:
        """Yield what the honest program would never say: yes to everything, and keys too early."""
        opening, asked = self.closing.opening(), self.closing.asked
        if opening is None or asked is None:
            return
        if "publishes keys" in self._habits and not self._keys_out:
            self._keys_out = True
            yield Key(opening.said.id, self.secret_for(asked.id).hex())
        if self._plot is not None and self._plot.decoy is not None:
            yield from self._go_on(opening)
        if "agrees with everyone" in self._habits:
            yield from (Prevote(opening.said.id, *each) for each in self._new(Prevote))
            yield from (
                Precommit(opening.said.id, turn, closes, prevotes)
                for turn, closes, prevotes in self._backed()
                if self._is_new(Precommit, turn, closes)
            )

    def _go_on(self, opening: Opening) -> Iterator[Body]:
        """Yield what keeps the others going from round to round, and another set in one's turn."""
        voters = voters_of(self.space.id.hex(), opening)
        for turn in range(self._turn + 1, min(self._latest(voters), TIRED) + 2):
            self._turn = turn
            if voters.proposer(turn) == self.device.name:
                yield from self._bend_proposal(Propose(opening.said.id, turn, self._some_closes()))
            yield Prevote(opening.said.id, turn, ())
            yield Precommit(opening.said.id, turn, ())

    def _latest(self, voters: Voters) -> int:
        """Return the latest round in which somebody honest must be."""
        rounds = dict.fromkeys(voters.devices, 0)
        for said in (*self._about(Prevote), *self._about(Precommit)):
            if isinstance(said.body, Prevote | Precommit) and said.device in rounds:
                rounds[said.device] = max(rounds[said.device], said.body.round)
        return sorted(rounds.values(), reverse=True)[voters.spare]

    def _new(self, kind: type[Body]) -> list[tuple[int, Closes]]:
        proposals = [said.body for said in self._about(Propose)]
        rows = [(body.round, body.closes) for body in proposals if isinstance(body, Propose)]
        return [row for row in rows if self._is_new(kind, *row)]

    def _is_new(self, kind: type[Body], turn: int, closes: Closes) -> bool:
        """Say whether this liar has not voted so, and let it be so from now on."""
        decoy = self._plot.decoy if self._plot else None
        if (kind, turn, closes) in self._agreed or closes == decoy:
            return False
        self._agreed.add((kind, turn, closes))
        return True

    def _backed(self) -> list[tuple[int, Closes, tuple[bytes, ...]]]:
        """Return rounds and sets with the prevotes of a quorum."""
        votes: defaultdict[tuple[int, Closes], dict[str, bytes]] = defaultdict(dict)
        for said in self._about(Prevote):
            if isinstance(said.body, Prevote) and said.body.closes:
                whole = write_alone(self.held[said.id])
                votes[said.body.round, said.body.closes][said.device] = whole
        quorum = QUORUMS[len(self.closing.ask.terms.witnesses)]
        return [
            (*row, tuple(by_device.values())[:quorum])
            for row, by_device in votes.items()
            if len(by_device) >= quorum
        ]

    def _some_closes(self) -> Closes:
        """Return some set of closes that could be settled."""
        closes = {said.device: said.id for said in self._about(Close)}
        quorum = QUORUMS[len(self.closing.ask.terms.witnesses)]
        return tuple(sorted(self._chance.sample(sorted(closes.values()), min(quorum, len(closes)))))

    def _rubbish(self, closes: Closes) -> list[Closes]:
        """Return sets that no honest witness may vote for."""
        of_one = tuple({said.id for said in self._about(Close) if said.device == self.device.name})
        return [
            closes[::-1],
            closes[:1],
            tuple(sorted((*closes[1:], NOTHING))),
            tuple(sorted({*closes[2:], *of_one, self._about(Seen)[0].id})),
        ]

    def _about(self, kind: type[Body]) -> list[Statement]:
        opening = self.closing.opening()
        return self.closing.about(opening, kind) if opening else []
