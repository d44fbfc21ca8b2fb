"""A terminal at which somebody types commands."""

import json
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from beanjar.client.home import Home
from beanjar.main.cli import main
from beanjar.main.session import Session
from tests.main.running import RunningNode

SOON = ("--closes", "in 10 minutes", "--yes")
BEANS = ("How many beans?", "--kind", "number", "--unit", "beans", "--figure", "mean")


class Terminal:
    """One home folder, and the node that its owner speaks to."""

    def __init__(self, folder: Path, node: RunningNode) -> None:
        self.folder = folder
        self.node = node
        self.url: str | None = node.url

    @property
    def home(self) -> Home:
        return Home(self.folder)

    @property
    def own(self) -> tuple[str, str]:
        """The option that says where the node's folder is."""
        return ("--data", str(self.node.folder))

    def __call__(self, *words: str, typed: str = "", code: int = 0) -> Result:
        """Type a command, and check with which code it ends."""
        session = Session(self.node.clock, lambda _: self.node.tick())
        shared = ["--home", str(self.folder), *(["--node", self.url] if self.url else [])]
        result = CliRunner().invoke(main, [*shared, *words], input=typed, obj=session)
        assert result.exit_code == code, result.output
        return result

    def read(self, *words: str, code: int = 0) -> Any:  # noqa: ANN401 - JSON is anything
        """Type a command and return what it tells to machines."""
        return json.loads(self(*words, "--json", code=code).stdout)

    def refused(self, *words: str, typed: str = "") -> str:
        """Type a command that is refused, and return the one sentence that says why."""
        result = self(*words, typed=typed, code=1)
        assert not result.stdout
        return result.stderr.splitlines()[-1]

    def found(self, *more: str) -> str:
        """Found a space in which the node witnesses; return its id."""
        space: str = self.read("space", "new", "The market", *self.own, *more)["space"]
        return space

    def ticket(self, *more: str) -> str:
        ticket: str = self.read("space", "ticket", *more)["ticket"]
        return ticket

    def ask(self, *words: str) -> str:
        """Ask a question and return its id."""
        question: str = self.read("estimate", "ask", *(words or BEANS), *SOON)["question"]
        return question

    def show(self, question: str) -> Any:  # noqa: ANN401 - likewise
        return self.read("estimate", "show", question)
