"""A witness that has precommitted lets go only for what a quorum has prevoted for later."""

from collections.abc import Callable

import pytest

from beanjar.base.limits import ALL_CLOSES, PATIENCE
from beanjar.ops.operation import Operation
from beanjar.space.agreement import patience
from beanjar.space.question import Close, Closes, Precommit, Prevote, Propose, Seen
from beanjar.space.words import NIL
from tests.space.assembly import Assembly
from tests.space.replica import Replica


class Trap:
    """Three honest witnesses and a liar, whose one vote locks the first alone on a set.

    The liar has closed twice: the first heard of one close, the others of the other one first.
    """

    def __init__(self) -> None:
        self.table = table = Assembly(4)
        self.first, self.second, self.third, self.liar = table.nodes
        self.honest = [self.first, self.second, self.third]
        table.close(*self.honest)
        for node in self.honest:
            table.tell(table.words_of(node), *self.honest)
        self.faces = [self.liar.device.copied(), self.liar.device.copied()]
        one, other = (self._close(face) for face in (0, 1))
        table.tell(one, self.first)
        table.tell([*other, *one], self.second, self.third)
        closes = [said.id for said in table.said(self.first, Close)]
        honest = [name for name in closes if name != one[1].id.hex()]
        self.decoy = tuple(sorted(closes))
        self.other = tuple(sorted([*honest, other[1].id.hex()]))

    def say(
        self, face: int, *bodies: Prevote | Precommit | Propose | Seen | Close
    ) -> list[Operation]:
        """Let one face of the liar say something."""
        table = self.table
        return [
            self.faces[face].write(table.scene.space, body, table.now + face) for body in bodies
        ]

    def spring(self) -> None:
        """Let round 0 pass: the first is locked on the decoy, and nobody has heard of it."""
        table, on = self.table, self.table.on
        table.tell(table.hear(self.first), self.second)
        table.tell(table.hear(self.second), self.first, self.third)
        table.tell(self.say(0, Prevote(on, 0, self.decoy)), self.first)
        self.hidden = table.hear(self.first)
        assert table.votes(self.first, Precommit) == {0: self.decoy}
        table.hear(self.third)  # which has heard of no proposal
        table.wait(ALL_CLOSES + PATIENCE)
        table.tell(table.hear(self.third), self.second)
        table.tell(self.say(1, Prevote(on, 0, NIL)), self.second, self.third)
        table.hear(self.second, self.third)
        table.wait(PATIENCE)
        for node, other in ((self.second, self.third), (self.third, self.second)):
            table.tell(table.hear(node), other)
        table.tell(self.say(1, Precommit(on, 0, NIL)), self.second, self.third)
        table.hear(self.second, self.third)
        assert table.votes(self.second, Precommit) == {0: NIL}
        table.wait(PATIENCE)

    def _close(self, face: int) -> list[Operation]:
        [batch] = self.say(face, Seen(self.table.on, ()))
        return [batch, *self.say(face, Close(self.table.on, batch.id.hex()))]


def test_a_lock_that_rests_on_a_liars_vote_gives_way_to_a_later_quorum_without_the_liar() -> None:
    trap = Trap()
    table, on, first, second, third = trap.table, trap.table.on, *trap.honest
    trap.spring()
    table.tell(table.hear(second), third)  # round 1: the second proposes the other set
    table.tell(table.hear(third), second)
    assert table.votes(third, Prevote)[1] == trap.other
    for node in (second, third):
        table.tell(table.words_of(node), first)
    table.hear(first)
    table.wait(patience(1))
    table.hear(first)
    assert table.votes(first, Prevote) == {0: trap.decoy, 1: NIL}
    table.tell(trap.say(1, Prevote(on, 1, trap.other)), second, third)
    for node, other in ((second, third), (third, second)):
        table.tell(table.hear(node), other)
    assert table.votes(second, Precommit)[1] == trap.other
    table.tell(trap.say(1, Precommit(on, 1, NIL)), second, third)
    table.hear(second, third)
    table.wait(patience(1))
    table.tell(table.hear(third), second)  # round 2: the third proposes it again, with prevotes
    table.tell(table.hear(second), third)
    assert third.closing.settled(table.opening(third)) is None
    for node in (second, third):
        table.tell(table.words_of(node), first)
    table.fetch(first, second)
    table.talk(*trap.honest)
    assert table.votes(first, Prevote)[2] == trap.other
    assert all(node.closing.settled(table.opening(node)) == trap.other for node in trap.honest)


