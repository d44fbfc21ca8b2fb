"""What the pages about a node and about a space show, as plain data."""

from collections.abc import Iterator

from msgspec import Struct

from beanjar import __version__
from beanjar.node.node import Node
from beanjar.space.closing_view import ClosingFacts, State
from beanjar.space.members import MembersView
from beanjar.space.space import Space
from beanjar.space.tool import Tool
from beanjar.web.pages import Pages

OPEN: tuple[State, ...] = ("asked", "open", "closing")
"""The states in which a question has no result yet."""
DECIDED = 10
"""How many decided questions a space's page shows; the tools' lists show them all."""


class SpaceLine(Struct, frozen=True):
    """A space in a line; `open` counts the questions that have no result yet."""

    id: str
    name: str
    purpose: str
    people: int
    open: int


class NodeView(Struct, frozen=True):
    """A node: its version, its device key (hex), and the spaces that it carries."""

    version: str
    device: str
    spaces: list[SpaceLine]


class QuestionLine(Struct, frozen=True):
    """A question in a line. `closes` is in ms, `answers` counts persons."""

    id: str
    tool: str
    title: str
    state: State
    closes: int
    answers: int


class ToolLine(Struct, frozen=True):
    """What people can do in a space, and how often they have."""

    name: str
    title: str
    subjects: int


class SpaceView(Struct, frozen=True):
    """A space: what is open, soonest first, and what was decided, latest first.

    `carrier` is the device key (hex) of the node that says so.
    """

    id: str
    name: str
    purpose: str
    people: int
    open: list[QuestionLine]
    decided: list[QuestionLine]
    tools: list[ToolLine]
    carrier: str


class SpaceRecord(Struct, frozen=True):
    """What a program needs to take part in a space; `subjects` are ids by tool, newest first."""

    id: str
    members: MembersView
    subjects: dict[str, list[str]]


def view_node(node: Node) -> NodeView:
    """Return what this node carries."""
    lines = [_view_line(node.space(each)) for each in node.spaces()]
    return NodeView(__version__, node.device.hex(), lines)


def record_space(node: Node, name: bytes) -> SpaceRecord:
    """Return what a program needs of a space, or raise `UnknownSpace`."""
    space = node.space(name)
    subjects = {tool.name: space.subjects(tool) for tool in node.tools}
    return SpaceRecord(name.hex(), space.members.view(None), subjects)


async def view_space(node: Node, name: bytes) -> SpaceView:
    """Return what a space's page shows, or raise `UnknownSpace`."""
    space = node.space(name)
    founding = space.members.founding
    asked = sorted(_questions(space), key=lambda each: each[2].closes)
    shown = [each for each in asked if each[2].state in OPEN]
    ended = [each for each in reversed(asked) if each[2].state not in OPEN]
    return SpaceView(
        id=name.hex(),
        name=founding.name,
        purpose=founding.purpose,
        people=len(space.members),
        open=[await _view_question(node, name, *each) for each in shown],
        decided=[await _view_question(node, name, *each) for each in ended[:DECIDED]],
        tools=[ToolLine(tool.name, tool.title, len(space.subjects(tool))) for tool in node.tools],
        carrier=node.device.hex(),
    )


def pages_of(tool: Tool) -> Pages | None:
    """Return the pages of a tool, if it has any."""
    return tool.pages if isinstance(tool.pages, Pages) else None


def _view_line(space: Space) -> SpaceLine:
    founding, members = space.members.founding, space.members
    still_open = sum(facts.state in OPEN for *_, facts in _questions(space))
    return SpaceLine(space.id.hex(), founding.name, founding.purpose, len(members), still_open)


def _questions(space: Space) -> Iterator[tuple[Tool, str, ClosingFacts]]:
    """Yield each question's tool, id and facts."""
    for tool in space.tools:
        for name in space.subjects(tool):
            view = space.closing(name).view(None)
            if view is not None:
                yield tool, name, view.facts


async def _view_question(
    node: Node, space: bytes, tool: Tool, name: str, facts: ClosingFacts
) -> QuestionLine:
    pages = pages_of(tool)
    title = pages.title(await node.view(space, name)) if pages else tool.title
    return QuestionLine(name, tool.name, title, facts.state, facts.closes, facts.answers)
