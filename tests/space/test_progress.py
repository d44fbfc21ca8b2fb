"""What is known while several witnesses close a question, and what stays once it is opened."""

import pytest

from beanjar.base.limits import BODY_BYTES, MISSING, PRECOMMIT_BYTES, PREVOTE_BYTES, ROUNDS
from beanjar.ops.alone import write_alone
from beanjar.ops.body import write_body
from beanjar.ops.fork import prove_fork
from beanjar.ops.log import Head, write_operation
from beanjar.ops.operation import Operation
from beanjar.space.certificate import read_certificate, write_certificate
from beanjar.space.charter import Leave
from beanjar.space.question import (
    Accept,
    Close,
    Key,
    Open,
    Precommit,
    Prevote,
    Propose,
    Seen,
    Settled,
)
from beanjar.space.view import encode_view
from beanjar.space.words import Voters
from beanjar.testing.clock import START
from beanjar.testing.gathering import Gathering
from beanjar.testing.people import Person, make_key
from tests.seeded import seeded
from tests.space.assembly import Assembly
from tests.space.panel import SIZES, Panel
from tests.space.replica import read
from tests.space.tiny import Count, TinyAsk, facts_of, gather, look, reorder, replay

every_size = pytest.mark.parametrize("n", SIZES)


def sit_down(n: int, founder: Person, *, sealed: bool = True) -> tuple[Gathering, str]:
    """Return a table with so many witnesses, and a question that is open there."""
    table = gather(founder, *(Person(f"Keeper {place}") for place in range(n)))
    return table, table.ask(founder, TinyAsk(table.terms(sealed=sealed)))


def names(table: Gathering) -> list[str]:
    return [witness.device.name for witness in table.witnesses]


@every_size
def test_several_witnesses_take_a_question_to_its_end(n: int, ada: Person, ben: Person) -> None:
    table, question = sit_down(n, ada)
    table.answer(ben.device, question, Count(5))
    table.close(question)
    assert facts_of(table.space, question).state == "opened"
    assert look(table.space, question).choices == {ben.id: 5}


@pytest.mark.parametrize(("n", "sure_at"), [(1, 1), (4, 4), (7, 7)])
def test_an_answer_has_a_receipt_of_each_witness_that_has_logged_it(
    n: int, sure_at: int, ada: Person, ben: Person
) -> None:
    table, question = sit_down(n, ada)
    answer = table.answer(ben.device, question, Count(5))
    table.say(ben.device, Seen(question, ((ben.id, answer),)))
    closing = table.space.closing(question)
    receipts = [closing.receipts(answer)]
    for witness in table.witnesses:
        witness.attend(question)
        receipts.append(closing.receipts(answer))
    assert receipts == list(range(n + 1))
    assert facts_of(table.space, question).sure_at == sure_at
    assert closing.receipts(question) == 0


@every_size
def test_with_as_many_receipts_as_make_it_sure_an_answer_counts_whoever_lies(n: int) -> None:
    panel, ben = Panel(n), Person("Ben")
    pair = panel.answer(ben, 5)
    for node in panel.nodes:
        panel.see(node, [pair])
    closing = panel.space.closing(panel.opened)
    assert closing.receipts(pair[1]) == facts_of(panel.space, panel.opened).sure_at
    closes = [panel.close(node, []) for node in panel.nodes[: panel.liars]]
    closes += [panel.close(node, [pair]) for node in panel.nodes[panel.liars : panel.quorum]]
    panel.settle(closes)
    assert panel.choices() == {ben.id: 5}


