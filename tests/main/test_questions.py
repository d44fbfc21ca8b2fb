"""Stories of questions, as they are asked and answered at terminals."""

import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from beanjar.base.clock import MINUTE
from beanjar.client import Question
from beanjar.main.verbs import GROUPS
from tests.main.terminal import BEANS, SOON, Terminal


def answers(terminal: Terminal, question: str) -> int:
    count: int = terminal.show(question)["facts"]["answers"]
    return count


def test_two_people_guess_and_the_crowd_is_right(
    ada: Terminal, ben: Terminal, tmp_path: Path
) -> None:
    question = ada.ask()
    ada("estimate", "answer", question, "840", "--yes")
    ben("estimate", "answer", question, "860 beans", "--yes")
    before = ada.show(question)
    assert (before["facts"]["state"], before["facts"]["answers"]) == ("open", 2)
    assert before["crowd"] is None
    ada.node.pass_time(10 * MINUTE)
    ada("estimate", "resolve", question, "850", "--note", "counted", "--yes")
    after = ben.show(question)
    assert after["crowd"]["people"] == 2
    assert after["outcome"]["error"] == "0.000"
    shown = ben("estimate", "show", question, "--svg", str(tmp_path / "jar.svg")).stdout
    assert "The crowd says 850 beans. It was 850 beans." in shown
    assert "◂ mean 850 beans, median 850 beans, truth: 850 beans" in shown
    assert (tmp_path / "jar.svg").read_text(encoding="utf-8").startswith("<svg")


def test_a_question_is_named_by_its_id_its_beginning_or_its_address(ada: Terminal) -> None:
    asked = ada.read("estimate", "ask", *BEANS, *SOON)
    for name in (asked["question"], asked["question"][:6], asked["url"], f"{asked['url']}.json"):
        assert ada.show(name)["facts"]["open"] == asked["open"]
    assert "No question here begins with" in ada.refused("estimate", "show", "zz")


def test_the_board_lists_what_was_asked(ada: Terminal) -> None:
    assert ada("estimate", "list").stdout == "No estimates yet.\n"
    question = ada.ask()
    assert f"{question[:8]}  How many beans?" in ada("estimate", "list").stdout
    assert [each["id"] for each in ada.read("estimate", "list")["questions"]] == [question]


def test_nothing_is_signed_without_a_yes(ada: Terminal) -> None:
    question = ada.ask()
    refused = ada("estimate", "answer", question, "871", typed="n\n", code=1)
    assert "You answer “How many beans?” in “The market”:\n  value: 871 beans" in refused.stderr
    assert "its one witness's node could look" in refused.stderr
    assert answers(ada, question) == 0
    ada("estimate", "answer", question, "871", typed="y\n")
    assert answers(ada, question) == 1


def test_an_answer_can_be_taken_back(ada: Terminal) -> None:
    question = ada.ask()
    ada("estimate", "answer", question, "871", "--yes")
    ada("estimate", "answer", question, "--withdraw", "--yes")
    assert answers(ada, question) == 0
    ada("estimate", "answer", question, "871", "--withdraw", code=2)
    ada("estimate", "answer", question, code=2)


def test_a_closed_question_takes_no_answer(ada: Terminal) -> None:
    question = ada.ask()
    ada.node.pass_time(10 * MINUTE)
    assert "does not take answers" in ada.refused("estimate", "answer", question, "1", "--yes")


