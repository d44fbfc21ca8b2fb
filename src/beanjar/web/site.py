"""The pages that people read. Each has its data at the same address with .json at its end."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from litestar import Response, route
from litestar.enums import HttpMethod
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, FromQuery
from msgspec import Struct
from msgspec.structs import replace

from beanjar.base.limits import OPEN_FOR, VOUCHES
from beanjar.node.node import Node
from beanjar.space.space import Space
from beanjar.space.tool import Tool
from beanjar.space.view import encode_view
from beanjar.web.addresses import read_id
from beanjar.web.door import Call, door_of, listed
from beanjar.web.mine import find_mine
from beanjar.web.overview import view_node, view_space
from beanjar.web.pages import Pages
from beanjar.web.questions import name_keeper, pages_of
from beanjar.web.reach import DoorAddress
from beanjar.web.refusals import NotHere
from beanjar.web.writing import speaker_for, write_page

DATA = ".json"
PEOPLE = 100
"""How many people one page shows."""


def page(*paths: str) -> HTTPRouteHandler:
    """Return the decorator of a page at these paths."""
    methods = [HttpMethod.GET, HttpMethod.HEAD]
    return route(list(paths), http_method=methods, include_in_schema=False)


@page("/", "/.json")
async def show_node(request: Call) -> Response[bytes]:
    """Show what needs whoever comes, what is new in their spaces, and the open spaces here."""
    door = door_of(request)
    view = view_node(door.node, door.peers, listed(request), request.app.state.reach)
    return present(request, replace(view, mine=await find_mine(request)), "home.html", dict)


@page("/me")
async def show_me(request: Call) -> Response[bytes]:
    """Show who is at this browser: the page asks the browser, and the node learns nothing of it."""
    return write_page(request, "me.html", {})


@page("/")
async def show_space(request: Call, space: FromPath[str]) -> Response[bytes]:
    """Show what a space is for, what is open, what was decided, who offers to witness."""
    door, name = door_of(request), read_id(space.removesuffix(DATA))
    view = await view_space(door.node, door.peers, name)
    return present(
        request,
        replace(view, mine=await find_mine(request)),
        "space.html",
        lambda: shared(door.node.space(name)) | {"vouches": VOUCHES, **_tell_reach(request)},
    )


@page("/people", "/people.json")
async def show_people(
    request: Call, space: FromPath[str], start: FromQuery[int] = 0
) -> Response[bytes]:
    """Show who is here, from the place `start` on."""
    here = door_of(request).node.space(read_id(space))
    view = here.members.view(None)
    people = [each for each in view.members if not each.left]
    start = max(0, start)
    shown = {
        "people": people[start : start + PEOPLE],
        "count": len(people),
        "gone": len(view.members) - len(people),
        "earlier": max(0, start - PEOPLE) if start else None,
        "later": start + PEOPLE if start + PEOPLE < len(people) else None,
    }
    return present(request, view, "people.html", lambda: shared(here) | shown)


@page("/{tool:str}")
async def show_list(request: Call, space: FromPath[str], tool: FromPath[str]) -> Response[bytes]:
    """Show all subjects of a tool."""
    node, name = door_of(request).node, read_id(space)
    here = shared(node.space(name))
    found, pages = find_tool(node, tool.removesuffix(DATA))
    board = await node.board(name, found)
    return present(
        request,
        board,
        f"{found.name}/list.html",
        lambda: here | {"tool": found, "page": pages.list(board, speaker_for(request))},
    )


@page("/{tool:str}/ask")
async def show_ask(request: Call, space: FromPath[str], tool: FromPath[str]) -> Response[bytes]:
    """Show the form with which something is asked."""
    node = door_of(request).node
    found, _ = find_tool(node, tool)
    here = shared(node.space(read_id(space)))
    return write_page(
        request, f"{found.name}/ask.html", here | {"tool": found, "longest": OPEN_FOR}
    )


@page("/{tool:str}/{subject:str}")
async def show_subject(
    request: Call, space: FromPath[str], tool: FromPath[str], subject: FromPath[str]
) -> Response[bytes]:
    """Show one subject, its whole life."""
    node, name = door_of(request).node, read_id(space)
    here = node.space(name)
    found, pages = find_tool(node, tool)
    root, owner = here.find(read_id(subject.removesuffix(DATA)).hex())
    if owner is not found:
        raise NotHere(f"What has this address is not among “{found.title}”.")
    view = await node.view(name, root)
    return present(
        request,
        view,
        f"{found.name}/show.html",
        lambda: (
            shared(here)
            | {"tool": found, "subject": root, "page": pages.show(view, speaker_for(request))}
        ),
    )


def present(
    request: Call, view: Struct, template: str, shown: Callable[[], dict[str, Any]]
) -> Response[bytes]:
    """Answer with a view: as data if the address asks for that, else on the page of a template."""
    path = request.scope["path"]
    if path.endswith(DATA):
        return Response(encode_view(view), media_type="application/json")
    return write_page(request, template, {"address": path, "view": view, **shown()})


def _tell_reach(request: Call) -> dict[str, Any]:
    """Return at which address others meet here, and who can open it."""
    doors: Sequence[DoorAddress] = request.app.state.reach.doors
    if not doors:
        return {"meeting": "", "open_to": "this machine"}
    return {"meeting": doors[-1].url, "open_to": doors[-1].open_to}


def shared(space: Space) -> dict[str, Any]:
    """Return what every page about a space can show. Raises `NotFounded` while it is arriving."""
    return {
        "doors": space.doors.view(space.members.has),
        "space": space.id.hex(),
        "founding": space.members.founding,
        "called": space.members.name_of,
        "keeper": partial(name_keeper, space),
    }


def find_tool(node: Node, name: str) -> tuple[Tool, Pages]:
    """Return a tool and its pages, or raise `NotHere`."""
    for tool in node.tools:
        pages = pages_of(tool)
        if tool.name == name and pages is not None:
            return tool, pages
    raise NotHere(f"This node does not know what “{name}” is. A newer version may.")
