"""`python -m bench NAME [--json]`: measures one thing, or `all`."""

import importlib
import json
from collections.abc import Iterator, Mapping

import click
from rich.console import Console
from rich.table import Table

from beanjar.base.errors import BeanjarError

Figures = Mapping[str, float | Mapping[str, float]]
NAMES = (
    *("verify", "store", "tally", "start", "transport"),
    *("ingest", "reconcile", "push", "settle", "web"),
    *("bandwidth", "spread", "heal", "parted"),
    *("count", "equal_shares", "opinions"),
)
LONG = "soak"
"""What takes so long that it is none of `all`."""


@click.command()
@click.argument("name", type=click.Choice([*NAMES, LONG, "all"]))
@click.option("--json", "as_json", is_flag=True, help="Print the figures as one JSON object.")
@click.option(
    "--minutes", type=float, default=30, show_default=True, help=f"How long {LONG} goes on."
)
def main(name: str, minutes: float, *, as_json: bool) -> None:
    """Measure one thing, or all of them one after the other; what cannot be is told in the end.

    Example: python -m bench verify --json
    """
    say = Console(stderr=True)
    chosen = NAMES if name == "all" else (name,)
    figures, failed = {}, []
    for each in chosen:
        with say.status(f"{each} …") as status:
            module = importlib.import_module(f"bench.{each}")
            try:
                more = (minutes,) if each == LONG else ()
                figures[each] = module.measure(status.update, *more)
            except BeanjarError as error:
                failed.append(f"{each}: {error}")
    if as_json and figures:
        print(json.dumps(figures if name == "all" else figures[name]))
    elif not as_json:
        for each, found in figures.items():
            Console().print(_table(each, found))
    if failed:
        raise click.ClickException("\n".join(failed))


def _table(name: str, figures: Figures) -> Table:
    table = Table("figure", "value", title=name)
    for figure, value in _flatten(figures):
        table.add_row(figure, f"{value:,.4g}")
    return table


def _flatten(figures: Figures) -> Iterator[tuple[str, float]]:
    for name, value in figures.items():
        if isinstance(value, Mapping):
            yield from ((f"{name}, {part}", each) for part, each in value.items())
        else:
            yield name, value


if __name__ == "__main__":
    main()