@pytest.mark.parametrize(
    ("asked", "answer", "read"),
    [
        ("--kind number --decimals 1 --low -9.5 --figure mean", "-5.5", {"value": -55}),
        ("--kind date --figure median", "1970-01-11", {"value": 10}),
        ("--kind probability --figure mean", "37%", {"value": 37}),
        ("--kind choice --option Red --option Blue --figure most_chosen", "blue", {"value": 1}),
        (
            "--kind choice --option Red --option Blue --figure surprisingly_popular --others",
            "Red --share 30 --share 70",
            {"value": 0, "shares": [30, 70]},
        ),
        ("--kind number --figure mean", "5 --low -1 --high 9", {"value": 5, "low": -1, "high": 9}),
    ],
)
def test_each_kind_of_answer_is_typed_in_its_own_words(
    ada: Terminal, asked: str, answer: str, read: dict[str, Any]
) -> None:
    question = ada.ask("Which?", *asked.split(), "--open-answers")
    ada("estimate", "answer", question, *answer.split(), "--yes")
    head = ada.home.logs()[0].head
    body = msgspec.json.decode(ada.home.logs()[0].read(head.seq).body or b"")
    assert body["choice"] == read
    assert ada.show(question)["crowd"]["people"] == 1


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ("many", "“many” is not a number"),
        ("12,5", "“12,5” is not a number"),
        ("1.5", "whole numbers"),
        ("0", "at least 1 beans"),
        ("5 --low 6 --high 9", "does not allow that answer"),
    ],
)
def test_what_is_no_answer_is_refused_with_what_would_be(
    ada: Terminal, answer: str, why: str
) -> None:
    question = ada.ask(*BEANS, "--low", "1")
    assert why in ada.refused("estimate", "answer", question, *answer.split(), "--yes")


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("--kind", "date", "--unit", "lb", "--figure", "mean"), "--unit does not go with a date"),
        (("--kind", "choice", "--figure", "most_chosen"), "A choice needs --option"),
        (("--kind", "number", "--figure", "average"), "is not one of"),
        (("--kind", "number", "--figure", "mean", "--decimals", "77"), "not in the range"),
        (("--kind", "number", "--figure", "mean", "--unit", "x" * 21), "20 fit"),
        (("--kind", "number"), "Missing option '--figure'"),
    ],
)
def test_an_ask_that_makes_no_sense_is_a_mistake_of_usage(
    ada: Terminal, words: tuple[str, ...], why: str
) -> None:
    assert why in ada("estimate", "ask", "Which?", *words, *SOON, code=2).stderr


def test_a_figure_that_the_answers_cannot_give_is_refused(ada: Terminal) -> None:
    words = ("Which?", "--kind", "number", "--figure", "most_chosen")
    assert "cannot come from these answers" in ada.refused("estimate", "ask", *words, *SOON)


def test_only_who_is_named_may_answer_and_the_last_of_them_ends_it(
    ada: Terminal, ben: Terminal
) -> None:
    question = ada.ask(*BEANS, "--only", "ben", "--ends-when-all-answered")
    assert "you are not among them" in ada.refused("estimate", "answer", question, "1", "--yes")
    assert ada.show(question)["facts"]["roll"] == 1
    ben("estimate", "answer", question, "871", "--yes")
    ada.node.tick()
    facts = ada.show(question)["facts"]
    assert (facts["state"], facts["answers"]) == ("opened", 1)


def test_somebody_who_is_not_here_cannot_be_named(ada: Terminal) -> None:
    assert "Nobody here is called" in ada.refused("estimate", "ask", *BEANS, "--only", "Zoe", *SOON)


def test_an_asker_ends_it_early_only_where_they_said_so(ada: Terminal, ben: Terminal) -> None:
    fixed, free = ada.ask(), ada.ask(*BEANS, "--asker-may-end")
    assert "so it was asked" in ada.refused("estimate", "end", fixed, "--yes")
    assert "Somebody else asked" in ben.refused("estimate", "end", free, "--yes")
    ada("estimate", "end", free, "--yes")
    ada.node.tick()
    assert ada.show(free)["facts"]["state"] == "opened"
    assert "nothing to end" in ada.refused("estimate", "end", free, "--yes")


def test_only_the_asker_edits_resolves_and_withdraws(ada: Terminal, ben: Terminal) -> None:
    question = ada.ask()
    for words in (("edit", question, "What?"), ("resolve", question, "1"), ("withdraw", question)):
        assert "Somebody else asked" in ben.refused("estimate", *words, "--yes")
        ada("estimate", *words, "--yes")
    view = ada.show(question)
    assert (view["title"], view["withdrawn"]) == ("What?", True)


