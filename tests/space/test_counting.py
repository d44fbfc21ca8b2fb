from collections.abc import Callable, Sequence
from itertools import combinations, permutations

import pytest

from beanjar.ops.alone import read_alone, write_alone
from beanjar.ops.errors import Refused
from beanjar.ops.operation import Operation
from beanjar.space.ballot import NotOpen
from beanjar.space.question import Close, Key, Precommit, Seen, Settled
from beanjar.testing.people import Person, make_key
from tests.seeded import seeded
from tests.space.panel import SIZES, Panel
from tests.space.tiny import (
    Count,
    TinyAnswer,
    TinyAsk,
    facts_of,
    look,
    reorder,
    replay,
    see_all,
)
from tests.told import is_sentence, told

every_size = pytest.mark.parametrize("n", SIZES)


@every_size
def test_what_all_witnesses_saw_counts_once_a_quorum_has_settled(n: int, ben: Person) -> None:
    panel = Panel(n)
    closes = panel.close_all(panel.answer(ben, 5))
    assert facts_of(panel.space, panel.opened).state == "closing"
    panel.settle(closes)
    assert facts_of(panel.space, panel.opened).state == "opened"
    assert panel.choices() == {ben.id: 5}


@every_size
def test_a_late_answer_that_as_many_as_may_lie_admit_does_not_count(
    n: int, ben: Person, cal: Person
) -> None:
    panel = Panel(n)
    in_time, late = panel.answer(ben, 5), panel.answer(cal, 9)
    liars, honest = panel.nodes[: panel.liars], panel.nodes[panel.liars :]
    closes = [panel.close(node, [in_time, late]) for node in liars]
    closes += [panel.close(node, [in_time]) for node in honest]
    panel.settle(closes)
    assert panel.choices() == {ben.id: 5}


@every_size
def test_a_late_answer_does_not_count_in_the_smallest_set_with_all_liars_in_it(
    n: int, ben: Person, cal: Person
) -> None:
    panel = Panel(n)
    in_time, late = panel.answer(ben, 5), panel.answer(cal, 9)
    liars, honest = panel.nodes[: panel.liars], panel.nodes[panel.liars : panel.quorum]
    closes = [panel.close(node, [late]) for node in liars]
    closes += [panel.close(node, [in_time]) for node in honest]
    panel.settle(closes)
    assert panel.choices() == {ben.id: 5}


@every_size
def test_an_answer_that_as_many_as_may_lie_leave_out_counts(
    n: int, ben: Person, cal: Person
) -> None:
    panel = Panel(n)
    kept, left_out = panel.answer(ben, 5), panel.answer(cal, 6)
    liars, honest = panel.nodes[: panel.liars], panel.nodes[panel.liars : panel.quorum]
    closes = [panel.close(node, [kept]) for node in liars]
    closes += [panel.close(node, [kept, left_out]) for node in honest]
    panel.settle(closes)
    assert panel.choices() == {ben.id: 5, cal.id: 6}


@every_size
def test_an_answer_counts_when_one_more_admits_it_than_may_lie_and_not_before(n: int) -> None:
    for admitting in range(n + 1):
        panel, ben = Panel(n), Person("Ben")
        pair = panel.answer(ben, 5)
        closes = [panel.close(node, [pair]) for node in panel.nodes[:admitting]]
        closes += [panel.close(node, []) for node in panel.nodes[admitting:]]
        panel.settle(closes)
        assert panel.choices() == ({ben.id: 5} if admitting > panel.liars else {})


@every_size
def test_liars_cannot_let_an_answer_count_as_another_persons(
    n: int, ben: Person, cal: Person
) -> None:
    panel = Panel(n)
    pair = panel.answer(ben, 5)
    lie = (cal.id, pair[1])
    closes = [panel.close(node, [lie]) for node in panel.nodes[: panel.liars]]
    closes += [panel.close(node, [pair]) for node in panel.nodes[panel.liars :]]
    panel.settle(closes)
    assert panel.choices() == {ben.id: 5}


@every_size
def test_liars_cannot_bring_back_an_answer_that_was_replaced(n: int, ben: Person) -> None:
    panel = Panel(n)
    first, second = panel.answer(ben, 5), panel.answer(ben, 6)
    closes = [panel.close(node, [first]) for node in panel.nodes[: panel.liars]]
    closes += [panel.close(node, [first, second]) for node in panel.nodes[panel.liars :]]
    panel.settle(closes)
    assert panel.choices() == {ben.id: 6}


