"""`beanjar lab`: networks that are simulated, and figures that others have published."""

import click

from beanjar.main.lazy import Lazy, LazyGroup

COMMANDS = {
    "run": Lazy("beanjar.main.lab_run:run", "Simulate a network, and what befalls it."),
    "list": Lazy("beanjar.main.lab_run:list_", "What can be simulated."),
    "table": Lazy("beanjar.main.lab_table:table", "Work out figures that others have published."),
}


@click.group(cls=LazyGroup, lazy=COMMANDS, epilog="Example: beanjar lab run calm")
def lab() -> None:
    """Try what a network bears: simulated nodes, faults and people who mean harm."""
