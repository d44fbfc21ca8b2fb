"""What a node's keeper wants to know when something seems wrong: what is behind, and why."""

from pathlib import Path

from litestar import get
from msgspec import Struct

from beanjar import __version__
from beanjar.node.node import Node
from beanjar.node.quotas import Quota
from beanjar.node.standing import Standing, look_around
from beanjar.space.closing_view import State
from beanjar.space.space import Space
from beanjar.web.door import Call, door_of, find_name
from beanjar.web.keeper import check_keeper
from beanjar.web.questions import entitle, name_keeper, questions_of


class Waiting(Struct, frozen=True):
    """A question that waits, and the names of the people for whose nodes it does."""

    id: str
    tool: str
    title: str
    state: State
    waiting_for: list[str]


class SpaceHealth(Struct, frozen=True):
    """What is behind in a space: its name ("" while it is arriving), what it lacks and waits for.

    `quota` is how much of the disk it takes, and may take. `bodies` counts the operations of which
    only the header is here; more than a thousand are not counted on.
    """

    space: str
    name: str
    bodies: int
    waiting: list[Waiting]
    quota: Quota


class Health(Struct, frozen=True):
    """A node's version, its folder and how many bytes that takes, its neighbours, its spaces.

    `standing` is `None` on a node that speaks with no other nodes.
    """

    version: str
    folder: str
    bytes: int
    standing: Standing | None
    spaces: list[SpaceHealth]


@get(
    "/api/keeper/health",
    summary="What is behind on this node, as its keeper",
    guards=[check_keeper],
)
async def read_health(request: Call) -> Health:
    """Return how the node does."""
    node, peers = door_of(request).node, door_of(request).peers
    folder = node.folder.path
    return Health(
        version=__version__,
        folder=str(folder.absolute()),
        bytes=sum(_measure(file) for file in folder.rglob("*")),
        standing=look_around(peers) if peers else None,
        spaces=[await _examine(node, each) for each in node.spaces()],
    )


def _measure(file: Path) -> int:
    """Return how many bytes a file takes, which the node may just have put aside."""
    try:
        return file.stat().st_size if file.is_file() else 0
    except FileNotFoundError:
        return 0


async def _examine(node: Node, name: bytes) -> SpaceHealth:
    space = node.space(name)
    wanted = node.folder.store.wanted(name, node.clock.now())
    waiting = await _find_waiting(node, space)
    quota = node.quotas.look_at(name)
    return SpaceHealth(name.hex(), find_name(space), len(wanted), waiting, quota)


async def _find_waiting(node: Node, space: Space) -> list[Waiting]:
    found = []
    for tool, name, facts in questions_of(space):
        if facts.waiting_for and not facts.is_given_up(node.clock.now()):
            title = await entitle(node, space.id, tool, name)
            people = [name_keeper(space, device) for device in facts.waiting_for]
            found.append(Waiting(name, tool.name, title, facts.state, people))
    return found
