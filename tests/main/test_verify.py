"""Stories of an export: good, cut, changed, and who notices."""

from pathlib import Path

import pytest

from beanjar.base.clock import MINUTE
from beanjar.main import verifying
from tests.main.terminal import Terminal


@pytest.fixture
def file(ada: Terminal, ben: Terminal, tmp_path: Path) -> Path:
    """The export of a space in which two people answered a question that is settled."""
    question = ada.ask()
    ada("estimate", "answer", question, "840", "--yes")
    ben("estimate", "answer", question, "860", "--yes")
    ada.node.pass_time(10 * MINUTE)
    file = tmp_path / "market.beanjar"
    ada("space", "export", str(file))
    return file


def test_a_good_export_holds_and_gives_the_same_answers(ada: Terminal, file: Path) -> None:
    report = ada.read("space", "verify", str(file))
    (question,) = report["questions"]
    assert not report["problems"]
    assert question["facts"] == ada.show(question["id"])["facts"]
    told = ada("space", "verify", str(file)).stdout
    assert "All of it holds" in told
    assert (
        "Settled: 2 answers count, and that changes no more, as long as its one witness does not "
        f"lie. Its result is {question['result']}" in told
    )


def test_whoever_verifies_needs_no_node_and_no_home(
    ada: Terminal, file: Path, tmp_path: Path
) -> None:
    stranger = Terminal(tmp_path / "nobody", ada.node)
    stranger.url = "http://127.0.0.1:9"
    assert stranger.read("space", "verify", str(file))["people"] == 2


def test_a_change_anywhere_is_told(ada: Terminal, file: Path) -> None:
    good = file.read_bytes()
    places = range(0, len(good), len(good) // 12)
    for place in places:
        file.write_bytes(good[:place] + bytes([good[place] ^ 1]) + good[place + 1 :])
        assert ada.refused("space", "verify", str(file)).startswith("This does not hold. ")
    assert ada.read("space", "verify", str(file), code=1)["problems"]


def test_a_cut_export_is_told(ada: Terminal, file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-1])
    assert "cut off" in ada.refused("space", "verify", str(file))


def test_an_export_overwrites_nothing_and_leaves_no_half(ada: Terminal, file: Path) -> None:
    assert "is there already" in ada.refused("space", "export", str(file))
    other = file.with_name("other")
    nowhere = ("space", "export", str(other), "--space", "0" * 64)
    assert "does not carry" in ada.refused(*nowhere)
    assert [each.name for each in file.parent.glob("other*")] == []


def test_many_answers_are_opened_by_all_processors_to_the_same_result(
    ada: Terminal, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = ada.read("space", "verify", str(file))
    monkeypatch.setattr(verifying, "FEW", 0)
    monkeypatch.setattr(verifying, "SHARE", 1)
    assert ada.read("space", "verify", str(file)) == alone
