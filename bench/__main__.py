"""`python -m bench NAME [--json]`: measures one thing, or `all`."""

import importlib
import json
from collections.abc import Mapping

import click
from rich.console import Console
from rich.table import Table

NAMES = ("verify", "store", "tally", "start")


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


def _table(name: str, figures: Mapping[str, float]) -> Table:
    table = Table("figure", "value", title=name)
    for figure, value in figures.items():
        table.add_row(figure, f"{value:,.4g}")
    return table


if __name__ == "__main__":
    main()
