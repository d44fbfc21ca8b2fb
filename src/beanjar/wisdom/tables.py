"""Files of rows and columns, as people and programs write them."""

import csv
import re
from collections.abc import Iterator
from io import StringIO

from beanjar.base.errors import BeanjarError

MOST_CELLS = 50_000_000
"""No table that is read or worked with has more cells than this."""
COUNT = re.compile(r"[0-9]{1,15}")


class NoTable(BeanjarError):
    """A file that cannot be read as rows; the message says where it fails."""


def read_rows(text: str, delimiter: str = ",") -> Iterator[tuple[int, list[str]]]:
    """Yield the rows that are not empty, each with the number of the line on which it ends.

    Cells come without the space around them. Raises `NoTable`.
    """
    reader = csv.reader(StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=delimiter)
    try:
        for row in reader:
            cells = [each.strip() for each in row]
            if any(cells):
                yield reader.line_num, cells
    except csv.Error as error:
        raise NoTable(f"Line {reader.line_num} cannot be read: {error}.") from error


def read_count(text: str) -> int | None:
    """Return a whole number from 0 on, of at most 15 digits; None for anything else."""
    return int(text) if COUNT.fullmatch(text) else None
