"""What must hold is really looked at: whoever breaks it is found out."""

from collections.abc import Callable, Sequence
from itertools import count

import msgspec
import pytest

from beanjar.fold.statement import Statement
from beanjar.lab.arrivals import Outcome
from beanjar.lab.disk import Disk
from beanjar.lab.host import Host
from beanjar.lab.hostile import Actor
from beanjar.lab.laboratory import play
from beanjar.lab.scenario import find_scenario
from beanjar.node.carried import Carried
from beanjar.node.intake import Taken
from beanjar.node.replica import StoreReplica
from beanjar.ops.body import Body
from beanjar.ops.operation import Operation
from beanjar.space.agreement import Agreement
from beanjar.space.closing import Closing
from beanjar.space.opening import Opening
from beanjar.space.question import Close, Key
from beanjar.space.space import Space
from beanjar.space.witness import Duty, Keeping
from beanjar.sync.book import Book
from beanjar.sync.logs import Logs
from beanjar.sync.peer import Peer

LOST = "Something that was acknowledged is lost."
SEEDS = 3


def find_out(name: str, seeds: int = SEEDS, **more: object) -> str:
    """Return what the first of a few seeds breaks that breaks anything."""
    scenario = msgspec.structs.replace(find_scenario(name), **more)
    found = (play(name, scenario, seed).broken for seed in range(seeds))
    return next(filter(None, found), "")


def test_a_node_that_loses_what_it_acknowledged(monkeypatch: pytest.MonkeyPatch) -> None:
    kill = Host.kill

    def kill_and_forget(host: Host) -> None:
        kill(host)
        for logs in host.disk.logs.values():
            for log in logs.values():
                del log[1:]

    monkeypatch.setattr(Host, "kill", kill_and_forget)
    assert find_out("churn") == LOST


def test_a_node_that_acknowledges_before_it_has_written(monkeypatch: pytest.MonkeyPatch) -> None:
    submit = Host.submit

    def hasten(
        host: Host, space: bytes, run: Sequence[Operation], told: Callable[[Outcome], None]
    ) -> None:
        submit(host, space, run, lambda _: None)
        told(Taken(run[-1], run))

    monkeypatch.setattr(Host, "submit", hasten)
    assert find_out("crashes") == LOST


def test_a_fold_that_drops_something(monkeypatch: pytest.MonkeyPatch) -> None:
    feed, turns = Carried.feed, count()

    def feed_most(carried: Carried, new: Sequence[Operation], now: int) -> list[Statement]:
        is_profile = b"space.profile" in (new[-1].body or b"") if new else False
        return [] if is_profile and next(turns) % 9 == 0 else feed(carried, new, now)

    monkeypatch.setattr(Carried, "feed", feed_most)
    broken = find_out("calm", nodes=6)
    assert broken == "A node shows something else than its operations add up to."


def test_nodes_that_count_something_else(monkeypatch: pytest.MonkeyPatch) -> None:
    counted, turns = Closing.counted, count()

    def count_others(closing: Closing) -> dict[str, Statement]:
        found = counted(closing)
        return dict(list(found.items())[next(turns) % 2 :])

    monkeypatch.setattr(Closing, "counted", count_others)
    assert find_out("calm", nodes=6) == "Two nodes count different answers."


def test_nodes_that_never_compare_what_they_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Logs, "compare", lambda *_: None)
    assert find_out("parting", nodes=8, calm=40.0) == "Nodes hold different logs."


def test_a_node_that_keeps_all_that_a_peer_makes_it_say(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Peer, "is_overrun", property(lambda _: False))
    assert "keeps too much" in find_out("slow-reader")


def test_a_node_that_takes_in_whoever_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    begin = Actor.begin

    def begin_as_no_member(actor: Actor, hosts: Sequence[Host]) -> None:
        actor.admitted = set()
        begin(actor, hosts)

    monkeypatch.setattr(Actor, "begin", begin_as_no_member)
    broken = find_out("forkers")
    assert broken == "An operation was taken in whose author was never let in."


def test_an_actor_that_costs_more_than_it_may() -> None:
    hostile = find_scenario("flooder").hostile
    cheap = tuple(msgspec.structs.replace(each, cost=1) for each in hostile)
    assert find_out("flooder", hostile=cheap) == "A flooder has cost others more than it may."


def test_questions_that_are_never_settled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Agreement, "next_word", lambda *_: None)
    broken = find_out("calm", nodes=6, calm=30.0)
    assert broken == "A question is not settled and opened everywhere."


def test_nodes_that_look_for_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Book, "is_due", lambda *_: False)
    silent = msgspec.structs.replace(find_scenario("surrounded").people, rate=0)
    broken = find_out("surrounded", people=silent, calm=70.0)
    assert broken == "A node has had no honest neighbour for a minute."


def test_a_witness_that_publishes_its_key_too_early(monkeypatch: pytest.MonkeyPatch) -> None:
    next_word, hasty = Duty.next_word, set()

    def hasten(duty: Duty, now: int, keeping: Keeping) -> Body | None:
        word, asked = next_word(duty, now, keeping), duty.closing.asked
        if asked is None or duty in hasty or not isinstance(word, Close):
            return word
        hasty.add(duty)
        return Key(word.on, keeping.secret_for(asked.id).hex())

    monkeypatch.setattr(Duty, "next_word", hasten)
    broken = find_out("witness-gone")
    assert broken == "A key to answers is published before the question is settled."


def test_a_count_that_liars_can_empty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Opening, "need", property(lambda self: self.quorum))
    assert "does not count, which all honest had seen" in find_out("weather", seeds=12)


def broken_by_keeping() -> str:
    return find_out("erased", nodes=4, seconds=15, calm=70, questions=(), faults=())


def test_a_node_that_erases_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Space, "erases", lambda *_: False)
    assert broken_by_keeping() == "A node still has what was erased or has expired."


def test_a_node_that_keeps_what_has_expired(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Disk, "drop_expired", lambda *_: [])
    assert broken_by_keeping() == "A node still has what was erased or has expired."


def test_a_node_that_asks_for_no_body(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(StoreReplica, "wanted", lambda *_: ())
    monkeypatch.setattr(Disk, "restore_body", lambda *_: False)
    people = msgspec.structs.replace(find_scenario("stripped").people, erased=0, expiring=0)
    broken = find_out("stripped", people=people, seconds=10, calm=15, questions=())
    assert broken == "A node lacks the body of something."


def test_a_fold_to_which_a_fork_is_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Space, "cut", lambda *_: None)
    assert find_out("forkers") == "Something counts that was said after a fork."
