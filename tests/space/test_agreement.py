from collections.abc import Callable

import msgspec
import pytest

from beanjar.base.limits import ALL_CLOSES, OPINIONS, PATIENCE, PATIENCE_GROWTH
from beanjar.ops.operation import Operation
from beanjar.space.question import (
    Close,
    Closes,
    End,
    Key,
    Precommit,
    Prevote,
    Propose,
    Seen,
    Settled,
)
from beanjar.space.words import NIL
from tests.seeded import seeded
from tests.space.assembly import Assembly
from tests.space.panel import SIZES
from tests.space.replica import Replica, read

every_size = pytest.mark.parametrize("n", SIZES)


def closes_of(table: Assembly, node: Replica) -> Closes:
    """The closes that are here, as a set."""
    return tuple(sorted(said.id for said in table.said(node, Close)))


def settled(table: Assembly, node: Replica) -> Closes:
    closes = node.closing.settled(table.opening(node))
    assert isinstance(closes, tuple)
    return closes


@every_size
def test_witnesses_who_hear_one_another_settle_on_all_closes_in_one_round(n: int) -> None:
    table = Assembly(n)
    table.tell([table.answer(0)])
    table.close()
    table.talk()
    for node in table.nodes:
        assert len(settled(table, node)) == n
        assert table.votes(node, Prevote) == {0: closes_of(table, node)}
        assert table.facts(node).answers == 1


@every_size
def test_a_quorum_settles_without_the_others(n: int) -> None:
    table = Assembly(n)
    present = table.nodes[: table.voters.quorum]
    table.close(*present)
    table.talk(*present)
    assert table.facts(present[0]).state == "closing"
    table.wait(ALL_CLOSES)
    table.talk(*present)
    assert len(settled(table, present[0])) == len(present)
    assert table.facts(present[0]).state == "opened"


@every_size
def test_fewer_than_a_quorum_settle_nothing_however_long_they_wait(n: int) -> None:
    table = Assembly(n)
    present = table.nodes[: table.voters.quorum - 1]
    table.close(*present)
    for _ in range(100):
        table.talk(*present)
        table.wait(10 * PATIENCE)
    assert {table.facts(node).state for node in present} <= {"closing", "open"}
    assert not table.votes(present[0], Prevote)


def test_who_proposes_first_waits_a_while_for_the_last_close() -> None:
    table = Assembly(4)
    first, *_, slow = table.nodes
    table.close(*table.nodes[:3])
    table.talk(*table.nodes[:3])
    table.wait(ALL_CLOSES - 1)
    table.talk(*table.nodes[:3])
    assert not table.said(first, Propose)
    table.close(slow)
    table.talk()
    assert len(settled(table, first)) == 4


@every_size
def test_where_those_whose_turn_it_is_are_gone_the_next_one_proposes(n: int) -> None:
    table = Assembly(n)
    spare = table.voters.spare
    present = table.nodes[spare:]
    table.close(*present)
    table.talk(*present)
    table.wait(ALL_CLOSES + PATIENCE - 1)
    table.talk(*present)
    assert not table.votes(present[0], Prevote)
    for _ in range(30):
        table.wait(PATIENCE_GROWTH)
        table.talk(*present)
    assert len(settled(table, present[0])) == len(present)
    expected = dict.fromkeys(range(spare), NIL) | {spare: closes_of(table, present[0])}
    assert table.votes(present[0], Prevote) == expected


def test_a_clock_that_is_put_back_only_makes_a_witness_wait_anew() -> None:
    table = Assembly(4)
    present = table.nodes[1:]
    table.close(*present)
    table.talk(*present)
    table.wait(-20 * 60_000)
    for _ in range(30):
        table.talk(*present)
        table.wait(PATIENCE_GROWTH)
    assert len(settled(table, present[0])) == 3


def test_a_witness_killed_after_each_word_says_each_word_once() -> None:
    table = Assembly(4, sealed=True)
    table.tell([table.answer(0)])
    table.close()
    for node in table.nodes:
        table.tell(table.words_of(node))
    for _ in range(40):
        for place, node in enumerate(table.nodes):
            table.nodes[place] = again = node.restarted()
            word = next(again.words(table.now), None)
            if word is not None:
                operation = again.write(word, table.now)
                table.tell([operation])
    for node in table.nodes:
        assert table.facts(node).state == "opened"
        kinds = (Close, Prevote, Precommit, Key)
        said = [
            type(each.body)
            for kind in kinds
            for each in table.said(node, kind)
            if each.device == node.device.name
        ]
        assert len(said) == len(set(said))
        assert {Close, Key} <= set(said)


