"""`beanjar opinions map`, as somebody uses it who has an export of Polis."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from beanjar.main.cli import main
from tests.data_files import data_file

EXPORT = "polis/vtaiwan.uberx"


def run(folder: Path, *words: str) -> Result:
    return CliRunner().invoke(main, ["opinions", "map", str(folder), *words])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two camps of ten: they differ on four statements, agree on one, and one was rejected."""
    head = "participant,group-id,n-comments,n-votes,n-agree,n-disagree,0,1,2,3,7,9"
    camps = (("1,1,-1,-1,1,1"), ("-1,-1,1,1,1,-1"))
    lines = [f"p{number},,0,6,3,3,{camps[number % 2]}" for number in range(20)]
    (tmp_path / "participants-votes.csv").write_text("\n".join([head, *lines]), encoding="utf-8")
    (tmp_path / "comments.csv").write_text(
        "timestamp,comment-id,author-id,agrees,disagrees,moderated,comment-body\n"
        '1,7,0,20,0,1,"Bees, please"\n2,9,0,10,10,-1,"Rubbish"\n',
        encoding="utf-8",
    )
    return tmp_path


def test_groups_and_what_they_share_are_told(folder: Path) -> None:
    told = json.loads(run(folder, "--json").stdout)
    counts = {key: told[key] for key in ("participants", "mapped", "statements", "hidden", "votes")}
    assert counts == {
        "participants": 20,
        "mapped": 20,
        "statements": 6,
        "hidden": 1,
        "votes": 120,
    }
    assert [group["size"] for group in told["groups"]] == [10, 10]
    assert told["silhouette"] == 1
    assert told["consensus"] == [
        {
            "statement": "7",
            "text": "Bees, please",
            "side": "agree",
            "taken": 20,
            "answered": 20,
            "share": round(21 / 22, 4),
            "sure": True,
        }
    ]
    assert {each["statement"] for each in told["dividing"]} == {"0", "1", "2", "3"}


def test_it_is_told_in_words(folder: Path) -> None:
    output = run(folder).output
    assert "20 people voted 120 times on 6 statements (1 rejected)." in output
    assert "Bees, please" in output
    assert "Group 2, 10 people:" in output
    assert "points apart" in output


def test_a_folder_without_an_export_is_a_sentence(tmp_path: Path) -> None:
    result = run(tmp_path)
    assert (result.exit_code, "participants-votes.csv" in result.output) == (1, True)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("participant,", "who,", "one called participant"),
        ("1,1,-1,-1,1,1", "1,1,-1,-1,1,yes", "“yes” in line 2"),
        ("0,1,2,3,7,9", "0,1,2,3,7,7", "begin with a line of columns"),
        ("p1,", "p0,", "line 3 of participants-votes.csv should be".replace("line", "Line")),
        ("n-agree", "x" * 200_000, "cannot be read"),
    ],
)
def test_what_is_wrong_with_an_export_is_said(
    folder: Path, old: str, new: str, message: str
) -> None:
    path = folder / "participants-votes.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    result = run(folder)
    assert (result.exit_code, message in result.output) == (1, True)


def test_the_crowd_of_vtaiwan_is_mapped() -> None:
    told = json.loads(run(data_file(f"{EXPORT}/participants-votes.csv").parent, "--json").stdout)
    assert (told["participants"], told["statements"], told["votes"]) == (1921, 197, 49_443)
    sizes = [group["size"] for group in told["groups"]]
    assert (len(sizes), sum(sizes)) == (2, told["mapped"])
    assert told["silhouette"] > 0.45
    assert told["consensus"][0]["share"] > 0.9
