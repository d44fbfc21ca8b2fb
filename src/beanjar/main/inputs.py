"""What people type: texts within bounds, 24 words, and a yes before something is signed."""

import sys
from collections.abc import Iterable
from typing import Any

import click

from beanjar.base.errors import BeanjarError
from beanjar.main.told import plain

SPACE = click.Option(
    ["--space"],
    help="The space: its name, or how its id begins. Not needed if it is your only one.",
)
YES = click.Option(["--yes"], is_flag=True, help="Sign without asking again.")


class Text(click.ParamType[str]):
    """A text of so many characters."""

    name = "text"

    def __init__(self, shortest: int = 0, longest: int | None = None) -> None:
        """Allow from `shortest` to `longest` characters."""
        self._shortest = shortest
        self._longest = longest

    def convert(
        self,
        value: Any,  # noqa: ANN401 - click's own
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> str:
        """Return the text, or end the program with what would fit."""
        text = str(value).strip()
        if len(text) < self._shortest:
            self.fail("This cannot be empty.", param, ctx)
        if self._longest is not None and len(text) > self._longest:
            self.fail(f"{len(text)} characters are too many: {self._longest} fit.", param, ctx)
        return text


def read_words() -> str:
    """Return the 24 words, as yet unchecked, from standard input."""
    if sys.stdin.isatty():
        return click.prompt("Your 24 words", type=str, err=True)
    return sys.stdin.read()


def confirm(
    sentence: str, rows: Iterable[tuple[str, str]] = (), then: str = "", *, yes: bool
) -> None:
    """Say in plain words what will be signed, and go on only after a yes."""
    if yes:
        return
    for line in (sentence, *(f"  {name}: {words}" for name, words in rows), then):
        if line:
            click.echo(plain(line), err=True)
    if not click.confirm("Sign it?", err=True):
        raise BeanjarError("Nothing was signed.")