def test_what_waited_too_long_for_its_witness_is_opened_later(
    ada: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as slow:
        slow.setattr(ada.node, "tick", lambda: None)
        assert "Open it later" in ada.refused("estimate", "ask", *BEANS, *SOON, "--timeout", "0")
    question = ada.read("estimate", "list")["questions"][0]["id"]
    assert ada.show(question)["facts"]["state"] == "asked"
    assert ada.read("estimate", "open", question)["open"]
    assert ada.show(question)["facts"]["state"] == "open"
    assert "open already" in ada.refused("estimate", "open", question)


def test_a_question_ends_in_time_to_come_and_within_a_year(ada: Terminal) -> None:
    assert "is over already" in ada.refused("estimate", "ask", *BEANS, "--closes", "2026-01-01")
    ada("estimate", "ask", *BEANS, "--closes", "in 60 weeks", code=2)


def flip(key: str) -> str:
    return ("1" if key[0] == "0" else "0") + key[1:]


def lie_about_sealing(facts: dict[str, Any]) -> None:
    facts["sealed"] = False


def lie_about_the_key(facts: dict[str, Any]) -> None:
    facts["witnesses"][0]["key"] = flip(facts["witnesses"][0]["key"])


def lie_about_the_device(facts: dict[str, Any]) -> None:
    facts["witnesses"][0]["device"] = flip(facts["witnesses"][0]["device"])


def lie_about_the_open(facts: dict[str, Any]) -> None:
    facts["open"] = facts["witnesses"][0]["accept"]


def lie_about_the_quorum(facts: dict[str, Any]) -> None:
    facts["quorum"] = 0


def lie_about_the_witnesses(facts: dict[str, Any]) -> None:
    facts["witnesses"] = []


def babble(facts: dict[str, Any]) -> None:
    facts["open"] = facts["witnesses"][0]["key"] = "nonsense"


@pytest.mark.parametrize(
    ("lie", "why"),
    [
        (lie_about_sealing, "have not signed"),
        (lie_about_the_key, "have not signed"),
        (lie_about_the_device, "have not signed"),
        (lie_about_the_open, "have not signed"),
        (lie_about_the_quorum, "have not signed"),
        (lie_about_the_witnesses, "have not signed"),
        (babble, "does not understand"),
    ],
)
def test_an_answer_is_sealed_to_no_key_that_its_witness_did_not_sign(
    ada: Terminal, monkeypatch: pytest.MonkeyPatch, lie: Callable[[dict[str, Any]], None], why: str
) -> None:
    question = ada.ask()
    honest = Question.read

    def read(asked: Question) -> bytes:
        said = msgspec.json.decode(honest(asked))
        lie(said["facts"])
        return msgspec.json.encode(said)

    with monkeypatch.context() as false:
        false.setattr(Question, "read", read)
        refused = ada.refused("estimate", "answer", question, "871", "--yes")
    assert why in refused
    assert answers(ada, question) == 0


def test_the_example_of_every_ask_can_be_asked(ada: Terminal) -> None:
    for name, group in GROUPS.items():
        example = (group.commands["ask"].epilog or "").removeprefix("Example: beanjar ")
        assert ada.read(*shlex.split(example), "--yes")["open"], name


def test_one_sees_how_far_ones_own_answer_has_come(ada: Terminal, ben: Terminal) -> None:
    question = ada.ask()
    assert "Your answer" not in ada("estimate", "show", question).stdout
    ada("estimate", "answer", question, "871", "--yes")
    shown = ada("estimate", "show", question).stdout
    assert "Your answer: witnessed by 0 of 1; it is not yet sure to count." in shown
    ada.node.tick()
    shown = ada("estimate", "show", question).stdout
    assert "Your answer: witnessed by 1 of 1; it is sure to count." in shown
    assert "Your answer" not in ben("estimate", "show", question).stdout


def test_whoever_likes_waits_until_their_answer_is_sure_to_count(ada: Terminal) -> None:
    question = ada.ask()
    words = ("estimate", "answer", question, "871", "--yes")
    assert ada.read(*words)["receipt"] is None
    assert ada.read(*words, "--wait", "0")["receipt"] == {"witnessed": 1, "of": 1, "sure": True}
    for seconds in ("2", "inf"):
        assert "it is sure to count" in ada(*words, "--wait", seconds).stdout
