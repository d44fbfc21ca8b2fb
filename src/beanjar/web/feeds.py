"""What happens in a space, for feed readers and calendars: its questions and their deadlines.

Their addresses name the space and nobody who reads them: whoever knows the space's id may read it.
A person's own calendar has an address that names them and their spaces, and is for them alone.
"""

import re
from heapq import nlargest
from operator import attrgetter

from litestar import Response
from litestar.params import FromPath
from msgspec import Struct

from beanjar.node.node import Node
from beanjar.web.addresses import read_id
from beanjar.web.calendar import Deadline, write_calendar
from beanjar.web.door import Call, door_of
from beanjar.web.filters import read_time
from beanjar.web.happenings import Happening, find_happenings
from beanjar.web.mine import find_mine
from beanjar.web.questions import entitle, questions_of
from beanjar.web.site import page, shared
from beanjar.web.writing import VARY, speaker_for

NEWEST = 50
"""How many entries a feed has."""
NO_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML cannot say at all, and a person's text may hold."""
UNKNOWN = "\N{REPLACEMENT CHARACTER}"


class Entry(Struct, frozen=True):
    """A happening as a feed tells it: its title, its id for good, its address, its moment."""

    happening: Happening
    title: str
    urn: str
    address: str
    moment: str


@page("/feed.atom")
async def show_feed(request: Call, space: FromPath[str]) -> Response[bytes]:
    """Show the questions of a space as they open and settle, the newest first (RFC 4287)."""
    node, name = door_of(request).node, read_id(space)
    here = node.space(name)
    told = shared(here)  # raises NotFounded
    newest = nlargest(NEWEST, find_happenings(here), key=attrgetter("time", "question"))
    at = _address(request, space)
    entries = [await _tell(node, name, each, at) for each in newest]
    updated = newest[0].time if newest else here.members.view(None).founded
    feed = door_of(request).sheets.render(
        "feed.xml",
        speaker_for(request),
        urn=_name(space),
        address=at,
        entries=entries,
        updated=read_time(updated).isoformat(),
        **told,
    )
    content = NO_XML.sub(UNKNOWN, feed.decode()).encode()
    return Response(content, headers={"vary": VARY}, media_type="application/atom+xml")


@page("/calendar.ics")
async def show_calendar(request: Call, space: FromPath[str]) -> Response[bytes]:
    """Show until when the open questions of a space take answers (RFC 5545)."""
    node, name = door_of(request).node, read_id(space)
    here = node.space(name)
    founding, at = here.members.founding, _address(request, space)
    deadlines = [
        Deadline(
            urn=_name(space, question),
            title=await entitle(node, name, tool, question),
            address=f"{at}/{tool.name}/{question}",
            asked=read_time(facts.asked),
            closes=read_time(facts.closes),
        )
        for tool, question, facts in questions_of(here)
        if facts.state == "open"
    ]
    speaker = speaker_for(request)
    note = speaker.say(
        "Until when questions take answers. Whoever has this address can read it: it names the "
        "space, and nobody who looks."
    )
    content = write_calendar(founding.name, note, deadlines, speaker)
    return Response(content, headers={"vary": VARY}, media_type="text/calendar")


@page("/calendar.ics")
async def show_own_calendar(request: Call) -> Response[bytes]:
    """Show until when a person can answer what needs them, in all of their spaces (RFC 5545)."""
    speaker, door = speaker_for(request), request.base_url
    deadlines = [
        Deadline(
            urn=_name(need.space, need.question),
            title=f"{need.title} ({need.called})",
            address=f"{door}s/{need.space}/{need.tool}/{need.question}",
            asked=read_time(need.asked),
            closes=read_time(need.closes),
        )
        for need in (await find_mine(request)).needs
        if not need.wants
    ]
    note = speaker.say(
        "Until when you can answer. Whoever has this address can read it, and with it what is in "
        "your spaces: keep it to yourself."
    )
    content = write_calendar(speaker.say("Beanjar: what needs you"), note, deadlines, speaker)
    return Response(content, headers={"vary": VARY}, media_type="text/calendar")


async def _tell(node: Node, space: bytes, each: Happening, at: str) -> Entry:
    return Entry(
        happening=each,
        title=await entitle(node, space, each.tool, each.question),
        urn=_name(space.hex(), each.question, each.what),
        address=f"{at}/{each.tool.name}/{each.question}",
        moment=read_time(each.time).isoformat(),
    )


def _name(*parts: str) -> str:
    """Return the name of something, the same at every door and for good."""
    return ":".join(["urn:beanjar", *parts])


def _address(request: Call, space: str) -> str:
    """Return the whole address of a space at this door: a reader takes it elsewhere."""
    return f"{request.base_url}s/{space}"
