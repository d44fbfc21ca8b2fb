"""Vectors of operations, signatures, runs and fork proofs."""

from collections.abc import Sequence
from hashlib import sha512
from itertools import count
from typing import Any

from beanjar.base.ids import ZERO
from beanjar.base.limits import BODY_BYTES, INTEGER
from beanjar.ops.alone import write_alone
from beanjar.ops.fork import prove_fork, write_fork
from beanjar.ops.log import EMPTY, Head, head_of, write_operation
from beanjar.ops.operation import Operation
from beanjar.ops.run import write_run
from beanjar.ops.signing import SigningKey, message
from beanjar.testing.clock import START
from beanjar.testing.people import make_key
from tests.ops import curve
from tests.ops.logs import pack_entry, pack_start, unsigned

Row = dict[str, Any]

KEY, PERSON = make_key("a device"), make_key("a person")
SPACE = b"s" * 32
SIGN_BIT = 1 << 255


def write(
    *bodies: bytes, space: bytes = SPACE, head: Head = EMPTY, until: int = 0
) -> list[Operation]:
    """Return a log of these bodies, a minute apart."""
    log: list[Operation] = []
    for body in bodies:
        time, salt = START + 60_000 * (head.seq + 1), bytes(range(head.seq + 1, head.seq + 17))
        log.append(write_operation(KEY, space, head, body, salt=salt, time=time, until=until))
        head, space = head_of(log[-1]), log[-1].effective_space
    return log


LOG = write(b'{"t":"space.leave"}', b"", "Größe \N{BEANS}".encode(), until=START + 10**9)
FOUNDED = write(b"found", b"speak", space=ZERO)


def operations() -> Row:
    """Record how an operation is hashed and signed, and what each signature is over."""
    named = {
        "founds a space": FOUNDED[0],
        "the second of that log": FOUNDED[1],
        "the first of a log, expiring": LOG[0],
        "an empty body": LOG[1],
        "a body that is no JSON": LOG[2],
        "the largest numbers": write_operation(
            KEY,
            SPACE,
            Head(INTEGER - 2, b"p" * 32, INTEGER),
            b"{}",
            salt=bytes(16),
            time=INTEGER,
            until=INTEGER,
        ),
    }
    return {
        "about": "All bytes in hex. 'alone' is header, signature, salt, body.",
        "operations": [{"name": name, **_show(each)} for name, each in named.items()],
        "signatures": list(_signatures()),
        "refused": [{"name": name, "alone": data.hex()} for name, data in _bad_alone().items()],
    }


def runs() -> Row:
    """Record runs that hold and runs that are refused."""
    bare = [LOG[0], LOG[1].without_body(), LOG[2]]
    good = {
        "one operation": LOG[:1],
        "a whole log": LOG,
        "a body is withheld": bare,
        "from the middle of a log": LOG[1:],
        "founds a space and goes on": FOUNDED,
        "only the last signature is good": [*map(unsigned, LOG[:2]), LOG[2]],
    }
    return {
        "about": "All bytes in hex. 'ids' are those of the operations in the run.",
        "runs": [
            {
                "name": name,
                "run": write_run(log).hex(),
                "ids": [each.id.hex() for each in log],
                "bodies": [None if each.body is None else each.body.hex() for each in log],
            }
            for name, log in good.items()
        ],
        "refused": [{"name": name, "run": data.hex()} for name, data in _bad_runs().items()],
    }


def forks() -> Row:
    """Record proofs that hold and proofs that are refused."""
    head = head_of(LOG[0])
    one, other = write(b"one", b"goes", b"on", head=head), write(b"other", head=head)
    again = write(b"join", space=FOUNDED[0].id)
    good = {
        "at the second operation": (one, other),
        "a branch of two": ([unsigned(one[0]), *one[1:]], other),
        "at the first operation of a founded space": (FOUNDED, again),
    }
    return {
        "about": "All bytes in hex. 'left' and 'right' are the ids of each branch.",
        "forks": [
            {
                "name": name,
                "proof": write_fork(proof).hex(),
                "space": proof.space.hex(),
                "key": proof.key.hex(),
                "seq": proof.seq,
                "left": [each.id.hex() for each in proof.left],
                "right": [each.id.hex() for each in proof.right],
            }
            for name, branches in good.items()
            for proof in [prove_fork(*branches)]
        ],
        "refused": [
            {"name": name, "proof": data.hex()} for name, data in _bad_forks(one, other).items()
        ],
    }


def _show(said: Operation) -> Row:
    assert said.salt is not None
    assert said.body is not None
    return {
        "seed": KEY.seed.hex(),
        "space": said.space.hex(),
        "key": said.key.hex(),
        "seq": said.seq,
        "time": said.time,
        "prev": said.prev.hex(),
        "salt": said.salt.hex(),
        "body": said.body.hex(),
        "until": said.until,
        "digest": said.digest.hex(),
        "header": said.header.hex(),
        "id": said.id.hex(),
        "effective_space": said.effective_space.hex(),
        "signature": said.signature.hex(),
        "alone": write_alone(said).hex(),
    }


