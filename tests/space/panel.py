"""A question whose witnesses are played by hand, so that they can lie as they like."""

from collections.abc import Iterable, Sequence

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from beanjar.base.clock import HOUR
from beanjar.ops.alone import write_alone
from beanjar.ops.operation import Operation
from beanjar.space.certificate import write_certificate
from beanjar.space.count import Pair
from beanjar.space.question import (
    QUORUMS,
    Accept,
    Close,
    Key,
    Open,
    Precommit,
    Prevote,
    Seen,
    Settled,
    Terms,
)
from beanjar.space.space import Space
from beanjar.testing.gathering import Gathering
from beanjar.testing.people import Device, Person, make_key
from tests.space.tiny import TINY, Count, TinyAsk, look

SIZES = (4, 7)
"""How many witnesses a question has, where it has several."""


class Panel:
    """One question, opened, with `n` witnesses."""

    def __init__(self, n: int, *, sealed: bool = False) -> None:
        self.ada = Person("Ada")
        self.postman = Person("Postman").device
        self.table = Gathering(self.ada, [TINY])
        self.nodes = [Person(f"Keeper {place}").new_device("node") for place in range(n)]
        names = tuple(node.name for node in self.nodes)
        terms = Terms(self.table.now + HOUR, names, sealed=sealed)
        self.asked = self.table.say(self.ada.device, TinyAsk(terms))
        self.accepts = tuple(
            self.table.say(node, Accept(self.asked, publish(self.secret(place)).hex()))
            for place, node in enumerate(self.nodes)
        )
        self.opened = self.open(self.ada.device)
        self.quorum = QUORUMS[n]
        self.liars = n - self.quorum
        self._backed: dict[Prevote, tuple[bytes, ...]] = {}

    @property
    def space(self) -> Space:
        """The space as it is now."""
        return self.table.space

    def open(self, device: Device) -> str:
        """Let the asker open with every accept; return the open's id."""
        return self.table.say(device, Open(self.asked, self.accepts))

    def secret(self, place: int) -> bytes:
        """Return the private half of a witness's one-time key."""
        return make_key(f"one-time key {place}").seed

    def answer(self, person: Person, n: int) -> Pair:
        """Let a person answer; return what a witness admits of it."""
        return person.id, self.table.answer(person.device, self.opened, Count(n))

    def see(self, node: Device, pairs: Iterable[Pair], before: str | None = None) -> str:
        """Let a device say that it has seen the pairs; return the batch's id."""
        return self.table.say(node, Seen(self.opened, tuple(pairs), before))

    def close(self, node: Device, pairs: Iterable[Pair]) -> str:
        """Let a device close, in two batches, admitting the pairs; return the close's id."""
        last = self.see(node, pairs, self.see(node, ()))
        return self.table.say(node, Close(self.opened, last))

    def close_all(self, *pairs: Pair) -> list[str]:
        """Let every witness close, admitting the pairs; return the closes' ids."""
        return [self.close(node, pairs) for node in self.nodes]

    def prevote(self, closes: Iterable[str], turn: int = 0) -> tuple[bytes, ...]:
        """Let just as many witnesses as are needed back a set of closes, as it says.

        A lone witness needs no prevotes.
        """
        if not self.liars:
            return ()
        said = Prevote(self.opened, turn, tuple(closes))
        if said not in self._backed:
            names = [self.table.say(node, said) for node in self.nodes[: self.quorum]]
            self._backed[said] = tuple(write_alone(self.table.find_operation(n)) for n in names)
        return self._backed[said]

    def vote(self, node: Device, closes: Iterable[str], turn: int = 0) -> Operation:
        """Let a device vote for a set of closes, in rising order, as it says."""
        return self.say_vote(node, sorted(closes), turn)

    def say_vote(self, node: Device, closes: Iterable[str], turn: int = 0) -> Operation:
        """Let a device vote for closes in any order, with the prevotes that it needs."""
        chosen = tuple(closes)
        vote = Precommit(self.opened, turn, chosen, self.prevote(chosen, turn))
        return self.table.find_operation(self.table.say(node, vote))

    def vote_all(self, closes: Iterable[str]) -> list[Operation]:
        """Let just as many witnesses vote for the set as are needed."""
        chosen = list(closes)
        return [self.vote(node, chosen) for node in self.nodes[: self.quorum]]

    def say_settled(self, votes: Sequence[Operation]) -> str:
        """Let somebody who witnesses nothing hand the votes on."""
        return self.table.say(self.postman, settle_by(self.opened, votes))

    def settle(self, closes: Iterable[str]) -> str:
        """Let the witnesses settle on a set of closes."""
        return self.say_settled(self.vote_all(closes))

    def publish_keys(self, *places: int) -> None:
        """Let witnesses publish the private halves of their one-time keys."""
        for place in places:
            self.table.say(self.nodes[place], Key(self.opened, self.secret(place).hex()))

    def is_settled(self) -> bool:
        """Say whether any certificate settles the question."""
        closing = self.space.closing(self.opened)
        assert closing.about(closing.openings()[0], Settled)
        return closing.settled(closing.openings()[0]) is not None

    def choices(self) -> dict[str, int] | None:
        """What counts, by person."""
        return look(self.space, self.opened).choices


def settle_by(opened: str, votes: Sequence[Operation]) -> Settled:
    """Return the certificate with these votes."""
    return write_certificate(opened, [write_alone(vote) for vote in votes])


def publish(private: bytes) -> bytes:
    """Return the public half of an X25519 key."""
    return X25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()