def test_a_question_says_for_which_witnesses_it_waits(ada: Person) -> None:
    table = gather(ada, *(Person(f"Keeper {place}") for place in range(4)))
    first, second, third, fourth = names(table)

    def waits() -> list[str]:
        return facts_of(table.space, asked).waiting_for

    asked = table.say(ada.device, TinyAsk(table.terms(sealed=True)))
    assert waits() == names(table)
    for witness in table.witnesses[:3]:
        witness.attend(asked)
    assert waits() == [fourth]
    table.witnesses[3].attend(asked)
    assert waits() == []
    accepts = table.space.closing(asked).accepts()
    question = table.say(ada.device, Open(asked, tuple(accepts[name].id for name in names(table))))
    table.attend(question)
    assert waits() == []
    table.clock.pass_time(table.space.closing(asked).ask.terms.closes - table.now)
    for witness in table.witnesses[1:3]:
        witness.attend(question)
    assert waits() == [first, fourth]
    table.witnesses.pop(3)
    table.attend(question)
    assert waits() == [first, second, third, fourth]
    table.close(question)
    assert facts_of(table.space, question).state == "opened"
    assert waits() == []


@every_size
def test_a_settled_question_waits_for_keys_until_there_are_enough(n: int) -> None:
    panel = Panel(n, sealed=True)
    panel.settle(panel.close_all())
    for place in range(panel.quorum):
        facts = facts_of(panel.space, panel.opened)
        assert facts.waiting_for == [node.name for node in panel.nodes[place:]]
        panel.publish_keys(place)
    assert facts_of(panel.space, panel.opened).waiting_for == []


def test_once_votes_are_missing_those_are_waited_for_who_have_not_voted_in_the_round() -> None:
    panel = Panel(4)
    names = [node.name for node in panel.nodes]
    closes = sorted(panel.close_all())
    assert facts_of(panel.space, panel.opened).waiting_for == names
    for turn in (0, 3):
        for place in range(3):
            panel.table.say(panel.nodes[place], Prevote(panel.opened, turn, tuple(closes)))
        assert facts_of(panel.space, panel.opened).waiting_for == names[3:]
    panel.table.say(panel.nodes[3], Prevote(panel.opened, 9_999, ()))
    assert facts_of(panel.space, panel.opened).waiting_for == []


@every_size
def test_certificates_that_contradict_are_shown_as_the_proof(n: int) -> None:
    panel = Panel(n)
    closes = panel.close_all()
    first = panel.settle(closes)
    assert facts_of(panel.space, panel.opened).proof == []
    second = panel.settle(closes[1:])
    facts = facts_of(panel.space, panel.opened)
    assert facts.proof == sorted([first, second])
    assert facts.waiting_for == []


@every_size
def test_an_opened_question_looks_the_same_without_all_that_its_certificate_does_not_reach(
    n: int, ada: Person, ben: Person, cal: Person
) -> None:
    table, question = sit_down(n, ada)
    for person, count in ((ben, 5), (cal, 6), (ben, 7)):
        table.answer(person.device, question, Count(count))
        table.attend(question)
    absent = table.witnesses.pop(0)
    table.close(question)
    expected = encode_view(look(table.space, question))
    assert facts_of(table.space, question).state == "opened"
    absent.attend(question)
    bare = [each for each in table.operations if not is_stray(table, each)]
    assert encode_view(look(table.space, question)) == expected
    assert encode_view(look(replay(table, bare), question)) == expected
    assert len(bare) < len(table.operations) - 2 * n
    chance = seeded("stray words")
    for _ in range(5):
        some = [each for each in table.operations if each in bare or chance.random() < 0.5]
        assert encode_view(look(replay(table, reorder(some, chance)), question)) == expected


def is_stray(table: Gathering, operation: Operation) -> bool:
    """Say whether an operation is a vote, or the close, the batch or a key that nobody needs."""
    body, absent = read(operation), operation.key.hex() not in names(table)
    if isinstance(body, Key):
        keys = [each.id for each in table.operations if isinstance(read(each), Key)]
        return operation.id in keys[table_quorum(table) :]
    late = isinstance(body, Seen | Close) and absent
    return late or isinstance(body, Propose | Prevote | Precommit)


def table_quorum(table: Gathering) -> int:
    [asked] = table.space.subjects(table.space.tools[0])
    return facts_of(table.space, asked).quorum


