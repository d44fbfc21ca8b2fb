"""An entry of the log: an operation in a line, whether it counts, and what it says in words."""

import msgspec
from msgspec import Struct

from beanjar.fold.statement import Statement
from beanjar.ops.operation import Operation
from beanjar.space.space import Space
from beanjar.store.latest import Arrived
from beanjar.web.language import Speaker
from beanjar.web.telling import Standing, call, tell, tell_standing, tell_unread


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


class Entry(Struct, frozen=True):
    """A line as a page shows it: what was said, and why it does not count, if it does not."""

    line: LogLine
    words: str
    note: str


def look(space: Space, arrived: Arrived, now: int) -> tuple[LogLine, Statement | None]:
    """Return an operation in a line, and what it says if that can be read; `now` is in ms."""
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


def write(space: Space, line: LogLine, said: Statement | None, speaker: Speaker) -> Entry:
    """Return a line in the words of the speaker; `said` is what `look` returned with it."""
    who = call(space, line.person or line.device, speaker)
    if said is None:
        return Entry(line, tell_unread(line.standing, who, speaker), "")
    return Entry(line, tell(space, said, speaker), tell_standing(line.standing, speaker))


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