@every_size
def test_liars_who_close_at_once_keep_nobody_from_answering(n: int, ben: Person) -> None:
    panel = Panel(n)
    closes = [panel.close(node, []) for node in panel.nodes[: panel.liars]]
    assert facts_of(panel.space, panel.opened).state == "open"
    pair = panel.answer(ben, 5)
    closes += [panel.close(node, [pair]) for node in panel.nodes[panel.liars :]]
    with told(NotOpen, "closed"):
        panel.answer(ben, 6)
    panel.settle(closes)
    assert panel.choices() == {ben.id: 5}


@every_size
def test_an_answer_to_another_opening_does_not_count_whoever_admits_it(
    n: int, ben: Person, cal: Person
) -> None:
    panel = Panel(n)
    pair = panel.answer(ben, 5)
    other = panel.open(panel.ada.device)
    elsewhere = panel.table.say(cal.device, TinyAnswer(other, choice=Count(6)))
    panel.settle(panel.close_all(pair, (cal.id, elsewhere)))
    assert panel.choices() == {ben.id: 5}


@every_size
def test_any_quorum_of_the_witnesses_settles_and_so_do_more(n: int) -> None:
    for count in (Panel(n).quorum, n):
        for voters in combinations(range(n), count):
            panel, ben = Panel(n), Person("Ben")
            closes = panel.close_all(panel.answer(ben, 5))
            panel.say_settled([panel.vote(panel.nodes[place], closes, 3) for place in voters])
            assert panel.choices() == {ben.id: 5}


@every_size
def test_any_set_of_enough_closes_comes_to_the_same_where_nobody_lies(n: int) -> None:
    for count in range(Panel(n).quorum, n + 1):
        for chosen in combinations(range(n), count):
            panel, ben = Panel(n), Person("Ben")
            closes = panel.close_all(panel.answer(ben, 5))
            panel.settle([closes[place] for place in chosen])
            assert panel.choices() == {ben.id: 5}


def test_the_same_certificate_said_twice_changes_nothing(ben: Person) -> None:
    panel = Panel(4)
    closes = panel.close_all(panel.answer(ben, 5))
    votes = panel.vote_all(closes)
    panel.say_settled(votes)
    expected = see_all(panel.space)
    panel.say_settled(votes[::-1])
    panel.say_settled([*votes, panel.vote(panel.nodes[3], closes)])
    panel.say_settled([panel.vote(node, closes, 1) for node in panel.nodes[1:]])
    assert see_all(panel.space) == expected


Trick = Callable[[Panel, list[str]], Sequence[Operation]]
TRICKS: list[Trick] = []


def trick(done: Trick) -> Trick:
    TRICKS.append(done)
    return done


@trick
def one_vote_is_missing(panel: Panel, closes: list[str]) -> Sequence[Operation]:
    return panel.vote_all(closes)[1:]


@trick
def the_votes_are_of_different_rounds(panel: Panel, closes: list[str]) -> Sequence[Operation]:
    return [*panel.vote_all(closes)[1:], panel.vote(panel.nodes[-1], closes, 1)]


@trick
def the_votes_are_for_different_sets(panel: Panel, closes: list[str]) -> Sequence[Operation]:
    return [*panel.vote_all(closes)[1:], panel.vote(panel.nodes[-1], closes[1:])]


@trick
def a_vote_stands_there_twice(panel: Panel, closes: list[str]) -> Sequence[Operation]:
    votes = panel.vote_all(closes)[1:]
    return [*votes, votes[0]]


@trick
def a_vote_stands_there_twice_beside_enough(panel: Panel, closes: list[str]) -> Sequence[Operation]:
    votes = panel.vote_all(closes)
    return [*votes, votes[0]]


@trick
def a_witness_votes_twice(panel: Panel, closes: list[str]) -> Sequence[Operation]:
    return [*panel.vote_all(closes)[1:], panel.vote(panel.nodes[1], closes)]


@trick
def a_stranger_votes(panel: Panel, closes: list[str]) -> Sequence[Operation]:
    return [*panel.vote_all(closes)[1:], panel.vote(Person("Eve").device, closes)]


