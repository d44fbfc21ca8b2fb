"""Reads a file of guesses: one column of numbers under a heading."""

import csv
from decimal import Decimal, InvalidOperation
from pathlib import Path

from msgspec import Struct

from beanjar.base.errors import BeanjarError

GALTON = Path(__file__).with_name("galton.csv")
"""What people guessed at the ox of 1906: the 19 centiles that Galton published."""
MOST_DECIMALS = 9


class BadFile(BeanjarError):
    """A file that is not one column of numbers under a heading."""


class Guesses(Struct, frozen=True):
    """Guesses as whole numbers: `values` in units of 10 to the power of minus `decimals`."""

    heading: str
    decimals: int
    values: list[int]

    def to_units(self, number: Decimal) -> int:
        """Return a number in the same units. Raises `BadFile` if it is finer than they are."""
        scaled = number.scaleb(self.decimals)
        if scaled != scaled.to_integral_value():
            raise BadFile(f"{number} has more decimals than the guesses, {self.decimals}.")
        return int(scaled)


def read_guesses(path: Path) -> Guesses:
    """Return the guesses in a CSV file of one column. Raises `BadFile`, naming the line."""
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            rows = [(at, row) for at, row in enumerate(csv.reader(file), start=1) if any(row)]
    except (OSError, UnicodeDecodeError) as error:
        raise BadFile(f"{path} cannot be read: {error}") from error
    if len(rows) < 2:  # noqa: PLR2004 - a heading and one guess
        raise BadFile(f"{path} has no guesses: it takes a heading and a number on each line.")
    numbers = [_read_number(path, at, row) for at, row in rows[1:]]
    decimals = max(max(0, -_exponent(number)) for number in numbers)
    if decimals > MOST_DECIMALS:
        raise BadFile(f"{path} has numbers of {decimals} decimals; at most {MOST_DECIMALS} count.")
    return Guesses(rows[0][1][0], decimals, [int(number.scaleb(decimals)) for number in numbers])


def _read_number(path: Path, at: int, row: list[str]) -> Decimal:
    try:
        number = Decimal(row[0].strip())
    except InvalidOperation:
        number = Decimal("NaN")
    if len(row) != 1 or not number.is_finite():
        raise BadFile(f"Line {at} of {path} is not one number: {','.join(row)!r}.")
    return number.normalize()


def _exponent(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    assert isinstance(exponent, int)
    return exponent
