"""One question on a node, as the terminal sees it."""

import re

from beanjar.base.errors import BeanjarError
from beanjar.client import question as asked
from beanjar.client.question import View
from beanjar.main.session import Session, is_id
from beanjar.space.speech import Speech
from beanjar.space.tool import Tool

ADDRESS = re.compile(r"/s/([0-9a-f]{64})/\w+/([0-9a-f]{64})(?:\.json)?$")
SHORT = 8
"""How many digits of an id tell it from others well enough."""


class NoSuchQuestion(BeanjarError):
    """A question that the node does not have."""


class Question(asked.Question):
    """A question as it was named, in the space of `log`."""

    def __init__(self, session: Session, tool: Tool, text: str, space: str | None) -> None:
        """Find the question with this id, beginning of an id, or address of a page.

        Raises `NoSuchQuestion`.
        """
        address = ADDRESS.search(text)
        if address:
            space, text = space or address[1], address[2]
        self.log = session.find_space(space)
        super().__init__(session.reach(self.log), tool, self.log.space, text)
        if not is_id(text):
            self.id = self._find(text)

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
