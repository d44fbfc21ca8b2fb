"""How people say a tool's things where no page helps them: at a terminal."""

from collections.abc import Callable, Sequence
from typing import Any

from msgspec import Struct

from beanjar.ops.body import Body


class Bar(Struct, frozen=True):
    """One row of a histogram: what it stands for, how many, and what else lies there."""

    label: str
    count: int
    note: str = ""


class Shown(Struct, frozen=True):
    """A view in words: a title, sentences, figures as pairs of name and value, and a histogram."""

    title: str
    sentences: Sequence[str] = ()
    figures: Sequence[tuple[str, str]] = ()
    bars: Sequence[Bar] = ()


class Speech(Struct, frozen=True, kw_only=True):
    """What a tool gives the terminal; its field `speech` holds one.

    Whole numbers named in `values` are said in the question's own unit. `read` turns such words
    into the number and `write` turns it back; both are handed what it is about first (the ask, or
    the part of it in which the number stands) and the number's name. `read` raises `BeanjarError`
    with what would fit. `view` is what a question's JSON is read as, with the fields `ask` and
    `facts` at least; `show` and `draw` turn that into words and into an SVG picture. `asker_only`
    are the bodies that mean nothing unless the asker says them. `example` is how somebody might
    ask, in the words of the command line.
    """

    values: frozenset[str]
    read: Callable[[Any, str, str], int]
    write: Callable[[Any, str, int], str]
    view: type[Struct]
    show: Callable[[Any], Shown]
    draw: Callable[[Any], str]
    example: str
    asker_only: tuple[type[Body], ...] = ()
