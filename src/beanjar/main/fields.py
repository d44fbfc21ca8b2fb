"""Command line options made from what a tool says its bodies hold, and bodies made from those.

A required text or number is an argument; everything else is an option, named as its field. Of a
field that may be one of several structs, its own option says which one, and their fields have
options too. A list has an option without the plural s, given once for each of its members.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from inspect import cleandoc
from typing import Any, TypeVar

import click
import msgspec
from msgspec import Struct, inspect

from beanjar.base.errors import BeanjarError
from beanjar.main.inputs import Text
from beanjar.space.speech import Speech

S = TypeVar("S", bound=Struct)
Given = Mapping[str, Any]
"""What the command line said, by the names of the fields."""


class DoesNotFit(BeanjarError):
    """Something that the schema does not allow."""


def make_parameters(
    kind: type[Struct], speech: Speech, leave_out: Collection[str] = ()
) -> list[click.Parameter]:
    """Return arguments and options for the fields of a struct."""
    made: list[click.Parameter] = []
    for field in _fields_of(kind):
        if field.name in leave_out:
            continue
        branches = _branches(field.type)
        if branches:
            made += _make_branch_options(kind, field, branches, speech)
        elif field.required and not isinstance(field.type, inspect.LiteralType):
            made.append(click.Argument([field.name], type=_click_type(field, speech)))
        else:
            made.append(_make_option(field, speech, _describe(kind, field.name)))
    return made


def build(
    kind: type[S],
    given: Given,
    speech: Speech,
    about: object = None,
    more: Given | None = None,
) -> S:
    """Return the struct that the command line describes; `more` are fields that it does not.

    `about` is what values are about, by default the struct itself without them. Raises
    `DoesNotFit`, or what `speech.read` or the struct has against it.
    """
    plain: dict[str, Any] = dict(more or {})
    words: dict[str, str] = {}
    for field in _fields_of(kind):
        branches, said = _branches(field.type), given.get(field.name)
        if field.name in plain or not _is_given(said):
            continue
        if branches:
            plain[field.name] = _build_branch(field, branches, given, speech)
        elif _is_value(field, speech):
            words[field.name] = str(said)
        else:
            plain[field.name] = said
    about = about if about is not None else kind(**plain)
    values = {name: speech.read(about, name, text) for name, text in words.items()}
    return check(kind(**plain, **values))


def check(struct: S) -> S:
    """Return what a node would read from this, or raise `DoesNotFit`."""
    try:
        return msgspec.json.decode(msgspec.json.encode(struct), type=type(struct))
    except msgspec.ValidationError as error:
        raise DoesNotFit(f"This does not fit: {error}.") from None


def _fields_of(kind: type[Struct]) -> tuple[inspect.Field, ...]:
    info = inspect.type_info(kind)
    assert isinstance(info, inspect.StructType)
    return info.fields


def _branches(kind: inspect.Type) -> dict[str, inspect.StructType]:
    """Return the structs that a field may hold, by tag."""
    kinds = kind.types if isinstance(kind, inspect.UnionType) else (kind,)
    return {str(each.tag): each for each in kinds if isinstance(each, inspect.StructType)}


def _sole(kind: inspect.Type) -> inspect.Type:
    """Return what a field holds if it holds anything."""
    if isinstance(kind, inspect.UnionType):
        return next(each for each in kind.types if not isinstance(each, inspect.NoneType))
    return kind


def _is_value(field: inspect.Field, speech: Speech) -> bool:
    return field.name in speech.values and isinstance(_sole(field.type), inspect.IntType)


def _is_given(said: object) -> bool:
    return said is not None and said is not False and said != ()


def _make_branch_options(
    kind: type[Struct],
    field: inspect.Field,
    branches: Mapping[str, inspect.StructType],
    speech: Speech,
) -> Iterator[click.Parameter]:
    yield click.Option(
        [_flag(field)],
        type=click.Choice(list(branches)),
        required=field.required,
        help=_describe(kind, field.name),
    )
    for name in dict.fromkeys(name for branch in branches.values() for name in _names(branch)):
        tags = [tag for tag, branch in branches.items() if name in _names(branch)]
        first = branches[tags[0]]
        inner = next(each for each in first.fields if each.name == name)
        yield _make_option(
            inner, speech, f"Of a {' or '.join(tags)}. {_describe(first.cls, name)}", required=False
        )


def _make_option(
    field: inspect.Field, speech: Speech, described: str, *, required: bool | None = None
) -> click.Option:
    several = isinstance(field.type, inspect.VarTupleType)
    single = isinstance(field.type, inspect.BoolType)
    return click.Option(
        [_flag(field), field.name],
        type=None if single else _click_type(field, speech),
        is_flag=single or None,
        multiple=several,
        required=field.required if required is None else required,
        help=described,
    )


def _click_type(field: inspect.Field, speech: Speech) -> click.ParamType[Any]:
    kind = _sole(field.type)
    if isinstance(kind, inspect.VarTupleType):
        kind = kind.item_type
    match kind:
        case inspect.StrType():
            return Text(kind.min_length or 0, kind.max_length)
        case inspect.IntType() if not _is_value(field, speech):
            return click.IntRange(kind.ge, kind.le)
        case inspect.LiteralType():
            return click.Choice([str(value) for value in kind.values])
        case _:
            return Text(1)


def _build_branch(
    field: inspect.Field, branches: Mapping[str, inspect.StructType], given: Given, speech: Speech
) -> Struct:
    chosen = branches[given[field.name]]
    for other in branches.values():
        for strange in other.fields:
            if strange.name not in _names(chosen) and _is_given(given.get(strange.name)):
                raise click.UsageError(f"{_flag(strange)} does not go with a {chosen.tag}.")
    for needed in chosen.fields:
        if needed.required and not _is_given(given.get(needed.name)):
            raise click.UsageError(f"A {chosen.tag} needs {_flag(needed)}.")
    built: Struct = build(chosen.cls, given, speech)
    return built


def _names(branch: inspect.StructType) -> list[str]:
    return [field.name for field in branch.fields]


def _flag(field: inspect.Field) -> str:
    several = isinstance(field.type, inspect.VarTupleType)
    name = field.name.removesuffix("s") if several else field.name
    return f"--{name.replace('_', '-')}"


def _describe(kind: type[Struct], name: str) -> str:
    """Return the sentence of a struct's docstring that speaks of a field."""
    sentences = re.split(r"(?<=[.;])\s+", cleandoc(kind.__doc__ or ""))
    about = next((each for each in sentences if f"`{name}`" in each), "")
    said = " ".join(about.replace("`", "").split()).removesuffix(";")
    return said[:1].upper() + said[1:]
