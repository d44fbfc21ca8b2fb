"""The demonstration: real nodes, a crowd, a kill, and what comes of it."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from beanjar.main.cli import main
from beanjar.main.demo.secrecy import Leak, check_secrecy


def demo(*words: object) -> Result:
    return CliRunner().invoke(main, ["demo", *map(str, words)])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo") / "kept"


@pytest.fixture(scope="module")
def figures(folder: Path) -> Any:  # noqa: ANN401 - JSON is anything
    """What a run of Galton's 19 at four nodes, of which one is killed, tells to machines."""
    done = demo("--keep", folder, "--json")
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def test_four_nodes_of_which_one_is_killed_count_every_answer(figures: dict[str, Any]) -> None:
    assert (figures["people"], figures["nodes"], figures["killed"]) == (19, 4, [1])
    assert (figures["admitted"], figures["void"]) == (19, 0)
    # The mean and the median of the centiles that Galton published, in pounds.
    assert (figures["mean"], figures["median"]) == (1197.211, 1207)
    assert (figures["truth"], figures["crowd_error"]) == (1198, 0.789)


def test_all_living_nodes_and_the_latecomer_show_the_same(figures: dict[str, Any]) -> None:
    first, *others = figures["results"]
    assert others == [first] * 3
    assert len(bytes.fromhex(first)) == 32


def test_the_latecomer_fetches_what_was_said(figures: dict[str, Any]) -> None:
    late = figures["late_joiner"]
    # A join and an answer of each, and what asker and witnesses say besides.
    assert late["operations"] > 2 * 19 + 4 + 3
    assert 0 < late["seconds"] <= figures["seconds"]["late_joiner"]


def test_what_it_took_is_told(figures: dict[str, Any]) -> None:
    steps = "start ask answer close_and_open resolve late_joiner export"
    assert list(figures["seconds"]) == steps.split()
    # A header and its signature alone are 224 bytes.
    assert figures["bytes_per_op"] > 224
    assert figures["wire_bytes_per_op"] > 100
    assert 20 < figures["node_memory_mb"] < 400


def test_what_was_kept_is_verified_without_any_node(folder: Path, figures: dict[str, Any]) -> None:
    done = CliRunner().invoke(main, ["space", "verify", str(folder / "space.export"), "--json"])
    assert done.exit_code == 0, done.output
    (question,) = json.loads(done.stdout)["questions"]
    assert question["facts"]["state"] == "opened"
    assert question["facts"]["answers"] == figures["admitted"]


def test_people_are_told_what_happened(tmp_path: Path) -> None:
    guesses = tmp_path / "guesses.csv"
    guesses.write_text("guess_beans\n700\n900\n1013\n", encoding="utf-8")
    alone = ["--nodes", 1, "--witnesses", 1, "--threshold", 1, "--kill", 0]
    told = " ".join(demo("--guesses", guesses, "--truth", 850, *alone).stdout.split())
    assert "3 people guessed into one closed jar, at 1 node." in told
    assert "All their guesses count. Their mean is 871.0, their median 900.0" in told
    assert "All 2 living nodes show the same result" in told
    assert "A node that came late" in told


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ("--witnesses 5 --nodes 5", "1, 4 or 7 witnesses"),
        ("--nodes 3", "4 witnesses need as many --nodes"),
        ("--threshold 2", "--threshold 3"),
        ("--nodes 7 --witnesses 7 --threshold 4", "--threshold 5"),
        ("--kill 2", "at most 1 may be killed"),
        ("--nodes 10", "1<=x<=9"),
    ],
)
def test_what_can_come_to_no_result_is_a_mistake_of_usage(options: str, why: str) -> None:
    done = demo(*options.split())
    assert done.exit_code == 2
    assert why in " ".join(done.stderr.replace("│", " ").split())


@pytest.mark.parametrize(
    ("options", "why"),
    [
        (["--truth", "heavy"], "“heavy” is none"),
        (["--truth", "1.5"], "more decimals"),
        (["--guesses", "/nowhere.csv"], "cannot be read"),
        (["--keep", "/"], "not empty"),
    ],
)
def test_files_and_truths_that_make_no_sense_are_told(options: list[str], why: str) -> None:
    done = demo(*options)
    assert done.exit_code == 1
    assert why in done.stderr


def test_a_page_may_say_how_many_have_answered_and_nothing_else() -> None:
    before = {"/": b"<p>999 answers by 12:30</p>", "/.json": b'{"answers":999,"bins":[3,12]}'}
    check_secrecy(
        before,
        {"/": b"<p>1,000 answers by 12:30</p>", "/.json": b'{"answers":1000,"bins":[3,12]}'},
        1000,
    )
    for leaking in (b"<p>999 answers by 12:31</p>", b"<p>999 answers, by 12:30</p>"):
        with pytest.raises(Leak, match=r"^/ shows"):
            check_secrecy(before, before | {"/": leaking}, 1000)
    with pytest.raises(Leak, match="a number that depends"):
        check_secrecy(before, before | {"/.json": b'{"answers":999,"bins":[3,13]}'}, 1000)