@trick
def a_second_device_of_a_keeper_votes(panel: Panel, closes: list[str]) -> Sequence[Operation]:
    second = Person("Keeper 0").new_device("second node")
    return [*panel.vote_all(closes)[1:], panel.vote(second, closes)]


@trick
def a_vote_is_for_another_open(panel: Panel, closes: list[str]) -> Sequence[Operation]:
    other = panel.open(panel.ada.device)
    votes = panel.vote_all(closes)
    first, panel.opened = panel.opened, other
    elsewhere = panel.vote(panel.nodes[0], closes)
    panel.opened = first
    return [*votes[1:], elsewhere]


@trick
def a_vote_was_given_in_another_space(panel: Panel, closes: list[str]) -> Sequence[Operation]:
    chosen = tuple(sorted(closes))
    body = Precommit(panel.opened, 0, chosen, panel.prevote(chosen))
    elsewhere = panel.nodes[0].write(make_key("another space").public, body, panel.table.now)
    return [*panel.vote_all(closes)[1:], elsewhere]


@trick
def a_vote_is_no_vote(panel: Panel, closes: list[str]) -> Sequence[Operation]:
    return [*panel.vote_all(closes)[1:], panel.table.find_operation(closes[0])]


@trick
def the_set_is_not_in_order(panel: Panel, closes: list[str]) -> Sequence[Operation]:
    return [panel.say_vote(node, sorted(closes, reverse=True)) for node in panel.nodes]


@trick
def the_set_has_one_close_twice(panel: Panel, closes: list[str]) -> Sequence[Operation]:
    return panel.vote_all([closes[0], *closes[: panel.quorum - 1]])


@trick
def the_set_is_too_small(panel: Panel, closes: list[str]) -> Sequence[Operation]:
    return panel.vote_all(closes[: panel.quorum - 1])


@trick
def the_set_is_empty(panel: Panel, closes: list[str]) -> Sequence[Operation]:
    del closes
    return panel.vote_all([])


@trick
def a_close_in_the_set_is_a_strangers(panel: Panel, closes: list[str]) -> Sequence[Operation]:
    return panel.vote_all([*closes[1:], panel.close(Person("Eve").device, [])])


@trick
def two_closes_in_the_set_are_of_one_witness(
    panel: Panel, closes: list[str]
) -> Sequence[Operation]:
    return panel.vote_all([*closes[1:], panel.close(panel.nodes[1], [])])


@trick
def a_close_in_the_set_is_of_another_open(panel: Panel, closes: list[str]) -> Sequence[Operation]:
    other = panel.open(panel.ada.device)
    batch = panel.table.say(panel.nodes[0], Seen(other, ()))
    return panel.vote_all([*closes[1:], panel.table.say(panel.nodes[0], Close(other, batch))])


@every_size
@pytest.mark.parametrize("trick", TRICKS, ids=lambda trick: trick.__name__)
def test_a_certificate_settles_nothing_where(trick: Trick, n: int, ben: Person) -> None:
    panel = Panel(n)
    closes = panel.close_all(panel.answer(ben, 5))
    panel.say_settled(trick(panel, closes))
    assert not panel.is_settled()
    assert facts_of(panel.space, panel.opened).state == "closing"
    panel.settle(closes)
    assert panel.choices() == {ben.id: 5}


def test_a_vote_with_one_bit_changed_settles_nothing(ben: Person, scale: int) -> None:
    panel = Panel(4)
    votes = panel.vote_all(panel.close_all(panel.answer(ben, 5)))
    good, last = [write_alone(vote) for vote in votes[1:]], write_alone(votes[0])
    chance = seeded("a bit of a vote")
    bits = range(len(last) * 8)
    for bit in sorted(chance.sample(bits, min(len(bits), 150 * scale))):
        changed = (int.from_bytes(last) ^ 1 << bit).to_bytes(len(last))
        panel.table.say(Person(f"Postman {bit}").device, Settled(panel.opened, (*good, changed)))
    assert not panel.is_settled()
    panel.say_settled(votes)
    assert panel.choices() == {ben.id: 5}


@pytest.mark.parametrize("data", [b"", b"vote", bytes(240), bytes(400)])
def test_a_vote_that_is_noise_settles_nothing(data: bytes, ben: Person) -> None:
    panel = Panel(4)
    votes = panel.vote_all(panel.close_all(panel.answer(ben, 5)))
    whole = [write_alone(vote) for vote in votes]
    panel.table.say(ben.device, Settled(panel.opened, (*whole, data)))
    assert not panel.is_settled()
    with told(Refused):
        read_alone(data)


