"""Groups of commands that are imported when they are used, so that the first word comes quickly."""

import gc
from collections.abc import Mapping
from importlib import import_module
from types import ModuleType
from typing import Any, NamedTuple

import click


class Lazy(NamedTuple):
    """A command that is not imported yet: `path` is “module:name”, `help` a line about it."""

    path: str
    help: str


class LazyGroup(click.Group):
    """A group whose commands are imported one by one."""

    def __init__(self, *args: Any, lazy: Mapping[str, Lazy], **more: Any) -> None:  # noqa: ANN401 - click's own
        """Take what `click.Group` takes, and the commands by name."""
        super().__init__(*args, **more)
        self.lazy = dict(lazy)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return all names, in their order."""
        return [*self.lazy, *super().list_commands(ctx)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command."""
        if cmd_name not in self.lazy:
            return super().get_command(ctx, cmd_name)
        module, _, name = self.lazy[cmd_name].path.partition(":")
        command = getattr(_load(module), name)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands without importing any."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, command.help) for name, command in self.lazy.items()])


def _load(path: str) -> ModuleType:
    """Import a module, sparing it the search for garbage: what is imported stays.

    To look through it again and again was a tenth of a node's start.
    """
    gc.disable()
    try:
        return import_module(path)
    finally:
        gc.enable()
