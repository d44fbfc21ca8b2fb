"""What happened in a space: its questions as they opened and settled."""

from collections.abc import Iterator
from typing import Literal

from msgspec import Struct

from beanjar.space.closing_view import ClosingFacts
from beanjar.space.space import Space
from beanjar.space.tool import Tool
from beanjar.web.questions import questions_of, when_settled


class Happening(Struct, frozen=True):
    """A question that opened or settled, at `time` (ms)."""

    question: str
    tool: Tool
    what: Literal["open", "settled"]
    time: int
    facts: ClosingFacts


def find_happenings(space: Space) -> Iterator[Happening]:
    """Yield what happened to each question; one that has no result has only opened."""
    for tool, name, facts in questions_of(space):
        closing = space.closing(name)
        opening = closing.opening()
        if opening is None:
            continue
        yield Happening(name, tool, "open", opening.said.time, facts)
        settled = when_settled(closing)
        if settled is not None and facts.state == "opened":
            yield Happening(name, tool, "settled", settled, facts)
