"""What a command tells: data for machines, or words for people, never both at once."""

import sys
from collections.abc import Sequence

import msgspec
from msgspec import Struct
from rich.console import Console
from rich.table import Table

JOINER = "\N{ZERO WIDTH JOINER}"
PIPED_WIDTH = 240
UNKNOWN = "\N{REPLACEMENT CHARACTER}"


class Rows(Struct, frozen=True):
    """A small table; `head` may be empty."""

    rows: Sequence[Sequence[str]]
    head: Sequence[str] = ()


class Told(Struct, frozen=True):
    """What a command comes to. `failed` lets the program end with 1 after telling it."""

    data: object
    words: Sequence[str | Rows]
    failed: bool = False


def tell(told: Told, *, as_json: bool) -> None:
    """Print it on standard output."""
    if as_json:
        sys.stdout.write(msgspec.json.encode(told.data).decode() + "\n")
        return
    for part in told.words:
        if isinstance(part, Rows):
            _print_table(part)
        else:
            sys.stdout.write(plain(part) + "\n")


def plain(text: str) -> str:
    """Return a text that somebody wrote without what could steer the terminal."""
    return "".join(
        each if each.isprintable() or each in {"\n", JOINER} else UNKNOWN for each in text
    )


def _print_table(table: Rows) -> None:
    width = None if sys.stdout.isatty() else PIPED_WIDTH
    console = Console(markup=False, highlight=False, emoji=False, width=width)
    grid = Table(box=None, show_header=bool(table.head), pad_edge=False, padding=(0, 2, 0, 0))
    for place in range(max(map(len, (table.head, *table.rows)))):
        grid.add_column(table.head[place] if table.head else "", overflow="fold")
    for row in table.rows:
        grid.add_row(*map(plain, row))
    console.print(grid)
