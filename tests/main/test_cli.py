"""The program as a whole: its help, its exits, what it loads and what it prints where."""

import pkgutil
import subprocess
import sys
from collections.abc import Iterator

import click
import pytest
from click.testing import CliRunner

from beanjar import tools
from beanjar.main import cli
from beanjar.main.cli import main
from beanjar.main.command import Command
from beanjar.main.told import plain
from beanjar.main.tools import TOOLS
from tests.main.terminal import Terminal


def walk(group: click.Group, *path: str) -> Iterator[tuple[str, ...]]:
    """Yield the words of every command."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            yield from walk(command, *path, name)
        elif isinstance(command, Command):
            yield (*path, name)


def test_every_command_explains_itself_with_an_example() -> None:
    commands = list(walk(main))
    assert {("me", "new"), ("space", "verify"), ("estimate", "ask")} < set(commands)
    for words in commands:
        told = CliRunner().invoke(main, [*words, "--help"])
        assert told.exit_code == 0
        assert f"Example: beanjar {' '.join(words)}" in " ".join(told.stdout.split())
        assert "--json" in told.stdout


def test_every_tool_has_its_commands() -> None:
    folders = {name for _, name, is_package in pkgutil.iter_modules(tools.__path__) if is_package}
    assert folders == {tool.name for tool in TOOLS}
    assert folders < set(cli.COMMANDS)


@pytest.mark.parametrize(
    "words",
    [["--help"], ["me", "--help"], ["me", "words", "--help"], ["lab", "table", "--help"]],
)
def test_what_needs_no_numbers_and_no_server_loads_neither(words: list[str]) -> None:
    program = (
        "import sys\nfrom beanjar.main.cli import main\n"
        f"try: main({words!r})\nexcept SystemExit: pass\n"
        "print(sorted({'numpy', 'litestar', 'sqlalchemy'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True)
    assert done.stdout.endswith(b"[]\n")


def test_options_of_all_commands_stand_before_or_after_the_command(ada: Terminal) -> None:
    ada.url = None
    around = ("--node", ada.node.url)
    for words in (("--json", *around, "space", "show"), ("space", "show", *around, "--json")):
        assert '"name":"The market"' in ada(*words).stdout


def test_the_environment_says_where_home_and_node_are(ada: Terminal) -> None:
    env = {"BEANJAR_HOME": str(ada.folder), "BEANJAR_NODE": ada.node.url}
    assert "Ada" in CliRunner().invoke(main, ["space", "show"], env=env).stdout
    elsewhere = CliRunner().invoke(main, ["space", "show", "--home", "/nowhere"], env=env)
    assert "does not know you" in elsewhere.stderr


def test_whoever_stops_the_program_is_told_that_nothing_is_lost(ada: Terminal) -> None:
    question = ada.ask()
    stopped = ada("estimate", "answer", question, "871", code=130)  # nothing is typed
    assert "Stopped." in stopped.stderr


def test_a_file_that_cannot_be_written_is_a_sentence(ada: Terminal) -> None:
    question = ada.ask()
    refused = ada.refused("estimate", "show", question, "--svg", "/nowhere/jar.svg")
    assert refused == "/nowhere/jar.svg: No such file or directory."


def test_nothing_that_somebody_wrote_steers_the_terminal(ada: Terminal) -> None:
    assert plain("a\x1b[31mb\u202ec\r👩\u200d🔬\nd") == "a�[31mb�c�👩\u200d🔬\nd"
    question = ada.ask("\x1b[2J[red]Which?", "--kind", "number", "--figure", "mean")
    for words in (("estimate", "show", question), ("estimate", "list")):
        shown = ada(*words).stdout
        assert "\x1b" not in shown
        assert "�[2J[red]Which?" in shown


def test_without_the_source_there_is_nothing_to_measure(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    monkeypatch.setattr("beanjar.main.bench.CHECKOUT", tmp_path_factory.mktemp("empty"))
    told = CliRunner().invoke(main, ["bench", "all"])
    assert told.exit_code == 1
    assert "from a checkout" in told.stderr
