"""What is known of a question at a moment: whom it waits for, and how far an answer has come."""

from collections.abc import Iterator
from typing import Literal

from msgspec import Struct

from beanjar.node.node import Node
from beanjar.ops.operation import Operation
from beanjar.space.closing import Closing
from beanjar.space.closing_view import ClosingFacts
from beanjar.space.question import Answer
from beanjar.space.space import Space
from beanjar.space.tool import Tool
from beanjar.web.pages import Pages
from beanjar.web.refusals import NotHere


class Witnessed(Struct, frozen=True):
    """How many of a question's witnesses have logged an answer, and whether it is sure to count.

    It shows that the answer is in the jar, never what it says.
    """

    witnessed: int
    of: int
    sure: bool


class OnRoll(Struct, frozen=True):
    """Who a person is to a question: `late` came after it was asked, `unnamed` before.

    Neither is on its roll. A question without one counts any member.
    """

    who: Literal["counted", "late", "unnamed"]


def questions_of(space: Space) -> Iterator[tuple[Tool, str, ClosingFacts]]:
    """Yield each question's tool, id and facts."""
    for tool in space.tools:
        for name in space.subjects(tool):
            view = space.closing(name).view(None)
            if view is not None:
                yield tool, name, view.facts


def when_settled(closing: Closing) -> int | None:
    """Return when a question that has a result was settled, in ms, as its witness claims."""
    opening = closing.opening()
    certificate = closing.certificate(opening) if opening else None
    return certificate.time if certificate else None


def look_at_answer(space: Space, answer: Operation | None) -> Witnessed:
    """Return how far an answer has come, or raise `NotHere` if it is none, or none that is here."""
    said = space.read(answer) if answer is not None and space.knows(answer.key) else None
    subject = space.subject_of(said) if said and isinstance(said.body, Answer) else None
    closing = space.closing(subject) if subject else None
    view = closing.view(None) if closing else None
    if said is None or closing is None or view is None:
        raise NotHere("No answer that is here has this id. It may not have arrived yet.")
    witnessed = closing.receipts(said.id)
    return Witnessed(witnessed, len(view.facts.witnesses), witnessed >= view.facts.sure_at)


def look_at_roll(space: Space, question: str, person: str) -> OnRoll:
    """Return whether a question (its id, in hex) counts a person (hex), by the roll it has now.

    Raises `UnknownSubject`, and `NotHere` as long as it has none because it is not open.
    """
    closing = space.closing(question)
    opening, asked = closing.opening(), closing.asked
    if opening is None or asked is None:
        raise NotHere("Whom this question counts is not known yet: it is not open.")
    if opening.admits(person):
        return OnRoll("counted")
    member = space.members.find(person)
    return OnRoll("unnamed" if member and member.joined <= asked.time else "late")


def name_keeper(space: Space, device: str) -> str:
    """Return what to call the person whose node has this device key (hex)."""
    offers = (each.person for each in space.offers() if each.device == device)
    person = next(offers, None) or _find_person(space, device)
    return space.members.name_of(person) if person else f"somebody ({device[:6]})"


async def entitle(node: Node, space: bytes, tool: Tool, name: str) -> str:
    """Return what a question (its id in hex) is about, in a line."""
    pages = pages_of(tool)
    return pages.title(await node.view(space, name)) if pages else tool.title


def pages_of(tool: Tool) -> Pages | None:
    """Return the pages of a tool, if it has any."""
    return tool.pages if isinstance(tool.pages, Pages) else None


def _find_person(space: Space, device: str) -> str | None:
    members = space.members.view(None).members
    return next((each.person for each in members if device in each.devices), None)