def test_what_is_missing_is_named_first_things_first_and_not_without_end() -> None:
    panel = Panel(4)
    closes = sorted(panel.close_all())
    for which in range(2):
        parts = tuple(f"{1_000 * which + place:064x}" for place in range(900))
        panel.table.say(panel.ada.device, Open(panel.asked, panel.accepts, parts=parts))
    closing = panel.space.closing(panel.asked)
    assert len(closing.missing()) == MISSING
    panel.settle([*closes[:3], "ff" * 32])
    assert closing.missing() == ("ff" * 32,)


def test_the_largest_votes_and_the_largest_certificate_fit() -> None:
    keys = [make_key(f"node {place}") for place in range(7)]
    voters = Voters("5a" * 32, "0a" * 32, tuple(key.public.hex() for key in keys))
    closes = tuple(f"{place:064x}" for place in range(7))

    def sign(place: int, body: Prevote | Precommit) -> bytes:
        head = Head(2**53 - 3, b"p" * 32, START)
        space = bytes.fromhex(voters.space)
        written = write_operation(
            keys[place], space, head, write_body(body), salt=bytes(16), time=START
        )
        return write_alone(written)

    prevotes = tuple(sign(place, Prevote(voters.opened, ROUNDS, closes)) for place in range(5))
    precommits = [
        sign(place, Precommit(voters.opened, ROUNDS, closes, prevotes)) for place in range(5)
    ]
    certificate = write_certificate(voters.opened, precommits)
    assert read_certificate(certificate, voters) == closes
    assert len(prevotes[0]) == 830 <= PREVOTE_BYTES
    assert len(precommits[0]) == 6_400 <= PRECOMMIT_BYTES
    assert len(write_body(certificate)) == 42_806
    largest = Settled(voters.opened, (bytes(PRECOMMIT_BYTES),) * 5)
    assert len(write_body(largest)) <= BODY_BYTES


def test_a_witness_whose_node_was_restored_says_nothing_more(ada: Person, ben: Person) -> None:
    table, question = sit_down(4, ada)
    table.answer(ben.device, question, Count(5))
    restored = table.witnesses[0]
    restored.restored = True
    before = sum(each.key == restored.device.key.public for each in table.operations)
    table.close(question)
    assert facts_of(table.space, question).state == "opened"
    after = sum(each.key == restored.device.key.public for each in table.operations)
    assert after == before


def test_a_witness_says_nothing_on_a_question_whose_key_it_does_not_have(ada: Person) -> None:
    table = gather(ada)
    [witness] = table.witnesses
    asked = table.say(ada.device, TinyAsk(table.terms()))
    lost = table.say(witness.device, Accept(asked, make_key("lost").public.hex()))
    question = table.say(ada.device, Open(asked, (lost,)))
    said = len(table.operations)
    table.close(question)
    assert len(table.operations) == said


def test_what_settles_a_question_is_said_again_where_its_log_turns_out_to_be_forked() -> None:
    table = Assembly(4)
    first, second, third, liar = table.nodes
    table.close()
    for node in table.nodes:
        table.tell(table.words_of(node))
    table.tell(table.hear(first))
    table.tell(table.hear(second, third, liar))
    table.tell(table.hear(first), liar)
    table.tell(table.hear(second), liar)
    table.tell(table.hear(liar), first)
    [settled] = table.said(first, Settled)
    assert settled.device == liar.device.name
    assert first.is_done()
    joined = next(each for each in table.words_of(liar) if each.seq == 1)
    twin = liar.device.copied()
    twin.follow(table.scene.space, next(each for each in table.words_of(liar) if each.seq == 0))
    other = twin.write(table.scene.space, Leave(), table.now)
    first.space.cut(prove_fork([joined], [other]))
    again = table.hear(first)
    assert [read(each) for each in again] == [settled.body]
    assert table.hear(first) == []
