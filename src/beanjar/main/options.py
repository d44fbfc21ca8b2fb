"""The options that every command takes, before or after its name."""

from pathlib import Path
from typing import Any

import click


def make_options(*, first: bool) -> list[click.Parameter]:
    """Return the options; only those before a command's name also read the environment."""
    shared: dict[str, Any] = {"expose_value": False, "callback": _keep}
    return [
        click.Option(
            ["--node"],
            metavar="URL",
            envvar="BEANJAR_NODE" if first else None,
            help="The node to speak to.",
            **shared,
        ),
        click.Option(
            ["--home"],
            type=click.Path(path_type=Path, file_okay=False),
            metavar="FOLDER",
            envvar="BEANJAR_HOME" if first else None,
            help="The folder with your keys.",
            **shared,
        ),
        click.Option(["--json"], is_flag=True, help="Tell it to a machine.", **shared),
    ]


def _keep(ctx: click.Context, parameter: click.Parameter, value: object) -> None:
    if value:
        ctx.meta[f"{__name__}.{parameter.name}"] = value


def kept(ctx: click.Context, name: str) -> Any:  # noqa: ANN401 - each option has a type of its own
    """Return what an option was given, wherever it stood, or `None`."""
    return ctx.meta.get(f"{__name__}.{name}")