@every_size
def test_two_certificates_for_different_sets_leave_no_result_in_any_order(
    n: int, ben: Person, scale: int
) -> None:
    panel = Panel(n)
    closes = panel.close_all(panel.answer(ben, 5))
    first = panel.settle(closes)
    assert panel.choices() == {ben.id: 5}
    second = panel.settle(closes[1:])
    facts = facts_of(panel.space, panel.opened)
    assert (facts.state, facts.answers) == ("void", 0)
    assert is_sentence(facts.reason)
    assert panel.choices() is None
    expected = see_all(panel.space)
    settled = [panel.table.find_operation(name) for name in (first, second)]
    before = [each for each in panel.table.operations if each not in settled]
    for order in permutations(settled):
        assert see_all(replay(panel.table, [*before, *order])) == expected
    chance = seeded("two certificates")
    for _ in range(10 * scale):
        assert see_all(replay(panel.table, reorder(panel.table.operations, chance))) == expected


def test_two_openings_that_are_both_settled_leave_no_result(ben: Person) -> None:
    panel = Panel(4)
    panel.settle(panel.close_all(panel.answer(ben, 5)))
    first, panel.opened = panel.opened, panel.open(panel.ada.device)
    panel.settle(panel.close_all())
    for name in (first, panel.opened):
        facts = facts_of(panel.space, name)
        assert facts.state == "void"
        assert is_sentence(facts.reason)
    assert panel.choices() is None


def test_an_asker_who_opens_twice_can_settle_one_only(ben: Person, cal: Person) -> None:
    panel = Panel(4)
    first = panel.opened
    pair = panel.answer(ben, 5)
    panel.opened = panel.open(panel.ada.device)
    panel.see(panel.nodes[0], ())
    panel.table.say(cal.device, TinyAnswer(panel.opened, choice=Count(6)))
    panel.opened = first
    panel.settle(panel.close_all(pair))
    assert facts_of(panel.space, panel.asked).open == first
    assert panel.choices() == {ben.id: 5}


@every_size
def test_a_chain_of_batches_ends_where_it_runs_into_another_witnesses(n: int, ben: Person) -> None:
    panel = Panel(n)
    pair = panel.answer(ben, 5)
    theirs = panel.see(panel.nodes[0], [pair])
    closes = [panel.table.say(panel.nodes[0], Close(panel.opened, theirs))]
    closes += [panel.close(node, [pair]) for node in panel.nodes[1 : panel.liars]]
    for node in panel.nodes[panel.liars :]:
        copied = panel.see(node, (), theirs)
        closes.append(panel.table.say(node, Close(panel.opened, copied)))
    panel.settle(closes)
    assert panel.choices() == {}


def test_a_chain_of_batches_ends_where_it_runs_into_another_opening(ben: Person) -> None:
    panel = Panel(4)
    pair = panel.answer(ben, 5)
    other = panel.open(panel.ada.device)
    closes = []
    for node in panel.nodes:
        elsewhere = panel.table.say(node, Seen(other, (pair,)))
        last = panel.see(node, (), elsewhere)
        closes.append(panel.table.say(node, Close(panel.opened, last)))
    panel.settle(closes)
    assert panel.choices() == {}


def test_a_chain_of_batches_that_runs_into_another_question_lets_nothing_count(
    ben: Person,
) -> None:
    panel = Panel(4)
    pair = panel.answer(ben, 5)
    terms = panel.space.closing(panel.asked).ask.terms
    other = panel.table.say(panel.ada.device, TinyAsk(terms))
    elsewhere = panel.table.say(panel.nodes[0], Seen(other, (pair,)))
    last = panel.see(panel.nodes[0], (), elsewhere)
    liar = panel.table.say(panel.nodes[0], Close(panel.opened, last))
    honest = [panel.close(node, [pair]) for node in panel.nodes[1:]]
    panel.settle([liar, *honest])
    facts = facts_of(panel.space, panel.opened)
    assert facts.state == "settled"
    assert is_sentence(facts.reason)
    assert panel.choices() is None


