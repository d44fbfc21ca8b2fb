"""Frames on a stream of bytes: where a message begins and ends, and when it is compressed.

A frame is `length u32 ‖ kind u8 ‖ payload (length)`; kind 0 is the payload as it is, kind 1 raw
deflate (RFC 1951). A payload has at most `FRAME_BYTES`, as it travels and as it is read.
"""

import struct
import zlib

from beanjar.base.errors import BeanjarError
from beanjar.base.limits import FRAME_BYTES

PLAIN, DEFLATED = 0, 1
HEAD = struct.Struct(">IB")

RAW = -zlib.MAX_WBITS
"""No header and no checksum of zlib's own: the transport has authenticated every byte."""
NEAR = -12
"""Look back 4 KiB: operations resemble their neighbours, and less is set up for every frame."""
LEVEL = 1
"""The least effort. A higher level makes operations hardly shorter, since half of them is
signatures and hashes, and takes twice the time, in which the node does nothing else."""
WORTH_TRYING = 256
"""Bytes up to which a frame goes as it is: it fits into one packet either way."""
SAMPLE = 1024
"""Bytes from the middle of a longer frame which tell whether to try the whole: what is random, such
as sealed answers and photos, would cost the most time and gain nothing."""


class BadFrame(BeanjarError):
    """Bytes that are no frame, or a payload that fits into none."""


def write_frame(payload: bytes) -> bytes:
    """Return the payload as a frame, deflated if that makes it shorter."""
    if len(payload) > FRAME_BYTES:
        raise BadFrame(
            f"A frame holds at most {FRAME_BYTES:,} bytes, and this has {len(payload):,}. Send it "
            "in parts."
        )
    if _is_worth_trying(payload) and len(short := _deflate(payload)) < len(payload):
        return HEAD.pack(len(short), DEFLATED) + short
    return HEAD.pack(len(payload), PLAIN) + payload


def _is_worth_trying(payload: bytes) -> bool:
    """Say whether a sample of the payload, or the payload if it is short, shrinks by a tenth."""
    if len(payload) <= WORTH_TRYING:
        return False
    if len(payload) <= 2 * SAMPLE:
        return True
    start = (len(payload) - SAMPLE) // 2
    return len(_deflate(payload[start : start + SAMPLE])) <= SAMPLE * 9 // 10


def _deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(LEVEL, zlib.DEFLATED, NEAR)
    return packer.compress(data) + packer.flush()


class Frames:
    """Reads frames from a stream, piece by piece, and never trusts a length.

    It keeps no more than one frame and the piece after it, as long as each `feed` is followed by
    `take` until there is none. A frame is inflated when it is taken, not before: a piece of 64 KiB
    may hold many that grow to 2 MiB each.
    """

    def __init__(self) -> None:
        """Begin at the start of a stream."""
        self._buffer = bytearray()
        self._start = 0

    def feed(self, data: bytes) -> None:
        """Add what came next on the stream, in a piece of any length."""
        del self._buffer[: self._start]
        self._start = 0
        self._buffer += data

    def take(self) -> bytes | None:
        """Return the payload of the next frame, or None if it is not here in full.

        Raise `BadFrame` as soon as what is here cannot become a frame; the stream is then of no
        more use.
        """
        start = self._start + HEAD.size
        if len(self._buffer) < start:
            return None
        length, kind = HEAD.unpack_from(self._buffer, self._start)
        _check_head(length, kind)
        if len(self._buffer) < start + length:
            return None
        end = start + length
        content = bytes(memoryview(self._buffer)[start:end])
        payload = content if kind == PLAIN else _inflate(content)
        self._start = end
        return payload


def _check_head(length: int, kind: int) -> None:
    if kind not in (PLAIN, DEFLATED):
        raise BadFrame(f"This is no frame: there is no kind {kind}.")
    if length > FRAME_BYTES:
        raise BadFrame(f"A frame holds at most {FRAME_BYTES:,} bytes, and this says {length:,}.")


def _inflate(content: bytes) -> bytes:
    reader = zlib.decompressobj(RAW)
    try:
        # One byte more than is allowed is enough to tell that there is too much.
        payload = reader.decompress(content, FRAME_BYTES + 1)
    except zlib.error as error:
        raise BadFrame("What this frame holds is not deflated.") from error
    if len(payload) > FRAME_BYTES:
        raise BadFrame(f"A frame holds at most {FRAME_BYTES:,} bytes, and this grows beyond.")
    if not reader.eof or reader.unused_data:
        raise BadFrame("What this frame holds ends too early or too late.")
    return payload
