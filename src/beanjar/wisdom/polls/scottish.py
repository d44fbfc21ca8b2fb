"""Ballots of Scottish council elections, as collected at github.com/mggg/scot-elex (CSV).

The first line has the numbers of candidates and of seats, then there is a line for each kind of
ballot, how many cast it and whom it ranks, then one for each candidate and one for the ward.
"""

from itertools import takewhile

from beanjar.wisdom.counting.rankings import Rankings
from beanjar.wisdom.errors import NoFigure
from beanjar.wisdom.polls.poll import NoPoll, Poll, distinguish
from beanjar.wisdom.tables import read_count, read_rows

CANDIDATE = "Candidate "
Numbers = list[int]


def read_scottish(text: str) -> Poll:
    """Return the poll in a file. Raises `NoPoll`, or `NoTable` where its rows cannot be read."""
    rows = [row for _, row in read_rows(text)]
    ballots = [*takewhile(bool, map(_read_numbers, rows))]
    if not ballots or len(ballots[0]) != 2:  # noqa: PLR2004 - two numbers
        raise NoPoll(
            "The file should begin with the numbers of candidates and seats, then ballots."
        )
    candidates, seats = ballots[0]
    others = rows[len(ballots) :]
    names = [row[1] for row in others if row[0].startswith(CANDIDATE) and len(row) > 1]
    marks = [row[0] for row in others if row[0].startswith(CANDIDATE)]
    expected = [f"{CANDIDATE}{place}" for place in range(1, len(marks) + 1)]
    is_odd = marks != [row[0] for row in others[:candidates]] or len(others) > candidates + 1
    if is_odd or marks != expected or len(names) != candidates or not all(names):
        raise NoPoll(f"The file should name its {candidates:,} candidates, one after the other.")
    tiers = ((count, [[each - 1] for each in order]) for count, *order in ballots[1:])
    try:
        rankings = Rankings.of_tiers(tiers, candidates)
    except NoFigure as error:
        raise NoPoll(f"A ballot of this file cannot be read. {error}") from error
    ward = others[-1][0] if not others[-1][0].startswith(CANDIDATE) else ""
    return Poll(ward, distinguish(names), rankings, seats)


def _read_numbers(row: list[str]) -> Numbers:
    """Return a row of numbers, which may end in empty cells; nothing for any other row."""
    filled = row[: max((at for at, cell in enumerate(row, start=1) if cell), default=0)]
    numbers = [read_count(cell) for cell in filled]
    return [each for each in numbers if each is not None] if None not in numbers else []
