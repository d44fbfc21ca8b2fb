"""Badly dealt answers within a real question: void on every node, whichever keys came out."""

import random
from collections.abc import Callable
from itertools import combinations

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from beanjar.space import hpke, shamir
from beanjar.space.sealing import Context
from beanjar.testing.people import Person
from tests.seeded import seeded
from tests.space.panel import SIZES, Panel, publish
from tests.space.tiny import TinyAnswer, facts_of, look, replay

ANSWER = b'{"n":5}'
SIZE = TinyAnswer.sealed_size


class Deal:
    """The parts of a sealed answer, made as it is written, each of which can be spoilt."""

    def __init__(self, panel: Panel, author: Person, chance: random.Random) -> None:
        ids = (panel.space.id, bytes.fromhex(panel.opened), author.device.key.public)
        self.n, self.k = len(panel.nodes), panel.quorum
        self.chance = chance
        self.bound = Context(*ids).bound()
        self.secret = chance.randbytes(32)
        self.places = list(range(self.n))
        self.to = [publish(panel.secret(place)) for place in self.places]
        self.root = self.tail_root = hpke.extract(self.bound, self.secret)
        self.shares = self.split(self.k)
        self.ephemerals = [hpke.expand(self.root, b"ephemeral%c" % i) for i in self.places]
        self.padded = len(ANSWER).to_bytes(2) + ANSWER.ljust(SIZE - 2, b"\0")

    def split(self, k: int) -> list[bytes]:
        coefficients = [hpke.expand(self.root, b"coefficient%c" % j) for j in range(1, k)]
        return shamir.split(self.secret, k, self.n, coefficients)

    def split_at_random(self) -> list[bytes]:
        coefficients = [self.chance.randbytes(32) for _ in range(self.k - 1)]
        return shamir.split(self.secret, self.k, self.n, coefficients)

    def blob(self) -> bytes:
        sealed = [
            hpke.seal(
                self.shares[i],
                to=self.to[i],
                ephemeral=X25519PrivateKey.from_private_bytes(self.ephemerals[i]),
                info=self.bound + bytes([self.places[i]]),
            )
            for i in range(self.n)
        ]
        cipher = AESGCM(hpke.expand(self.tail_root, b"answer key"))
        nonce = hpke.expand(self.tail_root, b"answer nonce", 12)
        return b"".join(sealed) + cipher.encrypt(nonce, self.padded, self.bound)


Harm = Callable[[Deal], bytes]
HARMS: list[Harm] = []


def harm(done: Harm) -> Harm:
    HARMS.append(done)
    return done


@harm
def a_share_is_wrong(deal: Deal) -> bytes:
    deal.shares[deal.chance.randrange(deal.n)] = deal.chance.randbytes(32)
    return deal.blob()


@harm
def the_shares_beyond_the_quorum_are_on_another_polynomial(deal: Deal) -> bytes:
    deal.shares[deal.k :] = deal.split_at_random()[deal.k :]
    return deal.blob()


@harm
def all_shares_are_on_a_polynomial_of_their_own(deal: Deal) -> bytes:
    deal.shares = deal.split_at_random()
    return deal.blob()


@harm
def fewer_shares_are_enough(deal: Deal) -> bytes:
    deal.shares = deal.split(deal.chance.randrange(1, deal.k))
    return deal.blob()


@harm
def more_shares_are_needed(deal: Deal) -> bytes:
    deal.shares = deal.split(deal.k + 1)
    return deal.blob()


@harm
def two_shares_are_swapped(deal: Deal) -> bytes:
    a, b = deal.chance.sample(range(deal.n), 2)
    deal.shares[a], deal.shares[b] = deal.shares[b], deal.shares[a]
    return deal.blob()


@harm
def a_share_is_sealed_for_another_place(deal: Deal) -> bytes:
    a, b = deal.chance.sample(range(deal.n), 2)
    deal.places[a] = b
    return deal.blob()


@harm
def a_share_is_sealed_to_a_stranger(deal: Deal) -> bytes:
    deal.to[deal.chance.randrange(deal.n)] = publish(deal.chance.randbytes(32))
    return deal.blob()


@harm
def an_ephemeral_key_is_drawn_at_random(deal: Deal) -> bytes:
    deal.ephemerals[deal.chance.randrange(deal.n)] = deal.chance.randbytes(32)
    return deal.blob()


@harm
def the_padding_is_not_all_zeros(deal: Deal) -> bytes:
    at = deal.chance.randrange(2 + len(ANSWER), SIZE)
    deal.padded = deal.padded[:at] + b"\1" + deal.padded[at + 1 :]
    return deal.blob()


@harm
def the_length_reaches_beyond_the_end(deal: Deal) -> bytes:
    deal.padded = deal.chance.randrange(SIZE, 2**16).to_bytes(2) + deal.padded[2:]
    return deal.blob()


@harm
def the_tail_is_sealed_with_another_secret(deal: Deal) -> bytes:
    deal.tail_root = hpke.extract(deal.bound, deal.chance.randbytes(32))
    return deal.blob()


@harm
def one_bit_is_flipped(deal: Deal) -> bytes:
    blob = deal.blob()
    bit = deal.chance.randrange(len(blob) * 8)
    return (int.from_bytes(blob) ^ 1 << bit).to_bytes(len(blob))


@harm
def the_end_is_cut_off(deal: Deal) -> bytes:
    blob = deal.blob()
    return blob[: deal.chance.randrange(1, len(blob))]


@harm
def it_is_noise(deal: Deal) -> bytes:
    return deal.chance.randbytes(len(deal.blob()))


@pytest.mark.parametrize("n", SIZES)
def test_a_badly_dealt_answer_is_void_whichever_keys_came_out(
    n: int, ben: Person, cal: Person, scale: int
) -> None:
    panel = Panel(n, sealed=True)
    chance = seeded(f"hostile dealings of {n}")
    pairs = [panel.answer(ben, 5)]
    hostile = 30 if scale == 1 else 300
    for number in range(hostile):
        dealer = Person(f"Dealer {number}")
        deal = Deal(panel, dealer, chance)
        blob = HARMS[number % len(HARMS)](deal)
        name = panel.table.say(dealer.device, TinyAnswer(panel.opened, blob))
        pairs.append((dealer.id, name))
    good = Deal(panel, cal, chance)
    pairs.append((cal.id, panel.table.say(cal.device, TinyAnswer(panel.opened, good.blob()))))
    panel.settle(panel.close_all(*pairs))
    panel.publish_keys(*range(n))
    said, keys = panel.table.operations[:-n], panel.table.operations[-n:]
    for count in range(panel.quorum, n + 1):
        for published in combinations(keys, count):
            space = replay(panel.table, [*said, *published])
            facts = facts_of(space, panel.opened)
            assert look(space, panel.opened).choices == {ben.id: 5, cal.id: 5}
            assert (facts.state, facts.answers, facts.void) == ("opened", 2, hostile)
