"""Commands made from schemas, whatever the tool."""

from typing import Annotated, Any, Literal

import click
import pytest
from click.testing import CliRunner
from msgspec import Meta, Struct

from beanjar.base.errors import BeanjarError
from beanjar.main.fields import DoesNotFit, build, make_parameters
from beanjar.main.wording import put_in_words
from beanjar.space.speech import Shown, Speech


class Cup(Struct, frozen=True, tag_field="is", tag="cup"):
    """A cup; `handles` are how many it has."""

    handles: Annotated[int, Meta(ge=0, le=2)] = 1


class Bowl(Struct, frozen=True, tag_field="is", tag="bowl"):
    """A bowl."""

    depth: int
    colours: Annotated[tuple[str, ...], Meta(min_length=1)] = ("white",)


class Order(Struct, frozen=True):
    """Something to be made.

    `dish` is what. `price` is in cents; it may be haggled over.
    """

    name: Annotated[str, Meta(min_length=1, max_length=5)]
    dish: Cup | Bowl
    glaze: Literal["matt", "shiny"] = "matt"
    price: int | None = None
    fast: bool = False


def read(about: object, name: str, text: str) -> int:
    del about, name
    if not text.replace(".", "").isdecimal():
        raise BeanjarError("That is no price.")
    return round(float(text) * 100)


def write(about: object, name: str, value: int) -> str:
    del about, name
    return f"{value / 100:.2f} €"


SPEECH = Speech(
    values=frozenset({"price"}),
    read=read,
    write=write,
    view=Order,
    show=lambda view: Shown(view.name),
    draw=str,
    example="",
)


def order(*words: str, code: int = 0) -> Any:  # noqa: ANN401 - an order, or words about it
    """Type an order, and return what it becomes or what is said of it."""
    built: list[Order] = []

    def take(**given: object) -> None:
        built.append(build(Order, given, SPEECH))

    command = click.Command("order", params=make_parameters(Order, SPEECH), callback=take)
    result = CliRunner().invoke(command, words)
    assert result.exit_code == code, result.output
    return built[0] if built else result.exception if code == 1 else result.output


def test_a_struct_is_built_from_what_was_typed() -> None:
    words = ("Ada", "--dish", "bowl", "--depth", "-3", "--colour", "red", "--colour", "blue")
    assert order(*words, "--glaze", "shiny", "--price", "2.50", "--fast") == Order(
        "Ada", Bowl(-3, ("red", "blue")), "shiny", 250, fast=True
    )
    assert order("Ada", "--dish", "cup") == Order("Ada", Cup())


def test_the_help_of_an_option_comes_from_the_docstring() -> None:
    told = " ".join(order("--help").split())
    assert "--dish [cup|bowl] Dish is what. [required]" in told
    assert "--price TEXT Price is in cents --fast" in told
    assert "--handles INTEGER RANGE Of a cup. Handles are how many it has. [0<=x<=2]" in told


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("Ada",), "Missing option '--dish'"),
        (("--dish", "cup"), "Missing argument 'NAME'"),
        (("", "--dish", "cup"), "cannot be empty"),
        (("Abcdef", "--dish", "cup"), "5 fit"),
        (("Ada", "--dish", "jug"), "is not one of"),
        (("Ada", "--dish", "cup", "--handles", "3"), "not in the range"),
        (("Ada", "--dish", "cup", "--colour", "red"), "--colour does not go with a cup"),
        (("Ada", "--dish", "bowl"), "A bowl needs --depth"),
    ],
)
def test_what_the_schema_does_not_allow_is_a_mistake_of_usage(
    words: tuple[str, ...], why: str
) -> None:
    assert why in order(*words, code=2)


def test_what_the_tool_cannot_read_is_told_in_its_words() -> None:
    assert str(order("Ada", "--dish", "cup", "--price", "much", code=1)) == "That is no price."


def test_bounds_that_no_option_knows_are_checked_all_the_same() -> None:
    with pytest.raises(DoesNotFit, match="length >= 1"):
        build(Bowl, {"depth": 1}, SPEECH, more={"colours": ()})


def test_what_will_be_signed_is_put_in_words_without_what_goes_without_saying() -> None:
    said = Order("Ada", Bowl(3, ("red", "blue")), price=250, fast=True)
    assert list(put_in_words(said, SPEECH, said, {"name"})) == [
        ("dish", "bowl, depth 3, colours red, blue"),
        ("price", "2.50 €"),
        ("fast", "yes"),
    ]