def _signatures() -> list[Row]:
    """Signatures that hold, one for each purpose, and some that only a lax reader takes."""
    device, space, last = KEY.public, SPACE, b"l" * 32
    number = (7).to_bytes(8, "big")
    rows = [
        _sign("an operation", KEY, b"sign", LOG[0].id),
        _sign("a person for their device", PERSON, b"device", space, device),
        _sign("a person for a node", PERSON, b"node", space, device),
        _sign("a device for an invitation", KEY, b"invite", space, PERSON.public, number),
        _sign("an invitation for a person", PERSON, b"join", space, device),
        _sign("a person against a lost device", PERSON, b"revoke", space, device, number, last),
    ]
    good, word = rows[0], message(b"sign", LOG[0].id)
    rows += [
        {"name": name, "key": key.hex(), "message": word.hex(), "signature": signature.hex()}
        | {"holds": False}
        for name, key, signature in _lax(bytes.fromhex(good["signature"]), word)
    ]
    return rows


def _sign(name: str, key: SigningKey, purpose: bytes, *parts: bytes) -> Row:
    return {
        "name": name,
        "seed": key.seed.hex(),
        "key": key.public.hex(),
        "purpose": purpose.decode(),
        "parts": [part.hex() for part in parts],
        "message": message(purpose, *parts).hex(),
        "signature": key.sign(purpose, *parts).hex(),
        "holds": True,
    }


def _lax(signature: bytes, word: bytes) -> list[tuple[str, bytes, bytes]]:
    """Name, key and signature of what a strict reader refuses and some others take."""
    r, s = signature[:32], int.from_bytes(signature[32:], "little")
    secret = int.from_bytes(sha512(KEY.seed).digest()[:32], "little")
    secret = secret & (1 << 254) - 8 | 1 << 254
    neutral, eighth = curve.encode(curve.NEUTRAL), curve.torsion()[-1]

    def forge(r: bytes, secret_r: int, key: bytes = KEY.public, times: int = secret) -> bytes:
        challenge = int.from_bytes(sha512(r + key + word).digest(), "little") % curve.ORDER
        return r + ((secret_r + challenge * times) % curve.ORDER).to_bytes(32, "little")

    beyond = (curve.PRIME + 1).to_bytes(32, "little")
    return [
        ("S is beyond the order", KEY.public, r + (s + curve.ORDER).to_bytes(32, "little")),
        ("R is not canonical: y", KEY.public, forge(beyond, 0)),
        (
            "R is not canonical: sign",
            KEY.public,
            forge((1 | SIGN_BIT).to_bytes(32, "little"), 0),
        ),
        ("R is off by a point of order 8", KEY.public, forge(curve.encode(eighth), 0)),
        ("the key is of order 1", neutral, forge(neutral, 0, neutral, 0)),
        ("the key is of order 8", curve.encode(eighth), _fit_order_8(eighth, word)),
        ("the key is not canonical", beyond, forge(neutral, 0, times=0)),
    ]


def _fit_order_8(key: curve.Point, word: bytes) -> bytes:
    """Return a signature that fits a key of order 8: R = sB - hA, where h is a multiple of 8."""
    for seed in map(make_key, map(str, count())):
        scalar = int.from_bytes(sha512(seed.seed).digest()[:32], "little")
        scalar = (scalar & (1 << 254) - 8 | 1 << 254) % curve.ORDER
        digest = sha512(seed.public + curve.encode(key) + word).digest()
        if int.from_bytes(digest, "little") % curve.ORDER % 8 == 0:
            return seed.public + scalar.to_bytes(32, "little")
    raise AssertionError


def _bad_alone() -> dict[str, bytes]:
    good = write_alone(LOG[0])
    signature, salt = good[160:224], good[224:240]
    return {
        "another magic": b"BJ2\0" + good[4:],
        "another body": good[:-1] + b"x",
        "another salt": good[:224] + bytes(16) + good[240:],
        "another signature": good[:160] + bytes(64) + good[224:],
        "cut off": good[:-1],
        "something follows": good + b"\0",
        "the first follows something": good[:84] + b"p" * 32 + good[116:160] + signature + salt,
    }


def _bad_runs() -> dict[str, bytes]:
    good = write_run(LOG)
    return {
        "cut off": good[:-1],
        "something follows": good + b"\0",
        "a bit changed": good[:40] + bytes([good[40] ^ 1]) + good[41:],
        "the last signature is bad": write_run([*LOG[:2], unsigned(LOG[2])]),
        "no entries": pack_start(count=0),
        "1025 entries are claimed": pack_start(count=1025) + pack_entry(),
        "the first follows something": pack_start(prev=b"p" * 32) + pack_entry(),
        "a later one follows nothing": pack_start(seq=1) + pack_entry(),
        "a body over 64 KiB is claimed": pack_start() + pack_entry(kind=0, size=BODY_BYTES + 1),
        "a kind that there is not": pack_start() + pack_entry(kind=2),
        "a time beyond 2^53 - 1": pack_start(time=INTEGER) + pack_entry(delta=1),
        "an until beyond 2^53 - 1": pack_start() + pack_entry(until=INTEGER + 1),
    }


def _bad_forks(one: Sequence[Operation], other: Sequence[Operation]) -> dict[str, bytes]:
    good = write_fork(prove_fork(one, other))
    middle = 4 + int.from_bytes(good[:4], "big")
    left, right = good[:middle], good[middle:]
    return {
        "the larger id first": right + left,
        "the same branch twice": left + left,
        "cut off": good[:-1],
        "something follows": good + b"\0",
        "a branch that nobody signed": left[:-96] + bytes(64) + left[-32:] + right,
    }
