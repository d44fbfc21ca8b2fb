"""`beanjar lab`: a failing seed is told, with the command that plays it again."""

import os
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner

from beanjar.lab.network import Network
from beanjar.main.cli import main

SMALL = 'about = "Three nodes."\nnodes = 3\nseconds = 5\n[people]\npersons = 3\n'


@pytest.fixture
def small(tmp_path: Path) -> str:
    path = tmp_path / "small network.toml"
    path.write_text(SMALL)
    return str(path)


def test_every_seed_has_a_line(small: str) -> None:
    told = CliRunner().invoke(main, ["lab", "run", small, "--seeds", "3", "--seed", "5"])
    assert told.exit_code == 0
    lines = [line.split()[:2] for line in told.output.splitlines()]
    assert lines[1:4] == [["5", "good"], ["6", "good"], ["7", "good"]]


def test_a_failing_seed_is_told_with_the_command_that_plays_it_again(
    small: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Network, "dial", lambda *_: None)
    text = Path(small).read_text()
    Path(small).write_text(text.replace("seconds = 5", "seconds = 5\ncalm = 2"))
    told = CliRunner().invoke(main, ["lab", "run", small, "--seed", "9"])
    assert told.exit_code == 1
    assert f"Nodes hold different logs. Play it again: beanjar lab run '{small}' --seed 9" in (
        told.output
    )


def test_the_same_seed_comes_to_the_same_bytes_in_another_process() -> None:
    def play(hashing: str) -> bytes:
        command = [sys.executable, "-m", "beanjar", "lab", "run", "one-of-four", "--json"]
        environment = os.environ | {"PYTHONHASHSEED": hashing}
        return subprocess.run(command, check=True, capture_output=True, env=environment).stdout

    assert play("1") == play("2")


def test_scenarios_are_listed_with_what_they_are_about() -> None:
    told = CliRunner().invoke(main, ["lab", "list", "--json"])
    about = msgspec.json.decode(told.output)
    assert about["calm"] == "Nothing goes wrong."
    assert len(about) >= 12


def test_a_scenario_that_is_not_there_is_answered_in_a_sentence() -> None:
    told = CliRunner().invoke(main, ["lab", "run", "nonesuch"])
    assert told.exit_code == 1
    assert "There is no scenario “nonesuch”." in str(told.exception or told.output) + told.output