def test_a_witness_that_was_killed_keeps_its_lock_and_its_round() -> None:
    table = Assembly(4)
    table.close()
    first, second, third, fourth = table.nodes
    table.talk(first, second, third)
    table.wait(ALL_CLOSES)
    table.tell(table.hear(first), second, third)
    table.tell(table.hear(second, third), first)
    table.hear(first)
    locked = closes_of(table, first)
    assert table.votes(first, Precommit) == {0: locked}
    table.tell(table.words_of(fourth))
    again = table.nodes[0] = first.restarted()
    table.lie(second, Propose(table.on, 1, closes_of(table, first)))
    table.lie(third, Prevote(table.on, 1, closes_of(table, first)))
    for node in (second, third):
        table.tell(table.words_of(node), again)
    for _ in range(10):
        table.hear(again)
        table.wait(PATIENCE)
    assert table.votes(again, Prevote) == {0: locked, 1: NIL}


def test_a_witness_does_not_vote_before_it_holds_every_answer_that_would_count() -> None:
    table = Assembly(4)
    answer = table.answer(0)
    first, second, late, _ = table.nodes
    table.tell([answer], first, second)
    table.close()
    table.talk(first, second, late)
    table.wait(ALL_CLOSES)
    table.talk(first, second, late)
    assert table.votes(second, Prevote)
    assert not table.votes(late, Prevote)
    assert late.missing() == (answer.id.hex(),)
    late.take_alone(answer, table.now)
    table.talk(first, second, late)
    assert table.votes(late, Prevote) == {0: settled(table, late)}
    assert late.missing() == ()
    assert table.facts(late).answers == 1


def test_a_proposal_that_cannot_be_held_is_given_up_in_time() -> None:
    table = Assembly(4)
    liar, *honest = table.nodes
    hidden = table.answer(0)
    table.close(*honest)
    for node in honest:
        table.tell(table.words_of(node))
    liar.take(hidden, table.now)
    batch = table.lie(liar, Seen(table.on, ((table.person(liar, hidden), hidden.id.hex()),)))
    close = table.lie(liar, Close(table.on, batch.id.hex()))
    table.lie(liar, Propose(table.on, 0, closes_of(table, liar)))
    [proposal] = [
        each for each in table.words_of(liar) if b"question.propose" in (each.body or b"")
    ]
    for node in honest:
        node.take_alone(close, table.now)
        node.take_alone(proposal, table.now)
    table.talk(*honest)
    assert all(batch.id.hex() in node.missing() for node in honest)
    table.wait(ALL_CLOSES + PATIENCE)
    for _ in range(20):
        table.talk(*honest)
        table.wait(PATIENCE_GROWTH)
    assert table.votes(honest[0], Prevote)[0] == NIL
    assert len(settled(table, honest[0])) == 3
    assert close.id.hex() not in settled(table, honest[0])


def test_precommits_of_an_earlier_round_settle_whenever_they_arrive() -> None:
    table = Assembly(4)
    table.close()
    first, second, third, liar = table.nodes
    table.talk(first, second, third)
    table.tell(table.words_of(liar))
    table.tell(table.hear(first))
    table.tell(table.hear(second, third))
    late = table.hear(third)
    assert [type(said.body) for said in table.said(third, Precommit)] == [Precommit]
    table.tell(table.hear(second), first)
    table.tell([table.lie(liar, Precommit(table.on, 0, NIL))], first)
    table.hear(first)
    table.wait(PATIENCE)
    table.hear(first)
    table.wait(PATIENCE + PATIENCE_GROWTH)
    table.hear(first)
    assert set(table.votes(first, Prevote)) == {0, 1}
    assert first.closing.settled(table.opening(first)) is None
    table.tell(late, first)
    table.hear(first)
    assert settled(table, first) == table.votes(first, Precommit)[0]


def tell_spoilt(table: Assembly) -> Operation:
    """Let the first witness lack one vote, of which it hears with a spoilt signature; return it."""
    table.close()
    first, second, third, liar = table.nodes
    table.talk(first, second, third)
    table.tell(table.words_of(liar))
    table.tell(table.hear(first))
    table.tell(table.hear(second, third))
    closes = closes_of(table, first)
    backing = table.back(closes, 0, first, second, third)
    vote = liar.write(Precommit(table.on, 0, closes, backing), table.now)
    spoilt = msgspec.structs.replace(vote, signature=bytes(64))
    after = liar.write(End(table.on), table.now)
    table.tell([spoilt, after], first)
    table.tell(table.hear(second), first)
    table.hear(first)
    assert table.votes(first, Precommit) == {0: closes}
    return vote


def test_a_vote_without_a_good_signature_of_its_own_is_not_counted() -> None:
    table = Assembly(4)
    tell_spoilt(table)
    first, _, third, _ = table.nodes
    assert not table.said(first, Settled)
    table.tell(table.hear(third), first)
    table.hear(first)
    assert settled(table, first) == closes_of(table, first)


def test_a_vote_whose_signature_was_spoilt_on_the_way_is_asked_for_and_counts() -> None:
    table = Assembly(4)
    vote = tell_spoilt(table)
    first = table.nodes[0]
    assert first.missing() == (vote.id.hex(),)
    first.take_alone(vote, table.now)
    table.hear(first)
    assert settled(table, first) == closes_of(table, first)
    assert not first.missing()


