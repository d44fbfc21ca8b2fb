"""What will be signed, in plain words."""

from collections.abc import Collection, Iterator

from msgspec import Struct
from msgspec.structs import fields

from beanjar.space.speech import Speech

Row = tuple[str, str]


def put_in_words(
    said: Struct, speech: Speech, about: object, leave_out: Collection[str] = ()
) -> Iterator[Row]:
    """Yield name and words of each field of a struct that says something.

    `about` is what its values are about, see `beanjar.space.speech`.
    """
    for field in fields(said):
        value = getattr(said, field.name)
        if field.name in leave_out or value == field.default:
            continue
        if isinstance(value, Struct):
            yield field.name, ", ".join(_put_together(value, speech))
        else:
            yield field.name.replace("_", " "), _write(field.name, value, speech, about)


def _put_together(part: Struct, speech: Speech) -> Iterator[str]:
    """Yield what a part of a body is, and what it says."""
    tag = part.__struct_config__.tag
    if tag is not None:
        yield str(tag)
    for name, words in put_in_words(part, speech, part):
        yield f"{name} {words}"


def _write(name: str, value: object, speech: Speech, about: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    if isinstance(value, bool):
        return "yes"
    if isinstance(value, int) and name in speech.values:
        return speech.write(about, name, value)
    return str(value)
