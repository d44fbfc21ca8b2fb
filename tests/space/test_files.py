from hashlib import sha256

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from beanjar.base.limits import BODY_BYTES, CHUNK_BYTES, FILE_CHUNKS, FILES
from beanjar.fold.statement import Statement
from beanjar.ops.body import Body, Vocabulary, write_body
from beanjar.space.charter import Leave
from beanjar.space.files import FILE_BYTES, File, Files, WrongFile, join_file, split_file
from beanjar.space.files import wanted_chunks as find_wanted_chunks

JPEG = "image/jpeg"
SIZES = (1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 3 * CHUNK_BYTES, 3 * CHUNK_BYTES + 7)
NAME = "ab" * 32


class Album(Body, frozen=True, tag="test.album"):
    files: Files = ()


def say(body: Body) -> Statement:
    return Statement(NAME, NAME, NAME, 1, 1, body)


def fill(size: int) -> bytes:
    """Return bytes of which no two chunks are alike."""
    return b"".join(place.to_bytes(4) for place in range(size // 4 + 1))[:size]


@pytest.mark.parametrize("size", SIZES)
def test_a_file_comes_back_from_its_chunks_each_of_which_fits(size: int) -> None:
    content = fill(size)
    file, chunks = split_file(content, JPEG)
    assert (file.type, file.size, len(file.chunks)) == (JPEG, size, len(chunks))
    assert {len(chunk) for chunk in chunks[:-1]} <= {CHUNK_BYTES}
    assert 0 < len(chunks[-1]) <= CHUNK_BYTES
    assert [sha256(chunk).hexdigest() for chunk in chunks] == list(file.chunks)
    assert join_file(file, chunks) == content


@given(
    size=st.sampled_from(SIZES[3:]),
    place=st.integers(0, 3 * CHUNK_BYTES),
    how=st.sampled_from(["change", "cut", "repeat", "swap", "shift"]),
)
def test_no_other_parts_pass_for_a_file(size: int, place: int, how: str) -> None:
    file, chunks = split_file(fill(size), JPEG)
    number = place % len(chunks)
    at = place % len(chunks[number])
    match how:
        case "change":
            wrong = chunks[number]
            chunks[number] = wrong[:at] + bytes([wrong[at] ^ 1]) + wrong[at + 1 :]
        case "cut":
            chunks[number] = chunks[number][:at]
        case "repeat":
            chunks.insert(number, chunks[number])
        case "swap":
            chunks[0], chunks[1] = chunks[1], chunks[0]
        case "shift":
            chunks.append(b"x")
    with pytest.raises(WrongFile, match="Fetch it again"):
        join_file(file, chunks)


@pytest.mark.parametrize("size", [0, FILE_BYTES + 1])
def test_a_file_that_is_empty_or_too_long_is_refused_with_its_length(size: int) -> None:
    with pytest.raises(WrongFile, match=f"this one has {size}"):
        split_file(bytes(size), JPEG)


def test_as_many_files_as_long_as_they_may_be_still_leave_room_in_a_body() -> None:
    file, _ = split_file(bytes(FILE_BYTES), "x" * 39 + "/" + "y" * 40)
    assert len(file.chunks) == FILE_CHUNKS
    assert 3 * len(write_body(Album((file,)))) < BODY_BYTES
    assert Vocabulary([Album]).read(write_body(Album((file,) * FILES))) is not None
    assert Vocabulary([Album]).read(write_body(Album((file,) * (FILES + 1)))) is None


@pytest.mark.parametrize(
    "changes",
    [
        {"type": "image"},
        {"type": "image/jpeg\n"},
        {"type": "image/jpeg; charset=x"},
        {"type": "a/" + "b" * 79},
        {"size": 0},
        {"size": CHUNK_BYTES + 1},
        {"chunks": []},
        {"chunks": [NAME, NAME]},
        {"chunks": [NAME[1:]]},
        {"name": "jar.jpg"},
    ],
)
def test_a_body_with_a_file_that_cannot_be_means_nothing(changes: dict[str, object]) -> None:
    file = {"type": JPEG, "size": CHUNK_BYTES, "chunks": [NAME]}
    body = {"t": "test.album", "files": [file]}
    vocabulary = Vocabulary([Album])
    assert vocabulary.read(msgspec.json.encode(body)) == Album((File(JPEG, CHUNK_BYTES, (NAME,)),))
    assert vocabulary.read(msgspec.json.encode(body | {"files": [file | changes]})) is None


def test_a_statement_wants_each_chunk_that_its_files_name_once() -> None:
    one, first = split_file(fill(2 * CHUNK_BYTES), JPEG)
    other, second = split_file(fill(CHUNK_BYTES) + b"else", "text/csv")
    expected = [sha256(chunk).digest() for chunk in [*first, second[1]]]
    assert list(find_wanted_chunks(say(Album((one, other))))) == expected
    assert find_wanted_chunks(say(Album())) == ()
    assert find_wanted_chunks(say(Leave())) == ()
