"""Who is whose neighbour in one space: a state machine without I/O.

HyParView (Leitão, Pereira, Rodrigues: HyParView: a membership protocol for reliable gossip-based
broadcast, DSN 2007): a small active view of neighbours, the same on both ends, and a larger passive
one of others who could take their place, which is shuffled with those of others. Beyond the paper:
whoever dials in pushes out none of the neighbours that a node chose for itself, nor of those that
have brought it anything, few neighbours may be in one range of addresses, and a healer dials nodes
known from earlier, since views that were split apart forget one another.
"""

from collections.abc import Callable, Iterable
from random import Random

from beanjar.base.limits import (
    ACTIVE,
    DIAL_AGAIN,
    DIAL_SOON,
    HEAL_EVERY,
    HEAL_EVERY_NODE,
    NEAR_EVERY,
    NEARS,
    OVERLAY_BURST,
    OVERLAY_EVERY,
    OWN_CHOICE,
    OWN_LEAST,
    PASSIVE,
    PASSIVE_WALK,
    PER_RANGE,
    SHUFFLE_EVERY,
    SHUFFLED_ACTIVE,
    WALK,
)
from beanjar.sync.acts import Acts, Membership, Reach, Say
from beanjar.sync.allowance import Allowance
from beanjar.sync.book import Book, Known, is_timely
from beanjar.sync.mates import Mate, find_spare
from beanjar.sync.membership import Card, Far, Near, Need, Newcomer, Shuffle, Shuffled
from beanjar.sync.messages import SHORT
from beanjar.sync.passive import Passive
from beanjar.sync.requests import Requests

UNDECIDED = 1
"""Neighbours beyond as many as there may be, which have dialled and not yet said `near`."""


