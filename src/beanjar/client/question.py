"""One question on one node."""

import time
from collections.abc import Callable
from typing import Protocol, TypeVar, cast

from msgspec import Struct

from beanjar.base.errors import BeanjarError
from beanjar.client.client import Client
from beanjar.client.line import understand
from beanjar.client.waiting import look_until
from beanjar.space.closing_view import ClosingFacts
from beanjar.space.question import Ask
from beanjar.space.tool import Tool

T = TypeVar("T", bound=Struct)
LOOK = 0.5
"""Seconds between two looks."""


class TookTooLong(BeanjarError):
    """Something about a question that did not happen in time."""


class View(Protocol):
    """What every tool's view of a question says."""

    facts: ClosingFacts
    ask: Ask


class Question:
    """A question (its id in hex) in a space (its id, 32 bytes), as a node knows it."""

    def __init__(self, client: Client, tool: Tool, space: bytes, question: str) -> None:
        """Ask the node of this client; nothing is asked before it is needed."""
        self.client = client
        self.tool = tool
        self.space = space
        self.id = question

    @property
    def url(self) -> str:
        """The address of its page."""
        return f"{self.client.url}/s/{self.space.hex()}/{self.tool.name}/{self.id}"

    def read(self) -> bytes:
        """Return its view as JSON, as the node serves it."""
        return self.client.page(f"/s/{self.space.hex()}/{self.tool.name}/{self.id}.json")

    def view(self, kind: type[T]) -> T:
        """Return its view as this struct: the tool's own, or one with those fields one needs."""
        return self.client.view(self.space, self.tool.name, self.id, kind)

    def look(self) -> View:
        """Return its view, of whatever tool it is."""
        return read_view(self.tool, self.read())

    def accepts(self) -> tuple[str, ...]:
        """Return the accepts (ids) of all witnesses, or nothing as long as one has not accepted."""
        accepts = [each.accept for each in self.look().facts.witnesses]
        return () if None in accepts else tuple(each for each in accepts if each)

    def wait(
        self,
        kind: type[T],
        is_so: Callable[[T], bool],
        seconds: float = 60,
        pause: Callable[[float], None] = time.sleep,
    ) -> T:
        """Return its view as soon as something is so. Raises `TookTooLong` after `seconds`."""

        def look() -> T | None:
            view = self.view(kind)
            return view if is_so(view) else None

        found = look_until(look, seconds, LOOK, pause)
        if found is None:
            raise TookTooLong(
                f"What you wait for has not come about within {seconds:g} seconds. See what the "
                f"question waits for: {self.url}"
            )
        return found


def read_view(tool: Tool, data: bytes) -> View:
    """Return a question's view from JSON, as any tool has it."""
    assert tool.speech is not None
    return cast("View", understand(data, tool.speech.view))
