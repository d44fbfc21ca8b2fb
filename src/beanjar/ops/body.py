"""What a body says: JSON that fits a known schema, read in one strict way.

A body means something only if it is the JSON form of one of the vocabulary's structs: nothing
unknown, nothing twice, no field that merely repeats its default, no fraction, no number beyond
2^53 - 1, no lone surrogate; no schema nests deeper than 32. Key order, white space and escapes are
free. Everything else is stored and passed on all the same, so that newer tools work across older
nodes.
"""

import json
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any, ClassVar, TypeVar, Union

import msgspec

from beanjar.base.limits import INTEGER

T = TypeVar("T")


class Body(
    msgspec.Struct,
    frozen=True,
    forbid_unknown_fields=True,
    omit_defaults=True,
    tag_field="t",
    gc=False,
):
    """Something a person can say. Subclasses set `tag="tool.verb"`, which JSON calls `t`."""

    lasting: ClassVar[bool] = False
    """Whether a question needs it, so that it neither expires nor can be erased."""
    extends_subject: ClassVar[bool] = False
    """Whether what names this belongs to the subject that this belongs to."""


class Vocabulary:
    """The kinds of body that this node knows, by the tools that it has."""

    def __init__(self, kinds: Iterable[type[Body]]) -> None:
        """Know the given kinds, each with a tag of its own."""
        self.kinds = {kind.__struct_config__.tag: kind for kind in kinds}
        for kind in self.kinds.values():
            check_integers(kind)
        self._decoder = msgspec.json.Decoder(Union[tuple(self.kinds.values())])  # noqa: UP007 - built from a list

    def read(self, body: bytes) -> Body | None:
        """Return what the body says, or `None` if it means nothing here."""
        return read_strictly(body, self._decoder)


def write_body(body: msgspec.Struct) -> bytes:
    """Return the body as the bytes to sign."""
    return msgspec.json.encode(body)


@cache
def check_integers(kind: type[msgspec.Struct]) -> None:
    """Raise `TypeError` unless every integer in `kind` has bounds that programs read exactly."""
    for part in _parts(msgspec.json.schema_components((kind,))):
        low, high = part.get("minimum", -INTEGER - 1), part.get("maximum", INTEGER + 1)
        if part.get("type") == "integer" and not -INTEGER <= low <= high <= INTEGER:
            raise TypeError(f"Give each integer of {kind.__name__} bounds within ±{INTEGER}.")


def _parts(schema: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401 - JSON, at any depth
    if isinstance(schema, dict):
        yield schema
        schema = tuple(schema.values())
    if isinstance(schema, list | tuple):
        for each in schema:
            yield from _parts(each)


def read_strictly(data: bytes, decoder: msgspec.json.Decoder[T]) -> T | None:
    """Return what `data` says by the rules above, or `None` if it does not fit them."""
    try:
        said = decoder.decode(data)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    # What is spelled as we spell it hides nothing; all else is compared as a value.
    return said if msgspec.json.encode(said) == data or _says_just(data, said) else None


def _says_just(data: bytes, said: object) -> bool:
    try:
        plain = json.loads(
            data,
            object_pairs_hook=_without_repeats,
            parse_float=_refuse,
            parse_constant=_refuse,
        )
    except ValueError:
        return False
    return bool(plain == json.loads(msgspec.json.encode(said)))


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(dict(pairs)) < len(pairs):
        raise ValueError("A field is there twice.")
    return dict(pairs)


def _refuse(literal: str) -> None:
    raise ValueError(f"{literal} is not a whole number.")