class Overlay:
    """The views of one node in one space. Keys have 32 bytes, times are in ms."""

    def __init__(
        self,
        key: bytes,
        book: Book,
        number: Callable[[bytes], int],
        note: Callable[[Card, int], bool],
        *,
        most: int = ACTIVE,
        others: int = PASSIVE,
    ) -> None:
        """Speak as the node with this key, with so many neighbours and others in mind at most.

        `number` says by which number a peer is told the space; `note` takes a card into the book
        at a time (ms), unless it is not signed, as it says.
        """
        self.key = key
        self.most = most
        self.book = book
        self.card: Card | None = None
        """What this node says of itself."""
        self.active: dict[bytes, Mate] = {}
        self.passive = Passive(book, others)
        self.heals = True
        """Whether it looks for neighbours beyond its views, as plain HyParView does not."""
        self._asked = Requests()
        self._nears: dict[bytes, Allowance] = {}
        self._number = number
        self._note = note
        self._shuffle_at = self._heal_at = self._fill_at = self._return_at = 0
        self._wait = DIAL_AGAIN

    def meet(self, peer: bytes, range_: str, now: int, chance: Random, *, dialled: bool) -> Acts:
        """Take as a neighbour a peer that carries the space too, on a connection that stands."""
        asked = self._asked.end(peer)
        chosen = dialled or asked is not None
        crowd = [each.range for each in self.active.values()]
        allowance = Allowance(OVERLAY_BURST, OVERLAY_EVERY, now)
        self.active[peer] = Mate(chosen, range_, allowance)
        self.passive.drop(peer)
        if range_ and crowd.count(range_) >= PER_RANGE:
            return self._dismiss(peer, chance)
        if not chosen:  # it says next whether it has come, or could do without
            return self._make_room(peer, chance, UNDECIDED)
        self.book.reach(peer, now)
        near = Near(self._number(peer), asked.need if asked else "low")
        return [Say(peer, near), *self._make_room(peer, chance)]

    def lose(self, peer: bytes, now: int, chance: Random) -> Acts:
        """Note that the connection with a peer is over, or that it could not be made."""
        known = self.active.pop(peer, None) is not None
        asked = self._asked.end(peer)
        if not known and asked is None:
            return []
        self.passive.drop(peer)  # it is still in the book
        if known:
            self._fill_at, self._wait = now, DIAL_AGAIN
            self.book.try_later(peer, now, chance)  # it may be about to come back by itself
        return self._fill(now, chance)

    def hear(self, peer: bytes, said: Membership, now: int, chance: Random) -> Acts:
        """Hear a neighbour."""
        mate = self.active.get(peer)
        if mate is None or not mate.allowance.take(now):
            return []
        match said:
            case Near():
                return self._hear_near(peer, said, now, chance)
            case Far():
                return self._hear_far(peer, said, now, chance)
            case Newcomer():
                return self._hear_newcomer(peer, said, now, chance)
            case Shuffle():
                return self._hear_shuffle(peer, said, now, chance)
            case Shuffled():
                return self._hear_shuffled(said, now, chance)

    def tick(self, now: int, chance: Random) -> Acts:
        """Do what time brings."""
        acts: Acts = []
        self._nears = {key: each for key, each in self._nears.items() if not each.is_whole(now)}
        for peer in self._asked.find_late(now):
            acts += self.lose(peer, now, chance)
        acts += self._return(now, chance)
        if now >= self._shuffle_at:
            self._shuffle_at = now + chance.randint(SHUFFLE_EVERY // 2, SHUFFLE_EVERY * 3 // 2)
            acts += self._shuffle(chance)
        if self.heals and now >= self._heal_at:
            acts += self._heal(now, chance) if self._heal_at else []
            pause = HEAL_EVERY + HEAL_EVERY_NODE * len(self.book.trusted(self.book.nodes))
            self._heal_at = now + chance.randint(pause // 2, pause * 3 // 2)
        return acts + self._fill(now, chance)

    def keep(self, node: bytes, chance: Random) -> None:
        """Keep a node in mind, unless it is a neighbour."""
        if node != self.key and node not in self.active:
            self.passive.keep(node, chance)

    def learn(self, cards: Iterable[Card], now: int, chance: Random) -> None:
        """Take cards into the book, each kept in mind before the next could push it out there."""
        for card in cards:
            if self._note(card, now):
                self.keep(card.node, chance)

    def ask(
        self, whom: Known | Card, need: Need, now: int, chance: Random, *, is_newcomer: bool = False
    ) -> Acts:
        """Have a node as a neighbour, unless it is one or is being asked."""
        peer = whom.node
        if peer == self.key or peer in self.active or peer in self._asked:
            return []
        self.book.try_later(peer, now, chance)
        self._asked.add(peer, need, now, is_newcomer=is_newcomer)
        return [Reach(peer, whom.addresses)]

    def _hear_near(self, peer: bytes, said: Near, now: int, chance: Random) -> Acts:
        allowance = self._nears.setdefault(peer, Allowance(NEARS, NEAR_EVERY, now))
        if not allowance.take(now) or (said.need == "low" and len(self.active) > self.most):
            return self._dismiss(peer, chance)
        acts = self._make_room(peer, chance)
        card = self.book.card(peer)
        if said.need == "join" and card is not None:
            others = [each for each in self.active if each != peer]
            acts += [Say(each, Newcomer(self._number(each), card, WALK)) for each in others]
        return acts

    def _hear_far(self, peer: bytes, said: Far, now: int, chance: Random) -> Acts:
        del self.active[peer]
        self.learn(said.cards, now, chance)
        self.keep(peer, chance)
        self.book.try_later(peer, now, chance)
        self._wait_longer(now, chance)
        return self._fill(now, chance)

    def _hear_newcomer(self, peer: bytes, said: Newcomer, now: int, chance: Random) -> Acts:
        node = said.card.node
        is_signed = self._note(said.card, now)
        card = self.book.card(node) or said.card  # a full book has not kept it
        if node == self.key or not is_signed or not is_timely(card, now):
            return []
        others = [each for each in self.active if each not in {peer, node}]
        if said.steps == 0 or not others:
            is_room = self._asked.has_room()
            return self.ask(card, "high", now, chance, is_newcomer=True) if is_room else []
        if said.steps == WALK - PASSIVE_WALK:
            self.keep(node, chance)
        onward = chance.choice(others)
        return [Say(onward, Newcomer(self._number(onward), card, said.steps - 1))]

    def _hear_shuffle(self, peer: bytes, said: Shuffle, now: int, chance: Random) -> Acts:
        path = (*said.path, peer[:SHORT])
        others = [each for each in self.active if each != peer and each[:SHORT] not in path]
        if said.steps > 1 and len(path) < WALK and others:
            onward = chance.choice(others)
            number = self._number(onward)
            return [Say(onward, Shuffle(number, said.steps - 1, path, said.cards))]
        told = self.passive.tell(chance, len(said.cards))
        self.learn(said.cards, now, chance)
        return [Say(peer, Shuffled(self._number(peer), path[:-1], told))]

    def _hear_shuffled(self, said: Shuffled, now: int, chance: Random) -> Acts:
        if not said.path:
            self.learn(said.cards, now, chance)
            return []
        back = [each for each in self.active if each[:SHORT] == said.path[-1]][:1]
        return [Say(to, Shuffled(self._number(to), said.path[:-1], said.cards)) for to in back]

    def _shuffle(self, chance: Random) -> Acts:
        if not self.active or self.card is None:
            return []
        peer = chance.choice(list(self.active))
        near = self.book.sample(
            [each for each in self.active if each != peer], SHUFFLED_ACTIVE, chance
        )
        cards = (self.card, *near, *self.passive.tell(chance))
        return [Say(peer, Shuffle(self._number(peer), WALK, (), cards))]

    def _heal(self, now: int, chance: Random) -> Acts:
        """Ask one of all that are known, wherever they may be; more often one that is proven."""
        others = self._free(self.book.nodes, now)
        if not others:
            return []
        pools = (self.book.proven(set(others)), self.book.trusted(others), others)
        pool = chance.choice([each for each in pools if each])
        return self.ask(self.book.nodes[chance.choice(pool)], "high", now, chance)

    def _return(self, now: int, chance: Random) -> Acts:
        """Go back to those who have brought something, where few neighbours have."""
        proven = len(self.book.proven(self.active))
        if proven >= OWN_CHOICE or now < self._return_at:
            return []
        free = self._free(self.book.proven(self.book.nodes), now)
        if not free:
            return []
        self._return_at = now + chance.randint(NEAR_EVERY // 2, NEAR_EVERY * 3 // 2)
        need: Need = "high" if proven < OWN_LEAST else "low"
        names = [self.book.nodes[each] for each in free[: OWN_CHOICE - proven]]
        asked = (self.ask(each, need, now, chance) for each in names)
        return [act for acts in asked for act in acts]

    def _fill(self, now: int, chance: Random) -> Acts:
        """Look for as many neighbours as are wanting, but not all the time."""
        chosen = sum(each.chosen for each in self.active.values())
        wanting = max(self.most - len(self.active), OWN_LEAST - chosen) - self._asked.count()
        if wanting <= 0 or (now < self._fill_at and len(self.active) >= self.most // 2):
            return []
        acts: Acts = []
        for peer in self._candidates(now, wanting, chance):
            need: Need = "low" if self.active or acts else "high"
            acts += self.ask(self.book.nodes[peer], need, now, chance)
        return acts

    def _candidates(self, now: int, most: int, chance: Random) -> list[bytes]:
        """Return whom to ask: of the passive view, and where that does not do, of the book.

        Who names many nodes that are not there fills the view with them: so one of those that are
        asked was there already, or is named by a ticket.
        """
        anyhow = chance.sample(list(self.passive.nodes), len(self.passive.nodes))
        found = self._free(anyhow, now)[:most]
        if self.heals and not self.book.trusted(found):
            trusted = self._free(self.book.trusted(self.book.nodes), now)
            found[-1:] = [chance.choice(trusted)] if trusted else found[-1:]
        if self.heals and len(found) < most and len(self.active) < self.most // 2:
            known = self._free(self.book.due(now), now)
            found += [each for each in known if each not in found][: most - len(found)]
        return found

    def _free(self, nodes: Iterable[bytes], now: int) -> list[bytes]:
        """Return which of these nodes could be asked now."""
        taken = {self.key, *self.active}
        others = (each for each in nodes if each not in taken and each not in self._asked)
        return [each for each in others if self.book.is_due(each, now)]

    def _wait_longer(self, now: int, chance: Random) -> None:
        """Leave the others alone for a while: nobody has room, or nobody is there."""
        self._fill_at = now + chance.randint(self._wait // 2, self._wait)
        self._wait = min(2 * self._wait, DIAL_SOON)

    def _make_room(self, newcomer: bytes, chance: Random, beyond: int = 0) -> Acts:
        acts: Acts = []
        while len(self.active) > self.most + beyond:
            spare = find_spare(self.active, newcomer, self.book, self.most)
            acts += self._dismiss(chance.choice(spare), chance)
        return acts

    def _dismiss(self, peer: bytes, chance: Random) -> Acts:
        """Have a neighbour no longer, and tell it who else there is."""
        del self.active[peer]
        cards = self.passive.tell(chance)
        self.keep(peer, chance)
        return [Say(peer, Far(self._number(peer), cards))]
