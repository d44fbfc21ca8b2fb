"""What a person wants to know when they come: what needs them, and what is new in their spaces.

The node keeps nothing of it. A browser says who asks, which spaces they are in, and when they last
looked at each.
"""

import re
from collections.abc import AsyncIterator, Mapping

from msgspec import Struct

from beanjar.node.node import Node
from beanjar.node.spaces import UnknownSpace
from beanjar.space.members import NotFounded
from beanjar.space.space import Space
from beanjar.web.addresses import read_id
from beanjar.web.door import Call, door_of
from beanjar.web.happenings import find_happenings
from beanjar.web.language import Speaker
from beanjar.web.questions import pages_of, questions_of
from beanjar.web.writing import speaker_for

TIME = re.compile("[0-9]{1,16}")


class Need(Struct, frozen=True):
    """Something that needs a person: a question, asked and open until so many ms, and what to do.

    `wants` says that in words; it is empty where an answer is wanted.
    """

    space: str
    called: str
    tool: str
    question: str
    title: str
    asked: int
    closes: int
    wants: str


class News(Struct, frozen=True):
    """A space, and how much has happened since `seen` (ms; 0 = never looked at).

    `asked` and `settled` count questions, `joined` people. `open` are the questions that are open.
    """

    id: str
    name: str
    seen: int
    open: int
    asked: int
    settled: int
    joined: int


class Mine(Struct, frozen=True):
    """What concerns one person: what needs them, soonest first, and news of each of their spaces.

    Only spaces that are here.
    """

    needs: list[Need] = []
    news: list[News] = []


class Visit(Struct, frozen=True):
    """Who comes, as a browser says: a person (hex), and of each of their spaces when it was seen.

    That is in ms, 0 where they never looked.
    """

    person: str
    seen: Mapping[bytes, int]


async def find_mine(request: Call) -> Mine:
    """Return what concerns whoever the address names; nothing where it names nobody."""
    visit = read_visit(request)
    node, speaker = door_of(request).node, speaker_for(request)
    needs: list[Need] = []
    news: list[News] = []
    for name, seen in visit.seen.items():
        try:
            space = node.space(name)
            news.append(_tell_news(space, seen))
        except (UnknownSpace, NotFounded):
            continue  # it is at another door, or still on its way
        needs += [need async for need in _find_needs(node, space, visit.person, speaker)]
    return Mine(sorted(needs, key=lambda need: (need.closes, need.question)), news)


def read_visit(request: Call) -> Visit:
    """Return who comes, by `person=KEY` and `seen=SPACE.TIME` for each of their spaces."""
    query = request.query_params
    seen = {}
    for each in query.getall("seen", []):
        space, _, time = each.partition(".")
        seen[read_id(space)] = int(time) if TIME.fullmatch(time) else 0
    return Visit(query.get("person", ""), seen)


def _tell_news(space: Space, seen: int) -> News:
    fresh = [each.what for each in find_happenings(space) if each.time > seen]
    return News(
        id=space.id.hex(),
        name=space.members.founding.name,
        seen=seen,
        open=sum(facts.state == "open" for *_, facts in questions_of(space)),
        asked=fresh.count("open"),
        settled=fresh.count("settled"),
        joined=space.members.joined_since(seen),
    )


async def _find_needs(
    node: Node, space: Space, person: str, speaker: Speaker
) -> AsyncIterator[Need]:
    for tool, question, facts in questions_of(space):
        pages = pages_of(tool)
        if pages is None or not space.members.has(person):
            continue
        view = await node.view(space.id, question)
        awaited = space.closing(question).awaits(person) and facts.closes > node.clock.now()
        wants = "" if awaited else pages.wants(view, person, speaker)
        if awaited or wants:
            yield Need(
                space=space.id.hex(),
                called=space.members.founding.name,
                tool=tool.name,
                question=question,
                title=pages.title(view),
                asked=facts.asked,
                closes=facts.closes,
                wants=wants,
            )
