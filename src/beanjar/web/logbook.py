"""The log of a space: everything that was said in it, and what one operation is to the byte."""

from collections.abc import Sequence

from litestar import Response
from litestar.params import FromPath, FromQuery
from msgspec import Struct

from beanjar.base.limits import INTEGER
from beanjar.fold.statement import Statement
from beanjar.node.node import Node
from beanjar.node.standing import Holding, look_at_operation
from beanjar.ops.log import is_signed
from beanjar.ops.operation import Operation
from beanjar.space.space import Space
from beanjar.store.latest import Arrived
from beanjar.web.addresses import read_id
from beanjar.web.door import Call, Door, door_of
from beanjar.web.entries import LogLine, look, write
from beanjar.web.refusals import NotHere
from beanjar.web.site import DATA, page, present, shared
from beanjar.web.typesetting import typesetter_of
from beanjar.web.writing import speaker_for

LINES = 50
"""How many operations one page shows."""
NOT_ARRIVED = "This entry is not here. It may not have arrived yet."


class LogView(Struct, frozen=True):
    """A page of the log, what arrived last here first; of one `person`, if that is not empty.

    `earlier` and `later` are the ids before and after which the next pages are; empty at an end.
    """

    space: str
    person: str
    lines: list[LogLine]
    earlier: str
    later: str


class OperationView(Struct, frozen=True):
    """An operation, every field of it: ids, keys, salt and signature in hex, times in ms.

    `space` is as its header says. `signed` says whether its own signature is good; if not, a later
    one of its log vouches for it. `body` is the text that was signed, `None` if it is not here.
    """

    line: LogLine
    space: str
    prev: str
    digest: str
    until: int
    size: int
    signature: str
    signed: bool
    salt: str | None
    body: str | None
    holding: Holding


@page("/log", "/log.json")
async def show_log(
    request: Call,
    space: FromPath[str],
    person: FromQuery[str] = "",
    before: FromQuery[str] = "",
    after: FromQuery[str] = "",
) -> Response[bytes]:
    """Show what was said, by one person if asked for; before or after an operation (hex)."""
    node, name = door_of(request).node, read_id(space)
    here = node.space(name)
    known = shared(here)  # raises NotFounded
    found, more = _read(node, here, person, before, after)
    lines = [look(here, each, node.clock.now()) for each in found]
    view = LogView(
        space=space,
        person=person,
        lines=[line for line, _ in lines],
        earlier=found[-1].operation.id.hex() if found and (after or more) else "",
        later=found[0].operation.id.hex() if found and (before or (after and more)) else "",
    )
    speaker = typesetter_of(speaker_for(request).language)
    return present(
        request,
        view,
        "log.html",
        lambda: known | {"entries": [write(here, *each, speaker) for each in lines]},
    )


@page("/log/{id:str}")
async def show_operation(
    request: Call,
    space: FromPath[str],
    id: FromPath[str],  # noqa: A002 - the word of the address
) -> Response[bytes]:
    """Show what one operation says, and all that it consists of."""
    door, name = door_of(request), read_id(space)
    here = door.node.space(name)
    known = shared(here)
    operation = door.node.find_operation(name, read_id(id.removesuffix(DATA)))
    if operation is None:
        raise NotHere(NOT_ARRIVED)
    line, said = look(here, _arrived(door.node, operation), door.node.clock.now())
    view = _view(door, line, operation)
    speaker = typesetter_of(speaker_for(request).language)
    about = _find_subject(here, said) if said else None
    return present(
        request,
        view,
        "operation.html",
        lambda: known | {"entry": write(here, line, said, speaker), "about": about},
    )


def _read(
    node: Node, space: Space, person: str, before: str, after: str
) -> tuple[Sequence[Arrived], bool]:
    """Return the lines of a page, and whether there are more that way."""
    store, keys = node.folder.store, None
    if person:
        keys = space.devices_of(read_id(person).hex())
    if after:
        bound = _find_arrival(node, space, after)
        found = store.read_after(space.id, bound, LINES + 1, keys)
        return found[-LINES:], len(found) > LINES
    bound = _find_arrival(node, space, before) if before else INTEGER
    found = store.read_before(space.id, bound, LINES + 1, keys)
    return found[:LINES], len(found) > LINES


def _find_arrival(node: Node, space: Space, name: str) -> int:
    arrival = node.folder.store.arrival(space.id, read_id(name))
    if arrival is None:
        raise NotHere(NOT_ARRIVED)
    return arrival


def _arrived(node: Node, operation: Operation) -> Arrived:
    """Return an operation with what is known of its arrival; what stands alone has none."""
    store = node.folder.store
    arrival = store.arrival(operation.effective_space, operation.id) or 0
    erased = operation.body is None and store.is_erased(arrival)
    return Arrived(arrival, operation, erased)


def _view(door: Door, line: LogLine, operation: Operation) -> OperationView:
    return OperationView(
        line=line,
        space=operation.space.hex(),
        prev=operation.prev.hex(),
        digest=operation.digest.hex(),
        until=operation.until,
        size=operation.size,
        signature=operation.signature.hex(),
        signed=is_signed(operation),
        salt=operation.salt.hex() if operation.salt is not None else None,
        body=operation.body.decode(errors="backslashreplace")
        if operation.body is not None
        else None,
        holding=look_at_operation(
            door.node.folder.store, door.peers, operation.effective_space, operation.id
        ),
    )


def _find_subject(space: Space, said: Statement) -> str:
    """Return the address of the question that a statement belongs to; "" if there is none."""
    name = space.subject_of(said)
    if name is None or space.closing(name).asked is None:
        return ""
    root, tool = space.find(name)
    return f"/s/{space.id.hex()}/{tool.name}/{root}"
