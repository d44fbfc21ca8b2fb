"""One question on a node, as the terminal sees it."""

import re
from typing import Protocol, cast

import msgspec

from beanjar.base.errors import BeanjarError
from beanjar.main.client import Client, NodeRambles
from beanjar.main.ownlog import OwnLog
from beanjar.main.session import Session, is_id
from beanjar.space.closing_view import ClosingFacts
from beanjar.space.question import Ask
from beanjar.space.speech import Speech
from beanjar.space.tool import Tool

ADDRESS = re.compile(r"/s/([0-9a-f]{64})/\w+/([0-9a-f]{64})(?:\.json)?$")
SHORT = 8
"""How many digits of an id tell it from others well enough."""


class NoSuchQuestion(BeanjarError):
    """A question that the node does not have."""


class View(Protocol):
    """What every tool's view of a question says."""

    facts: ClosingFacts
    ask: Ask


class Question:
    """A question, and where it is: in the space of `log`, on the node of `client`."""

    def __init__(self, session: Session, tool: Tool, text: str, space: str | None) -> None:
        """Find the question with this id, beginning of an id, or address of a page.

        Raises `NoSuchQuestion`.
        """
        address = ADDRESS.search(text)
        if address:
            space, text = space or address[1], address[2]
        self.tool = tool
        self.log: OwnLog = session.find_space(space)
        self.client: Client = session.reach(self.log)
        self.id = text if is_id(text) else self._find(text)

    @property
    def space(self) -> bytes:
        """The id of the space, 32 bytes."""
        return self.log.space

    @property
    def url(self) -> str:
        """The address of its page."""
        return f"{self.client.url}/s/{self.space.hex()}/{self.tool.name}/{self.id}"

    def read(self) -> bytes:
        """Return its view as JSON."""
        return self.client.view(self.space, self.tool.name, self.id)

    def look(self) -> View:
        """Return its view."""
        return read_view(self.tool, self.read())

    def _find(self, beginning: str) -> str:
        subjects = self.client.space(self.space).subjects.get(self.tool.name, [])
        found = [each for each in subjects if each.startswith(beginning.lower())]
        if len(found) == 1:
            return found[0]
        if found:
            raise NoSuchQuestion(f"Several questions begin with “{beginning}”. Say more of it.")
        raise NoSuchQuestion(
            f"No question here begins with “{beginning}”. See them with: beanjar "
            f"{self.tool.name} list."
        )


def check_asker(session: Session, view: View) -> None:
    """Check that it is this person who asked; raise `BeanjarError` if it is not."""
    if view.facts.asker != session.home.me.person:
        raise BeanjarError("Somebody else asked this question, so only they can do that.")


def speech_of(tool: Tool) -> Speech:
    """Return how people say the tool's things; only tools that have it get commands."""
    assert tool.speech is not None
    return tool.speech


def read_view(tool: Tool, data: bytes) -> View:
    """Return a question's view from JSON."""
    try:
        view = msgspec.json.decode(data, type=speech_of(tool).view)
    except msgspec.MsgspecError:
        raise NodeRambles(
            "This program does not understand the node's answer. Update the older of the two."
        ) from None
    return cast("View", view)
