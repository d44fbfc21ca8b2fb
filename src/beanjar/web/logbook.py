"""The log of a space: everything that was said in it, and what one operation is to the byte."""

from collections.abc import Sequence

import msgspec
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
from beanjar.web.language import Speaker
from beanjar.web.refusals import NotHere
from beanjar.web.site import DATA, page, present, shared
from beanjar.web.telling import Standing, call, tell, tell_standing, tell_unread
from beanjar.web.typesetting import typesetter_of
from beanjar.web.writing import speaker_for

LINES = 50
"""How many operations one page shows."""
NOT_ARRIVED = "This entry is not here. It may not have arrived yet."


class LogLine(Struct, frozen=True):
    """An operation in a line: its id, whose it is, of which device, at which place, when (ms).

    `says` is the tag of its body, empty unless that can be read. `standing` is whether it counts.
    """

    id: str
    person: str
    device: str
    seq: int
    time: int
    says: str
    standing: Standing


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


class Entry(Struct, frozen=True):
    """A line as a page shows it: what was said, and why it does not count, if it does not."""

    line: LogLine
    words: str
    note: str


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
    lines = [_look(here, each, node.clock.now()) for each in found]
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
        lambda: known | {"entries": [_write(here, *each, speaker) for each in lines]},
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
    line, said = _look(here, _arrived(door.node, operation), door.node.clock.now())
    view = _view(door, line, operation)
    speaker = typesetter_of(speaker_for(request).language)
    about = _find_subject(here, said) if said else None
    return present(
        request,
        view,
        "operation.html",
        lambda: known | {"entry": _write(here, line, said, speaker), "about": about},
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


def _look(space: Space, arrived: Arrived, now: int) -> tuple[LogLine, Statement | None]:
    """Return an operation in a line, and what it says if that can be read."""
    operation = arrived.operation
    said = _read_statement(space, operation)
    line = LogLine(
        id=operation.id.hex(),
        person=space.person_of(operation.key) or "",
        device=operation.key.hex(),
        seq=operation.seq,
        time=operation.time,
        says=str(said.body.__struct_config__.tag) if said else "",
        standing=_judge(space, said) if said else _judge_unread(space, arrived, now),
    )
    return line, said


def _read_statement(space: Space, operation: Operation) -> Statement | None:
    return space.read(operation) if space.knows(operation.key) else None


def _judge(space: Space, said: Statement) -> Standing:
    if not space.is_cut(said):
        return "counts"
    ends = space.ends_of(said.device)
    return min(ends, key=lambda why: (ends[why], why))


def _judge_unread(space: Space, arrived: Arrived, now: int) -> Standing:
    operation = arrived.operation
    if operation.body is None:
        return "erased" if arrived.erased else "expired" if operation.expired(now) else "missing"
    return "senseless" if _names_known(space, operation.body) else "unknown"


class _Tagged(Struct):
    t: str


def _names_known(space: Space, body: bytes) -> bool:
    """Say whether a body that means nothing names a kind that is known, or none at all."""
    try:
        return msgspec.json.decode(body, type=_Tagged).t in space.vocabulary.kinds
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return True


def _write(space: Space, line: LogLine, said: Statement | None, speaker: Speaker) -> Entry:
    who = call(space, line.person or line.device, speaker)
    if said is None:
        return Entry(line, tell_unread(line.standing, who, speaker), "")
    return Entry(line, tell(space, said, speaker), tell_standing(line.standing, speaker))


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
