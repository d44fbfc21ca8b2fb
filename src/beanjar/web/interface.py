"""What can be asked of a door, to be read: its OpenAPI description and its pages as plain rows."""

from collections.abc import Iterable, Iterator, Mapping
from inspect import getdoc
from typing import Any

from litestar import Litestar
from litestar.enums import HttpMethod
from litestar.handlers import HTTPRouteHandler
from litestar.routes import HTTPRoute
from msgspec import Struct

from beanjar.web.sheets import ADDRESS

Schema = Mapping[str, Any]
BYTES = "application/octet-stream"
WORDS = {"string": "text", "integer": "number", "boolean": "yes or no", "object": "object"}
"""What to call the plain types of JSON."""
ELSEWHERE = (ADDRESS, "/schema")
"""What is no page: files, and the description itself."""


class Kind(Struct, frozen=True):
    """What a value is: a word or, if it `is_object`, the name of one; perhaps `many` in a list."""

    word: str
    is_object: bool = False
    many: bool = False
    optional: bool = False


class Address(Struct, frozen=True):
    """An address for programs: what it is for, what it takes and gives; `None` is nothing."""

    method: str
    path: str
    summary: str
    query: list[str]
    takes: Kind | None
    gives: Kind | None


class Field(Struct, frozen=True):
    """A field of an object in JSON."""

    name: str
    kind: Kind
    required: bool


class Object(Struct, frozen=True):
    """An object in JSON that some address takes or gives."""

    name: str
    fields: list[Field]


class Page(Struct, frozen=True):
    """An address for people, and what it shows."""

    path: str
    summary: str


class Interface(Struct, frozen=True):
    """All addresses of a door, and what goes in and out."""

    addresses: list[Address]
    objects: list[Object]
    pages: list[Page]


def describe(app: Litestar) -> Interface:
    """Return the addresses of a door, each as the program itself declares it."""
    described = app.openapi_schema.to_schema()
    schemas = described["components"]["schemas"]
    return Interface(
        addresses=list(_read_paths(described["paths"])),
        objects=[_read_object(name, schemas[name]) for name in sorted(schemas)],
        pages=list(_read_pages(each for each in app.routes if isinstance(each, HTTPRoute))),
    )


def _read_paths(paths: Schema) -> Iterator[Address]:
    for path in sorted(paths):
        for method, each in paths[path].items():
            yield Address(
                method=method.upper(),
                path=path,
                summary=each["summary"],
                query=[it["name"] for it in each.get("parameters", ()) if it["in"] == "query"],
                takes=_read_content(each.get("requestBody", {})),
                gives=_read_content(next(iter(each["responses"].values()))),  # the good one
            )


def _read_content(holder: Schema) -> Kind | None:
    content = holder.get("content", {})
    if BYTES in content:
        return Kind("bytes")
    schemas = [each["schema"] for each in content.values() if each["schema"]]
    return _read_kind(schemas[0]) if schemas else None


def _read_kind(schema: Schema, *, optional: bool = False) -> Kind:
    if "oneOf" in schema:
        found = [each for each in schema["oneOf"] if each.get("type") != "null"]
        return _read_kind(found[0], optional=len(found) < len(schema["oneOf"]))
    if "$ref" in schema:
        return Kind(schema["$ref"].rpartition("/")[2], is_object=True, optional=optional)
    if "prefixItems" in schema:
        return Kind(f"[{', '.join(_read_kind(each).word for each in schema['prefixItems'])}]")
    if schema.get("type") == "array":
        item = _read_kind(schema["items"])
        return Kind(item.word, is_object=item.is_object, many=True, optional=optional)
    values = [f"“{each}”" for each in schema.get("enum", ())]
    word = " or ".join(values) or WORDS.get(schema.get("type", ""), "anything")
    return Kind(word, optional=optional)


def _read_object(name: str, schema: Schema) -> Object:
    required = set(schema.get("required", ()))
    fields = schema.get("properties", {}).items()
    return Object(
        name, [Field(field, _read_kind(each), field in required) for field, each in fields]
    )


def _read_pages(routes: Iterable[HTTPRoute]) -> Iterator[Page]:
    """Yield the pages; with .json at its end, the address of most gives what the page shows."""
    for route in sorted(routes, key=lambda each: each.path_format):
        path = route.path_format
        if path.startswith(ELSEWHERE) or path.endswith(".json"):
            continue
        for handler in route.route_handlers:
            if HttpMethod.GET in handler.http_methods and not handler.resolve_include_in_schema():
                yield Page(path, _read_summary(handler))


def _read_summary(handler: HTTPRouteHandler) -> str:
    """Return what a page shows, by the first line that its function says of itself."""
    shows = (getdoc(handler.fn) or "").partition("\n")[0].removeprefix("Show ")
    return shows[:1].upper() + shows[1:]
