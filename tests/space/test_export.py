import io
from collections.abc import Sequence
from hashlib import sha256

import msgspec
import pytest

from beanjar.ops.fork import ForkProof, prove_fork
from beanjar.ops.operation import Operation
from beanjar.ops.run import write_run
from beanjar.space.charter import Leave, Profile
from beanjar.space.export import LOG, PART, START, BadExport, Export, export_space
from beanjar.space.question import Key
from beanjar.space.verification import Report, Verification
from beanjar.space.view import encode_view
from beanjar.testing.gathering import Gathering
from beanjar.testing.people import Person
from tests.seeded import seeded
from tests.space.panel import Panel
from tests.space.tiny import TINY, Count, Note, TinyAsk, gather, look
from tests.told import is_sentence, told

Log = list[Operation]


@pytest.fixture
def table(ada: Person, ben: Person, cal: Person) -> Gathering:
    """A small space: a settled question, a fork after it, an erased note."""
    table = gather(ada)
    table.say(cal.device, Profile("Cal"))
    question = table.ask(ada, TinyAsk(table.terms()))
    table.answer(ben.device, question, Count(5))
    table.answer(cal.device, question, Count(7))
    table.close(question)
    note = table.say(ben.device, Note(question, "to be erased"))
    twin = cal.device.copied()
    table.say(cal.device, Profile("Callum"))
    table.fork(table.operations[-1], twin.write(table.space.id, Leave(), table.now))
    erased = bytes.fromhex(note)
    table.operations = [
        each.without_body() if each.id == erased else each for each in table.operations
    ]
    table.space.drop([erased])
    return table


def verify(data: bytes) -> Report:
    return Verification(io.BytesIO(data), [TINY]).run()


def logs_of(table: Gathering) -> list[Log]:
    """Return the logs as an export holds them: the founder's, then the others by key."""
    return list(Export(io.BytesIO(table.export())).logs())


def write(
    table: Gathering,
    logs: Sequence[Sequence[Operation]],
    forks: Sequence[ForkProof] = (),
    apart: Sequence[Operation] = (),
) -> bytes:
    """Return an export of other contents, whose rows fit them."""
    return b"".join(export_space(table.space.id, logs, forks, apart))


def log_with(logs: Sequence[Log], person: Person) -> Log:
    return next(log for log in logs if log[0].key == person.device.key.public)


def result_of(table: Gathering) -> str:
    """Return what a verification has to find, as the table itself sees it."""
    [name] = table.space.subjects(TINY)
    return sha256(encode_view(look(table.space, name))).hexdigest()


def test_what_is_exported_verifies_and_comes_to_the_same(table: Gathering) -> None:
    report = verify(table.export())
    assert report.problems == []
    assert [question.result for question in report.questions] == [result_of(table)]
    assert report.questions[0].facts.state == "opened"
    assert report.questions[0].tool == "tiny"
    assert (report.space, report.name) == (table.space.id.hex(), "The table")
    assert (report.people, report.logs, report.forks) == (3, 4, 1)
    assert report.operations == len(table.operations)


def test_an_export_holds_each_entry_once_and_no_more(table: Gathering) -> None:
    export = Export(io.BytesIO(table.export()))
    assert len(export) == len(table.operations)
    read = [operation for log in export.logs() for operation in log]
    assert sorted(each.id for each in read) == sorted(each.id for each in table.operations)
    assert list(export.forks()) == table.forks


def test_what_was_erased_is_not_in_the_export(table: Gathering) -> None:
    assert b"to be erased" not in table.export()
    assert b"Callum" in table.export()


def test_a_verification_says_how_far_it_is(table: Gathering) -> None:
    steps: list[int] = []
    verification = Verification(io.BytesIO(table.export()), [TINY])
    verification.run(progress=steps.append)
    assert sum(steps) == len(verification.export) == len(table.operations)


def test_an_exported_export_is_the_same(table: Gathering) -> None:
    export = Export(io.BytesIO(table.export()))
    assert write(table, list(export.logs()), list(export.forks())) == table.export()


def rejects(data: bytes) -> bool:
    """Say whether a file is refused with a sentence."""
    try:
        verify(data)
    except BadExport as error:
        return is_sentence(str(error))
    return False


