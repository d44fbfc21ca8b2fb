"""What the pages about a node and about a space show, as plain data."""

from collections.abc import Iterable

from msgspec import Struct

from beanjar import __version__
from beanjar.node.node import Node
from beanjar.node.peers import Peers
from beanjar.space.closing_view import ClosingFacts, Stage
from beanjar.space.members import MembersView, NotFounded
from beanjar.space.offers import Offered
from beanjar.space.space import Space
from beanjar.space.tool import Tool
from beanjar.web.mine import Mine
from beanjar.web.questions import entitle, questions_of, when_settled
from beanjar.web.reach import NOWHERE, DoorAddress, Reach

OPEN: tuple[Stage, ...] = ("asked", "open", "closing")
"""How far a question has come that has no result yet."""
DECIDED = 10
"""How many decided questions a space's page shows; the tools' lists show them all."""


class SpaceLine(Struct, frozen=True):
    """A space in a line; `open` counts the questions that have no result yet.

    Of one that is `arriving` nothing is here yet, not even its name. Of an `example` the people are
    made up.
    """

    id: str
    name: str = ""
    purpose: str = ""
    people: int = 0
    open: int = 0
    arriving: bool = False
    example: bool = False


class NodeView(Struct, frozen=True):
    """A node: its version, its device key (hex), and spaces that it carries.

    Other nodes dial it by `key` (hex) at `addresses`, and `connected` of them are its neighbours
    now. One that speaks with no other nodes has no `key`. Its pages are at `doors`, nearest first.
    `mine` is what concerns whoever the address of the page names.
    """

    version: str
    device: str
    spaces: list[SpaceLine]
    key: str
    addresses: list[str]
    connected: int
    doors: tuple[DoorAddress, ...]
    mine: Mine | None = None


class QuestionLine(Struct, frozen=True):
    """A question in a line. `answers` counts persons; `closes` and `settled` are in ms."""

    id: str
    tool: str
    title: str
    state: Stage
    closes: int
    answers: int
    settled: int | None = None


class ToolLine(Struct, frozen=True):
    """What people can do in a space, and how often they have."""

    name: str
    title: str
    subjects: int


class SpaceView(Struct, frozen=True):
    """A space: what is open, soonest first, what was decided, latest first, who offers to witness.

    `carrier` is the device key (hex) of the node that says so; it and its neighbours that carry the
    space are `carriers`. `mine` is what concerns whoever the
    address of the page names. Of an `example` the people are made up. The node carries a `full` one
    no further, for want of room.
    """

    id: str
    name: str
    purpose: str
    people: int
    open: list[QuestionLine]
    decided: list[QuestionLine]
    tools: list[ToolLine]
    offers: list[Offered]
    carrier: str
    carriers: int
    example: bool
    full: bool
    mine: Mine | None = None


class SpaceRecord(Struct, frozen=True):
    """What a program needs to take part in a space.

    `subjects` are ids by tool, newest first; `offers` to witness are in the order of their making.
    """

    id: str
    members: MembersView
    subjects: dict[str, list[str]]
    offers: list[Offered]


def view_node(
    node: Node, peers: Peers | None, spaces: Iterable[Space], reach: Reach = NOWHERE
) -> NodeView:
    """Return these spaces of a node, and where people and other nodes find it."""
    return NodeView(
        version=__version__,
        device=node.device.hex(),
        spaces=[_view_line(each, node.clock.now()) for each in spaces],
        key=peers.endpoint.key.hex() if peers else "",
        addresses=list(peers.sightings.addresses()) if peers else [],
        connected=len(peers.neighbours) if peers else 0,
        doors=reach.doors,
    )


def record_space(node: Node, name: bytes) -> SpaceRecord:
    """Return what a program needs of a space, or raise `UnknownSpace`."""
    space = node.space(name)
    subjects = {tool.name: space.subjects(tool) for tool in node.tools}
    return SpaceRecord(name.hex(), space.members.view(None), subjects, space.offers())


async def view_space(node: Node, peers: Peers | None, name: bytes) -> SpaceView:
    """Return what a space's page shows, or raise `UnknownSpace`."""
    space = node.space(name)
    founding = space.members.founding
    asked, now = sorted(questions_of(space), key=lambda each: each[2].closes), node.clock.now()
    shown = [each for each in asked if each[2].stage(now) in OPEN]
    ended = [each for each in reversed(asked) if each[2].stage(now) not in OPEN]
    return SpaceView(
        id=name.hex(),
        name=founding.name,
        purpose=founding.purpose,
        people=len(space.members),
        open=[await _view_question(node, name, *each) for each in shown],
        decided=[await _view_question(node, name, *each) for each in ended[:DECIDED]],
        tools=[ToolLine(tool.name, tool.title, len(space.subjects(tool))) for tool in node.tools],
        offers=space.offers(),
        carrier=node.device.hex(),
        carriers=1 + (len(peers.exchange.sharing(name)) if peers else 0),
        example=founding.example,
        full=node.quotas.is_full(name),
    )


def _view_line(space: Space, now: int) -> SpaceLine:
    members = space.members
    try:
        founding = members.founding
    except NotFounded:
        return SpaceLine(space.id.hex(), arriving=True)
    still_open = sum(facts.stage(now) in OPEN for *_, facts in questions_of(space))
    return SpaceLine(
        space.id.hex(),
        founding.name,
        founding.purpose,
        len(members),
        still_open,
        example=founding.example,
    )


async def _view_question(
    node: Node, space: bytes, tool: Tool, name: str, facts: ClosingFacts
) -> QuestionLine:
    title = await entitle(node, space, tool, name)
    settled = when_settled(node.space(space).closing(name))
    stage = facts.stage(node.clock.now())
    return QuestionLine(name, tool.name, title, stage, facts.closes, facts.answers, settled)
