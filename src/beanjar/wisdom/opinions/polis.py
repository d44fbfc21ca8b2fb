"""Conversations in the CSV layout that Polis exports (compdemocracy.org/export)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from beanjar.base.errors import BeanjarError
from beanjar.wisdom.errors import NoFigure
from beanjar.wisdom.opinions.votes import MOST_STATEMENTS, Votes, check_size
from beanjar.wisdom.tables import COUNT, read_rows

TABLE, COMMENTS = "participants-votes.csv", "comments.csv"
PERSON, COMMENT, BODY = "participant", "comment-id", "comment-body"
REJECTED = "-1"
SIGNS = {"": 0, "-1": 1, "0": 2, "1": 3, "-1.0": 1, "0.0": 2, "1.0": 3}
"""How a cell is written in a byte: nothing is no vote, and the others are a sign from 1 on."""


class NoConversation(BeanjarError):
    """Files that hold no conversation; the message says where they fail."""


@dataclass(frozen=True)
class Conversation:
    """Who voted how on which statements."""

    people: tuple[str, ...]
    """Who they are in the files, in the order of the rows of `votes`."""
    statements: tuple[str, ...]
    """Which they are in the files, in the order of the columns."""
    texts: Mapping[str, str]
    """What statements say, as far as the files tell."""
    hidden: tuple[int, ...]
    """Columns of statements that a moderator rejected."""
    votes: Votes


def read_conversation(files: Mapping[str, str]) -> Conversation:
    """Return the conversation in these files, by their names: the table of votes is needed.

    Raises `NoConversation`, or `NoTable` where rows cannot be read.
    """
    if TABLE not in files:
        raise NoConversation(f"A Polis export has a file {TABLE}, and there is none here.")
    rows = read_rows(files[TABLE])
    _, heading = next(rows, (0, []))
    if PERSON not in heading or len(set(heading)) < len(heading):
        raise NoConversation(f"{TABLE} should begin with a line of columns, one called {PERSON}.")
    columns = {name: place for place, name in enumerate(heading) if COUNT.fullmatch(name)}
    if len(columns) > MOST_STATEMENTS:
        raise NoConversation(f"At most {MOST_STATEMENTS:,} statements can be mapped.")
    comments = _read_comments(files.get(COMMENTS, ""))
    people, votes = _read_votes(rows, heading.index(PERSON), [*columns.values()])
    return Conversation(
        people,
        tuple(columns),
        {name: each[BODY] for name, each in comments.items() if each.get(BODY)},
        tuple(
            place
            for place, name in enumerate(columns)
            if comments.get(name, {}).get("moderated") == REJECTED
        ),
        votes,
    )


def _read_comments(text: str) -> dict[str, dict[str, str]]:
    rows = read_rows(text)
    _, heading = next(rows, (0, []))
    comments = (dict(zip(heading, row, strict=False)) for _, row in rows)
    return {each[COMMENT]: each for each in comments if COMMENT in each}


def _read_votes(
    rows: Iterator[tuple[int, list[str]]], person: int, columns: Sequence[int]
) -> tuple[tuple[str, ...], Votes]:
    people: dict[str, None] = {}
    signs: list[bytes] = []
    for line, row in rows:
        name = row[person] if person < len(row) else ""
        if not name or name in people:
            raise NoConversation(f"Line {line} of {TABLE} should be of a {PERSON} of its own.")
        said = [row[column] if column < len(row) else "" for column in columns]
        for each in {*said} - SIGNS.keys():
            raise NoConversation(f"“{each}” in line {line} of {TABLE} is no vote.")
        people[name] = None
        signs.append(bytes(SIGNS[each] for each in said))
        try:
            check_size(len(people), len(columns))
        except NoFigure as error:
            raise NoConversation(f"This conversation is too large. {error}") from error
    table = np.frombuffer(b"".join(signs), np.uint8).reshape(len(people), len(columns))
    cast = table.astype(np.int8) - SIGNS["0"]
    return tuple(people), Votes(np.where(table, cast, 0).astype(np.int8), table > 0)
