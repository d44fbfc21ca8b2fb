"""A second reader of operations, runs, fork proofs and exports, written from docs/WIRE.md alone.

It imports nothing of Beanjar's and is as short and as slow as it can be.
"""

from hashlib import sha256, sha512
from struct import unpack, unpack_from
from typing import NamedTuple

from tests.ops import curve

ZERO = bytes(32)
MOST = 2**53 - 1
BASE = max(curve.points_at(4 * pow(5, -1, curve.PRIME) % curve.PRIME), key=lambda p: p[0] % 2 == 0)


class Wrong(Exception):
    """Bytes that are not what they should be."""


class Said(NamedTuple):
    """One operation."""

    header: bytes
    signature: bytes
    salt: bytes | None
    body: bytes | None

    @property
    def id(self) -> bytes:
        return sha256(self.header).digest()

    @property
    def key(self) -> bytes:
        return self.header[36:68]

    @property
    def seq(self) -> int:
        return int.from_bytes(self.header[68:76], "big")

    @property
    def space(self) -> bytes:
        return self.id if self.header[4:36] == ZERO else self.header[4:36]


def demand(holds: object) -> None:
    if not holds:
        raise Wrong


def verify(key: bytes, signature: bytes, message: bytes) -> bool:
    """Say whether S B = R + h A, strictly: see RFC 8032 and the rules in docs/WIRE.md."""
    number = int.from_bytes(key, "little")
    y, sign = number % 2**255, number >> 255
    points = [point for point in curve.points_at(y) if point[0] % 2 == sign]
    if y >= curve.PRIME or not points or curve.times(8, points[0]) == curve.NEUTRAL:
        return False
    r, s = signature[:32], int.from_bytes(signature[32:], "little")
    h = int.from_bytes(sha512(r + key + message).digest(), "little") % curve.ORDER
    x, y = points[0]
    expected = curve.add(curve.times(s, BASE), curve.times(h, (-x % curve.PRIME, y)))
    return s < curve.ORDER and curve.encode(expected) == r


def check_signature(said: Said) -> None:
    demand(verify(said.key, said.signature, b"BJ1 sign\0" + said.id))


def check_header(header: bytes) -> None:
    magic, space, _, seq, time, prev, _, until, size = unpack(">4s32s32sQQ32s32sQI", header)
    demand(magic == b"BJ1\0" and size <= 65_536)
    demand(seq < MOST and time <= MOST and until <= MOST)
    demand((seq == 0) == (prev == ZERO))
    demand(space != ZERO or seq == 0)


def read_alone(data: bytes) -> Said:
    demand(len(data) >= 240)
    said = Said(data[:160], data[160:224], data[224:240], data[240:])
    check_header(said.header)
    digest, size = said.header[116:148], int.from_bytes(said.header[156:], "big")
    demand(digest == sha256(b"\x01" + data[224:]).digest() and size == len(data) - 240)
    check_signature(said)
    return said


def rebuild_run(data: bytes, at: int = 0) -> tuple[list[Said], int]:
    """Return the operations of the run that begins at byte `at`, unverified, and where it ends."""
    demand(len(data) >= at + 116)
    space, key, seq, prev, time, count = unpack_from(">32s32sQ32sQI", data, at)
    demand(1 <= count <= 1024)
    at, total, log = at + 116, 0, []
    for place in range(seq, seq + count):
        demand(len(data) >= at + 85)
        kind, delta, until, size, signature = unpack_from(">BQQI64s", data, at)
        at, time, total = at + 85, time + delta, total + size
        rest = data[at : at + (16 + size if kind else 32)]
        demand(kind <= 1 and size <= 65_536 and max(time, until, place + 1) <= MOST)
        demand(len(rest) == (16 + size if kind else 32))
        at += len(rest)
        header = b"".join([
            b"BJ1\0",
            space,
            key,
            place.to_bytes(8, "big"),
            time.to_bytes(8, "big"),
            prev,
            sha256(b"\x01" + rest).digest() if kind else rest,
            until.to_bytes(8, "big"),
            size.to_bytes(4, "big"),
        ])  # fmt: skip
        check_header(header)
        log.append(Said(header, signature, *((rest[:16], rest[16:]) if kind else (None, None))))
        space, prev = log[-1].space, log[-1].id
    demand(total <= 1_048_576)
    return log, at


def read_run(data: bytes) -> list[Said]:
    log, end = rebuild_run(data)
    demand(end == len(data))
    check_signature(log[-1])
    return log


def read_fork(data: bytes) -> tuple[list[Said], list[Said]]:
    middle = 4 + int.from_bytes(data[:4], "big")
    demand(len(data) >= middle + 4)
    demand(int.from_bytes(data[middle : middle + 4], "big") == len(data) - middle - 4)
    left, right = read_run(data[4:middle]), read_run(data[middle + 4 :])
    one, other = left[0], right[0]
    demand((one.key, one.space, one.seq) == (other.key, other.space, other.seq))
    demand(one.id < other.id)
    return left, right


def read_export(data: bytes) -> tuple[bytes, list[list[Said]], list[list[Said]], list[Said]]:
    """Return the space, its logs, the left branches of its forks, and what is apart."""
    magic, space, logs, forks, apart = unpack_from(">4s32sIII", data)
    demand(magic == b"BJX1")
    rows = [unpack_from(">32sQ32sQ32s", data, 48 + 112 * place) for place in range(logs)]
    at = 48 + 112 * logs
    parts = [unpack_from(">Q32s", data, at + 40 * place) for place in range(forks + apart)]
    at += 40 * len(parts)
    read, branches, alone = [], [], []
    for key, count, head, size, digest in rows:
        content, at = data[at : at + size], at + size
        demand(sha256(content).digest() == digest)
        read.append(_read_log(content))
        last = read[-1][-1]
        demand((last.key, len(read[-1]), last.id) == (key, count, head))
    for place, (size, digest) in enumerate(parts):
        content, at = data[at : at + size], at + size
        demand(sha256(content).digest() == digest)
        if place < forks:
            branches.append(read_fork(content)[0])
        else:
            alone.append(read_alone(content))
    demand(at == len(data) and read[0][0].id == space)
    return space, read, branches, alone


def _read_log(content: bytes) -> list[Said]:
    log: list[Said] = []
    at = 0
    while at < len(content):
        run, at = rebuild_run(content, at)
        check_signature(run[-1])
        demand(run[0].seq == len(log))
        demand(not log or run[0].header[84:116] == log[-1].id)
        log += run
    return log
