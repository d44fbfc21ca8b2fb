"""Showing a question, and listing them."""

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

import click
import msgspec
from msgspec import Struct

from beanjar.client.line import understand
from beanjar.client.question import read_view
from beanjar.main.command import Command
from beanjar.main.inputs import SPACE
from beanjar.main.moments import write_moment
from beanjar.main.questions import SHORT, Question, speech_of
from beanjar.main.session import Session
from beanjar.main.stages import say_all
from beanjar.main.told import Rows, Told
from beanjar.space.speech import Bar
from beanjar.space.tool import Tool

WIDEST = 40
"""How many characters the longest bar has."""
BLOCKS = " ▏▎▍▌▋▊▉"
FULL = "█"


class Line(Struct, frozen=True):
    """A question on a tool's board, as far as all tools say the same."""

    id: str
    title: str
    state: str
    closes: int
    answers: int


class Board(Struct, frozen=True):
    """What every tool's board has."""

    questions: list[Line]


def make_show(tool: Tool) -> click.Command:
    """Return the command that shows a question of the tool."""
    svg = click.Path(path_type=Path, dir_okay=False)
    return Command(
        "show",
        callback=partial(_show, tool),
        params=[
            click.Argument(["question"]),
            click.Option(["--svg"], type=svg, help="Draw the jar into this file."),
            SPACE,
        ],
        help="Show a QUESTION: how far it has come and, once it is open, what the crowd says.",
        example=f"{tool.name} show 3fa29b1c --svg jar.svg",
    )


def make_list(tool: Tool) -> click.Command:
    """Return the command that lists the questions of the tool."""
    return Command(
        "list",
        callback=partial(_list, tool),
        params=[SPACE],
        help="List the questions of a space.",
        example=f"{tool.name} list",
    )


def _show(
    tool: Tool, session: Session, *, question: str, svg: Path | None, space: str | None
) -> Told:
    found = Question(session, tool, question, space)
    data = found.read()
    view = read_view(tool, data)
    shown = speech_of(tool).show(view)
    if svg is not None:
        svg.write_text(speech_of(tool).draw(view), encoding="utf-8")
    standing = say_all(found, view.facts, session.clock.now())
    parts: list[str | Rows] = [shown.title, *standing, *shown.sentences]
    if shown.bars:
        parts.append(Rows(list(draw_bars(shown.bars))))
    if shown.figures:
        parts.append(Rows(shown.figures))
    return Told(msgspec.Raw(data), [*parts, found.url])


def _list(tool: Tool, session: Session, *, space: str | None) -> Told:
    log = session.find_space(space)
    data = session.reach(log).page(f"/s/{log.space.hex()}/{tool.name}.json")
    lines = understand(data, Board).questions
    rows = [
        (each.id[:SHORT], each.title, each.state, write_moment(each.closes), str(each.answers))
        for each in lines
    ]
    table = Rows(rows, ("", "question", "state", "closes", "answers"))
    return Told(msgspec.Raw(data), [table] if rows else [f"No {tool.title.lower()} yet."])


def draw_bars(bars: Sequence[Bar]) -> Iterator[tuple[str, str, str]]:
    """Yield label, bar with its count, and note of each row; eighths of a block are drawn too."""
    most = max((each.count for each in bars), default=0) or 1
    for each in bars:
        whole, eighths = divmod(each.count * WIDEST * 8 // most, 8)
        drawn = (FULL * whole + BLOCKS[eighths]).rstrip()
        note = f"◂ {each.note}" if each.note else ""
        yield each.label, f"{drawn} {each.count:,}", note
