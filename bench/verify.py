"""Verifying a run, bodies hashed too, beside one `Ed25519PublicKey.verify` for each operation."""

import random
import time
from collections.abc import Callable

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from beanjar.ops.log import EMPTY, PURPOSE, head_of, write_operation
from beanjar.ops.operation import Operation
from beanjar.ops.run import read_run, write_run
from beanjar.ops.signing import SigningKey, message

OPERATIONS = 1_000
ROUNDS = 7
"""The best of so many rounds each, taken in turns: the machine's noise only ever adds."""


def measure(progress: Callable[[str], object]) -> dict[str, float]:
    """Return `ratio`: how many times as fast a run is verified as its signatures one by one."""
    progress("verify: signing")
    run = _write_log()
    data = write_run(run)
    key = Ed25519PublicKey.from_public_bytes(run[0].key)
    messages = [(each.signature, message(PURPOSE, each.id)) for each in run]
    ours, theirs = [], []
    for turn in range(ROUNDS):
        progress(f"verify: round {turn + 1} of {ROUNDS}")
        ours.append(_time(lambda: read_run(data)))
        theirs.append(_time(lambda: [key.verify(*each) for each in messages]))
    return {
        "ratio": min(theirs) / min(ours),
        "microseconds_per_op": min(ours) / OPERATIONS * 1e6,
        "microseconds_per_signature": min(theirs) / OPERATIONS * 1e6,
    }


def _write_log() -> list[Operation]:
    chance = random.Random(2027)  # noqa: S311 - content to hash, no secret
    key, space, head = SigningKey(chance.randbytes(32)), chance.randbytes(32), EMPTY
    run = []
    for at in range(OPERATIONS):
        body = chance.randbytes(chance.randint(100, 300))
        salt = chance.randbytes(16)
        run.append(write_operation(key, space, head, body, salt=salt, time=10**12 + at))
        head = head_of(run[-1])
    return run


def _time(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
