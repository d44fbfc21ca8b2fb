import json
from base64 import b64encode
from random import Random
from typing import Annotated, Literal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Meta, Struct

from beanjar.base.ids import Hex
from beanjar.base.limits import INTEGER
from beanjar.ops.body import Body, Vocabulary, write_body

Whole = Annotated[int, Meta(ge=-INTEGER, le=INTEGER)]
Share = Annotated[int, Meta(ge=0, le=100)]


class Soil(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    name: str
    depth: Share = 30


class Sow(Body, frozen=True, tag="garden.sow"):
    on: Hex
    name: Annotated[str, Meta(min_length=1, max_length=10)]
    beans: Whole = 0
    soil: Soil | None = None
    weather: Literal["dry", "wet"] = "dry"
    rows: Annotated[tuple[Share, ...], Meta(max_length=3)] = ()
    packet: Annotated[bytes, Meta(max_length=40)] = b""
    watered: bool = False


class Rest(Body, frozen=True, tag="garden.rest"):
    pass


VOCABULARY = Vocabulary([Sow, Rest])
ON = "ab" * 32
BEANS = {"t": "garden.sow", "on": ON, "name": "Beans"}


def read(body: bytes) -> Body | None:
    return VOCABULARY.read(body)


def sow(**fields: str) -> bytes:
    """A body whose further fields are spelled as given."""
    plain = json.dumps(BEANS)[:-1]
    return (
        plain + "".join(f', "{name}": {value}' for name, value in fields.items()) + "}"
    ).encode()


def test_a_body_says_what_its_fields_say() -> None:
    assert read(sow(beans="7", soil='{"name": "clay"}')) == Sow(
        on=ON, name="Beans", beans=7, soil=Soil("clay")
    )


SOWN = st.builds(
    Sow,
    on=st.binary(min_size=32, max_size=32).map(bytes.hex),
    name=st.text(min_size=1, max_size=10),
    beans=st.integers(-INTEGER, INTEGER),
    soil=st.none() | st.builds(Soil, name=st.text(), depth=st.integers(0, 100)),
    weather=st.sampled_from(["dry", "wet"]),
    rows=st.lists(st.integers(0, 100), max_size=3).map(tuple),
    packet=st.binary(max_size=40),
    watered=st.booleans(),
)


@given(SOWN | st.builds(Rest))
def test_what_is_written_is_read_as_it_was(said: Body) -> None:
    assert read(write_body(said)) == said


@given(SOWN, st.randoms(use_true_random=False), st.integers(0, 3), st.booleans())
def test_key_order_white_space_and_escapes_are_free(
    said: Sow,
    chance: Random,
    indent: int,
    escaped: bool,  # noqa: FBT001 - drawn by chance
) -> None:
    fields = list(json.loads(write_body(said)).items())
    chance.shuffle(fields)
    spelled = json.dumps(dict(fields), indent=indent or None, ensure_ascii=escaped)
    assert read(f"\n {spelled}\t\r\n".encode()) == said


def test_a_field_that_is_left_out_has_its_default() -> None:
    said = read(sow())
    assert isinstance(said, Sow)
    assert (said.beans, said.soil, said.rows, said.packet) == (0, None, (), b"")


DEFAULTS = {
    "beans": "0",
    "soil": "null",
    "weather": '"dry"',
    "rows": "[]",
    "packet": '""',
    "watered": "false",
}


@pytest.mark.parametrize(("field", "default"), DEFAULTS.items())
def test_a_field_that_spells_out_its_default_means_nothing(field: str, default: str) -> None:
    assert read(sow(**{field: default})) is None


def test_nor_does_one_deeper_down() -> None:
    assert read(sow(soil='{"name": "clay", "depth": 31}')) is not None
    assert read(sow(soil='{"name": "clay", "depth": 30}')) is None


TWICE = {
    "the same twice": b'{"t":"garden.rest","t":"garden.rest"}',
    "a field twice": sow(beans='1, "beans": 1'),
    "a field first with another value": sow(beans='2, "beans": 1'),
    "a field once escaped": sow(beans='1, "b\\u0065ans": 1'),
    "a field deeper down": sow(soil='{"name": "clay", "name": "clay"}'),
}


@pytest.mark.parametrize("body", TWICE.values(), ids=TWICE)
def test_a_body_in_which_a_field_is_there_twice_means_nothing(body: bytes) -> None:
    assert read(body) is None


@pytest.mark.parametrize(
    "number",
    ["1.0", "0.5", "-0.0", "1e2", "1E400", "NaN", "Infinity", "-Infinity", "1.5e1", "2.", ".5"],
)
def test_a_fraction_means_nothing_even_if_it_is_whole(number: str) -> None:
    assert read(sow(beans=number)) is None


@pytest.mark.parametrize("number", ["01", "+1", "0x1", "1_000", '"1"', "true", "null", "--1", ""])
def test_a_number_has_one_spelling(number: str) -> None:
    assert read(sow(beans=number)) is None


def test_minus_zero_is_another_spelling_of_zero() -> None:
    said = read(sow(rows="[-0, 1]"))
    assert isinstance(said, Sow)
    assert said.rows == (0, 1)
    assert read(sow(beans="-0")) is None


@pytest.mark.parametrize("number", [INTEGER, -INTEGER])
def test_the_largest_numbers_are_those_that_a_browser_reads_exactly(number: int) -> None:
    assert read(sow(beans=str(number))) is not None
    beyond = number + (1 if number > 0 else -1)
    assert read(sow(beans=str(beyond))) is None


HUGE = {
    "beyond 63 bits": str(2**63),
    "beyond 64 bits": str(2**64),
    "far below zero": str(-(2**63) - 1),
    "thirty digits": "1" + "0" * 30,
    "more digits than Python reads": "1" + "0" * 5000,
}


@pytest.mark.parametrize("number", HUGE.values(), ids=HUGE)
def test_a_huge_number_means_nothing(number: str) -> None:
    assert read(sow(beans=number)) is None


NO_TEXT = {
    "a lone high surrogate": rb'"\ud83d"',
    "a lone low surrogate": rb'"\ude00"',
    "surrogates in the wrong order": rb'"\ude00\ud83d"',
    "a surrogate in UTF-8": b'"\xed\xa0\xbd"',
    "a byte that UTF-8 does not have": b'"\xff"',
    "a character that is cut off": b'"\xf0\x9f\x98"',
    "a longer form than needed": b'"\xc0\xaf"',
    "a raw line feed": b'"a\nb"',
    "a raw zero": b'"\x00"',
    "an escape that there is not": rb'"\x41"',
}


@pytest.mark.parametrize("text", NO_TEXT.values(), ids=NO_TEXT)
def test_what_is_no_text_means_nothing(text: bytes) -> None:
    assert read(sow().replace(b'"Beans"', text)) is None


def test_a_pair_of_surrogates_is_one_character() -> None:
    said = read(sow().replace(b'"Beans"', rb'"\ud83e\uded8"'))
    assert isinstance(said, Sow)
    assert said.name == "\N{BEANS}"


def test_a_length_counts_characters_not_bytes() -> None:
    assert read(sow().replace(b"Beans", "\N{BEANS}".encode() * 10)) is not None
    assert read(sow().replace(b"Beans", b"b" * 11)) is None


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
def test_a_body_is_utf_8_without_a_mark(encoding: str) -> None:
    assert read(sow().decode().encode(encoding)) is None


DEPTH = 100_000
DEEP = {
    "lists alone": b"[" * DEPTH + b"]" * DEPTH,
    "objects alone": b'{"a":' * DEPTH + b"1" + b"}" * DEPTH,
    "lists for a number": sow(beans="[" * DEPTH + "]" * DEPTH),
    "lists for a list": sow(rows="[" * DEPTH + "]" * DEPTH),
    "lists in a field that nobody knows": sow(other="[" * DEPTH + "]" * DEPTH),
    "lists that never end": sow(rows="[" * DEPTH),
}


@pytest.mark.parametrize("body", DEEP.values(), ids=DEEP)
def test_nesting_at_any_depth_means_nothing_and_does_no_harm(body: bytes) -> None:
    assert read(body) is None


UNKNOWN = {
    "no tag": b'{"on":"' + ON.encode() + b'"}',
    "a tag that nobody knows": b'{"t":"garden.burn"}',
    "a tag in capitals": b'{"t":"Garden.Rest"}',
    "a tag that is no text": b'{"t":1}',
    "an unknown field": sow(colour='"red"'),
    "an unknown field deeper down": sow(soil='{"name": "clay", "colour": "red"}'),
    "an unknown field that is null": sow(colour="null"),
    "a field of another tag": b'{"t":"garden.rest","name":"Beans"}',
    "a field in capitals": sow(Beans="1"),
    "a required field that is missing": b'{"t":"garden.sow","name":"Beans"}',
    "a choice that there is not": sow(weather='"hail"'),
    "an id in capitals": sow().replace(b"ab", b"AB"),
    "an id that is too long": sow().replace(b'"ab', b'"abab'),
    "a list that is too long": sow(rows="[1, 2, 3, 4]"),
    "a number out of its bounds": sow(rows="[101]"),
    "a number for a truth": sow(watered="1"),
    "a list for an object": sow(soil="[]"),
}


@pytest.mark.parametrize("body", UNKNOWN.values(), ids=UNKNOWN)
def test_what_does_not_fit_its_schema_means_nothing(body: bytes) -> None:
    assert read(body) is None


NO_JSON = [b"", b" ", b"null", b"[]", b"{}", b'"t"', sow() + sow(), sow() + b"x", sow()[:-1]]
NO_JSON += [sow().replace(b"}", b",}"), sow() + b"// beans", sow().replace(b'"', b"'")]


@pytest.mark.parametrize("body", NO_JSON)
def test_what_is_no_object_in_json_means_nothing(body: bytes) -> None:
    assert read(body) is None


PACKETS = {
    "stray bits at the end": '"AB=="',
    "no padding": '"AA"',
    "too little padding": '"AA="',
    "too much padding": '"AAA=="',
    "padding alone": '"=="',
    "the alphabet for addresses": '"_-8="',
    "a space": '"AA =="',
    "a line feed": r'"AA==\n"',
    "something after the padding": '"AA==AA=="',
}


@pytest.mark.parametrize("packet", PACKETS.values(), ids=PACKETS)
def test_base64_has_one_spelling(packet: str) -> None:
    assert read(sow(packet=packet)) is None


@given(st.binary(min_size=1, max_size=40))
def test_bytes_are_base64_with_padding(packet: bytes) -> None:
    said = read(sow(packet=json.dumps(b64encode(packet).decode())))
    assert isinstance(said, Sow)
    assert said.packet == packet


@given(SOWN, st.data())
def test_a_body_that_is_cut_off_anywhere_means_nothing(said: Sow, data: st.DataObject) -> None:
    written = write_body(said)
    assert read(written[: data.draw(st.integers(0, len(written) - 1))]) is None


@given(st.binary(max_size=60) | st.text().map(str.encode))
def test_no_bytes_do_harm(body: bytes) -> None:
    assert read(body) is None


def test_a_kind_whose_numbers_have_no_bounds_is_no_kind() -> None:
    class Heap(Body, frozen=True, tag="garden.heap"):
        beans: int

    class Heaps(Body, frozen=True, tag="garden.heaps"):
        heaps: tuple[Annotated[int, Meta(ge=0, le=2**53)], ...]

    for kind in (Heap, Heaps):
        with pytest.raises(TypeError, match="bounds within"):
            Vocabulary([Rest, kind])


def test_a_vocabulary_lists_its_kinds_by_tag() -> None:
    assert VOCABULARY.kinds == {"garden.sow": Sow, "garden.rest": Rest}
    assert msgspec.json.decode(write_body(Rest())) == {"t": "garden.rest"}
