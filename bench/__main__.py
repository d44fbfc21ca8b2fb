"""`python -m bench NAME [--json]`: measures one thing, or `all`."""

import importlib
import json
from collections.abc import Iterator, Mapping

import click
from rich.console import Console
from rich.table import Table

Figures = Mapping[str, float | Mapping[str, float]]
NAMES = (
    "verify",
    "store",
    "tally",
    "start",
    "transport",
    "ingest",
    "reconcile",
    "push",
    "settle",
    "web",
)


@click.command()
@click.argument("name", type=click.Choice([*NAMES, "all"]))
@click.option("--json", "as_json", is_flag=True, help="Print the figures as one JSON object.")
def main(name: str, *, as_json: bool) -> None:
    """Measure one thing, or all of them one after the other.

    Example: python -m bench verify --json
    """
    say = Console(stderr=True)
    chosen = NAMES if name == "all" else (name,)
    figures = {}
    for each in chosen:
        with say.status(f"{each} …") as status:
            module = importlib.import_module(f"bench.{each}")
            figures[each] = module.measure(status.update)
    if as_json:
        print(json.dumps(figures if name == "all" else figures[name]))
    else:
        for each in chosen:
            Console().print(_table(each, figures[each]))


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