@every_size
def test_what_has_not_arrived_yet_is_waited_for_and_then_counted(
    n: int, ben: Person, cal: Person
) -> None:
    panel = Panel(n)
    pairs = [panel.answer(ben, 5), panel.answer(cal, 6)]
    closes = panel.close_all(*pairs)
    panel.settle(closes)
    expected = see_all(panel.space)
    kinds = (b'"question.close"', b'"question.seen"', b'"tiny.answer"')
    needed = [
        each for each in panel.table.operations if any(kind in (each.body or b"") for kind in kinds)
    ]
    assert len(needed) == 3 * n + 2
    for missing in needed:
        space = replay(panel.table, [op for op in panel.table.operations if op != missing])
        facts = facts_of(space, panel.opened)
        assert facts.state == "settled"
        assert is_sentence(facts.reason)
        assert "not arrived" in facts.reason
        assert look(space, panel.opened).choices is None
        space.add(missing)
        assert see_all(space) == expected


def test_an_answer_that_nobody_needs_is_not_waited_for(ben: Person, cal: Person) -> None:
    panel = Panel(4)
    pairs = [panel.answer(ben, 5), (cal.id, make_key("an answer that is nowhere").public.hex())]
    closes = [panel.close(panel.nodes[0], pairs)]
    closes += [panel.close(node, pairs[:1]) for node in panel.nodes[1:]]
    panel.settle(closes)
    assert panel.choices() == {ben.id: 5}


@every_size
def test_a_quorum_of_keys_opens_a_sealed_question_and_one_less_does_not(
    n: int, ben: Person
) -> None:
    panel = Panel(n, sealed=True)
    panel.settle(panel.close_all(panel.answer(ben, 5)))
    for place in range(panel.quorum):
        assert facts_of(panel.space, panel.opened).state == "settled"
        assert facts_of(panel.space, panel.opened).answers == 1
        assert panel.choices() is None
        panel.publish_keys(n - 1 - place)
    assert facts_of(panel.space, panel.opened).state == "opened"
    assert panel.choices() == {ben.id: 5}


@every_size
def test_more_keys_and_false_ones_change_nothing(n: int, ben: Person) -> None:
    panel = Panel(n, sealed=True)
    panel.settle(panel.close_all(panel.answer(ben, 5)))
    stranger = Person("Eve").device
    for node, secret in (
        (panel.nodes[0], make_key("a false key").seed),
        (panel.nodes[0], panel.secret(1)),
        (stranger, panel.secret(0)),
        (panel.nodes[1], bytes(32)),
    ):
        panel.table.say(node, Key(panel.opened, secret.hex()))
    panel.publish_keys(*range(1, panel.quorum))
    assert facts_of(panel.space, panel.opened).state == "settled"
    assert panel.choices() is None
    for place in (0, *range(panel.quorum, n)):
        panel.publish_keys(place)
        assert panel.choices() == {ben.id: 5}


def test_keys_that_come_before_it_is_settled_open_nothing(ben: Person) -> None:
    panel = Panel(4, sealed=True)
    pair = panel.answer(ben, 5)
    panel.publish_keys(0, 1, 2, 3)
    assert panel.choices() is None
    closes = panel.close_all(pair)
    assert panel.choices() is None
    panel.settle(closes)
    assert panel.choices() == {ben.id: 5}


def test_a_story_with_liars_comes_to_the_same_in_every_order(
    ben: Person, cal: Person, scale: int
) -> None:
    panel = Panel(4, sealed=True)
    pairs = [panel.answer(ben, 5), panel.answer(cal, 6), panel.answer(ben, 7)]
    panel.open(panel.ada.device)
    liar, *honest = panel.nodes
    closes = [panel.close(liar, [pairs[0], (cal.id, pairs[2][1])])]
    closes += [panel.close(node, pairs) for node in honest]
    closes.append(panel.close(liar, []))
    panel.say_settled([panel.vote(node, closes[:3]) for node in panel.nodes[:2]])
    panel.settle(closes[:4])
    panel.table.say(liar, Key(panel.opened, make_key("a false key").seed.hex()))
    panel.publish_keys(3, 1, 2)
    assert panel.choices() == {ben.id: 7, cal.id: 6}
    expected = see_all(panel.space)
    chance = seeded("liars")
    for _ in range(30 * scale):
        order = reorder(panel.table.operations, chance)
        assert see_all(replay(panel.table, order)) == expected
