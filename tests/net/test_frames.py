import tracemalloc
import zlib
from contextlib import suppress
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beanjar.base.limits import FRAME_BYTES
from beanjar.net.frames import HEAD, BadFrame, Frames, write_frame
from tests.seeded import seeded

PLAIN, DEFLATED = 0, 1
payloads = st.one_of(
    st.binary(max_size=2_000),
    st.tuples(st.binary(max_size=9), st.integers(0, 5_000)).map(lambda parts: parts[0] * parts[1]),
)


def deflate(data: bytes) -> bytes:
    return zlib.compress(data, wbits=-15)


def read(stream: bytes, cuts: list[int] | None = None) -> list[bytes]:
    """Everything in a stream that arrives in pieces which end at the cuts."""
    places = sorted({0, len(stream), *(cut % (len(stream) + 1) for cut in cuts or [])})
    frames, found = Frames(), []
    for start, end in pairwise(places):
        frames.feed(stream[start:end])
        while (payload := frames.take()) is not None:
            found.append(payload)
    return found


@given(st.lists(payloads, max_size=6), st.lists(st.integers(0, 2**20), max_size=20))
def test_what_was_written_is_read_however_it_is_cut(sent: list[bytes], cuts: list[int]) -> None:
    assert read(b"".join(map(write_frame, sent)), cuts) == sent


@given(payloads)
def test_a_frame_is_never_longer_than_what_it_holds_and_its_head(payload: bytes) -> None:
    assert len(write_frame(payload)) <= HEAD.size + len(payload)


@given(payloads, st.data())
def test_of_a_frame_that_is_cut_short_nothing_is_read(payload: bytes, data: st.DataObject) -> None:
    frame = write_frame(payload)
    assert read(frame[: data.draw(st.integers(0, len(frame) - 1))]) == []


@given(st.binary(max_size=3_000))
def test_any_bytes_are_frames_or_refused(stream: bytes) -> None:
    with suppress(BadFrame):
        assert all(len(each) <= FRAME_BYTES for each in read(stream))


@pytest.mark.parametrize(
    ("payload", "kind"),
    [
        (b"", PLAIN),
        (bytes(256), PLAIN),
        (bytes(257), DEFLATED),
        (seeded("short").randbytes(1_000), PLAIN),
        (seeded("long").randbytes(100_000), PLAIN),
        (b"the crowd and the jar " * 1_000, DEFLATED),
        (seeded("hex").randbytes(20_000).hex().encode(), DEFLATED),
    ],
)
def test_only_what_gains_by_it_is_deflated(payload: bytes, kind: int) -> None:
    frame = write_frame(payload)
    assert frame[HEAD.size - 1] == kind
    assert (len(frame) < HEAD.size + len(payload)) is (kind == DEFLATED)
    assert read(frame) == [payload]


def test_of_a_long_frame_its_middle_tells_whether_deflating_is_tried() -> None:
    random = seeded("middle").randbytes(10_000)
    assert write_frame(bytes(30_000) + random + bytes(30_000))[HEAD.size - 1] == PLAIN
    assert write_frame(random + bytes(60_000) + random)[HEAD.size - 1] == DEFLATED


@pytest.mark.parametrize("filling", [bytes(FRAME_BYTES), seeded("full").randbytes(FRAME_BYTES)])
def test_the_longest_frame_passes_and_a_longer_one_does_not(filling: bytes) -> None:
    assert read(write_frame(filling)) == [filling]
    with pytest.raises(BadFrame, match="Send it in parts"):
        write_frame(filling + b"!")


def head_and(content: bytes, kind: int, *, length: int | None = None) -> bytes:
    return HEAD.pack(len(content) if length is None else length, kind) + content


@pytest.mark.parametrize(
    "stream",
    [
        pytest.param(head_and(b"", PLAIN, length=FRAME_BYTES + 1), id="a byte too long"),
        pytest.param(head_and(b"", DEFLATED, length=2**32 - 1), id="a giant length"),
        pytest.param(head_and(b"", 2), id="an unknown kind"),
        pytest.param(head_and(b"", 255, length=2**20), id="an unknown kind, at once"),
        pytest.param(head_and(b"", DEFLATED), id="nothing deflated"),
        pytest.param(head_and(b"\xff\xff", DEFLATED), id="not deflated"),
        pytest.param(head_and(zlib.compress(b"jar"), DEFLATED), id="a header of zlib's"),
        pytest.param(head_and(deflate(b"jar")[:-1], DEFLATED), id="cut short inside"),
        pytest.param(head_and(deflate(b"jar") + b"?", DEFLATED), id="more inside"),
        pytest.param(head_and(deflate(bytes(FRAME_BYTES + 1)), DEFLATED), id="a bomb"),
    ],
)
def test_what_is_no_frame_is_refused_at_once_and_again(stream: bytes) -> None:
    frames = Frames()
    frames.feed(write_frame(b"good") + stream)
    assert frames.take() == b"good"
    for _ in range(2):
        with pytest.raises(BadFrame):
            frames.take()


def peak(stream: bytes) -> int:
    """The most memory that reading a stream takes, frame by frame, in bytes."""
    tracemalloc.start()
    frames = Frames()
    try:
        for start in range(0, len(stream), 65_536):
            frames.feed(stream[start : start + 65_536])
            while frames.take() is not None:
                pass
    except BadFrame:
        pass
    finally:
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    return most


def test_neither_bombs_nor_lengths_take_much_memory() -> None:
    many = write_frame(bytes(FRAME_BYTES)) * 20
    assert len(many) < FRAME_BYTES
    bomb = head_and(deflate(bytes(20 * FRAME_BYTES)), DEFLATED)
    for stream in (many, bomb, head_and(bytes(FRAME_BYTES), PLAIN), head_and(b"", PLAIN, length=9)):
        assert peak(stream) < 5 * FRAME_BYTES
