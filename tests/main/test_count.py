"""`beanjar count`, as somebody uses it who has ballots in a file."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from beanjar.main.cli import main
from beanjar.wisdom.polls.methods import METHODS

WARD = """\
3,2,
8,1,2,
2,2,
5,3,
"Candidate 1","Ada","Left",
"Candidate 2","Ben","Right",
"Candidate 3","Cal","None",
"Ward 7",
"""
BUDGET = """\
META
key;value
budget;1000.50
vote_type;approval
PROJECTS
project_id;cost
trees;600
bees;400.50
roof;5000
VOTES
voter_id;vote
1;trees,bees
2;trees,roof
"""
TIED = """\
# NUMBER ALTERNATIVES: 2
# ALTERNATIVE NAME 1: Hall
# ALTERNATIVE NAME 2: Park
1: 1,2
1: 2,1
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in (("ward.csv", WARD), ("green.pb", BUDGET), ("where.soc", TIED)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def run(folder: Path, name: str, *words: str) -> Result:
    return CliRunner().invoke(main, ["count", str(folder / name), *words])


def read(folder: Path, name: str, *words: str) -> dict[str, object]:
    result = run(folder, name, *words, "--json")
    assert result.exit_code == 0, result.output
    told: dict[str, object] = json.loads(result.stdout)
    return told


def test_seats_are_those_of_the_file_unless_said_otherwise(folder: Path) -> None:
    told = read(folder, "ward.csv", "--method", "stv")
    assert told["winners"] == ["Ada", "Cal"]
    assert (told["voters"], told["seats"], told["quota"]) == (15, 2, 6)
    assert told["rounds"] == [
        {
            "votes": {"Ada": 8, "Ben": 2, "Cal": 5},
            "exhausted": 0,
            "elected": ["Ada"],
            "surplus": "Ada",
        },
        {"votes": {"Ada": 6, "Ben": 4, "Cal": 5}, "exhausted": 0, "elected": [], "excluded": "Ben"},
        {"votes": {"Ada": 6, "Cal": 5}, "exhausted": 4, "elected": ["Cal"]},
    ]
    assert read(folder, "ward.csv", "--method", "stv", "--seats", "1")["winners"] == ["Ada"]


def test_pairs_are_told_by_name(folder: Path) -> None:
    told = read(folder, "ward.csv", "--method", "schulze", "--seats", "1")
    assert told["pairwise"] == {
        "Ada": {"Ben": 8, "Cal": 8},
        "Ben": {"Ada": 2, "Cal": 10},
        "Cal": {"Ada": 5, "Ben": 5},
    }


def test_a_budget_is_spent_in_the_money_of_the_file(folder: Path) -> None:
    told = read(folder, "green.pb", "--method", "equal-shares")
    assert told["winners"] == told["selected"] == ["trees", "bees"]
    assert (told["cost"], told["budget"]) == (1000.5, 1000.5)
    assert (
        "1,000.5 of 1,000.5 are spent" in run(folder, "green.pb", "--method", "equal-shares").output
    )


def test_another_lot_may_decide_a_tie_otherwise_and_that_it_did_is_told(folder: Path) -> None:
    lots = ["", "1", "2", "3", "4", "5"]
    told = [read(folder, "where.soc", "--method", "schulze", "--lot", lot) for lot in lots]
    assert {str(each["winners"]) for each in told} == {"['Hall']", "['Park']"}
    assert all(set(each["ties"][0]) == {"Hall", "Park"} for each in told)  # type: ignore[index]
    assert "Decided by lot" in run(folder, "where.soc", "--method", "schulze").output
    assert "by lot among" in run(folder, "where.soc", "--method", "irv").output


def test_that_committees_tie_is_told(folder: Path) -> None:
    told = read(folder, "where.soc", "--method", "pav", "--seats", "1")
    assert (len(told["winners"]), told["tied_committees"]) == (1, 2)  # type: ignore[arg-type]
    assert "2 such choices" in run(folder, "where.soc", "--method", "pav", "--seats", "1").output


def test_a_file_without_ballots_elects_nobody(folder: Path) -> None:
    (folder / "empty.soc").write_text(TIED.split("1: 1,2", maxsplit=1)[0], encoding="utf-8")
    for method in METHODS:
        result = run(folder, "empty.soc", "--method", method)
        assert (result.exit_code, "Nobody has answered" in result.output) == (1, True)


@pytest.mark.parametrize("method", ["schulze", "irv", "stv", "approval", "pav", "seqphragmen"])
def test_every_method_is_told_in_words(folder: Path, method: str) -> None:
    result = run(folder, "ward.csv", "--method", method, "--seats", "1")
    assert result.exit_code == 0, result.output
    assert f"15 voted, counted by {method}." in result.output
    assert "1.  " in result.output


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--method", "irv"), "elects one"),
        (("--method", "stv", "--seats", "4"), "4 seats cannot be filled from 3"),
        (("--method", "score"), "no points"),
    ],
)
def test_what_cannot_be_counted_is_a_sentence(
    folder: Path, words: tuple[str, ...], message: str
) -> None:
    result = run(folder, "ward.csv", *words)
    assert result.exit_code == 1
    assert message in result.output
    assert "Traceback" not in result.output


def test_a_file_that_holds_no_ballots_is_a_sentence(folder: Path) -> None:
    (folder / "empty.pb").touch()
    result = run(folder, "empty.pb", "--method", "approval")
    assert (result.exit_code, "should have the parts" in result.output) == (1, True)
