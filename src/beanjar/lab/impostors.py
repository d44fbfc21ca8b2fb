"""Hostile actors who lie about who is there; see `beanjar.lab.hostile` for what all do."""

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

from beanjar.base.clock import SECOND
from beanjar.base.limits import ADDRESSES_TOLD, INTEGER, WALK
from beanjar.lab.host import Host
from beanjar.lab.hostile import Actor
from beanjar.lab.people import make_key
from beanjar.sync.membership import Card, Cards, Far, Near, Newcomer, Shuffle, Shuffled
from beanjar.sync.messages import SHORT, Message
from beanjar.sync.secrecy import sign_card

ANEW = 20 * SECOND
"""How often they sign anew what they say of themselves, in ms: what is older is no news."""
INSISTENT = 1 / 20
"""The chance, each time, that one who surrounds others asks again: twice as often as is heard."""


class Impostor(Actor):
    """A node that says of itself and of others what is not so, and passes nothing on."""

    def begin(self, hosts: Sequence[Host]) -> None:
        """Dial some nodes; those who surround somebody have all chosen the same."""
        if self.told.kind == "eclipse":
            for host in hosts[: self.told.links]:
                self._around.network.dial(self, host.key)
        else:
            super().begin(hosts)

    def hear(self, peer: bytes, message: Message) -> None:
        """See `beanjar.lab.network.End`."""
        super().hear(peer, message)
        if peer in self._links:
            self._links[peer].saying.extend(self._answer(message))
            self._around.network.flush(self)

    def _habits(self) -> dict[str, Callable[[bytes], Iterator[Message]]]:
        return {
            "eclipse": self._surround,
            "liar about copies": self._boast,
            "minter": self._mint,
            "refuser": self._refuse,
        }

    def _answer(self, message: Message) -> Iterator[Message]:
        """Answer who asks for others: with those of its own kind, or with nobody."""
        cards = self._ring() if self.told.kind == "eclipse" else ()
        match message:
            case Shuffle(space=space, path=path) if cards:
                yield Shuffled(space, path, cards)
            case Near(space=space) if self.told.kind == "refuser":
                yield Far(space, ())

    def _surround(self, peer: bytes) -> Iterator[Message]:
        """Ask to be a neighbour, and name none but those who do the same."""
        del peer
        if self._chance.random() > INSISTENT:
            return
        cards = self._ring()
        for number in range(len(self._crowds)):
            yield Near(number, "high")
            yield Cards(number, cards)
            yield Newcomer(number, self._chance.choice(cards), self._chance.randint(0, WALK))
            yield Shuffle(number, 1, (), cards)

    def _boast(self, peer: bytes) -> Iterator[Message]:
        """Say that one holds more than there is, beside everybody."""
        del peer
        peers = tuple(each[:SHORT] for each in sorted(self._links))
        for number, crowd in enumerate(self._crowds):
            root = self._chance.randbytes(SHORT)
            card = Card(self.key, (), self._now, peers, INTEGER, root, b"")
            yield Cards(number, (sign_card(self.signing, crowd.space, card),))

    def _mint(self, peer: bytes) -> Iterator[Message]:
        """Name nodes that are not there, others each time."""
        del peer
        space = self._crowds[0].space
        names = (f"minted {self._chance.random()}" for _ in range(4))
        cards = tuple(_draw(each, space, self._now) for each in names)
        yield Cards(0, cards)
        yield Newcomer(0, cards[0], self._chance.randint(0, WALK))
        yield Shuffle(0, WALK, (), cards[:2])

    def _refuse(self, peer: bytes) -> Iterator[Message]:
        """Be nobody's neighbour."""
        del peer
        for number in range(len(self._crowds)):
            yield Far(number, ())

    @property
    def _now(self) -> int:
        return self._around.timeline.now

    def _ring(self) -> tuple[Card, ...]:
        """Return what some of them say of themselves, all signed at one time."""
        places = self._chance.sample(range(self.told.count), min(ADDRESSES_TOLD, self.told.count))
        time, space = self._now // ANEW * ANEW, self._crowds[0].space
        return tuple(_draw(f"{self.told.kind} {place}", space, time) for place in places)


@lru_cache(maxsize=4096)
def _draw(name: str, space: bytes, time: int) -> Card:
    key = make_key(name)
    address = f"{key.public.hex()[:12]}:1"
    card = Card(key.public, (address,), time, (), 0, bytes(SHORT), b"")
    return sign_card(key, space, card)