def test_a_witness_of_another_opening_publishes_its_key_once_one_is_settled() -> None:
    table = Assembly(4, sealed=True)
    *three, astray = table.nodes
    table.hear(*three)
    laptop = table.scene.laptop.copied()
    again = laptop.write(table.scene.space, table.scene.open, table.now)
    earlier = astray.restarted()
    served = table.lie(earlier, Seen(again.id.hex(), ()))
    earlier.take(again, table.now)
    table.nodes[3] = astray = earlier
    assert served.id.hex() in astray.held
    table.close(*three)
    table.talk(*three)
    table.wait(ALL_CLOSES)
    table.talk(*three)
    assert table.facts(three[0]).state == "opened"
    for node in three:
        table.tell(table.words_of(node), astray)
    [word] = table.hear(astray)
    assert read(word) == Key(table.on, astray.secret_for(table.scene.open.on).hex())


def test_a_flood_of_words_neither_stops_the_others_nor_is_kept() -> None:
    table = Assembly(4)
    liar, *honest = table.nodes
    table.close()
    table.talk(*honest)
    table.tell(table.words_of(liar))
    chance = seeded("a flood")
    for turn in range(3):
        for _ in range(4 * OPINIONS):
            closes = tuple(sorted(chance.randbytes(32).hex() for _ in range(3)))
            table.tell(
                [
                    table.lie(liar, body)
                    for body in (Propose(table.on, turn, closes), Prevote(table.on, turn, closes))
                ]
            )
    assert all(len(node.closing.missing()) <= 2 * OPINIONS * 3 for node in honest)
    for _ in range(30):
        table.talk(*honest)
        table.wait(PATIENCE_GROWTH)
    assert len(settled(table, honest[0])) == 4


def test_a_lone_witness_settles_on_its_own_close_without_proposing_anything() -> None:
    table = Assembly(1)
    [node] = table.nodes
    table.close()
    table.talk()
    assert settled(table, node) == closes_of(table, node)
    assert not table.said(node, Propose)
    assert not table.said(node, Prevote)


Lie = Callable[[Assembly, Replica, Closes], Operation]
LIES: list[Lie] = []


def lie(told: Lie) -> Lie:
    LIES.append(told)
    return told


def propose(table: Assembly, node: Replica, closes: Closes) -> Operation:
    return table.lie(node, Propose(table.on, 0, closes))


@lie
def a_close_is_unknown(table: Assembly, liar: Replica, closes: Closes) -> Operation:
    return propose(table, liar, tuple(sorted((*closes[1:], "ff" * 32))))


@lie
def the_closes_are_in_another_order(table: Assembly, liar: Replica, closes: Closes) -> Operation:
    return propose(table, liar, closes[::-1])


@lie
def there_are_too_few_closes(table: Assembly, liar: Replica, closes: Closes) -> Operation:
    return propose(table, liar, closes[:2])


@lie
def two_closes_are_of_one_witness(table: Assembly, liar: Replica, closes: Closes) -> Operation:
    [_, close] = again = table.close_as(liar)
    table.tell(again)
    theirs = {said.id: said.device for said in table.said(liar, Close)}
    mine = [name for name in closes if theirs[name] == liar.device.name]
    others = [name for name in closes if name not in mine]
    return propose(table, liar, tuple(sorted((*mine, close.id.hex(), others[0]))))


@lie
def a_close_is_a_strangers(table: Assembly, liar: Replica, closes: Closes) -> Operation:
    stranger = table.scene.voters[0].copied()
    last = next(said for said in table.said(liar, Seen))
    close = stranger.write(table.scene.space, Close(table.on, last.id), table.now)
    table.tell([close])
    return propose(table, liar, tuple(sorted((*closes[1:], close.id.hex()))))


@lie
def something_in_it_is_no_close(table: Assembly, liar: Replica, closes: Closes) -> Operation:
    return propose(table, liar, tuple(sorted((*closes[1:], table.said(liar, Seen)[0].id))))


@lie
def it_is_another_witnesses_turn(table: Assembly, liar: Replica, closes: Closes) -> Operation:
    other = next(node for node in table.nodes if node is not liar)
    return propose(table, other, closes)


@pytest.mark.parametrize("lie", LIES, ids=lambda lie: lie.__name__)
def test_nobody_votes_for_a_proposal_where(lie: Lie) -> None:
    table = Assembly(4)
    liar, *honest = table.nodes
    table.close()
    for node in table.nodes:
        table.tell(table.words_of(node))
    table.tell([lie(table, liar, closes_of(table, honest[0]))])
    voters = honest[-2:]
    table.hear(*voters)
    table.wait(ALL_CLOSES + PATIENCE - 1)
    table.hear(*voters)
    assert not any(table.votes(node, Prevote) for node in voters)
    table.wait(1)
    table.hear(*voters)
    assert all(table.votes(node, Prevote) == {0: NIL} for node in voters)
