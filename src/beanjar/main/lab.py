"""`beanjar lab`: the laboratory."""

import click

from beanjar.main.lazy import Lazy, LazyGroup

COMMANDS = {
    "table": Lazy("beanjar.main.lab_table:table", "Work out figures that others have published."),
}


@click.group(cls=LazyGroup, lazy=COMMANDS, epilog="Example: beanjar lab table baran")
def lab() -> None:
    """Simulate networks: run, table."""