def test_a_set_that_is_locked_is_proposed_again_by_whoever_hears_of_it() -> None:
    trap = Trap()
    table, second = trap.table, trap.second
    trap.spring()
    table.tell(trap.hidden, second, trap.third)
    for node in trap.honest:
        table.tell(table.words_of(node), *trap.honest)
    table.talk(*trap.honest)
    [proposal] = [
        said.body for said in table.said(second, Propose) if said.device == second.device.name
    ]
    assert isinstance(proposal, Propose)
    assert (proposal.round, proposal.closes, proposal.valid) == (1, trap.decoy, 0)
    assert all(node.closing.settled(table.opening(node)) == trap.decoy for node in trap.honest)


Claim = tuple[int | None, tuple[bytes, ...]]
Proof = Callable[[Trap, list[Replica]], Claim]
"""Makes the valid round and the prevotes with which the other set is proposed in round 3."""

PROOFS: list[Proof] = []


def forged(proof: Proof) -> Proof:
    PROOFS.append(proof)
    return proof


@forged
def there_are_no_prevotes(trap: Trap, quorum: list[Replica]) -> Claim:
    del trap, quorum
    return None, ()


@forged
def one_is_missing(trap: Trap, quorum: list[Replica]) -> Claim:
    return 2, trap.table.back(trap.other, 2, *quorum[1:])


@forged
def one_is_there_twice(trap: Trap, quorum: list[Replica]) -> Claim:
    return 2, trap.table.back(trap.other, 2, *quorum[1:], quorum[1])


@forged
def they_are_for_another_set(trap: Trap, quorum: list[Replica]) -> Claim:
    return 2, trap.table.back(trap.decoy, 2, *quorum)


@forged
def they_are_of_another_round(trap: Trap, quorum: list[Replica]) -> Claim:
    return 2, trap.table.back(trap.other, 1, *quorum)


@forged
def they_are_of_this_round(trap: Trap, quorum: list[Replica]) -> Claim:
    return 3, trap.table.back(trap.other, 3, *quorum)


@forged
def one_is_a_strangers(trap: Trap, quorum: list[Replica]) -> Claim:
    table = trap.table
    device = table.scene.voters[0].copied()
    stranger = Replica(table.scene.space, table.scene.open.on, device, 0)
    return 2, table.back(trap.other, 2, *quorum[1:], stranger)


@forged
def one_has_a_bad_signature(trap: Trap, quorum: list[Replica]) -> Claim:
    one, *others = trap.table.back(trap.other, 2, *quorum)
    return 2, (one[:160] + bytes(64) + one[224:], *others)


def hear_proposal(trap: Trap, valid: int | None, prevotes: tuple[bytes, ...]) -> Closes:
    """Let the first hear the liar propose the other set in round 3; return what it prevotes."""
    table, on, first = trap.table, trap.table.on, trap.first
    table.tell(trap.say(0, Prevote(on, 3, NIL)), first)
    table.tell(table.words_of(trap.second), first)
    table.tell([table.lie(trap.second, Prevote(on, 3, NIL))], first)
    table.hear(first)
    table.tell(trap.say(0, Propose(on, 3, trap.other, valid, prevotes)), first)
    table.fetch(first, trap.second)
    table.hear(first)
    table.wait(patience(3))
    table.hear(first)
    return table.votes(first, Prevote)[3]


def test_a_lock_gives_way_to_a_proposal_with_the_prevotes_of_a_later_quorum() -> None:
    trap = Trap()
    trap.spring()
    prevotes = trap.table.back(trap.other, 2, trap.second, trap.third, trap.liar)
    assert hear_proposal(trap, 2, prevotes) == trap.other


@pytest.mark.parametrize("proof", PROOFS, ids=lambda proof: proof.__name__)
def test_a_lock_does_not_give_way_to_a_proposal_of_whose_prevotes(proof: Proof) -> None:
    trap = Trap()
    trap.spring()
    assert hear_proposal(trap, *proof(trap, [trap.second, trap.third, trap.liar])) == NIL
