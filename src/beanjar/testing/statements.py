"""Statements made up by chance, from the schemas of the bodies themselves.

Whatever a body type allows can come up, so a new tool is tried as soon as it is there. Names are
few, so that statements speak of one another; they speak only of earlier ones, since an id is a
hash of what was said before.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import cache
from hashlib import sha256
from typing import Any

import msgspec
from hypothesis import strategies as st
from hypothesis.errors import UnsatisfiedAssumption
from msgspec import Struct, inspect

from beanjar.base.clock import HOUR
from beanjar.fold.statement import Statement
from beanjar.ops.body import Body
from beanjar.testing.clock import START
from beanjar.testing.people import Person, make_key

Draw = Callable[[st.SearchStrategy[Any]], Any]

LONGER = 3
"""How much longer than the shortest allowed a text or a list becomes."""
TRIES = 20
"""How often something is made up anew that makes no sense."""
ID_SIZE, SIGNATURE_SIZE = 64, 128


class Names(Struct, frozen=True):
    """What statements speak of: ids, devices (each with its person), one-time keys, times in ms."""

    ids: tuple[str, ...]
    devices: Mapping[str, str]
    keys: tuple[str, ...] = tuple(make_key(f"key {n}").public.hex() for n in range(3))
    times: tuple[int, ...] = tuple(START + n * HOUR for n in range(4))

    def pool(self, field: str) -> Sequence[str]:
        """Return what a field of this name would hold."""
        match field:
            case "person" | "persons" | "roll":
                return sorted(set(self.devices.values()))
            case "device" | "witnesses":
                return sorted(self.devices)
            case "key" | "secret" | "sealing_key":
                return self.keys
            case "pairs":
                return [*self.pool("person"), *self.ids]
        return self.ids


def make_names(*people: str, ids: Sequence[str] = ()) -> Names:
    """Return names of these people and one device of each, with one id that nothing has."""
    devices = {person.device.name: person.id for person in map(Person, people)}
    return Names((*ids, sha256(b"nothing").hexdigest()), devices)


@st.composite
def bodies(draw: Draw, kind: type[Struct], names: Names) -> Any:  # noqa: ANN401 - a struct of this kind
    """Return anything that a body of this kind, or a part of one, can say."""
    return _draw_struct(draw, _describe(kind), names)


@st.composite
def statements(
    draw: Draw, kinds: Sequence[type[Body]], names: Names, most: int = 8
) -> list[Statement]:
    """Return up to so many statements of these kinds, none of them the first of its log."""
    said: list[Statement] = []
    for place in range(draw(st.integers(0, most))):
        known = msgspec.structs.replace(names, ids=(*names.ids, *(each.id for each in said)))
        device = draw(st.sampled_from(sorted(names.devices)))
        said.append(
            Statement(
                id=sha256(b"statement %d" % place).hexdigest(),
                device=device,
                person=names.devices[device],
                seq=draw(st.integers(1, 6)),
                time=draw(st.sampled_from(names.times)),
                body=draw(bodies(draw(st.sampled_from(kinds)), known)),
            )
        )
    return said


@cache
def _describe(kind: type[Struct]) -> inspect.StructType:
    described = inspect.type_info(kind)
    assert isinstance(described, inspect.StructType)
    return described


def _draw_struct(draw: Draw, kind: inspect.StructType, names: Names) -> Struct:
    for _ in range(TRIES):
        fields = {
            field.name: _draw_value(draw, field.type, field.name, names)
            for field in kind.fields
            if field.required or draw(st.booleans())
        }
        # What fits all limits may still make no sense, and then a struct says so.
        with suppress(ValueError):
            made: Struct = kind.cls(**fields)
            return made
    raise UnsatisfiedAssumption


def _draw_value(draw: Draw, kind: inspect.Type, field: str, names: Names) -> Any:  # noqa: ANN401 - of any type
    match kind:
        case inspect.StructType():
            return _draw_struct(draw, kind, names)
        case inspect.UnionType():
            return _draw_value(draw, draw(st.sampled_from(kind.types)), field, names)
        case inspect.VarTupleType():
            size = draw(st.integers(*_sizes(kind)))
            return tuple(_draw_value(draw, kind.item_type, field, names) for _ in range(size))
        case inspect.TupleType():
            return tuple(_draw_value(draw, item, field, names) for item in kind.item_types)
    return draw(_simple(kind, field, names))


def _simple(kind: inspect.Type, field: str, names: Names) -> st.SearchStrategy[Any]:
    match kind:
        case inspect.StrType():
            return _texts(kind, field, names)
        case inspect.IntType():
            return _numbers(kind, names)
        case inspect.BytesType():
            return st.binary(min_size=_sizes(kind)[0], max_size=_sizes(kind)[1])
        case inspect.LiteralType():
            return st.sampled_from(kind.values)
        case inspect.BoolType():
            return st.booleans()
        case inspect.NoneType():
            return st.none()
    raise TypeError(f"Say here how to make up the field {field}, which is a {kind}.")


def _sizes(kind: inspect.VarTupleType | inspect.BytesType | inspect.StrType) -> tuple[int, int]:
    least = kind.min_length or 0
    most = least + LONGER
    return least, most if kind.max_length is None else min(most, kind.max_length)


def _texts(kind: inspect.StrType, field: str, names: Names) -> st.SearchStrategy[str]:
    if kind.min_length == kind.max_length == ID_SIZE:
        return st.sampled_from(names.pool(field))
    if kind.min_length == kind.max_length == SIGNATURE_SIZE:
        return st.just("5e" * 64)
    if kind.pattern is not None:
        fitting = st.from_regex(kind.pattern, fullmatch=True)
        return fitting.filter(lambda text: len(text) <= (kind.max_length or len(text)))
    least, most = _sizes(kind)
    return st.text("ab é", min_size=least, max_size=most)


def _numbers(kind: inspect.IntType, names: Names) -> st.SearchStrategy[int]:
    low, high = kind.ge, kind.le
    assert low is not None
    assert high is not None
    start = max(low, 0)
    few = st.integers(start, max(start, min(high, start + LONGER)))
    times = [time for time in names.times if low <= time <= high]
    numbers = few | few | st.integers(low, high)
    return numbers | st.sampled_from(times) if times else numbers