def test_no_bit_of_an_export_can_be_changed(table: Gathering, scale: int) -> None:
    data = table.export()
    whole = int.from_bytes(data)
    chance = seeded("a bit of an export")
    bits = range(len(data) * 8)
    for bit in bits if scale > 1 else chance.sample(bits, 1200):
        assert rejects((whole ^ 1 << bit).to_bytes(len(data))), bit


def test_no_bit_of_what_an_export_announces_can_be_changed(ada: Person) -> None:
    table = Gathering(ada, [TINY])
    twin = ada.device.copied()
    table.say(ada.device, Profile("Ada"))
    table.fork(table.operations[-1], twin.write(table.space.id, Leave(), table.now))
    data = table.export()
    for bit in range((START.size + LOG.size + PART.size) * 8):
        changed = bytearray(data)
        changed[bit // 8] ^= 1 << bit % 8
        assert rejects(bytes(changed)), bit


def test_an_export_that_was_cut_off_says_where(table: Gathering, scale: int) -> None:
    data = table.export()
    lengths = range(len(data))
    chance = seeded("cut off")
    for length in lengths if scale > 1 else sorted(chance.sample(lengths, 300)):
        with told(BadExport, "cut off"):
            verify(data[:length])


def test_something_after_the_end_is_noticed(table: Gathering) -> None:
    with told(BadExport, "Something follows the end"):
        verify(table.export() + b"\0")


@pytest.mark.parametrize("data", [b"", b"BJX1", bytes(1000), b"PK\3\4" + bytes(1000)])
def test_another_file_is_no_export(data: bytes) -> None:
    assert rejects(data)


def test_an_export_without_a_log_is_refused(table: Gathering) -> None:
    assert rejects(write(table, []))


def test_an_export_without_the_founders_log_is_refused(table: Gathering) -> None:
    with told(BadExport, "does not found the space"):
        verify(write(table, logs_of(table)[1:]))


def test_a_counted_answer_that_was_left_out_is_missed(table: Gathering, ben: Person) -> None:
    logs = logs_of(table)
    left = [log for log in logs if log is not log_with(logs, ben)]
    report = verify(write(table, left, table.forks))
    [problem] = report.problems
    assert is_sentence(problem)
    assert "not arrived" in problem
    assert report.questions[0].facts.state == "settled"
    assert report.questions[0].result != result_of(table)


def test_the_end_of_a_log_that_was_left_out_with_its_answer_is_missed(
    table: Gathering, ben: Person
) -> None:
    logs = [log[:1] if log[0].key == ben.device.key.public else log for log in logs_of(table)]
    [problem] = verify(write(table, logs, table.forks)).problems
    assert "not arrived" in problem


def test_without_the_witness_there_is_no_result_to_forge(table: Gathering) -> None:
    node = table.witnesses[0].device.key.public
    logs = [log for log in logs_of(table) if log[0].key != node]
    report = verify(write(table, logs))
    assert report.questions[0].facts.state == "asked"
    assert report.questions[0].result != result_of(table)


def test_without_the_witnesss_last_words_there_is_no_result_to_forge(table: Gathering) -> None:
    node = table.witnesses[0].device.key.public
    full = logs_of(table)
    length = next(len(log) for log in full if log[0].key == node)
    states = []
    for end in range(1, length):
        logs = [log[:end] if log[0].key == node else log for log in full]
        states.append(verify(write(table, logs)).questions[0].facts.state)
    assert list(dict.fromkeys(states)) == ["asked", "open", "closing", "settled"]


@pytest.mark.parametrize("places", [(0, 1), (1, 2), (2, 3), (0, 3)])
def test_logs_in_another_order_are_noticed(table: Gathering, places: tuple[int, int]) -> None:
    logs = logs_of(table)
    one, other = places
    logs[one], logs[other] = logs[other], logs[one]
    assert rejects(write(table, logs, table.forks))


@pytest.mark.parametrize("place", range(4))
def test_a_log_that_is_there_twice_is_noticed(table: Gathering, place: int) -> None:
    logs = logs_of(table)
    for at in range(len(logs) + 1):
        assert rejects(write(table, [*logs[:at], logs[place], *logs[at:]], table.forks))


def test_rows_that_were_swapped_are_noticed(table: Gathering) -> None:
    data = table.export()
    first = START.size + LOG.size
    one, other = data[first : first + LOG.size], data[first + LOG.size : first + 2 * LOG.size]
    swapped = data[:first] + other + one + data[first + 2 * LOG.size :]
    assert len(swapped) == len(data)
    assert rejects(swapped)


def test_a_log_of_another_space_is_noticed(table: Gathering) -> None:
    other = Gathering(Person("Eve"), [TINY])
    joined = Person("Dan").device.join(other.space.id, other.now)
    for log in ([joined], other.operations[:1]):
        logs = logs_of(table)
        assert rejects(write(table, [logs[0], *sorted([*logs[1:], log], key=key_of)]))


def key_of(log: Log) -> bytes:
    return log[0].key


def test_a_log_of_somebody_who_was_not_let_in_is_noticed(table: Gathering) -> None:
    eve, dan = Person("Eve"), Person("Dan")
    body = msgspec.json.decode(eve.device.join(table.space.id, table.now).body or b"")
    body["certificate"]["person"] = dan.id
    forged = Person("Eve").device
    joined = forged.write_bytes(table.space.id, msgspec.json.encode(body), table.now)
    logs = logs_of(table)
    with told(BadExport, "should not be here"):
        verify(write(table, [logs[0], *sorted([*logs[1:], [joined]], key=key_of)]))


def with_a_run_more(table: Gathering, person: Person, more: Operation) -> bytes:
    """Return an export in which one more entry, whoever's it is, ends a person's log."""
    rows, contents = [], []
    for log in logs_of(table):
        theirs = log[0].key == person.device.key.public
        runs = write_run(log) + (write_run([more]) if theirs else b"")
        last, count = (more, len(log) + 1) if theirs else (log[-1], len(log))
        rows.append(LOG.pack(log[0].key, count, last.id, len(runs), sha256(runs).digest()))
        contents.append(runs)
    return START.pack(b"BJX1", table.space.id, len(rows), 0, 0) + b"".join(rows + contents)


def test_one_more_entry_of_ones_own_is_fine(table: Gathering, ben: Person) -> None:
    more = ben.device.write(table.space.id, Leave(), table.now)
    assert verify(with_a_run_more(table, ben, more)).operations == len(table.operations) + 1


def test_an_entry_that_its_author_did_not_sign_is_noticed(table: Gathering, ben: Person) -> None:
    more = ben.device.write(table.space.id, Leave(), table.now)
    forged = msgspec.structs.replace(more, signature=more.signature[::-1])
    with told(BadExport, "somebody else signed it"):
        verify(with_a_run_more(table, ben, forged))


@pytest.mark.parametrize("name", ["Eve", "Ada"])
def test_an_entry_in_somebody_elses_log_is_noticed(
    table: Gathering, ben: Person, name: str
) -> None:
    speaker, last = Person(name).device, log_with(logs_of(table), ben)[-1]
    speaker.follow(table.space.id, last)
    more = speaker.write(table.space.id, Leave(), last.time)
    assert rejects(with_a_run_more(table, ben, more))


def test_an_entry_of_another_space_in_a_log_is_noticed(table: Gathering, ben: Person) -> None:
    elsewhere, last = make_id("elsewhere"), log_with(logs_of(table), ben)[-1]
    ben.device.follow(elsewhere, last)
    more = ben.device.write(elsewhere, Leave(), last.time)
    assert rejects(with_a_run_more(table, ben, more))


def test_a_changed_answer_does_not_fit_its_log(table: Gathering, ben: Person) -> None:
    logs = logs_of(table)
    log = log_with(logs, ben)
    spoilt = msgspec.structs.replace(log[1], body=(log[1].body or b"").replace(b'"on"', b'"no"'))
    log[1] = spoilt
    assert rejects(write(table, logs, table.forks))


def test_an_answer_written_anew_by_its_author_is_not_the_one_that_counts(
    table: Gathering, ben: Person
) -> None:
    logs = logs_of(table)
    log = log_with(logs, ben)
    anew = Person("Ben").device
    joined = anew.join(table.space.id, log[0].time)
    other = anew.write_bytes(table.space.id, b'{"t":"space.leave"}', log[1].time)
    log[:] = [joined, other]
    [problem] = verify(write(table, logs, table.forks)).problems
    assert "not arrived" in problem


def test_a_false_key_forges_nothing(table: Gathering) -> None:
    node = table.witnesses[0].device.key.public
    logs = logs_of(table)
    log = next(log for log in logs if log[0].key == node)
    assert b'"question.key"' in (log[-1].body or b"")
    witness = Person("Ada").new_device("node")
    witness.follow(table.space.id, log[-2])
    name = table.space.closing(table.space.subjects(TINY)[0]).openings()[0].said.id
    log[-1] = witness.write(table.space.id, Key(name, "ab" * 32), log[-1].time)
    assert verify(write(table, logs)).questions[0].facts.state == "settled"


def test_a_fork_proof_of_another_space_is_a_problem(table: Gathering) -> None:
    elsewhere = make_id("elsewhere")
    twin = Person("Dan").device
    one, other = [twin.copied().join(elsewhere, table.now + later) for later in (0, 1)]
    report = verify(write(table, logs_of(table), [*table.forks, prove_fork([one], [other])]))
    [problem] = report.problems
    assert is_sentence(problem)
    assert "another space" in problem


def make_id(name: str) -> bytes:
    return sha256(name.encode()).digest()


def lying_panel() -> tuple[Panel, Person, Person]:
    """Return a question whose one witness may admit what it likes, and two who answer."""
    return Panel(1), Person("Ben"), Person("Cal")


def test_a_counted_answer_with_a_bad_signature_of_its_own_is_found() -> None:
    panel, ben, _ = lying_panel()
    body = panel.table.prepare(ben.device, panel.opened, Count(5))
    panel.table.take(ben.device.join(panel.space.id, panel.table.now))
    answer = ben.device.write(panel.space.id, body, panel.table.now)
    spoilt = msgspec.structs.replace(answer, signature=answer.signature[::-1])
    panel.table.take(spoilt, ben.device.write(panel.space.id, Leave(), panel.table.now))
    panel.settle(panel.close_all((ben.id, spoilt.id.hex())))
    assert panel.choices() == {ben.id: 5}
    [problem] = verify(panel.table.export()).problems
    assert is_sentence(problem)
    assert spoilt.id.hex()[:8] in problem


def test_an_answer_that_is_counted_as_somebody_elses_is_found() -> None:
    panel, ben, cal = lying_panel()
    _, name = panel.answer(ben, 5)
    panel.settle(panel.close_all((cal.id, name)))
    assert panel.choices() == {cal.id: 5}
    [problem] = verify(panel.table.export()).problems
    assert is_sentence(problem)
    assert "another person" in problem


def test_two_certificates_are_a_problem() -> None:
    panel, ben, _ = lying_panel()
    pair = panel.answer(ben, 5)
    for _ in range(2):
        panel.settle(panel.close_all(pair))
    [problem] = verify(panel.table.export()).problems
    assert is_sentence(problem)
    assert "no result" in problem


def forked_panel() -> tuple[Panel, list[Log], Operation]:
    """Return a settled question, its logs with another branch of Ben's, and his answer apart."""
    panel, ben, _ = lying_panel()
    joined = ben.device.join(panel.space.id, panel.table.now)
    panel.table.take(joined)
    twin = ben.device.copied()
    pair = panel.answer(ben, 5)
    answer = panel.table.find_operation(pair[1])
    other = twin.write(panel.space.id, Leave(), panel.table.now)
    panel.table.fork(answer, other)
    panel.settle(panel.close_all(pair))
    logs = [
        [joined, other] if log[0].key == ben.device.key.public else log
        for log in logs_of(panel.table)
    ]
    return panel, logs, answer


def test_an_answer_that_no_log_holds_counts_when_the_question_names_it() -> None:
    panel, logs, answer = forked_panel()
    report = verify(write(panel.table, logs, panel.table.forks, [answer]))
    assert report.problems == []
    assert [question.facts.answers for question in report.questions] == [1]
    lacking = verify(write(panel.table, logs, panel.table.forks))
    assert [question.facts.answers for question in lacking.questions] == [0]
    assert any("arrived" in problem for problem in lacking.problems)


def test_an_entry_apart_is_checked_like_any_other() -> None:
    panel, logs, answer = forked_panel()
    spoilt = msgspec.structs.replace(answer, signature=answer.signature[::-1])
    with pytest.raises(BadExport, match="entry apart 1 of 1"):
        verify(write(panel.table, logs, panel.table.forks, [spoilt]))
    elsewhere = Person("Ben").device.write(bytes(31) + b"x", Profile("Ben"), 5)
    [problem] = verify(write(panel.table, logs, panel.table.forks, [answer, elsewhere])).problems
    assert "another space" in problem
