"""Whether docs/THREATS.md says what one peer can take of a node's memory, as the limits have it."""

from math import ceil
from pathlib import Path

from beanjar.base.limits import (
    ARRIVALS_WAITING,
    FRAME_BYTES,
    LOGS_ASKED,
    PUSH_BYTES_WAITING,
    PUSHES_WAITING,
    REPLIES_WAITING,
    REPLY_BYTES_WAITING,
    RUN_BYTES,
    RUN_OPERATIONS,
    SAID_BYTES_WAITING,
    SPACES,
)

MIB = 1024 * 1024
PASSING = 7
"""Frames in hand: being received (2), heard, about to wait, being written, made and sent."""
PER_PEER = {
    "what it sent": (ARRIVALS_WAITING + PASSING) * FRAME_BYTES,
    "requests": 2 * REPLY_BYTES_WAITING,  # packed, with what makes the answers
    "short messages": 4 * SAID_BYTES_WAITING,  # as objects
    "pushes": PUSH_BYTES_WAITING + RUN_BYTES,
    "ids that were pushed": 128 * (PUSHES_WAITING + RUN_OPERATIONS),
    "numbers of pushes": 64 * PUSHES_WAITING,
    "proofs, which are kept anyway": 8 * REPLIES_WAITING,
    "names of spaces": 1024 * SPACES,
    "promises": 256 * LOGS_ASKED,
}
"""Bytes that one connection can take. The factors are those that `tests/sync` hold it to."""


def test_the_memory_that_one_peer_can_take_is_named(texts: dict[Path, str], top: Path) -> None:
    threats = texts[top / "docs/THREATS.md"]
    _, _, costs = threats.partition("**What it costs.**")
    said, _, _ = costs.partition("**Safe**")
    assert f"{ceil(sum(PER_PEER.values()) / MIB)} MiB" in said
