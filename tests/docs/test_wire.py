"""Whether docs/WIRE.md has every body, every field with its bounds, every limit, every address."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec import Struct, inspect

from beanjar.base import limits
from beanjar.main.tools import TOOLS
from beanjar.node.folder import Folder
from beanjar.node.node import Node
from beanjar.ops.body import Body
from beanjar.space.question import Answer
from beanjar.space.space import know
from beanjar.space.ticket import Ticket
from beanjar.testing.clock import HandClock
from beanjar.web.app import make_app
from beanjar.web.refusals import STATUSES

KINDS: dict[str, type[Body]] = {str(tag): kind for tag, kind in know(TOOLS).kinds.items()}
UNITS = {"DAY", "HOUR", "MINUTE"}
ROW = re.compile(r"^\| `([^`]+)` \| (\d+) \|", re.MULTILINE)


def fields(kind: type[Struct]) -> tuple[inspect.Field, ...]:
    described = inspect.type_info(kind)
    assert isinstance(described, inspect.StructType)
    return described.fields


def parts(kind: inspect.Type) -> Iterator[inspect.Type]:
    """Yield a type and the types of its items or alternatives."""
    yield kind
    match kind:
        case inspect.VarTupleType():
            inner: tuple[inspect.Type, ...] = (kind.item_type,)
        case inspect.TupleType():
            inner = kind.item_types
        case inspect.UnionType():
            inner = kind.types
        case _:
            inner = ()
    for each in inner:
        yield from parts(each)


def objects(kind: type[Struct]) -> Iterator[type[Struct]]:
    """Yield the structs that fields of this one hold, at any depth."""
    for field in fields(kind):
        for part in parts(field.type):
            if isinstance(part, inspect.StructType):
                yield part.cls
                yield from objects(part.cls)


def bounds(kind: inspect.Type) -> Iterator[int]:
    """Yield the numbers that a row about a field of this type has to state."""
    for part in parts(kind):
        match part:
            case inspect.IntType() if part.le != limits.INTEGER:
                yield from (abs(each) for each in (part.ge, part.le) if each is not None)
            case inspect.StrType() if part.min_length == part.max_length:
                continue  # an id, a key or a signature
            case inspect.StrType() | inspect.BytesType() | inspect.VarTupleType():
                yield from (each for each in (part.min_length, part.max_length) if each)


TOPS: list[type[Struct]] = [*KINDS.values(), Ticket]
INNER: list[type[Struct]] = [Ticket, *(each for kind in TOPS for each in objects(kind))]
INNER += [kind.choice_type for kind in KINDS.values() if issubclass(kind, Answer)]
OBJECTS = {kind.__name__: kind for kind in INNER}


@pytest.fixture(scope="module")
def wire(top: Path) -> str:
    return (top / "docs/WIRE.md").read_text(encoding="utf-8")


def section(wire: str, heading: str) -> str:
    """Return what stands between a heading and the next one."""
    _, found, rest = wire.partition(f"\n{heading}\n")
    assert found, f"docs/WIRE.md has no heading {heading}."
    return re.split(r"^##", rest, maxsplit=1, flags=re.MULTILINE)[0]


def check_rows(text: str, kind: type[Struct]) -> None:
    """Check that the text has a table row for each field of the kind, with all its bounds."""
    for field in fields(kind):
        name = f"`{field.encode_name}`"
        rows = [line for line in text.splitlines() if line.startswith("|") and name in line]
        assert rows, f"Nothing is said of the field {name} of {kind.__name__}."
        wanted = {str(bound) for bound in bounds(field.type)}
        assert any(wanted <= set(re.findall(r"\d+", row)) for row in rows), (kind, name, wanted)


@pytest.mark.parametrize("tag", KINDS)
def test_every_body_has_its_section_with_every_field(wire: str, tag: str) -> None:
    check_rows(section(wire, f"### `{tag}`"), KINDS[tag])


@pytest.mark.parametrize("name", sorted(OBJECTS))
def test_every_field_of_every_object_in_a_body_is_named(wire: str, name: str) -> None:
    check_rows(wire, OBJECTS[name])
    tag = OBJECTS[name].__struct_config__.tag
    assert tag is None or f"`{tag}`" in wire


def test_no_body_is_described_that_there_is_not(wire: str) -> None:
    assert set(re.findall(r"^### `([a-z.]+)`$", wire, re.MULTILINE)) == set(KINDS)


def test_it_is_said_of_every_body_whether_it_lasts(wire: str) -> None:
    _, _, after_answers = wire.partition("\nAll that follows lasts.\n")
    lasting = after_answers.partition("\n## ")[0]
    for tag, kind in KINDS.items():
        text = section(wire, f"### `{tag}`")
        shared = text.strip() in lasting or text.startswith(("\nAn ask.", "\nAn answer"))
        assert ("Lasts." in text or shared) is kind.lasting, tag


def test_every_limit_is_stated_with_its_number(wire: str) -> None:
    stated = {name: int(number) for name, number in ROW.findall(section(wire, "## Limits"))}
    known = {name: value for name, value in vars(limits).items() if name.isupper()}
    assert stated == {name: value for name, value in known.items() if name not in UNITS}


def test_every_file_of_vectors_is_explained(wire: str, top: Path) -> None:
    named = re.findall(r"`(\w+\.(?:json|bin))`", section(wire, "## Vectors"))
    assert set(named) == {path.name for path in (top / "tests/vectors").iterdir()}


def test_every_address_of_the_interface_is_listed(wire: str, tmp_path: Path) -> None:
    node = Node(Folder(tmp_path), TOOLS, HandClock())
    paths = make_app(node).openapi_schema.to_schema()["paths"]
    node.folder.close()
    assert paths
    addresses = {f"{method.upper()} {path}" for path in paths for method in paths[path]}
    assert addresses == set(re.findall(r"`((?:GET|POST) /api[^`]*)` \|", section(wire, "## HTTP")))


def test_every_status_is_explained(wire: str) -> None:
    explained = re.findall(r"^\| (\d{3}) \|", section(wire, "## HTTP"), re.MULTILINE)
    assert set(STATUSES.values()) <= set(map(int, explained))
